# Made by `make docs` of the report's templates; change it there, not here.
from jinja2.runtime import LoopContext, Macro, Markup, Namespace, TemplateNotFound, TemplateReference, TemplateRuntimeError, Undefined, escape, identity, internalcode, markup_join, missing, str_join
name = 'provenance.html.j2'

def root(context, missing=missing):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_t = resolve('t')
    l_0_provenance = resolve('provenance')
    l_0_num = resolve('num')
    try:
        t_1 = environment.tests['none']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No test named 'none' found.")
    pass
    yield '<footer>\n<section id="provenance">\n<h2>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'provenance.title'))
    yield '</h2>\n<p class="lead">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'provenance.about'))
    yield '</p>\n'
    if environment.getattr((undefined(name='provenance') if l_0_provenance is missing else l_0_provenance), 'inputs'):
        pass
        yield '<table class="many"><caption>'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'provenance.inputs'))
        yield '</caption><thead><tr><th scope="col">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'since.file'))
        yield '</th><th scope="col" class="n">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'provenance.rows'))
        yield '</th><th scope="col">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'provenance.encoding'))
        yield '</th><th scope="col">SHA-256</th></tr></thead>\n<tbody>'
        for l_1_i in environment.getattr((undefined(name='provenance') if l_0_provenance is missing else l_0_provenance), 'inputs'):
            l_1_clean = resolve('clean')
            _loop_vars = {}
            pass
            yield '<tr><th scope="row">'
            yield escape(context.call((undefined(name='clean') if l_1_clean is missing else l_1_clean), environment.getattr(l_1_i, 'path'), _loop_vars=_loop_vars))
            if environment.getattr(l_1_i, 'sheet'):
                pass
                yield ' ('
                yield escape(context.call((undefined(name='clean') if l_1_clean is missing else l_1_clean), environment.getattr(l_1_i, 'sheet'), _loop_vars=_loop_vars))
                yield ')'
            yield '</th><td class="n" data-label="'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'provenance.rows', _loop_vars=_loop_vars))
            yield '">'
            yield escape((context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr(l_1_i, 'rows'), _loop_vars=_loop_vars) if (not t_1(environment.getattr(l_1_i, 'rows'))) else '–'))
            yield '</td><td data-label="'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'provenance.encoding', _loop_vars=_loop_vars))
            yield '">'
            yield escape(context.call((undefined(name='clean') if l_1_clean is missing else l_1_clean), (environment.getattr(l_1_i, 'encoding') or '–'), _loop_vars=_loop_vars))
            yield '</td><td class="long" data-label="SHA-256"><code>'
            yield escape((environment.getattr(l_1_i, 'sha256') or '–')[:16])
            yield '…</code></td></tr>'
        l_1_i = l_1_clean = missing
        yield '</tbody></table>\n'
    yield '<ul>\n<li>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'provenance.version', version=(environment.getattr((undefined(name='provenance') if l_0_provenance is missing else l_0_provenance), 'version') or '–')))
    yield '</li>\n<li>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'provenance.rules'))
    yield ' <code>'
    yield escape(environment.getattr((undefined(name='provenance') if l_0_provenance is missing else l_0_provenance), 'rules_hash')[:16])
    yield '…</code></li>\n<li>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'provenance.decisions', n=context.call((undefined(name='num') if l_0_num is missing else l_0_num), environment.getattr((undefined(name='provenance') if l_0_provenance is missing else l_0_provenance), 'decisions'))))
    yield '</li>\n<li>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'provenance.command'))
    yield ' <code>codemerge dry-run</code></li>\n</ul>\n<p class="note">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'provenance.personal'))
    yield '</p>\n</section>\n</footer>'

blocks = {}
debug_info = '3=21&4=23&5=25&6=28&7=36&10=61&11=63&12=67&13=69&15=71'
