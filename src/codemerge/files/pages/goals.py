# Made by `make docs` of the report's templates; change it there, not here.
from jinja2.runtime import LoopContext, Macro, Markup, Namespace, TemplateNotFound, TemplateReference, TemplateRuntimeError, Undefined, escape, identity, internalcode, markup_join, missing, str_join
name = 'goals.html.j2'

def root(context, missing=missing):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_t = resolve('t')
    l_0_project = resolve('project')
    l_0_desirable = resolve('desirable')
    l_0_goals = resolve('goals')
    l_0_senders = resolve('senders')
    l_0_urgency = resolve('urgency')
    l_0_reading = resolve('reading')
    l_0_m = resolve('m')
    try:
        t_1 = environment.filters['length']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No filter named 'length' found.")
    try:
        t_2 = environment.filters['list']
    except KeyError:
        @internalcode
        def t_2(*unused):
            raise TemplateRuntimeError("No filter named 'list' found.")
    try:
        t_3 = environment.filters['lower']
    except KeyError:
        @internalcode
        def t_3(*unused):
            raise TemplateRuntimeError("No filter named 'lower' found.")
    try:
        t_4 = environment.filters['selectattr']
    except KeyError:
        @internalcode
        def t_4(*unused):
            raise TemplateRuntimeError("No filter named 'selectattr' found.")
    pass
    yield '<section id="desirable">\n<h2>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'desirable.title'))
    yield '</h2>\n<p class="lead">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'desirable.about'))
    yield '</p>\n'
    if (not environment.getattr((undefined(name='project') if l_0_project is missing else l_0_project), 'weighed')):
        pass
        yield '<p class="note">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'not_weighed'))
        yield '</p>'
    if (undefined(name='desirable') if l_0_desirable is missing else l_0_desirable):
        pass
        yield '<table class="many">\n<caption>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'desirable.caption'))
        yield '</caption>\n<thead><tr><th scope="col">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'desirable.measure'))
        yield '</th><th scope="col" class="n">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'desirable.today'))
        yield '</th><th scope="col" class="n">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'desirable.after'))
        yield '</th><th scope="col" class="n">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'desirable.apart'))
        yield '</th></tr></thead>\n<tbody>\n'
        for l_1_row in (undefined(name='desirable') if l_0_desirable is missing else l_0_desirable):
            _loop_vars = {}
            pass
            yield '<tr><th scope="row">'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), markup_join(('desirable.', environment.getattr(l_1_row, 'measure'), )), _loop_vars=_loop_vars))
            yield '<br><span class="point">'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), markup_join(('desirable.', environment.getattr(l_1_row, 'measure'), '_counts', )), _loop_vars=_loop_vars))
            yield '</span></th>\n'
            for l_2_when in ('today', 'after', 'apart'):
                l_2_pct = resolve('pct')
                l_2_hrs = resolve('hrs')
                l_2_num = resolve('num')
                _loop_vars = {}
                pass
                yield '<td class="n" data-label="'
                yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), markup_join(('desirable.', l_2_when, )), _loop_vars=_loop_vars))
                yield '">'
                yield escape((context.call((undefined(name='pct') if l_2_pct is missing else l_2_pct), environment.getitem(l_1_row, l_2_when), _loop_vars=_loop_vars) if (environment.getattr(l_1_row, 'kind') == 'share') else (markup_join((context.call((undefined(name='hrs') if l_2_hrs is missing else l_2_hrs), environment.getitem(l_1_row, l_2_when), _loop_vars=_loop_vars), ' ', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'hour_short', _loop_vars=_loop_vars), )) if (environment.getattr(l_1_row, 'kind') == 'hours') else context.call((undefined(name='num') if l_2_num is missing else l_2_num), environment.getitem(l_1_row, l_2_when), _loop_vars=_loop_vars))))
                yield '</td>\n'
            l_2_when = l_2_pct = l_2_hrs = l_2_num = missing
            yield '</tr>\n'
        l_1_row = missing
        yield '</tbody></table>\n<p class="note">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'desirable.note'))
        yield '</p>\n'
    else:
        pass
        yield '<p>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'not_measured'))
        yield '</p>'
    yield '</section>\n\n<section id="goals">\n<h2>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.title'))
    yield '</h2>\n<p class="lead">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.about', subject=t_3(environment.getattr((undefined(name='project') if l_0_project is missing else l_0_project), 'subject'))))
    yield '</p>\n'
    if (not environment.getattr((undefined(name='project') if l_0_project is missing else l_0_project), 'weighed')):
        pass
        yield '<p class="note">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'not_weighed'))
        yield '</p>'
    yield '<h3>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.orders'))
    yield '</h3>\n<p>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.orders_about'))
    yield '</p>\n'
    for l_1_d in (undefined(name='goals') if l_0_goals is missing else l_0_goals):
        l_1_num = resolve('num')
        _loop_vars = {}
        pass
        yield '<figure>\n<figcaption>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.direction', start=environment.getattr(l_1_d, 'start'), goal=environment.getattr(l_1_d, 'goal'), _loop_vars=_loop_vars))
        yield '</figcaption>\n<p class="note">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.total', volume=context.call((undefined(name='num') if l_1_num is missing else l_1_num), environment.getattr(l_1_d, 'volume'), _loop_vars=_loop_vars), records=context.call((undefined(name='num') if l_1_num is missing else l_1_num), environment.getattr(l_1_d, 'records'), _loop_vars=_loop_vars), _loop_vars=_loop_vars))
        yield '</p>\n<div class="bars">\n'
        for l_2_step in environment.getattr(l_1_d, 'chain'):
            l_2_share_bar = resolve('share_bar')
            l_2_pct = resolve('pct')
            l_2_label = missing
            _loop_vars = {}
            pass
            l_2_label = context.call((undefined(name='t') if l_0_t is missing else l_0_t), markup_join(('goals.step_', environment.getattr(l_2_step, 'step'), )), _loop_vars=_loop_vars)
            _loop_vars['label'] = l_2_label
            yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'barline'), (undefined(name='label') if l_2_label is missing else l_2_label), context.call((undefined(name='share_bar') if l_2_share_bar is missing else l_2_share_bar), (environment.getattr(l_2_step, 'share') if environment.getattr(l_2_step, 'measured') else 0), 'p-accepted', markup_join(((undefined(name='label') if l_2_label is missing else l_2_label), ': ', context.call((undefined(name='pct') if l_2_pct is missing else l_2_pct), environment.getattr(l_2_step, 'share'), _loop_vars=_loop_vars), )), _loop_vars=_loop_vars), (markup_join((context.call((undefined(name='pct') if l_2_pct is missing else l_2_pct), environment.getattr(l_2_step, 'share'), _loop_vars=_loop_vars), ' (', context.call((undefined(name='num') if l_1_num is missing else l_1_num), environment.getattr(l_2_step, 'volume'), _loop_vars=_loop_vars), ')', )) if environment.getattr(l_2_step, 'measured') else context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'not_measured_short', _loop_vars=_loop_vars)), _loop_vars=_loop_vars))
            yield '\n'
        l_2_step = l_2_label = l_2_share_bar = l_2_pct = missing
        yield '</div>\n<p class="note">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.only', records=context.call((undefined(name='num') if l_1_num is missing else l_1_num), environment.getattr(environment.getattr(environment.getattr(l_1_d, 'states'), 'none'), 'records'), _loop_vars=_loop_vars), volume=context.call((undefined(name='num') if l_1_num is missing else l_1_num), environment.getattr(environment.getattr(environment.getattr(l_1_d, 'states'), 'none'), 'volume'), _loop_vars=_loop_vars), start=environment.getattr(l_1_d, 'start'), _loop_vars=_loop_vars))
        yield '</p>\n</figure>\n'
    l_1_d = l_1_num = missing
    yield '<h3>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.states'))
    yield '</h3>\n<ul>'
    for l_1_s in ('certain', 'proposed', 'question', 'none'):
        _loop_vars = {}
        pass
        yield '<li><strong>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), markup_join(('goals.state_', l_1_s, )), _loop_vars=_loop_vars))
        yield '</strong>: '
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), markup_join(('goals.state_', l_1_s, '_about', )), _loop_vars=_loop_vars))
        yield '</li>'
    l_1_s = missing
    yield '</ul>\n'
    l_1_loop = missing
    for l_1_d, l_1_loop in LoopContext((undefined(name='goals') if l_0_goals is missing else l_0_goals), undefined):
        _loop_vars = {}
        pass
        yield '<details'
        if environment.getattr(l_1_loop, 'first'):
            pass
            yield ' open'
        yield '><summary>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.direction', start=environment.getattr(l_1_d, 'start'), goal=environment.getattr(l_1_d, 'goal'), _loop_vars=_loop_vars))
        yield '</summary>\n'
        for l_2_by in ('modality', 'sections'):
            l_2_num = resolve('num')
            l_2_pct = resolve('pct')
            l_2_part = resolve('part')
            l_2_groups = missing
            _loop_vars = {}
            pass
            l_2_groups = environment.getitem(l_1_d, markup_join(('by_', l_2_by, )))
            _loop_vars['groups'] = l_2_groups
            if ((t_1((undefined(name='groups') if l_2_groups is missing else l_2_groups)) > 1) or t_2(context.eval_ctx, t_4(context, (undefined(name='groups') if l_2_groups is missing else l_2_groups), 'title'))):
                pass
                yield '<table class="many">\n<caption>'
                yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), markup_join(('goals.by_', l_2_by, )), start=environment.getattr(l_1_d, 'start'), goal=environment.getattr(l_1_d, 'goal'), _loop_vars=_loop_vars))
                yield '</caption>\n<thead><tr><th scope="col">'
                yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), markup_join(('goals.col_', l_2_by, )), _loop_vars=_loop_vars))
                yield '</th><th scope="col" class="n">'
                yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.volume', _loop_vars=_loop_vars))
                yield '</th>'
                for l_3_s in ('certain', 'proposed', 'question', 'none'):
                    _loop_vars = {}
                    pass
                    yield '<th scope="col" class="n">'
                    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), markup_join(('goals.state_', l_3_s, )), _loop_vars=_loop_vars))
                    yield '</th>'
                l_3_s = missing
                yield '<th scope="col" class="n">'
                yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.same_today', _loop_vars=_loop_vars))
                yield '</th></tr></thead>\n<tbody>\n'
                for l_3_g in (undefined(name='groups') if l_2_groups is missing else l_2_groups)[:12]:
                    l_3_clean = resolve('clean')
                    _loop_vars = {}
                    pass
                    yield '<tr><th scope="row">'
                    yield escape((context.call((undefined(name='clean') if l_3_clean is missing else l_3_clean), environment.getattr(l_3_g, 'title'), _loop_vars=_loop_vars) or context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'unnamed', _loop_vars=_loop_vars)))
                    yield '</th><td class="n" data-label="'
                    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.volume', _loop_vars=_loop_vars))
                    yield '">'
                    yield escape(context.call((undefined(name='num') if l_2_num is missing else l_2_num), environment.getattr(l_3_g, 'volume'), _loop_vars=_loop_vars))
                    yield '</td>\n'
                    for l_4_s in ('certain', 'proposed', 'question', 'none'):
                        _loop_vars = {}
                        pass
                        yield '<td class="n" data-label="'
                        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), markup_join(('goals.state_', l_4_s, )), _loop_vars=_loop_vars))
                        yield '">'
                        yield escape((context.call((undefined(name='pct') if l_2_pct is missing else l_2_pct), context.call((undefined(name='part') if l_2_part is missing else l_2_part), environment.getattr(environment.getitem(environment.getattr(l_3_g, 'states'), l_4_s), 'volume'), environment.getattr(l_3_g, 'volume'), _loop_vars=_loop_vars), _loop_vars=_loop_vars) if environment.getattr(l_3_g, 'volume') else '–'))
                        yield '</td>'
                    l_4_s = missing
                    yield '<td class="n" data-label="'
                    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.same_today', _loop_vars=_loop_vars))
                    yield '">'
                    yield escape((context.call((undefined(name='pct') if l_2_pct is missing else l_2_pct), context.call((undefined(name='part') if l_2_part is missing else l_2_part), environment.getattr(l_3_g, 'same_code'), environment.getattr(l_3_g, 'volume'), _loop_vars=_loop_vars), _loop_vars=_loop_vars) if environment.getattr(l_3_g, 'volume') else '–'))
                    yield '</td></tr>\n'
                l_3_g = l_3_clean = missing
                yield '<tr class="sum"><th scope="row">'
                yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'all', _loop_vars=_loop_vars))
                yield '</th><td class="n" data-label="'
                yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.volume', _loop_vars=_loop_vars))
                yield '">'
                yield escape(context.call((undefined(name='num') if l_2_num is missing else l_2_num), environment.getattr(l_1_d, 'volume'), _loop_vars=_loop_vars))
                yield '</td>\n'
                for l_3_s in ('certain', 'proposed', 'question', 'none'):
                    _loop_vars = {}
                    pass
                    yield '<td class="n" data-label="'
                    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), markup_join(('goals.state_', l_3_s, )), _loop_vars=_loop_vars))
                    yield '">'
                    yield escape(context.call((undefined(name='pct') if l_2_pct is missing else l_2_pct), context.call((undefined(name='part') if l_2_part is missing else l_2_part), environment.getattr(environment.getitem(environment.getattr(l_1_d, 'states'), l_3_s), 'volume'), environment.getattr(l_1_d, 'volume'), _loop_vars=_loop_vars), _loop_vars=_loop_vars))
                    yield '</td>'
                l_3_s = missing
                yield '<td class="n" data-label="'
                yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.same_today', _loop_vars=_loop_vars))
                yield '">'
                yield escape(context.call((undefined(name='pct') if l_2_pct is missing else l_2_pct), context.call((undefined(name='part') if l_2_part is missing else l_2_part), environment.getattr(l_1_d, 'same_code'), environment.getattr(l_1_d, 'volume'), _loop_vars=_loop_vars), _loop_vars=_loop_vars))
                yield '</td></tr>\n</tbody></table>\n'
                if (t_1((undefined(name='groups') if l_2_groups is missing else l_2_groups)) > 12):
                    pass
                    yield '<p class="note">'
                    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'more_rows', n=context.call((undefined(name='num') if l_2_num is missing else l_2_num), (t_1((undefined(name='groups') if l_2_groups is missing else l_2_groups)) - 12), _loop_vars=_loop_vars), _loop_vars=_loop_vars))
                    yield '</p>'
        l_2_by = l_2_groups = l_2_num = l_2_pct = l_2_part = missing
        yield '</details>\n'
    l_1_loop = l_1_d = missing
    yield '\n<h3>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.senders'))
    yield '</h3>\n<p>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.senders_about'))
    yield '</p>\n'
    if (undefined(name='senders') if l_0_senders is missing else l_0_senders):
        pass
        yield '<table class="many"><caption>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.senders_caption'))
        yield '</caption>\n<thead><tr><th scope="col">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.region'))
        yield '</th><th scope="col">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.kind'))
        yield '</th><th scope="col" class="n">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.units'))
        yield '</th><th scope="col" class="n">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.named'))
        yield '</th><th scope="col" class="n">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.routed'))
        yield '</th><th scope="col" class="n">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.both'))
        yield '</th><th scope="col" class="n">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.both_volume'))
        yield '</th></tr></thead>\n<tbody>'
        for l_1_s in (undefined(name='senders') if l_0_senders is missing else l_0_senders):
            l_1_num = resolve('num')
            l_1_pct = resolve('pct')
            l_1_part = resolve('part')
            _loop_vars = {}
            pass
            yield '<tr><th scope="row">'
            yield escape(environment.getattr(l_1_s, 'region'))
            yield '</th><td data-label="'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.kind', _loop_vars=_loop_vars))
            yield '">'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), markup_join(('goals.kind_', environment.getattr(l_1_s, 'kind'), )), _loop_vars=_loop_vars))
            yield '</td><td class="n" data-label="'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.units', _loop_vars=_loop_vars))
            yield '">'
            yield escape(context.call((undefined(name='num') if l_1_num is missing else l_1_num), environment.getattr(l_1_s, 'units'), _loop_vars=_loop_vars))
            yield '</td><td class="n" data-label="'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.named', _loop_vars=_loop_vars))
            yield '">'
            yield escape(context.call((undefined(name='pct') if l_1_pct is missing else l_1_pct), context.call((undefined(name='part') if l_1_part is missing else l_1_part), environment.getattr(l_1_s, 'named'), environment.getattr(l_1_s, 'units'), _loop_vars=_loop_vars), _loop_vars=_loop_vars))
            yield '</td><td class="n" data-label="'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.routed', _loop_vars=_loop_vars))
            yield '">'
            yield escape(context.call((undefined(name='pct') if l_1_pct is missing else l_1_pct), context.call((undefined(name='part') if l_1_part is missing else l_1_part), environment.getattr(l_1_s, 'routed'), environment.getattr(l_1_s, 'units'), _loop_vars=_loop_vars), _loop_vars=_loop_vars))
            yield '</td><td class="n" data-label="'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.both', _loop_vars=_loop_vars))
            yield '">'
            yield escape(context.call((undefined(name='pct') if l_1_pct is missing else l_1_pct), context.call((undefined(name='part') if l_1_part is missing else l_1_part), environment.getattr(l_1_s, 'both'), environment.getattr(l_1_s, 'units'), _loop_vars=_loop_vars), _loop_vars=_loop_vars))
            yield '</td><td class="n" data-label="'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.both_volume', _loop_vars=_loop_vars))
            yield '">'
            yield escape((context.call((undefined(name='pct') if l_1_pct is missing else l_1_pct), context.call((undefined(name='part') if l_1_part is missing else l_1_part), environment.getattr(l_1_s, 'both_volume'), environment.getattr(l_1_s, 'volume'), _loop_vars=_loop_vars), _loop_vars=_loop_vars) if environment.getattr(l_1_s, 'volume') else '–'))
            yield '</td></tr>'
        l_1_s = l_1_num = l_1_pct = l_1_part = missing
        yield '</tbody></table>\n'
    else:
        pass
        yield '<p class="note">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'not_measured'))
        yield '</p>'
    if (undefined(name='urgency') if l_0_urgency is missing else l_0_urgency):
        pass
        yield '<table class="many"><caption>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.urgency'))
        yield '</caption>\n<thead><tr><th scope="col">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.from'))
        yield '</th><th scope="col">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.to'))
        yield '</th><th scope="col" class="n">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.urgency_records'))
        yield '</th><th scope="col" class="n">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.urgency_one'))
        yield '</th><th scope="col" class="n">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.urgency_certain'))
        yield '</th></tr></thead>\n<tbody>'
        for l_1_u in (undefined(name='urgency') if l_0_urgency is missing else l_0_urgency):
            l_1_num = resolve('num')
            _loop_vars = {}
            pass
            yield '<tr><th scope="row">'
            yield escape(environment.getattr(l_1_u, 'start'))
            yield '</th><td data-label="'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.to', _loop_vars=_loop_vars))
            yield '">'
            yield escape(environment.getattr(l_1_u, 'goal'))
            yield '</td><td class="n" data-label="'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.urgency_records', _loop_vars=_loop_vars))
            yield '">'
            yield escape(context.call((undefined(name='num') if l_1_num is missing else l_1_num), environment.getattr(l_1_u, 'records'), _loop_vars=_loop_vars))
            yield '</td><td class="n" data-label="'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.urgency_one', _loop_vars=_loop_vars))
            yield '">'
            yield escape(context.call((undefined(name='num') if l_1_num is missing else l_1_num), environment.getattr(l_1_u, 'one'), _loop_vars=_loop_vars))
            yield '</td><td class="n" data-label="'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.urgency_certain', _loop_vars=_loop_vars))
            yield '">'
            yield escape(context.call((undefined(name='num') if l_1_num is missing else l_1_num), environment.getattr(l_1_u, 'certain'), _loop_vars=_loop_vars))
            yield '</td></tr>'
        l_1_u = l_1_num = missing
        yield '</tbody></table>\n'
    yield '\n<h3>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.readers'))
    yield '</h3>\n<p>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.readers_about'))
    yield '</p>\n'
    if environment.getattr((undefined(name='reading') if l_0_reading is missing else l_0_reading), 'shared'):
        pass
        yield '<div class="bars">'
        for l_1_s in environment.getattr((undefined(name='reading') if l_0_reading is missing else l_0_reading), 'shared'):
            l_1_share_bar = resolve('share_bar')
            l_1_part = resolve('part')
            l_1_pct = resolve('pct')
            l_1_num = resolve('num')
            _loop_vars = {}
            pass
            yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'barline'), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.shared', start=environment.getattr(l_1_s, 'start'), goal=environment.getattr(l_1_s, 'goal'), _loop_vars=_loop_vars), context.call((undefined(name='share_bar') if l_1_share_bar is missing else l_1_share_bar), context.call((undefined(name='part') if l_1_part is missing else l_1_part), environment.getattr(l_1_s, 'shared'), environment.getattr(l_1_s, 'volume'), _loop_vars=_loop_vars), 'p-alone', context.call((undefined(name='pct') if l_1_pct is missing else l_1_pct), context.call((undefined(name='part') if l_1_part is missing else l_1_part), environment.getattr(l_1_s, 'shared'), environment.getattr(l_1_s, 'volume'), _loop_vars=_loop_vars), _loop_vars=_loop_vars), _loop_vars=_loop_vars), markup_join((context.call((undefined(name='pct') if l_1_pct is missing else l_1_pct), context.call((undefined(name='part') if l_1_part is missing else l_1_part), environment.getattr(l_1_s, 'shared'), environment.getattr(l_1_s, 'volume'), _loop_vars=_loop_vars), _loop_vars=_loop_vars), ' (', context.call((undefined(name='num') if l_1_num is missing else l_1_num), environment.getattr(l_1_s, 'shared'), _loop_vars=_loop_vars), ')', )), _loop_vars=_loop_vars))
        l_1_s = l_1_share_bar = l_1_part = l_1_pct = l_1_num = missing
        yield '</div>\n'
    else:
        pass
        yield '<p class="note">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'not_measured'))
        yield '</p>'
    if environment.getattr((undefined(name='reading') if l_0_reading is missing else l_0_reading), 'readers'):
        pass
        yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'table'), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.readers_caption'), [['region', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.region'), 't'], ['readers', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.readers_count'), 'n'], ['accounts', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.accounts'), 'n']], environment.getattr((undefined(name='reading') if l_0_reading is missing else l_0_reading), 'readers')))
        yield '\n'
        if (not environment.getattr((undefined(name='reading') if l_0_reading is missing else l_0_reading), 'per_section')):
            pass
            yield '<p class="note">'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'goals.no_sections'))
            yield '</p>'
    yield '</section>'

blocks = {}
debug_info = '2=44&3=46&4=48&5=53&7=56&8=58&10=66&11=70&12=74&13=81&17=89&18=94&22=97&23=99&24=101&25=107&26=109&27=111&29=116&30=118&32=120&33=126&34=128&37=132&40=136&41=138&42=149&43=153&44=159&45=166&46=168&48=171&49=173&51=187&52=192&53=198&54=208&56=214&57=220&58=230&60=234&66=243&67=245&68=247&69=250&70=252&71=266&72=304&73=306&74=309&75=311&76=321&79=347&80=349&81=351&82=354&83=367&84=369&85=371&86=373'
