# Made by `make docs` of the report's templates; change it there, not here.
from jinja2.runtime import LoopContext, Macro, Markup, Namespace, TemplateNotFound, TemplateReference, TemplateRuntimeError, Undefined, escape, identity, internalcode, markup_join, missing, str_join
name = 'scenarios.html.j2'

def root(context, missing=missing):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_t = resolve('t')
    l_0_recommendation = resolve('recommendation')
    l_0_num = resolve('num')
    l_0_scenarios = resolve('scenarios')
    l_0_project = resolve('project')
    l_0_growth = resolve('growth')
    l_0_hrs = resolve('hrs')
    l_0_m = resolve('m')
    l_0_since = resolve('since')
    try:
        t_1 = environment.filters['lower']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No filter named 'lower' found.")
    pass
    yield '<section id="scenarios">\n<h2>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'scenarios.title'))
    yield '</h2>\n<p class="lead">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'scenarios.about'))
    yield '</p>\n'
    if (undefined(name='recommendation') if l_0_recommendation is missing else l_0_recommendation):
        pass
        yield '<p class="box">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'scenarios.recommend', name=(context.call((undefined(name='t') if l_0_t is missing else l_0_t), markup_join(('scenarios.name_', environment.getattr((undefined(name='recommendation') if l_0_recommendation is missing else l_0_recommendation), 'name'), ))) if (environment.getattr((undefined(name='recommendation') if l_0_recommendation is missing else l_0_recommendation), 'name') in ('volume', 'neither')) else context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'scenarios.name_region', region=environment.getattr((undefined(name='recommendation') if l_0_recommendation is missing else l_0_recommendation), 'name'))), codes=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr((undefined(name='recommendation') if l_0_recommendation is missing else l_0_recommendation), 'codes')), volume=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr((undefined(name='recommendation') if l_0_recommendation is missing else l_0_recommendation), 'volume')), second=(context.call((undefined(name='t') if l_0_t is missing else l_0_t), markup_join(('scenarios.name_', environment.getattr(environment.getattr((undefined(name='recommendation') if l_0_recommendation is missing else l_0_recommendation), 'second'), 'name'), ))) if (environment.getattr(environment.getattr((undefined(name='recommendation') if l_0_recommendation is missing else l_0_recommendation), 'second'), 'name') in ('volume', 'neither')) else context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'scenarios.name_region', region=environment.getattr(environment.getattr((undefined(name='recommendation') if l_0_recommendation is missing else l_0_recommendation), 'second'), 'name'))), second_volume=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr((undefined(name='recommendation') if l_0_recommendation is missing else l_0_recommendation), 'second'), 'volume'))))
        yield '</p>'
    if (undefined(name='scenarios') if l_0_scenarios is missing else l_0_scenarios):
        pass
        yield '<table class="many"><caption>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'scenarios.caption'))
        yield '</caption>\n<thead><tr><th scope="col">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'scenarios.name'))
        yield '</th><th scope="col" class="n">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'scenarios.subject_codes', subject=t_1(environment.getattr((undefined(name='project') if l_0_project is missing else l_0_project), 'subject'))))
        yield '</th><th scope="col" class="n">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'scenarios.volume'))
        yield '</th>'
        for l_1_r in environment.getattr((undefined(name='project') if l_0_project is missing else l_0_project), 'regions'):
            _loop_vars = {}
            pass
            yield '<th scope="col" class="n">'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'scenarios.region', region=environment.getattr(l_1_r, 'id'), _loop_vars=_loop_vars))
            yield '</th>'
        l_1_r = missing
        yield '<th scope="col" class="n">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'scenarios.codes'))
        yield '</th><th scope="col" class="n">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'scenarios.dependents'))
        yield '</th></tr></thead>\n<tbody>'
        for l_1_s in (undefined(name='scenarios') if l_0_scenarios is missing else l_0_scenarios):
            _loop_vars = {}
            pass
            yield '<tr'
            if ((undefined(name='recommendation') if l_0_recommendation is missing else l_0_recommendation) and (environment.getattr(l_1_s, 'name') == environment.getattr((undefined(name='recommendation') if l_0_recommendation is missing else l_0_recommendation), 'name'))):
                pass
                yield ' class="best"'
            yield '><th scope="row">'
            yield escape((context.call((undefined(name='t') if l_0_t is missing else l_0_t), markup_join(('scenarios.name_', environment.getattr(l_1_s, 'name'), )), _loop_vars=_loop_vars) if (environment.getattr(l_1_s, 'name') in ('volume', 'neither')) else context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'scenarios.name_region', region=environment.getattr(l_1_s, 'name'), _loop_vars=_loop_vars)))
            if environment.getattr(l_1_s, 'chosen'):
                pass
                yield ' <span class="point">'
                yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'scenarios.chosen', _loop_vars=_loop_vars))
                yield '</span>'
            yield '</th>\n<td class="n" data-label="'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'scenarios.subject_codes', subject=t_1(environment.getattr((undefined(name='project') if l_0_project is missing else l_0_project), 'subject')), _loop_vars=_loop_vars))
            yield '">'
            yield escape(context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_s, 'subject_codes'), _loop_vars=_loop_vars))
            yield '</td><td class="n" data-label="'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'scenarios.volume', _loop_vars=_loop_vars))
            yield '">'
            yield escape(context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_s, 'volume'), _loop_vars=_loop_vars))
            yield '</td>'
            for l_2_r in environment.getattr((undefined(name='project') if l_0_project is missing else l_0_project), 'regions'):
                _loop_vars = {}
                pass
                yield '<td class="n" data-label="'
                yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'scenarios.region', region=environment.getattr(l_2_r, 'id'), _loop_vars=_loop_vars))
                yield '">'
                yield escape(context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getitem(environment.getattr(l_1_s, 'by_region'), environment.getattr(l_2_r, 'id')), _loop_vars=_loop_vars))
                yield '</td>'
            l_2_r = missing
            yield '<td class="n" data-label="'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'scenarios.codes', _loop_vars=_loop_vars))
            yield '">'
            yield escape(context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_s, 'codes'), _loop_vars=_loop_vars))
            yield '</td><td class="n" data-label="'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'scenarios.dependents', _loop_vars=_loop_vars))
            yield '">'
            yield escape(context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_s, 'dependents'), _loop_vars=_loop_vars))
            yield '</td></tr>\n'
        l_1_s = missing
        yield '</tbody></table>\n<p class="note">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'scenarios.note'))
        yield '</p>\n'
    yield '</section>\n\n<section id="more">\n<h2>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'more.title'))
    yield '</h2>\n'
    if environment.getattr((undefined(name='growth') if l_0_growth is missing else l_0_growth), 'present'):
        pass
        yield '<p class="lead">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'more.present', region=environment.getattr((undefined(name='growth') if l_0_growth is missing else l_0_growth), 'region'), rows=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr((undefined(name='growth') if l_0_growth is missing else l_0_growth), 'rows')), hours=context.call((undefined(name='hrs') if l_0_hrs is missing else l_0_hrs), environment.getattr((undefined(name='growth') if l_0_growth is missing else l_0_growth), 'hours')), blocking=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr((undefined(name='growth') if l_0_growth is missing else l_0_growth), 'blocking')), reopened=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr((undefined(name='growth') if l_0_growth is missing else l_0_growth), 'reopened')), settled=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr((undefined(name='growth') if l_0_growth is missing else l_0_growth), 'settled'))))
        yield '</p>\n'
        yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'table'), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'more.caption', region=environment.getattr((undefined(name='growth') if l_0_growth is missing else l_0_growth), 'region')), [['title', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.register'), 't'], ['records', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.records'), 'n'], ['placed', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'more.placed'), 'n'], ['review', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'more.review'), 'n'], ['alone', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'more.alone'), 'n']], environment.getattr((undefined(name='growth') if l_0_growth is missing else l_0_growth), 'entities')))
        yield '\n'
    else:
        pass
        yield '<p>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'more.absent', rows=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr((undefined(name='growth') if l_0_growth is missing else l_0_growth), 'estimate'), 'rows')), hours=context.call((undefined(name='hrs') if l_0_hrs is missing else l_0_hrs), environment.getattr(environment.getattr((undefined(name='growth') if l_0_growth is missing else l_0_growth), 'estimate'), 'hours')), conflicts=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr((undefined(name='growth') if l_0_growth is missing else l_0_growth), 'estimate'), 'conflicts'))))
        yield '</p>\n<p>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'more.how'))
        yield '</p>\n'
    yield '<p class="note">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'more.stable'))
    yield '</p>\n</section>\n\n<section id="since">\n<h2>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'since.title'))
    yield '</h2>\n'
    if (undefined(name='since') if l_0_since is missing else l_0_since):
        pass
        if ((((not environment.getattr((undefined(name='since') if l_0_since is missing else l_0_since), 'numbers')) and (not environment.getattr((undefined(name='since') if l_0_since is missing else l_0_since), 'inputs'))) and (not environment.getattr((undefined(name='since') if l_0_since is missing else l_0_since), 'rules'))) and (not environment.getattr((undefined(name='since') if l_0_since is missing else l_0_since), 'decisions'))):
            pass
            yield '<p>'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'since.same'))
            yield '</p>'
        if environment.getattr((undefined(name='since') if l_0_since is missing else l_0_since), 'numbers'):
            pass
            yield '<table class="few"><caption>'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'since.caption'))
            yield '</caption><thead><tr><th scope="col">'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'since.number'))
            yield '</th><th scope="col" class="n">'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'since.before'))
            yield '</th><th scope="col" class="n">'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'since.now'))
            yield '</th></tr></thead>\n<tbody>'
            for l_1_n in environment.getattr((undefined(name='since') if l_0_since is missing else l_0_since), 'numbers'):
                _loop_vars = {}
                pass
                yield '<tr><th scope="row">'
                yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), markup_join(('since.name.', environment.getattr(l_1_n, 'name'), )), _loop_vars=_loop_vars))
                yield '</th>'
                for l_2_value in (environment.getattr(l_1_n, 'before'), environment.getattr(l_1_n, 'now')):
                    _loop_vars = {}
                    pass
                    yield '<td class="n">'
                    yield escape(context.call((undefined(name='num') if l_0_num is missing else l_0_num), l_2_value, _loop_vars=_loop_vars))
                    yield '</td>'
                l_2_value = missing
                yield '</tr>'
            l_1_n = missing
            yield '</tbody></table>\n'
        if environment.getattr((undefined(name='since') if l_0_since is missing else l_0_since), 'inputs'):
            pass
            yield '<table class="few"><caption>'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'since.inputs'))
            yield '</caption><thead><tr><th scope="col">'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'since.file'))
            yield '</th><th scope="col">'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'since.change'))
            yield '</th></tr></thead>\n<tbody>'
            for l_1_i in environment.getattr((undefined(name='since') if l_0_since is missing else l_0_since), 'inputs'):
                l_1_clean = resolve('clean')
                _loop_vars = {}
                pass
                yield '<tr><th scope="row">'
                yield escape(context.call((undefined(name='clean') if l_1_clean is missing else l_1_clean), environment.getattr(l_1_i, 'path'), _loop_vars=_loop_vars))
                yield '</th><td>'
                yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), markup_join(('since.', environment.getattr(l_1_i, 'change'), )), _loop_vars=_loop_vars))
                yield '</td></tr>'
            l_1_i = l_1_clean = missing
            yield '</tbody></table>\n'
        if environment.getattr((undefined(name='since') if l_0_since is missing else l_0_since), 'rules'):
            pass
            yield '<p>'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'since.rules'))
            yield '</p>'
        if environment.getattr((undefined(name='since') if l_0_since is missing else l_0_since), 'decisions'):
            pass
            yield '<p>'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'since.decisions'))
            yield '</p>'
    else:
        pass
        yield '<p>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'since.first'))
        yield '</p>'
    yield '</section>'

blocks = {}
debug_info = '2=27&3=29&4=31&5=36&6=39&7=41&8=59&9=63&10=74&12=102&17=105&18=107&19=110&20=112&22=117&23=119&25=122&29=124&30=126&31=128&32=133&33=136&34=144&36=160&37=163&38=169&40=180&41=185&42=193'
