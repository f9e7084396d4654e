"""codemerge: merge the reference data of hospital radiology systems, right or silent.

Ten names; each is imported when it is first used, so that ``import codemerge`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from codemerge.api import Run, merge, open_run, run_project
    from codemerge.errors import BadInputError, Problem, RefusedError
    from codemerge.rules.loader import load_project, load_rules
    from codemerge.rules.project import Project

__all__ = [
    "BadInputError",
    "Problem",
    "Project",
    "RefusedError",
    "Run",
    "load_project",
    "load_rules",
    "merge",
    "open_run",
    "run_project",
]

_HOMES = {
    "BadInputError": "errors",
    "Problem": "errors",
    "Project": "rules.project",
    "RefusedError": "errors",
    "Run": "api",
    "load_project": "rules.loader",
    "load_rules": "rules.loader",
    "merge": "api",
    "open_run": "api",
    "run_project": "api",
}


def __getattr__(name: str) -> object:
    """Import a public name from where it lives."""
    if name not in _HOMES:
        raise AttributeError(f"module 'codemerge' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"codemerge.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """List the public names."""
    return [*__all__, "__version__"]
