# Made by `make docs` of the report's templates; change it there, not here.
from jinja2.runtime import LoopContext, Macro, Markup, Namespace, TemplateNotFound, TemplateReference, TemplateRuntimeError, Undefined, escape, identity, internalcode, markup_join, missing, str_join
name = 'change.html.j2'

def root(context, missing=missing):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_t = resolve('t')
    l_0_renames = resolve('renames')
    l_0_m = resolve('m')
    l_0_places = resolve('places')
    l_0_num = resolve('num')
    l_0_persons = resolve('persons')
    l_0_dependents = resolve('dependents')
    l_0_quality = resolve('quality')
    l_0_unknown_words = resolve('unknown_words')
    l_0_continuity = resolve('continuity')
    try:
        t_1 = environment.filters['length']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No filter named 'length' found.")
    pass
    yield '<section id="change">\n<h2>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'change.title'))
    yield '</h2>\n<p class="lead">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'change.about'))
    yield '</p>\n<ul>\n'
    def t_2(fiter):
        for l_1_r in fiter:
            if environment.getattr(l_1_r, 'changed'):
                yield l_1_r
    t_3 = 1
    for l_1_r in t_2((undefined(name='renames') if l_0_renames is missing else l_0_renames)):
        l_1_project = resolve('project')
        _loop_vars = {}
        pass
        yield '<li>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), ('change.sentence_volume' if (environment.getattr(l_1_r, 'changed_volume') and (environment.getattr(l_1_r, 'title') == environment.getattr((undefined(name='project') if l_1_project is missing else l_1_project), 'subject'))) else ('change.sentence_one' if (environment.getattr(l_1_r, 'changed') == 1) else 'change.sentence')), entity=environment.getattr(l_1_r, 'title'), region=environment.getattr(l_1_r, 'region'), n=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_r, 'changed'), _loop_vars=_loop_vars), carrying=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_r, 'carrying'), _loop_vars=_loop_vars), volume=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_r, 'changed_volume'), _loop_vars=_loop_vars), _loop_vars=_loop_vars))
        yield '</li>'
        t_3 = 0
    l_1_r = l_1_project = missing
    if t_3:
        pass
        yield '<li>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'change.nothing'))
        yield '</li>'
    yield '</ul>\n'
    yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'table'), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'change.caption'), [['name', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.register'), 't'], ['records', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.records'), 'n'], ['changed', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'change.changed'), 'n'], ['changed_volume', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'change.changed_volume'), 'n'], ['settled', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'change.settled'), 'n'], ['retired', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'part.retired'), 'n'], ['waiting', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'change.waiting'), 'n']], (undefined(name='renames') if l_0_renames is missing else l_0_renames), 45))
    yield '\n<p class="note">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'change.links'))
    yield '</p>\n'
    if environment.getattr((undefined(name='places') if l_0_places is missing else l_0_places), 'rows'):
        pass
        yield '<h3>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'change.places', n=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr((undefined(name='places') if l_0_places is missing else l_0_places), 'found'))))
        yield '</h3>\n'
        yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'table'), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'change.places_caption'), [['title', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.what'), 't'], ['message', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.message'), 'l'], ['resolution', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.resolution'), 'l'], ['owner', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.owner'), 'o']], environment.getattr((undefined(name='places') if l_0_places is missing else l_0_places), 'rows'), 25))
        yield '\n'
        if (environment.getattr((undefined(name='places') if l_0_places is missing else l_0_places), 'found') > t_1(environment.getattr((undefined(name='places') if l_0_places is missing else l_0_places), 'rows'))):
            pass
            yield '<p class="note">'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'more_rows', n=context.call((undefined(name='num') if l_0_num is missing else l_0_num), (environment.getattr((undefined(name='places') if l_0_places is missing else l_0_places), 'found') - t_1(environment.getattr((undefined(name='places') if l_0_places is missing else l_0_places), 'rows'))))))
            yield '</p>'
    for l_1_p in (undefined(name='persons') if l_0_persons is missing else l_0_persons):
        _loop_vars = {}
        pass
        yield '<h3>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'change.persons', entity=environment.getattr(l_1_p, 'title'), _loop_vars=_loop_vars))
        yield '</h3>\n<div class="tiles">'
        yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'tile'), context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_p, 'several'), _loop_vars=_loop_vars), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'change.several', _loop_vars=_loop_vars), _loop_vars=_loop_vars))
        yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'tile'), context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_p, 'to_review'), _loop_vars=_loop_vars), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'change.persons_review', _loop_vars=_loop_vars), _loop_vars=_loop_vars))
        for (l_2_region, l_2_n) in context.call(environment.getattr(environment.getattr(l_1_p, 'accounts'), 'items'), _loop_vars=_loop_vars):
            _loop_vars = {}
            pass
            yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'tile'), context.call((undefined(name='num') if l_0_num is missing else l_0_num), l_2_n, _loop_vars=_loop_vars), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'change.accounts', region=l_2_region, _loop_vars=_loop_vars), _loop_vars=_loop_vars))
        l_2_region = l_2_n = missing
        yield '</div>\n'
    l_1_p = missing
    if (undefined(name='dependents') if l_0_dependents is missing else l_0_dependents):
        pass
        yield '<h3>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'change.dependents'))
        yield '</h3>\n<p>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'change.dependents_about'))
        yield '</p>\n'
        yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'table'), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'change.dependents'), [['title', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.register'), 't'], ['region', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.region'), 't'], ['records', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.records'), 'n'], ['touched', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'change.touched'), 'n']], (undefined(name='dependents') if l_0_dependents is missing else l_0_dependents)))
        yield '\n'
    yield '</section>\n\n<section id="quality">\n<h2>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'quality.title'))
    yield '</h2>\n<p class="lead">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'quality.about'))
    yield '</p>\n'
    yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'table'), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'quality.caption'), [['name', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.register'), 't'], ['records', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.records'), 'n'], ['faults', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'quality.faults'), 'n'], ['missing', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'quality.missing'), 'n'], ['unusable', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'part.unusable'), 'n'], ['inactive', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'quality.inactive'), 'n'], ['unused', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'quality.unused'), 'n'], ['filled', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'quality.filled'), 'p'], ['understood', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'quality.understood'), 'p']], (undefined(name='quality') if l_0_quality is missing else l_0_quality), 45))
    yield '\n'
    if (undefined(name='unknown_words') if l_0_unknown_words is missing else l_0_unknown_words):
        pass
        yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'table'), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'quality.words'), [['word', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'quality.word'), 't'], ['records', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.records'), 'n'], ['volume', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'col.volume'), 'n']], (undefined(name='unknown_words') if l_0_unknown_words is missing else l_0_unknown_words), 15))
        yield '\n<p class="note">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'quality.words_note'))
        yield '</p>\n'
    yield '</section>\n\n<section id="continuity">\n<h2>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'continuity.title'))
    yield '</h2>\n<p class="lead">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'continuity.about'))
    yield '</p>\n'
    yield escape(context.call(environment.getattr((undefined(name='m') if l_0_m is missing else l_0_m), 'table'), context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'continuity.caption'), [['name', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'continuity.field'), 't'], ['pairs', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'detail.pairs'), 'n'], ['same', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'continuity.same'), 'n'], ['differ', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'continuity.differ'), 'n'], ['differ_volume', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'continuity.differ_volume'), 'n'], ['one_side', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'continuity.one_side'), 'n'], ['unsaid', context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'continuity.unsaid'), 'n']], (undefined(name='continuity') if l_0_continuity is missing else l_0_continuity), 40))
    yield '\n</section>'

blocks = {}
debug_info = '2=28&3=30&5=32&7=52&8=54&9=56&10=59&11=61&12=63&14=68&15=72&16=74&18=83&19=86&20=88&21=90&26=93&27=95&28=97&29=99&30=101&31=103&36=106&37=108&38=110'
