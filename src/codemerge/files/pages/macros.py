# Made by `make docs` of the report's templates; change it there, not here.
from jinja2.runtime import LoopContext, Macro, Markup, Namespace, TemplateNotFound, TemplateReference, TemplateRuntimeError, Undefined, escape, identity, internalcode, markup_join, missing, str_join
name = 'macros.html.j2'

def root(context, missing=missing):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_cell = l_0_table = l_0_legend = l_0_tile = l_0_barline = missing
    try:
        t_1 = environment.filters['length']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No filter named 'length' found.")
    pass
    def macro(l_1_value, l_1_kind, l_1_heading):
        t_2 = []
        l_1_num = resolve('num')
        l_1_pct = resolve('pct')
        l_1_hrs = resolve('hrs')
        l_1_owner = resolve('owner')
        l_1_t = resolve('t')
        l_1_clean = resolve('clean')
        if l_1_value is missing:
            l_1_value = undefined("parameter 'value' was not provided", name='value')
        if l_1_kind is missing:
            l_1_kind = undefined("parameter 'kind' was not provided", name='kind')
        if l_1_heading is missing:
            l_1_heading = undefined("parameter 'heading' was not provided", name='heading')
        pass
        t_2.append(
            '<td',
        )
        if (l_1_kind in 'nph'):
            pass
            t_2.append(
                ' class="n"',
            )
        elif (l_1_kind == 'l'):
            pass
            t_2.append(
                ' class="long"',
            )
        t_2.extend((
            ' data-label="',
            escape(l_1_heading),
            '">',
        ))
        if (l_1_kind == 'n'):
            pass
            t_2.append(
                escape(context.call((undefined(name='num') if l_1_num is missing else l_1_num), l_1_value)),
            )
        elif (l_1_kind == 'p'):
            pass
            t_2.append(
                escape(context.call((undefined(name='pct') if l_1_pct is missing else l_1_pct), l_1_value)),
            )
        elif (l_1_kind == 'h'):
            pass
            t_2.append(
                escape(context.call((undefined(name='hrs') if l_1_hrs is missing else l_1_hrs), l_1_value)),
            )
        elif (l_1_kind == 'o'):
            pass
            t_2.append(
                escape(context.call((undefined(name='owner') if l_1_owner is missing else l_1_owner), l_1_value)),
            )
        elif (l_1_kind == 's'):
            pass
            t_2.extend((
                '<span class="sev-',
                escape(l_1_value),
                '">',
                escape(context.call((undefined(name='t') if l_1_t is missing else l_1_t), markup_join(('severity.', l_1_value, )))),
                '</span>',
            ))
        elif (l_1_kind == 'w'):
            pass
            t_2.append(
                escape(context.call((undefined(name='t') if l_1_t is missing else l_1_t), markup_join(('way.', l_1_value, )))),
            )
        else:
            pass
            t_2.append(
                escape(context.call((undefined(name='clean') if l_1_clean is missing else l_1_clean), l_1_value)),
            )
        t_2.append(
            '</td>',
        )
        return concat(t_2)
    context.exported_vars.add('cell')
    context.vars['cell'] = l_0_cell = Macro(environment, macro, 'cell', ('value', 'kind', 'heading'), False, False, False, context.eval_ctx.autoescape)
    yield '\n'
    def macro(l_1_caption, l_1_columns, l_1_rows, l_1_most):
        t_3 = []
        l_1_t = resolve('t')
        l_1_num = resolve('num')
        if l_1_caption is missing:
            l_1_caption = undefined("parameter 'caption' was not provided", name='caption')
        if l_1_columns is missing:
            l_1_columns = undefined("parameter 'columns' was not provided", name='columns')
        if l_1_rows is missing:
            l_1_rows = undefined("parameter 'rows' was not provided", name='rows')
        if l_1_most is missing:
            l_1_most = 30
        pass
        if l_1_rows:
            pass
            t_3.extend((
                '<table class="',
                escape(('many' if (t_1(l_1_columns) > 3) else 'few')),
                '">\n<caption>',
                escape(l_1_caption),
                '</caption>\n<thead><tr>',
            ))
            for (l_2_key, l_2_heading, l_2_kind) in l_1_columns:
                _loop_vars = {}
                pass
                t_3.append(
                    '<th scope="col"',
                )
                if (l_2_kind in 'nph'):
                    pass
                    t_3.append(
                        ' class="n"',
                    )
                t_3.extend((
                    '>',
                    escape(l_2_heading),
                    '</th>',
                ))
            l_2_key = l_2_heading = l_2_kind = missing
            t_3.append(
                '</tr></thead>\n<tbody>\n',
            )
            l_2_loop = missing
            for l_2_row, l_2_loop in LoopContext(l_1_rows[:l_1_most], undefined):
                _loop_vars = {}
                pass
                t_3.append(
                    '<tr>',
                )
                l_3_loop = missing
                for (l_3_key, l_3_heading, l_3_kind), l_3_loop in LoopContext(l_1_columns, undefined):
                    l_3_owner = resolve('owner')
                    l_3_clean = resolve('clean')
                    _loop_vars = {}
                    pass
                    if environment.getattr(l_3_loop, 'first'):
                        pass
                        t_3.append(
                            '<th scope="row">',
                        )
                        if (l_3_kind == 'o'):
                            pass
                            t_3.append(
                                escape(context.call((undefined(name='owner') if l_3_owner is missing else l_3_owner), environment.getitem(l_2_row, l_3_key), _loop_vars=_loop_vars)),
                            )
                        else:
                            pass
                            t_3.append(
                                escape(context.call((undefined(name='clean') if l_3_clean is missing else l_3_clean), environment.getitem(l_2_row, l_3_key), _loop_vars=_loop_vars)),
                            )
                        t_3.append(
                            '</th>',
                        )
                    else:
                        pass
                        t_3.append(
                            escape(context.call((undefined(name='cell') if l_0_cell is missing else l_0_cell), environment.getitem(l_2_row, l_3_key), l_3_kind, l_3_heading, _loop_vars=_loop_vars)),
                        )
                l_3_loop = l_3_key = l_3_heading = l_3_kind = l_3_owner = l_3_clean = missing
                t_3.append(
                    '</tr>\n',
                )
            l_2_loop = l_2_row = missing
            t_3.append(
                '</tbody></table>\n',
            )
            if (t_1(l_1_rows) > l_1_most):
                pass
                t_3.extend((
                    '<p class="note">',
                    escape(context.call((undefined(name='t') if l_1_t is missing else l_1_t), 'more_rows', n=context.call((undefined(name='num') if l_1_num is missing else l_1_num), (t_1(l_1_rows) - l_1_most)))),
                    '</p>',
                ))
        else:
            pass
            t_3.extend((
                '<p class="note">',
                escape(l_1_caption),
                ': ',
                escape(context.call((undefined(name='t') if l_1_t is missing else l_1_t), 'none_found')),
                '</p>\n',
            ))
        return concat(t_3)
    context.exported_vars.add('table')
    context.vars['table'] = l_0_table = Macro(environment, macro, 'table', ('caption', 'columns', 'rows', 'most'), False, False, False, context.eval_ctx.autoescape)
    yield '\n'
    def macro(l_1_parts):
        t_4 = []
        if l_1_parts is missing:
            l_1_parts = undefined("parameter 'parts' was not provided", name='parts')
        pass
        t_4.append(
            '<ul class="legend">',
        )
        for l_2_part in l_1_parts:
            l_2_t = resolve('t')
            _loop_vars = {}
            pass
            t_4.extend((
                '<li><svg viewBox="0 0 14 14" aria-hidden="true"><rect class="p-',
                escape(l_2_part),
                '" width="14" height="14"/></svg>',
                escape(context.call((undefined(name='t') if l_2_t is missing else l_2_t), markup_join(('part.', l_2_part, )), _loop_vars=_loop_vars)),
                '</li>',
            ))
        l_2_part = l_2_t = missing
        t_4.append(
            '</ul>\n',
        )
        return concat(t_4)
    context.exported_vars.add('legend')
    context.vars['legend'] = l_0_legend = Macro(environment, macro, 'legend', ('parts',), False, False, False, context.eval_ctx.autoescape)
    yield '\n'
    def macro(l_1_number, l_1_text):
        t_5 = []
        if l_1_number is missing:
            l_1_number = undefined("parameter 'number' was not provided", name='number')
        if l_1_text is missing:
            l_1_text = undefined("parameter 'text' was not provided", name='text')
        pass
        t_5.extend((
            '<div class="tile"><b>',
            escape(l_1_number),
            '</b><span>',
            escape(l_1_text),
            '</span></div>',
        ))
        return concat(t_5)
    context.exported_vars.add('tile')
    context.vars['tile'] = l_0_tile = Macro(environment, macro, 'tile', ('number', 'text'), False, False, False, context.eval_ctx.autoescape)
    yield '\n'
    def macro(l_1_label, l_1_picture, l_1_number):
        t_6 = []
        if l_1_label is missing:
            l_1_label = undefined("parameter 'label' was not provided", name='label')
        if l_1_picture is missing:
            l_1_picture = undefined("parameter 'picture' was not provided", name='picture')
        if l_1_number is missing:
            l_1_number = undefined("parameter 'number' was not provided", name='number')
        pass
        t_6.extend((
            '<div>',
            escape(l_1_label),
            '</div><div class="n">',
            escape(l_1_number),
            '</div><div class="pic">',
            escape(l_1_picture),
            '</div>',
        ))
        return concat(t_6)
    context.exported_vars.add('barline')
    context.vars['barline'] = l_0_barline = Macro(environment, macro, 'barline', ('label', 'picture', 'number'), False, False, False, context.eval_ctx.autoescape)

blocks = {}
debug_info = '2=18&3=36&4=51&5=66&6=80&7=88&10=97&11=110&12=114&13=116&14=119&16=140&17=147&20=183&22=194&26=203&27=211&30=230&32=248'
