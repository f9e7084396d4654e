"""The report's templates, ready to be filled.

Compiling eleven templates costs five times what filling them does, and no run should pay for that:
``make docs`` keeps the Python that Jinja makes of them in `codemerge.files.pages`. What another
version of Jinja made may not fit this one: then it compiles the templates itself.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import BaseLoader, Environment, PackageLoader, StrictUndefined, Template

from codemerge.files import pages

PAGES = Path(pages.__file__).parent
_MADE = "Made by `make docs` of the report's templates; change it there, not here."


class _Made(BaseLoader):
    """Finds templates as the modules made of them."""

    has_source_access = False

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - as Jinja calls it
    ) -> Template:
        """Return a template by its name."""
        module = import_module(f"{pages.__name__}.{_stem(name)}")
        return environment.template_class.from_module_dict(environment, vars(module), globals or {})


@cache
def templates() -> Environment:
    """Return the templates: those made beforehand, where this version of Jinja made them."""
    return _environment(_Made() if jinja2.__version__ == pages.MADE_WITH else _sources())


def modules() -> Iterator[tuple[str, str]]:
    """Return file name and text of every module that the templates are made to."""
    yield "__init__.py", f'"""{_MADE}"""\n\nMADE_WITH = "{jinja2.__version__}"  # Jinja\n'
    environment, sources = _environment(_sources()), _sources()
    for name in environment.list_templates():
        source, _, _ = sources.get_source(environment, name)
        text = environment.compile(source, name, name, raw=True, defer_init=True)
        yield f"{_stem(name)}.py", f"# {_MADE}\n{text}\n"


def _stem(template: str) -> str:
    """Return the name of a template's module: ``style`` of ``style.css.j2``."""
    return template.partition(".")[0]


def _sources() -> PackageLoader:
    return PackageLoader("codemerge.files", "templates")


def _environment(loader: BaseLoader) -> Environment:
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
