# Made by `make docs` of the report's templates; change it there, not here.
from jinja2.runtime import LoopContext, Macro, Markup, Namespace, TemplateNotFound, TemplateReference, TemplateRuntimeError, Undefined, escape, identity, internalcode, markup_join, missing, str_join
name = 'verdict.html.j2'

def root(context, missing=missing):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_verdict = resolve('verdict')
    l_0_t = resolve('t')
    l_0_num = resolve('num')
    l_0_m = resolve('m')
    l_0_span = resolve('span')
    l_0_effort = resolve('effort')
    l_0_plan = resolve('plan')
    l_0_causes = resolve('causes')
    l_0_project = resolve('project')
    l_0_questions = resolve('questions')
    l_0_pct = resolve('pct')
    l_0_hrs = resolve('hrs')
    l_0_senders = resolve('senders')
    l_0_collisions = resolve('collisions')
    l_0_q = missing
    try:
        t_1 = environment.tests['none']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No test named 'none' found.")
    pass
    yield '<div class="verdict '
    yield escape(environment.getattr((undefined(name='verdict') if l_0_verdict is missing else l_0_verdict), 'state'))
    yield '">\n<h2>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), markup_join(('verdict.', environment.getattr((undefined(name='verdict') if l_0_verdict is missing else l_0_verdict), 'state'), )), decisions=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr(environment.getattr((undefined(name='verdict') if l_0_verdict is missing else l_0_verdict), 'ways'), 'decision'), 'conflicts')), work=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr(environment.getattr((undefined(name='verdict') if l_0_verdict is missing else l_0_verdict), 'ways'), 'work'), 'conflicts')), stuck=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr(environment.getattr((undefined(name='verdict') if l_0_verdict is missing else l_0_verdict), 'ways'), 'none'), 'conflicts'))))
    yield '</h2>\n<p>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), markup_join(('verdict.about_', environment.getattr((undefined(name='verdict') if l_0_verdict is missing else l_0_verdict), 'state'), ))))
    yield '</p>\n</div>\n<div class="tiles">\n'
    for l_1_way in ('decision', 'work', 'none'):
        _loop_vars = {}
        pass
        yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'tile'), context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getitem(environment.getattr((undefined(name='verdict') if l_0_verdict is missing else l_0_verdict), 'ways'), l_1_way), 'conflicts'), _loop_vars=_loop_vars), (context.call((undefined(name='t') if l_0_t is missing else l_0_t), markup_join(('verdict.tile_no_', l_1_way, )), _loop_vars=_loop_vars) if (not environment.getattr(environment.getitem(environment.getattr((undefined(name='verdict') if l_0_verdict is missing else l_0_verdict), 'ways'), l_1_way), 'conflicts')) else context.call((undefined(name='t') if l_0_t is missing else l_0_t), markup_join(('verdict.tile_', l_1_way, )), records=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getitem(environment.getattr((undefined(name='verdict') if l_0_verdict is missing else l_0_verdict), 'ways'), l_1_way), 'records'), _loop_vars=_loop_vars), _loop_vars=_loop_vars)), _loop_vars=_loop_vars))
        yield '\n'
    l_1_way = missing
    yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'tile'), markup_join((context.call((undefined(name='span') if l_0_span is missing else l_0_span), environment.getattr(environment.getattr((undefined(name='effort') if l_0_effort is missing else l_0_effort), 'total'), 'low'), environment.getattr(environment.getattr((undefined(name='effort') if l_0_effort is missing else l_0_effort), 'total'), 'high')), ' ', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'hour_short'), )), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'verdict.tile_hours', rows=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr((undefined(name='effort') if l_0_effort is missing else l_0_effort), 'total'), 'rows')), weeks=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr((undefined(name='plan') if l_0_plan is missing else l_0_plan), 'weeks')))))
    yield '\n</div>\n<div class="two">\n<div>\n<h3>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'causes.title'))
    yield '</h3>\n'
    if (undefined(name='causes') if l_0_causes is missing else l_0_causes):
        pass
        yield '<p class="note">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'causes.about'))
        yield '</p>\n<div class="bars">\n'
        for l_1_c in (undefined(name='causes') if l_0_causes is missing else l_0_causes)[:5]:
            l_1_clean = resolve('clean')
            l_1_share_bar = resolve('share_bar')
            l_1_part = resolve('part')
            _loop_vars = {}
            pass
            yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'barline'), markup_join((context.call((undefined(name='clean') if l_1_clean is missing else l_1_clean), environment.getattr(l_1_c, 'title'), _loop_vars=_loop_vars), ' (', context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_c, 'conflicts'), _loop_vars=_loop_vars), ')', )), context.call((undefined(name='share_bar') if l_1_share_bar is missing else l_1_share_bar), context.call((undefined(name='part') if l_1_part is missing else l_1_part), environment.getattr(l_1_c, 'total_records'), (environment.getattr((undefined(name='verdict') if l_0_verdict is missing else l_0_verdict), 'withheld') or 1), _loop_vars=_loop_vars), 'p-accepted', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'causes.bar', title=environment.getattr(l_1_c, 'title'), n=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_c, 'total_records'), _loop_vars=_loop_vars), _loop_vars=_loop_vars), _loop_vars=_loop_vars), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'causes.frees', n=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_c, 'total_records'), _loop_vars=_loop_vars), _loop_vars=_loop_vars), _loop_vars=_loop_vars))
            yield '\n'
        l_1_c = l_1_clean = l_1_share_bar = l_1_part = missing
        yield '</div>\n'
    else:
        pass
        yield '<p>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'causes.nothing'))
        yield '</p>'
    yield '</div>\n<div class="box">\n<h3>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'limits.title'))
    yield '</h3>\n<ul>'
    for l_1_key in ('law', 'contract', 'cost', 'supplier', 'latency', 'images', 'future'):
        _loop_vars = {}
        pass
        yield '<li>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), markup_join(('limits.', l_1_key, )), _loop_vars=_loop_vars))
        yield '</li>'
    l_1_key = missing
    yield '</ul>\n</div>\n</div>\n\n<section id="questions">\n<h2>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'questions.title'))
    yield '</h2>\n'
    if (not environment.getattr((undefined(name='project') if l_0_project is missing else l_0_project), 'weighed')):
        pass
        yield '<p class="note">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'not_weighed'))
        yield '</p>'
    yield '<dl class="answers">\n'
    l_0_q = (undefined(name='questions') if l_0_questions is missing else l_0_questions)
    context.vars['q'] = l_0_q
    context.exported_vars.add('q')
    yield '<dt>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'questions.possible'))
    yield '</dt>\n<dd>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), markup_join(('questions.possible_', environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'possible'), 'state'), )), decisions=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'possible'), 'decision')), work=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'possible'), 'work')), stuck=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'possible'), 'none'))))
    yield ' <a href="#conflicts">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'nav.conflicts'))
    yield '</a></dd>\n<dt>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'questions.desirable'))
    yield '</dt>\n<dd>'
    if environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'desirable'):
        pass
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'questions.desirable_answer', today=context.call((undefined(name='pct') if l_0_pct is missing else l_0_pct), environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'desirable'), 'today')), after=context.call((undefined(name='pct') if l_0_pct is missing else l_0_pct), environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'desirable'), 'after')), apart=context.call((undefined(name='pct') if l_0_pct is missing else l_0_pct), environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'desirable'), 'apart'))))
    else:
        pass
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'not_measured'))
    yield ' <a href="#desirable">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'nav.desirable'))
    yield '</a></dd>\n<dt>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'questions.takes'))
    yield '</dt>\n<dd>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), ('questions.takes_answer' if environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'takes'), 'carrying') else 'questions.takes_plain'), rows=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'takes'), 'rows')), low=context.call((undefined(name='hrs') if l_0_hrs is missing else l_0_hrs), environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'takes'), 'low')), high=context.call((undefined(name='hrs') if l_0_hrs is missing else l_0_hrs), environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'takes'), 'high')), weeks=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'takes'), 'weeks')), changed=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'takes'), 'changed')), carrying=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'takes'), 'carrying'))))
    yield ' <a href="#plan">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'nav.plan'))
    yield '</a></dd>\n<dt>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'questions.more'))
    yield '</dt>\n<dd>'
    if environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'more'), 'present'):
        pass
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'questions.more_present', region=environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'more'), 'region'), records=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'more'), 'records')), placed=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'more'), 'placed')), rows=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'more'), 'rows')), hours=context.call((undefined(name='hrs') if l_0_hrs is missing else l_0_hrs), environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'more'), 'hours')), blocking=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'more'), 'blocking')), reopened=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'more'), 'reopened')), settled=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'more'), 'settled'))))
    else:
        pass
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'questions.more_absent', rows=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'more'), 'rows')), hours=context.call((undefined(name='hrs') if l_0_hrs is missing else l_0_hrs), environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'more'), 'hours'))))
    yield ' <a href="#more">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'nav.more'))
    yield '</a></dd>\n<dt>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'questions.goals'))
    yield '</dt>\n<dd>\n<ul>\n<li>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'questions.patients'))
    yield ' '
    yield escape((context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'questions.patients_answer', share=context.call((undefined(name='pct') if l_0_pct is missing else l_0_pct), environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'goals'), 'patients'))) if (not t_1(environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'goals'), 'patients'))) else context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'not_measured')))
    yield '</li>\n<li>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'questions.senders'))
    yield ' '
    yield escape((context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'questions.senders_answer', share=context.call((undefined(name='pct') if l_0_pct is missing else l_0_pct), environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'goals'), 'senders'))) if (not t_1(environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'goals'), 'senders'))) else context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'not_measured')))
    yield '</li>\n<li>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'questions.readers'))
    yield ' '
    yield escape((context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'questions.readers_answer', share=context.call((undefined(name='pct') if l_0_pct is missing else l_0_pct), environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'goals'), 'readers'))) if (not t_1(environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'goals'), 'readers'))) else context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'not_measured')))
    yield '</li>\n<li>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'questions.private'))
    yield ' '
    yield escape((context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'questions.private_answer', own=context.call((undefined(name='pct') if l_0_pct is missing else l_0_pct), environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'goals'), 'own')), private=context.call((undefined(name='pct') if l_0_pct is missing else l_0_pct), environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'goals'), 'private'))) if (not t_1(environment.getattr(environment.getattr((undefined(name='q') if l_0_q is missing else l_0_q), 'goals'), 'private'))) else context.call((undefined(name='t') if l_0_t is missing else l_0_t), ('questions.private_unknown' if (undefined(name='senders') if l_0_senders is missing else l_0_senders) else 'not_measured'))))
    yield '</li>\n</ul>\n<a href="#goals">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'nav.goals'))
    yield '</a></dd>\n</dl>\n</section>\n\n<section id="collisions">\n<h2>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'collisions.title'))
    yield '</h2>\n<p class="lead">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'collisions.about'))
    yield '</p>\n'
    if (undefined(name='collisions') if l_0_collisions is missing else l_0_collisions):
        pass
        yield '<table class="many">\n<caption>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'collisions.caption'))
        yield '</caption>\n<thead><tr><th scope="col">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.what'))
        yield '</th><th scope="col">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.message'))
        yield '</th><th scope="col">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.resolution'))
        yield '</th><th scope="col">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.owner'))
        yield '</th><th scope="col" class="n">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.stated'))
        yield '</th></tr></thead>\n<tbody>\n'
        for l_1_c in (undefined(name='collisions') if l_0_collisions is missing else l_0_collisions):
            l_1_clean = resolve('clean')
            l_1_owner = resolve('owner')
            _loop_vars = {}
            pass
            yield '<tr><th scope="row">'
            yield escape(context.call((undefined(name='clean') if l_1_clean is missing else l_1_clean), environment.getattr(l_1_c, 'title'), _loop_vars=_loop_vars))
            yield '<br><span class="point">'
            yield escape(environment.getattr(l_1_c, 'check'))
            yield ' · '
            yield escape(environment.getattr(l_1_c, 'entity_title'))
            yield ' · '
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'records', n=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_c, 'records'), _loop_vars=_loop_vars), _loop_vars=_loop_vars))
            yield '</span></th>\n<td class="long" data-label="'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.message', _loop_vars=_loop_vars))
            yield '">'
            yield escape((context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'collisions.hidden', _loop_vars=_loop_vars) if environment.getattr(l_1_c, 'hidden') else context.call((undefined(name='clean') if l_1_clean is missing else l_1_clean), environment.getattr(l_1_c, 'message'), _loop_vars=_loop_vars)))
            yield '</td>\n<td class="long" data-label="'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.resolution', _loop_vars=_loop_vars))
            yield '">'
            yield escape((context.call((undefined(name='clean') if l_1_clean is missing else l_1_clean), environment.getattr(l_1_c, 'resolution'), _loop_vars=_loop_vars) or '–'))
            yield '</td>\n<td data-label="'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.owner', _loop_vars=_loop_vars))
            yield '">'
            yield escape(context.call((undefined(name='owner') if l_1_owner is missing else l_1_owner), environment.getattr(l_1_c, 'owner'), _loop_vars=_loop_vars))
            yield '</td>\n<td class="n" data-label="'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.stated', _loop_vars=_loop_vars))
            yield '">'
            yield escape((context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_c, 'volume'), _loop_vars=_loop_vars) if environment.getattr(l_1_c, 'volume') else '–'))
            yield '</td></tr>\n'
        l_1_c = l_1_clean = l_1_owner = missing
        yield '</tbody></table>\n<p class="point">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'collisions.pointer'))
        yield '</p>\n'
    else:
        pass
        yield '<p>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'collisions.nothing'))
        yield '</p>'
    yield '</section>\n\n<nav aria-label="'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'nav.title'))
    yield '">\n<h2>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'nav.title'))
    yield '</h2>\n<ul>'
    for l_1_key in ('questions', 'collisions', 'desirable', 'goals', 'coverage', 'curve', 'flow', 'conflicts', 'detail', 'change', 'quality', 'continuity', 'plan', 'scenarios', 'more', 'since', 'provenance'):
        _loop_vars = {}
        pass
        yield '<li><a href="#'
        yield escape(l_1_key)
        yield '">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), markup_join(('nav.', l_1_key, )), _loop_vars=_loop_vars))
        yield '</a></li>'
    l_1_key = missing
    yield '</ul>\n</nav>'

blocks = {}
debug_info = '1=33&2=35&3=37&6=39&7=42&9=45&13=47&14=49&15=52&17=54&18=60&21=67&24=70&25=72&30=80&31=82&33=88&34=92&35=94&36=98&37=100&38=109&39=111&40=115&41=117&42=126&45=128&46=132&47=136&48=140&50=144&55=146&56=148&57=150&59=153&60=155&62=165&63=171&64=179&65=183&66=187&67=191&70=197&71=202&74=205&75=207&76=209'
