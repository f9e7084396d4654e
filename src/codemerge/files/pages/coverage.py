# Made by `make docs` of the report's templates; change it there, not here.
from jinja2.runtime import LoopContext, Macro, Markup, Namespace, TemplateNotFound, TemplateReference, TemplateRuntimeError, Undefined, escape, identity, internalcode, markup_join, missing, str_join
name = 'coverage.html.j2'

def root(context, missing=missing):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_t = resolve('t')
    l_0_m = resolve('m')
    l_0_coverage = resolve('coverage')
    l_0_project = resolve('project')
    l_0_curve = resolve('curve')
    l_0_namespace = resolve('namespace')
    l_0_ns = resolve('ns')
    l_0_curve_of = resolve('curve_of')
    l_0_num = resolve('num')
    l_0_pct = resolve('pct')
    l_0_range = resolve('range')
    l_0_flow = resolve('flow')
    l_0_parts = l_0_subject = missing
    try:
        t_1 = environment.filters['first']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No filter named 'first' found.")
    try:
        t_2 = environment.filters['length']
    except KeyError:
        @internalcode
        def t_2(*unused):
            raise TemplateRuntimeError("No filter named 'length' found.")
    try:
        t_3 = environment.filters['list']
    except KeyError:
        @internalcode
        def t_3(*unused):
            raise TemplateRuntimeError("No filter named 'list' found.")
    try:
        t_4 = environment.filters['selectattr']
    except KeyError:
        @internalcode
        def t_4(*unused):
            raise TemplateRuntimeError("No filter named 'selectattr' found.")
    try:
        t_5 = environment.filters['sum']
    except KeyError:
        @internalcode
        def t_5(*unused):
            raise TemplateRuntimeError("No filter named 'sum' found.")
    try:
        t_6 = environment.tests['none']
    except KeyError:
        @internalcode
        def t_6(*unused):
            raise TemplateRuntimeError("No test named 'none' found.")
    pass
    l_0_parts = ['accepted', 'alone', 'auto', 'review', 'untouched', 'retired', 'only', 'unusable']
    context.vars['parts'] = l_0_parts
    context.exported_vars.add('parts')
    yield '<section id="coverage">\n<h2>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'coverage.title'))
    yield '</h2>\n<p class="lead">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'coverage.about'))
    yield '</p>\n'
    yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'legend'), (undefined(name='parts') if l_0_parts is missing else l_0_parts)))
    yield '\n'
    l_0_subject = t_3(context.eval_ctx, t_4(context, (undefined(name='coverage') if l_0_coverage is missing else l_0_coverage), 'title', 'equalto', environment.getattr((undefined(name='project') if l_0_project is missing else l_0_project), 'subject')))
    context.vars['subject'] = l_0_subject
    context.exported_vars.add('subject')
    if t_5(environment, (undefined(name='subject') if l_0_subject is missing else l_0_subject), attribute='volume'):
        pass
        yield '<figure><figcaption>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'coverage.by_volume', subject=environment.getattr((undefined(name='project') if l_0_project is missing else l_0_project), 'subject')))
        yield '</figcaption>\n<div class="bars">'
        def t_7(fiter):
            for l_1_c in fiter:
                if environment.getattr(l_1_c, 'volume'):
                    yield l_1_c
        for l_1_c in t_7((undefined(name='subject') if l_0_subject is missing else l_0_subject)):
            l_1_part = resolve('part')
            l_1_ns = l_0_ns
            l_1_bar = resolve('bar')
            l_1_done = l_1_label = missing
            _loop_vars = {}
            pass
            l_1_done = ((environment.getattr(environment.getattr(environment.getattr(l_1_c, 'parts'), 'accepted'), 'volume') + environment.getattr(environment.getattr(environment.getattr(l_1_c, 'parts'), 'alone'), 'volume')) + environment.getattr(environment.getattr(environment.getattr(l_1_c, 'parts'), 'auto'), 'volume'))
            _loop_vars['done'] = l_1_done
            l_1_label = context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'coverage.line', region=environment.getattr(l_1_c, 'region'), share=context.call((undefined(name='pct') if l_0_pct is missing else l_0_pct), context.call((undefined(name='part') if l_1_part is missing else l_1_part), (undefined(name='done') if l_1_done is missing else l_1_done), environment.getattr(l_1_c, 'volume'), _loop_vars=_loop_vars), _loop_vars=_loop_vars), _loop_vars=_loop_vars)
            _loop_vars['label'] = l_1_label
            yield '<div>'
            yield escape(environment.getattr(l_1_c, 'region'))
            yield '</div><div class="n">'
            yield escape(context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_c, 'volume'), _loop_vars=_loop_vars))
            yield '</div><div class="pic">'
            l_1_ns = context.call((undefined(name='namespace') if l_0_namespace is missing else l_0_namespace), list=[], _loop_vars=_loop_vars)
            _loop_vars['ns'] = l_1_ns
            for l_2_p in (undefined(name='parts') if l_0_parts is missing else l_0_parts):
                _loop_vars = {}
                pass
                if not isinstance(l_1_ns, Namespace):
                    raise TemplateRuntimeError("cannot assign attribute on non-namespace object")
                l_1_ns['list'] = (environment.getattr((undefined(name='ns') if l_1_ns is missing else l_1_ns), 'list') + [[markup_join(('p-', l_2_p, )), environment.getattr(environment.getitem(environment.getattr(l_1_c, 'parts'), l_2_p), 'volume')]])
            l_2_p = missing
            yield escape(context.call((undefined(name='bar') if l_1_bar is missing else l_1_bar), environment.getattr((undefined(name='ns') if l_1_ns is missing else l_1_ns), 'list'), (undefined(name='label') if l_1_label is missing else l_1_label), _loop_vars=_loop_vars))
            yield '</div>'
        l_1_c = l_1_done = l_1_part = l_1_label = l_1_ns = l_1_bar = missing
        yield '</div></figure>\n'
    yield '<figure><figcaption>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'coverage.by_records'))
    yield '</figcaption>\n<div class="bars">'
    for l_1_c in (undefined(name='coverage') if l_0_coverage is missing else l_0_coverage):
        l_1_ns = l_0_ns
        l_1_bar = resolve('bar')
        _loop_vars = {}
        pass
        l_1_ns = context.call((undefined(name='namespace') if l_0_namespace is missing else l_0_namespace), list=[], _loop_vars=_loop_vars)
        _loop_vars['ns'] = l_1_ns
        for l_2_p in (undefined(name='parts') if l_0_parts is missing else l_0_parts):
            _loop_vars = {}
            pass
            if not isinstance(l_1_ns, Namespace):
                raise TemplateRuntimeError("cannot assign attribute on non-namespace object")
            l_1_ns['list'] = (environment.getattr((undefined(name='ns') if l_1_ns is missing else l_1_ns), 'list') + [[markup_join(('p-', l_2_p, )), environment.getattr(environment.getitem(environment.getattr(l_1_c, 'parts'), l_2_p), 'records')]])
        l_2_p = missing
        yield '<div>'
        yield escape(environment.getattr(l_1_c, 'title'))
        yield ' '
        yield escape(environment.getattr(l_1_c, 'region'))
        yield '</div><div class="n">'
        yield escape(context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_c, 'records'), _loop_vars=_loop_vars))
        yield '</div><div class="pic">'
        yield escape(context.call((undefined(name='bar') if l_1_bar is missing else l_1_bar), environment.getattr((undefined(name='ns') if l_1_ns is missing else l_1_ns), 'list'), markup_join((environment.getattr(l_1_c, 'title'), ' ', environment.getattr(l_1_c, 'region'), )), _loop_vars=_loop_vars))
        yield '</div>'
    l_1_c = l_1_ns = l_1_bar = missing
    yield '</div></figure>\n<details><summary>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'as_table'))
    yield '</summary>\n<table class="many"><caption>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'coverage.caption'))
    yield '</caption>\n<thead><tr><th scope="col">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.register'))
    yield '</th><th scope="col" class="n">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.records'))
    yield '</th>'
    for l_1_p in (undefined(name='parts') if l_0_parts is missing else l_0_parts):
        _loop_vars = {}
        pass
        yield '<th scope="col" class="n">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), markup_join(('part.', l_1_p, )), _loop_vars=_loop_vars))
        yield '</th>'
    l_1_p = missing
    yield '<th scope="col" class="n">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'part.withheld'))
    yield '</th></tr></thead>\n<tbody>'
    for l_1_c in (undefined(name='coverage') if l_0_coverage is missing else l_0_coverage):
        _loop_vars = {}
        pass
        yield '<tr><th scope="row">'
        yield escape(environment.getattr(l_1_c, 'title'))
        yield ' '
        yield escape(environment.getattr(l_1_c, 'region'))
        yield '</th><td class="n" data-label="'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.records', _loop_vars=_loop_vars))
        yield '">'
        yield escape(context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_c, 'records'), _loop_vars=_loop_vars))
        yield '</td>'
        for l_2_p in (undefined(name='parts') if l_0_parts is missing else l_0_parts):
            _loop_vars = {}
            pass
            yield '<td class="n" data-label="'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), markup_join(('part.', l_2_p, )), _loop_vars=_loop_vars))
            yield '">'
            yield escape(context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getitem(environment.getattr(l_1_c, 'parts'), l_2_p), 'records'), _loop_vars=_loop_vars))
            yield '</td>'
        l_2_p = missing
        yield '<td class="n" data-label="'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'part.withheld', _loop_vars=_loop_vars))
        yield '">'
        yield escape(context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr(l_1_c, 'withheld'), 'records'), _loop_vars=_loop_vars))
        yield '</td></tr>'
    l_1_c = missing
    yield '</tbody></table>\n'
    if t_5(environment, (undefined(name='subject') if l_0_subject is missing else l_0_subject), attribute='volume'):
        pass
        yield '<table class="many"><caption>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'coverage.caption_volume', subject=environment.getattr((undefined(name='project') if l_0_project is missing else l_0_project), 'subject')))
        yield '</caption>\n<thead><tr><th scope="col">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.region'))
        yield '</th><th scope="col" class="n">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.volume'))
        yield '</th>'
        for l_1_p in (undefined(name='parts') if l_0_parts is missing else l_0_parts):
            _loop_vars = {}
            pass
            yield '<th scope="col" class="n">'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), markup_join(('part.', l_1_p, )), _loop_vars=_loop_vars))
            yield '</th>'
        l_1_p = missing
        yield '<th scope="col" class="n">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'part.withheld'))
        yield '</th></tr></thead>\n<tbody>'
        for l_1_c in (undefined(name='subject') if l_0_subject is missing else l_0_subject):
            _loop_vars = {}
            pass
            yield '<tr><th scope="row">'
            yield escape(environment.getattr(l_1_c, 'region'))
            yield '</th><td class="n" data-label="'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.volume', _loop_vars=_loop_vars))
            yield '">'
            yield escape(context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_c, 'volume'), _loop_vars=_loop_vars))
            yield '</td>'
            for l_2_p in (undefined(name='parts') if l_0_parts is missing else l_0_parts):
                _loop_vars = {}
                pass
                yield '<td class="n" data-label="'
                yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), markup_join(('part.', l_2_p, )), _loop_vars=_loop_vars))
                yield '">'
                yield escape(context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getitem(environment.getattr(l_1_c, 'parts'), l_2_p), 'volume'), _loop_vars=_loop_vars))
                yield '</td>'
            l_2_p = missing
            yield '<td class="n" data-label="'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'part.withheld', _loop_vars=_loop_vars))
            yield '">'
            yield escape(context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr(l_1_c, 'withheld'), 'volume'), _loop_vars=_loop_vars))
            yield '</td></tr>'
        l_1_c = missing
        yield '</tbody></table>\n'
    yield '</details>\n<p class="note">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'coverage.withheld'))
    yield '</p>\n</section>\n\n<section id="curve">\n<h2>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'curve.title'))
    yield '</h2>\n'
    if (undefined(name='curve') if l_0_curve is missing else l_0_curve):
        pass
        yield '<p class="lead">'
        for l_1_c in (undefined(name='curve') if l_0_curve is missing else l_0_curve):
            l_1_at = missing
            _loop_vars = {}
            pass
            l_1_at = t_1(environment, t_4(context, environment.getattr(l_1_c, 'needed'), 'share', 'equalto', 0.9))
            _loop_vars['at'] = l_1_at
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'curve.sentence', region=environment.getattr(l_1_c, 'region'), codes=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr((undefined(name='at') if l_1_at is missing else l_1_at), 'codes'), _loop_vars=_loop_vars), all=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_c, 'codes'), _loop_vars=_loop_vars), _loop_vars=_loop_vars))
            yield ' '
        l_1_c = l_1_at = missing
        yield '</p>\n<figure>'
        l_0_ns = context.call((undefined(name='namespace') if l_0_namespace is missing else l_0_namespace), list=[])
        context.vars['ns'] = l_0_ns
        context.exported_vars.add('ns')
        for l_1_c in (undefined(name='curve') if l_0_curve is missing else l_0_curve):
            _loop_vars = {}
            pass
            if not isinstance(l_0_ns, Namespace):
                raise TemplateRuntimeError("cannot assign attribute on non-namespace object")
            l_0_ns['list'] = (environment.getattr((undefined(name='ns') if l_0_ns is missing else l_0_ns), 'list') + [{'name': environment.getattr(l_1_c, 'region'), 'points': environment.getattr(l_1_c, 'points')}])
        l_1_c = missing
        yield escape(context.call((undefined(name='curve_of') if l_0_curve_of is missing else l_0_curve_of), environment.getattr((undefined(name='ns') if l_0_ns is missing else l_0_ns), 'list'), (undefined(name='num') if l_0_num is missing else l_0_num), (undefined(name='pct') if l_0_pct is missing else l_0_pct), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'curve.axis'), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'curve.title')))
        yield '</figure>\n<details><summary>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'as_table'))
        yield '</summary>\n<table class="few"><caption>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'curve.caption'))
        yield '</caption><thead><tr><th scope="col">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'curve.share'))
        yield '</th>'
        for l_1_c in (undefined(name='curve') if l_0_curve is missing else l_0_curve):
            _loop_vars = {}
            pass
            yield '<th scope="col" class="n">'
            yield escape(environment.getattr(l_1_c, 'region'))
            yield '</th>'
        l_1_c = missing
        yield '</tr></thead>\n<tbody>'
        for l_1_n in context.call((undefined(name='range') if l_0_range is missing else l_0_range), t_2(environment.getattr(environment.getitem((undefined(name='curve') if l_0_curve is missing else l_0_curve), 0), 'needed'))):
            _loop_vars = {}
            pass
            yield '<tr><th scope="row">'
            yield escape(context.call((undefined(name='pct') if l_0_pct is missing else l_0_pct), environment.getattr(environment.getitem(environment.getattr(environment.getitem((undefined(name='curve') if l_0_curve is missing else l_0_curve), 0), 'needed'), l_1_n), 'share'), _loop_vars=_loop_vars))
            yield '</th>'
            for l_2_c in (undefined(name='curve') if l_0_curve is missing else l_0_curve):
                _loop_vars = {}
                pass
                yield '<td class="n">'
                yield escape(context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getitem(environment.getattr(l_2_c, 'needed'), l_1_n), 'codes'), _loop_vars=_loop_vars))
                yield '</td>'
            l_2_c = missing
            yield '</tr>'
        l_1_n = missing
        yield '</tbody></table></details>\n<p class="note">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'curve.note'))
        yield '</p>\n'
    else:
        pass
        yield '<p>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'curve.nothing'))
        yield '</p>'
    yield '</section>\n\n<section id="flow">\n<h2>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'flow.title'))
    yield '</h2>\n<p class="lead">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'flow.about'))
    yield '</p>\n'
    if (not environment.getattr((undefined(name='project') if l_0_project is missing else l_0_project), 'weighed')):
        pass
        yield '<p class="note">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'not_weighed'))
        yield '</p>'
    t_8 = 1
    for l_1_f in (undefined(name='flow') if l_0_flow is missing else l_0_flow):
        l_1_flow_of = resolve('flow_of')
        _loop_vars = {}
        pass
        yield '<figure><figcaption>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'flow.caption', start=environment.getattr(l_1_f, 'start'), goal=environment.getattr(l_1_f, 'goal'), _loop_vars=_loop_vars))
        yield '</figcaption>\n'
        yield escape(context.call((undefined(name='flow_of') if l_1_flow_of is missing else l_1_flow_of), environment.getattr(l_1_f, 'flows'), environment.getattr(l_1_f, 'names'), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'flow.nowhere', _loop_vars=_loop_vars), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'unnamed', _loop_vars=_loop_vars), (environment.getattr(l_1_f, 'start'), environment.getattr(l_1_f, 'goal')), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'flow.caption', start=environment.getattr(l_1_f, 'start'), goal=environment.getattr(l_1_f, 'goal'), _loop_vars=_loop_vars), _loop_vars=_loop_vars))
        yield '</figure>\n<details><summary>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'as_table', _loop_vars=_loop_vars))
        yield '</summary>\n<table class="many"><caption>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'flow.caption', start=environment.getattr(l_1_f, 'start'), goal=environment.getattr(l_1_f, 'goal'), _loop_vars=_loop_vars))
        yield '</caption><thead><tr><th scope="col">'
        yield escape(environment.getattr(l_1_f, 'start'))
        yield '</th><th scope="col">'
        yield escape(environment.getattr(l_1_f, 'goal'))
        yield '</th><th scope="col" class="n">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.codes', _loop_vars=_loop_vars))
        yield '</th><th scope="col" class="n">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.volume', _loop_vars=_loop_vars))
        yield '</th></tr></thead>\n<tbody>'
        for l_2_row in environment.getattr(l_1_f, 'flows')[:40]:
            _loop_vars = {}
            pass
            yield '<tr><th scope="row">'
            yield escape((context.call(environment.getattr(environment.getattr(l_1_f, 'names'), 'get'), environment.getattr(l_2_row, 'from'), environment.getattr(l_2_row, 'from'), _loop_vars=_loop_vars) or context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'unnamed', _loop_vars=_loop_vars)))
            yield '</th><td data-label="'
            yield escape(environment.getattr(l_1_f, 'goal'))
            yield '">'
            yield escape((context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'flow.nowhere', _loop_vars=_loop_vars) if t_6(environment.getattr(l_2_row, 'to')) else (context.call(environment.getattr(environment.getattr(l_1_f, 'names'), 'get'), environment.getattr(l_2_row, 'to'), environment.getattr(l_2_row, 'to'), _loop_vars=_loop_vars) or context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'unnamed', _loop_vars=_loop_vars))))
            yield '</td><td class="n" data-label="'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.codes', _loop_vars=_loop_vars))
            yield '">'
            yield escape(context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_2_row, 'codes'), _loop_vars=_loop_vars))
            yield '</td><td class="n" data-label="'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.volume', _loop_vars=_loop_vars))
            yield '">'
            yield escape(context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_2_row, 'volume'), _loop_vars=_loop_vars))
            yield '</td></tr>'
        l_2_row = missing
        yield '</tbody></table>\n'
        if (t_2(environment.getattr(l_1_f, 'flows')) > 40):
            pass
            yield '<p class="note">'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'more_rows', n=context.call((undefined(name='num') if l_0_num is missing else l_0_num), (t_2(environment.getattr(l_1_f, 'flows')) - 40), _loop_vars=_loop_vars), _loop_vars=_loop_vars))
            yield '</p>'
        yield '</details>\n'
        t_8 = 0
    l_1_f = l_1_flow_of = missing
    if t_8:
        pass
        yield '<p>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'not_measured'))
        yield '</p>'
    yield '</section>'

blocks = {}
debug_info = '1=60&3=64&4=66&5=68&6=70&7=73&8=76&9=78&10=91&11=94&13=112&14=114&15=119&16=129&17=139&18=141&19=143&20=157&21=185&22=188&23=190&24=204&27=231&31=233&32=235&33=238&34=248&35=258&36=260&37=262&38=274&39=290&40=295&44=298&45=300&46=302&47=308&48=313&49=315&50=317&51=319&52=329&53=349&54=360'
