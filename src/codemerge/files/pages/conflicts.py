# Made by `make docs` of the report's templates; change it there, not here.
from jinja2.runtime import LoopContext, Macro, Markup, Namespace, TemplateNotFound, TemplateReference, TemplateRuntimeError, Undefined, escape, identity, internalcode, markup_join, missing, str_join
name = 'conflicts.html.j2'

def root(context, missing=missing):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_t = resolve('t')
    l_0_num = resolve('num')
    l_0_verdict = resolve('verdict')
    l_0_pareto = resolve('pareto')
    l_0_m = resolve('m')
    l_0_conflicts = resolve('conflicts')
    l_0_owners = resolve('owners')
    l_0_causes = resolve('causes')
    l_0_detail = resolve('detail')
    pass
    yield '<section id="conflicts">\n<h2>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'conflicts.title'))
    yield '</h2>\n<p class="lead">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'conflicts.about', blocking=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr((undefined(name='verdict') if l_0_verdict is missing else l_0_verdict), 'blocking')), warnings=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr((undefined(name='verdict') if l_0_verdict is missing else l_0_verdict), 'warnings'))))
    yield '</p>\n'
    if (undefined(name='pareto') if l_0_pareto is missing else l_0_pareto):
        pass
        yield '<figure><figcaption>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'conflicts.pareto'))
        yield '</figcaption>\n<div class="bars">'
        for l_1_p in (undefined(name='pareto') if l_0_pareto is missing else l_0_pareto)[:12]:
            l_1_clean = resolve('clean')
            l_1_share_bar = resolve('share_bar')
            l_1_part = resolve('part')
            l_1_pct = resolve('pct')
            _loop_vars = {}
            pass
            yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'barline'), context.call((undefined(name='clean') if l_1_clean is missing else l_1_clean), environment.getattr(l_1_p, 'title'), _loop_vars=_loop_vars), context.call((undefined(name='share_bar') if l_1_share_bar is missing else l_1_share_bar), context.call((undefined(name='part') if l_1_part is missing else l_1_part), environment.getattr(l_1_p, 'records'), environment.getattr(environment.getitem((undefined(name='pareto') if l_0_pareto is missing else l_0_pareto), 0), 'records'), _loop_vars=_loop_vars), 'p-unusable', markup_join((environment.getattr(l_1_p, 'title'), ': ', context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_p, 'records'), _loop_vars=_loop_vars), )), _loop_vars=_loop_vars), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'conflicts.pareto_line', records=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_p, 'records'), _loop_vars=_loop_vars), share=context.call((undefined(name='pct') if l_1_pct is missing else l_1_pct), environment.getattr(l_1_p, 'share'), _loop_vars=_loop_vars), _loop_vars=_loop_vars), _loop_vars=_loop_vars))
        l_1_p = l_1_clean = l_1_share_bar = l_1_part = l_1_pct = missing
        yield '</div>\n<p class="note">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'conflicts.pareto_note'))
        yield '</p></figure>\n'
    yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'table'), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'conflicts.caption'), [['title', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.what'), 't'], ['check', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.check'), 't'], ['severity', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.severity'), 's'], ['way', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.way'), 'w'], ['open', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.open'), 'n'], ['waived', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.waived'), 'n'], ['records', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.records'), 'n'], ['volume', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.volume'), 'n']], (undefined(name='conflicts') if l_0_conflicts is missing else l_0_conflicts), 40))
    yield '\n<p class="point">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'conflicts.pointer'))
    yield '</p>\n'
    yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'table'), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'conflicts.owners'), [['owner', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.owner'), 'o'], ['blocking', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'severity.blocking'), 'n'], ['warning', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'severity.warning'), 'n'], ['info', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'severity.info'), 'n'], ['records', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.records'), 'n']], (undefined(name='owners') if l_0_owners is missing else l_0_owners)))
    yield '\n'
    if (undefined(name='causes') if l_0_causes is missing else l_0_causes):
        pass
        yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'table'), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'causes.caption'), [['title', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.what'), 't'], ['conflicts', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.conflicts'), 'n'], ['records', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.records'), 'n'], ['alone_records', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'causes.alone'), 'n'], ['total_records', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'causes.total'), 'n'], ['total_volume', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'causes.total_volume'), 'n']], (undefined(name='causes') if l_0_causes is missing else l_0_causes), 20))
        yield '\n'
    yield '</section>\n\n<section id="detail">\n<h2>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'detail.title'))
    yield '</h2>\n<p class="lead">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'detail.about'))
    yield '</p>\n'
    t_1 = 1
    for l_1_d in (undefined(name='detail') if l_0_detail is missing else l_0_detail):
        _loop_vars = {}
        pass
        yield '<h3>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'detail.direction', start=environment.getattr(l_1_d, 'start'), goal=environment.getattr(l_1_d, 'goal'), _loop_vars=_loop_vars))
        yield '</h3>\n<p>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'detail.sentence', start=environment.getattr(l_1_d, 'start'), goal=environment.getattr(l_1_d, 'goal'), pairs=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_d, 'pairs'), _loop_vars=_loop_vars), narrower=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr(l_1_d, 'narrower'), 'pairs'), _loop_vars=_loop_vars), narrower_volume=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr(l_1_d, 'narrower'), 'volume'), _loop_vars=_loop_vars), broader=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr(l_1_d, 'broader'), 'pairs'), _loop_vars=_loop_vars), broader_volume=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr(l_1_d, 'broader'), 'volume'), _loop_vars=_loop_vars), _loop_vars=_loop_vars))
        yield '</p>\n'
        yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'table'), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'detail.caption', start=environment.getattr(l_1_d, 'start'), goal=environment.getattr(l_1_d, 'goal'), _loop_vars=_loop_vars), [['title', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'detail.facet', _loop_vars=_loop_vars), 't'], ['pairs', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'detail.pairs', _loop_vars=_loop_vars), 'n'], ['volume', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.volume', _loop_vars=_loop_vars), 'n']], environment.getattr(l_1_d, 'facets'), _loop_vars=_loop_vars))
        yield '\n'
        t_1 = 0
    l_1_d = missing
    if t_1:
        pass
        yield '<p>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'detail.nothing'))
        yield '</p>'
    yield '</section>'

blocks = {}
debug_info = '2=21&3=23&4=25&5=28&6=30&7=40&9=42&10=44&11=46&12=48&13=50&18=53&19=55&20=58&21=62&22=64&23=66&24=73'
