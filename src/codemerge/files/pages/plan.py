# Made by `make docs` of the report's templates; change it there, not here.
from jinja2.runtime import LoopContext, Macro, Markup, Namespace, TemplateNotFound, TemplateReference, TemplateRuntimeError, Undefined, escape, identity, internalcode, markup_join, missing, str_join
name = 'plan.html.j2'

def root(context, missing=missing):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_t = resolve('t')
    l_0_num = resolve('num')
    l_0_effort = resolve('effort')
    l_0_hrs = resolve('hrs')
    l_0_plan = resolve('plan')
    l_0_m = resolve('m')
    l_0_pct = resolve('pct')
    l_0_progress = resolve('progress')
    l_0_decided_by = resolve('decided_by')
    l_0_sampling = resolve('sampling')
    l_0_a = missing
    try:
        t_1 = environment.filters['sum']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No filter named 'sum' found.")
    try:
        t_2 = environment.tests['none']
    except KeyError:
        @internalcode
        def t_2(*unused):
            raise TemplateRuntimeError("No test named 'none' found.")
    pass
    yield '<section id="plan">\n<h2>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.title'))
    yield '</h2>\n<p class="lead">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.about', rows=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr((undefined(name='effort') if l_0_effort is missing else l_0_effort), 'total'), 'rows')), conflicts=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr((undefined(name='effort') if l_0_effort is missing else l_0_effort), 'total'), 'conflicts')), low=context.call((undefined(name='hrs') if l_0_hrs is missing else l_0_hrs), environment.getattr(environment.getattr((undefined(name='effort') if l_0_effort is missing else l_0_effort), 'total'), 'low')), high=context.call((undefined(name='hrs') if l_0_hrs is missing else l_0_hrs), environment.getattr(environment.getattr((undefined(name='effort') if l_0_effort is missing else l_0_effort), 'total'), 'high')), weeks=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr((undefined(name='plan') if l_0_plan is missing else l_0_plan), 'weeks'))))
    yield '</p>\n<h3>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.activities'))
    yield '</h3>\n<table class="many"><caption>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.caption'))
    yield '</caption>\n<thead><tr><th scope="col">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.activity'))
    yield '</th><th scope="col">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.owner'))
    yield '</th><th scope="col" class="n">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.blocking'))
    yield '</th><th scope="col" class="n">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.rows'))
    yield '</th><th scope="col" class="n">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.hours'))
    yield '</th><th scope="col" class="n">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.frees'))
    yield '</th><th scope="col" class="n">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.weeks'))
    yield '</th></tr></thead>\n<tbody>'
    l_1_loop = missing
    for l_1_a, l_1_loop in LoopContext(environment.getattr((undefined(name='plan') if l_0_plan is missing else l_0_plan), 'activities'), undefined):
        l_1_span = resolve('span')
        _loop_vars = {}
        pass
        yield '<tr><th scope="row">'
        yield escape(environment.getattr(l_1_loop, 'index'))
        yield '. '
        yield escape(environment.getattr(l_1_a, 'title'))
        yield '</th><td data-label="'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.owner', _loop_vars=_loop_vars))
        yield '">'
        l_2_loop = missing
        t_3 = 1
        for l_2_o, l_2_loop in LoopContext(environment.getattr(l_1_a, 'owners'), undefined):
            l_2_owner = resolve('owner')
            _loop_vars = {}
            pass
            yield escape(context.call((undefined(name='owner') if l_2_owner is missing else l_2_owner), l_2_o, _loop_vars=_loop_vars))
            yield escape((', ' if (not environment.getattr(l_2_loop, 'last')) else cond_expr_undefined("the inline if-expression on line 8 in 'plan.html.j2' evaluated to false and no else section was defined.")))
            t_3 = 0
        l_2_loop = l_2_o = l_2_owner = missing
        if t_3:
            pass
            yield '–'
        yield '</td>\n<td class="n" data-label="'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.blocking', _loop_vars=_loop_vars))
        yield '">'
        yield escape(context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_a, 'blocking'), _loop_vars=_loop_vars))
        yield '</td><td class="n" data-label="'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.rows', _loop_vars=_loop_vars))
        yield '">'
        yield escape(context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_a, 'rows'), _loop_vars=_loop_vars))
        yield '</td><td class="n" data-label="'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.hours', _loop_vars=_loop_vars))
        yield '">'
        yield escape((context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.done', _loop_vars=_loop_vars) if environment.getattr(l_1_a, 'done') else context.call((undefined(name='span') if l_1_span is missing else l_1_span), environment.getattr(l_1_a, 'low'), environment.getattr(l_1_a, 'high'), _loop_vars=_loop_vars)))
        yield '</td><td class="n" data-label="'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.frees', _loop_vars=_loop_vars))
        yield '">'
        yield escape(context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_a, 'free_records'), _loop_vars=_loop_vars))
        yield '</td><td class="n" data-label="'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.weeks', _loop_vars=_loop_vars))
        yield '">'
        yield escape(('–' if environment.getattr(l_1_a, 'done') else (markup_join((environment.getattr(l_1_a, 'begin'), '–', environment.getattr(l_1_a, 'end'), )) if (environment.getattr(l_1_a, 'begin') != environment.getattr(l_1_a, 'end')) else environment.getattr(l_1_a, 'begin'))))
        yield '</td></tr>\n'
    l_1_loop = l_1_a = l_1_span = missing
    yield '</tbody></table>\n<p class="note">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.frees_note', freeze=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr((undefined(name='plan') if l_0_plan is missing else l_0_plan), 'freeze_weeks'))))
    yield '</p>\n<h3>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.points'))
    yield '</h3>\n<table class="many"><caption>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.points_caption'))
    yield '</caption>\n<thead><tr><th scope="col">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.point'))
    yield '</th><th scope="col">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.who'))
    yield '</th><th scope="col">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.needs'))
    yield '</th><th scope="col" class="n">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.week'))
    yield '</th></tr></thead>\n<tbody>'
    l_1_loop = missing
    for l_1_p, l_1_loop in LoopContext(environment.getattr((undefined(name='plan') if l_0_plan is missing else l_0_plan), 'points'), undefined):
        _loop_vars = {}
        pass
        yield '<tr><th scope="row">'
        yield escape(environment.getattr(l_1_p, 'title'))
        yield '</th><td data-label="'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.who', _loop_vars=_loop_vars))
        yield '">'
        yield escape(environment.getattr(l_1_p, 'who'))
        yield '</td><td class="long" data-label="'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.needs', _loop_vars=_loop_vars))
        yield '">'
        def t_4(fiter):
            for l_2_n in fiter:
                if (not environment.getattr(l_2_n, 'done')):
                    yield l_2_n
        l_2_loop = missing
        t_5 = 1
        for l_2_n, l_2_loop in LoopContext(t_4(environment.getattr(l_1_p, 'needs')), undefined):
            _loop_vars = {}
            pass
            yield escape(environment.getattr(l_2_n, 'title'))
            yield ' ('
            yield escape((context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.need_rows', n=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_2_n, 'rows'), _loop_vars=_loop_vars), _loop_vars=_loop_vars) if environment.getattr(l_2_n, 'rows') else context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.need_blocking', n=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_2_n, 'blocking'), _loop_vars=_loop_vars), _loop_vars=_loop_vars)))
            yield ')'
            yield escape(('; ' if (not environment.getattr(l_2_loop, 'last')) else cond_expr_undefined("the inline if-expression on line 15 in 'plan.html.j2' evaluated to false and no else section was defined.")))
            t_5 = 0
        l_2_loop = l_2_n = missing
        if t_5:
            pass
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.ready'))
        yield '</td><td class="n" data-label="'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.week', _loop_vars=_loop_vars))
        yield '">'
        yield escape(context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_p, 'week'), _loop_vars=_loop_vars))
        yield '</td></tr>'
    l_1_loop = l_1_p = missing
    yield '</tbody></table>\n<h3>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.effort'))
    yield '</h3>\n'
    yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'table'), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.owners_caption'), [['owner', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.owner'), 'o'], ['rows', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.rows'), 'n'], ['conflicts', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.blocking'), 'n'], ['low', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.low'), 'h'], ['high', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.high'), 'h']], environment.getattr((undefined(name='effort') if l_0_effort is missing else l_0_effort), 'owners')))
    yield '\n'
    yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'table'), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.rows_caption'), [['title', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.register'), 't'], ['rows', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.rows'), 'n'], ['confirm', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.confirm'), 'n'], ['review', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.review'), 'n'], ['alone', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.alone'), 'n'], ['volume', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.stated'), 'n'], ['pace', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.pace'), 'n'], ['hours', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.one_hours'), 'h']], environment.getattr((undefined(name='effort') if l_0_effort is missing else l_0_effort), 'rows')))
    yield '\n<p class="point">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.pointer'))
    yield '</p>\n'
    if environment.getattr((undefined(name='effort') if l_0_effort is missing else l_0_effort), 'rows'):
        pass
        yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'table'), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.limits'), [['limit', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.limit'), 't'], ['rows', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.rows'), 'n'], ['hours', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.one_hours'), 'h'], ['share', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.unjudged'), 'p']], environment.getattr((undefined(name='effort') if l_0_effort is missing else l_0_effort), 'limits')))
        yield '\n<p class="note">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.limits_note'))
        yield '</p>\n'
    l_0_a = environment.getattr((undefined(name='effort') if l_0_effort is missing else l_0_effort), 'assumptions')
    context.vars['a'] = l_0_a
    context.exported_vars.add('a')
    yield '<p class="note">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'plan.assumptions', minutes=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr((undefined(name='a') if l_0_a is missing else l_0_a), 'conflict_minutes')), discussed=context.call((undefined(name='pct') if l_0_pct is missing else l_0_pct), environment.getattr((undefined(name='a') if l_0_a is missing else l_0_a), 'discussed')), meeting=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr((undefined(name='a') if l_0_a is missing else l_0_a), 'meeting_minutes')), people=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr((undefined(name='a') if l_0_a is missing else l_0_a), 'meeting_people')), week=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr((undefined(name='a') if l_0_a is missing else l_0_a), 'week_hours')), freeze=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr((undefined(name='a') if l_0_a is missing else l_0_a), 'freeze_weeks'))))
    yield '</p>\n<h3>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'progress.title'))
    yield '</h3>\n'
    if (t_1(environment, (undefined(name='progress') if l_0_progress is missing else l_0_progress), attribute='left') + t_1(environment, (undefined(name='progress') if l_0_progress is missing else l_0_progress), attribute='decided')):
        pass
        yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'legend'), ['accepted', 'auto', 'review']))
        yield '\n<div class="bars">'
        def t_6(fiter):
            for l_1_p in fiter:
                if ((environment.getattr(l_1_p, 'decided') + environment.getattr(l_1_p, 'left')) + environment.getattr(l_1_p, 'automatic')):
                    yield l_1_p
        for l_1_p in t_6((undefined(name='progress') if l_0_progress is missing else l_0_progress)):
            l_1_bar = resolve('bar')
            _loop_vars = {}
            pass
            yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'barline'), environment.getattr(l_1_p, 'title'), context.call((undefined(name='bar') if l_1_bar is missing else l_1_bar), [['p-accepted', environment.getattr(l_1_p, 'decided')], ['p-auto', environment.getattr(l_1_p, 'automatic')], ['p-review', environment.getattr(l_1_p, 'left')]], environment.getattr(l_1_p, 'title'), _loop_vars=_loop_vars), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'progress.left', n=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_p, 'left'), _loop_vars=_loop_vars), _loop_vars=_loop_vars), _loop_vars=_loop_vars))
        l_1_p = l_1_bar = missing
        yield '</div>\n<details><summary>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'as_table'))
        yield '</summary>\n'
        yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'table'), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'progress.caption'), [['title', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.register'), 't'], ['decided', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'progress.decided'), 'n'], ['automatic', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'part.auto'), 'n'], ['left', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'part.review'), 'n'], ['left_volume', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'progress.left_volume'), 'n']], (undefined(name='progress') if l_0_progress is missing else l_0_progress)))
        yield '</details>\n'
    yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'table'), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'progress.by'), [['owner', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.profession'), 'o'], ['decisions', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'progress.decisions'), 'n'], ['reviewers', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'progress.reviewers'), 'n']], (undefined(name='decided_by') if l_0_decided_by is missing else l_0_decided_by)))
    yield '\n'
    if (undefined(name='sampling') if l_0_sampling is missing else l_0_sampling):
        pass
        yield '<h3>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'sampling.title'))
        yield '</h3>\n<p class="lead">'
        def t_7(fiter):
            for l_1_s in fiter:
                if (not t_2(environment.getattr(l_1_s, 'bound'))):
                    yield l_1_s
        t_8 = 1
        for l_1_s in t_7((undefined(name='sampling') if l_0_sampling is missing else l_0_sampling)):
            _loop_vars = {}
            pass
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'sampling.known', title=environment.getattr(l_1_s, 'title'), checked=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_s, 'checked'), _loop_vars=_loop_vars), automatic=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_s, 'automatic'), _loop_vars=_loop_vars), wrong=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_s, 'wrong'), _loop_vars=_loop_vars), bound=context.call((undefined(name='pct') if l_0_pct is missing else l_0_pct), environment.getattr(l_1_s, 'bound'), _loop_vars=_loop_vars), _loop_vars=_loop_vars))
            yield ' '
            t_8 = 0
        l_1_s = missing
        if t_8:
            pass
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'sampling.unknown'))
        yield '</p>\n'
        yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'table'), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'sampling.caption'), [['title', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.register'), 't'], ['automatic', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'sampling.automatic'), 'n'], ['checked', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'sampling.checked'), 'n'], ['wrong', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'sampling.wrong'), 'n'], ['bound', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'sampling.bound'), 'p'], ['left', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'sampling.left'), 'n']], (undefined(name='sampling') if l_0_sampling is missing else l_0_sampling)))
        yield '\n<p class="note">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'sampling.note', limit=context.call((undefined(name='pct') if l_0_pct is missing else l_0_pct), environment.getattr(environment.getitem((undefined(name='sampling') if l_0_sampling is missing else l_0_sampling), 0), 'limit'))))
        yield '</p>\n'
    yield '</section>'

blocks = {}
debug_info = '2=35&3=37&4=39&5=41&6=43&7=58&8=63&9=83&11=105&12=107&13=109&14=111&15=120&16=158&17=160&18=162&19=164&20=166&21=168&22=170&24=172&25=176&26=178&27=180&28=182&29=184&30=195&31=197&33=199&34=201&35=204&36=206&37=222&38=224'
