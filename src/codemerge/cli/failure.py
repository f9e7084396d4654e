"""How a command that can't go on says so: problems in words, a bug of ours without any data."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

import click

from codemerge import __version__
from codemerge.errors import BadInputError, CodemergeError, Problem, RefusedError
from codemerge.rules.words import describe, say

_MOST = 200  # problems printed; the rest are counted


def language_of(arguments: Sequence[str] = ()) -> str:
    """Return the language to speak before a project is read: ``--lang``, then the environment's."""
    asked = [arguments[n + 1] for n, a in enumerate(arguments[:-1]) if a == "--lang"]
    asked += [a.split("=", 1)[1] for a in arguments if a.startswith("--lang=")]
    spoken = (asked or [os.environ.get("CODEMERGE_LANG") or os.environ.get("LANG", "")])[-1]
    return "en" if spoken.lower().startswith("en") else "sv"


def show_problems(problems: Sequence[Problem], language: str) -> None:
    """Print problems to stderr, one a line."""
    for problem in problems[:_MOST]:
        click.echo(describe(problem, language), err=True)
    if len(problems) > _MOST:
        click.echo(say("terminal.more_problems", language, count=len(problems) - _MOST), err=True)


def exit_code_of(error: BaseException, arguments: Sequence[str]) -> int:
    """Say what went wrong and return the exit code of the contract."""
    language = getattr(error, "language", None) or language_of(arguments)
    if isinstance(error, BadInputError | RefusedError):
        show_problems(error.problems, language)
        return error.exit_code
    if isinstance(error, CodemergeError):
        click.echo(str(error), err=True)
        return error.exit_code
    if isinstance(error, OSError) and error.errno is not None and error.strerror:
        place = Path(os.fsdecode(error.filename)).name if error.filename else ""
        values = {"found": error.strerror, "file": place}
        show_problems([Problem("project.system", place, values=values)], language)
        return 2
    if starved(error):
        limit = os.environ.get("CODEMERGE_MEMORY_LIMIT")
        show_problems([Problem("project.memory", values={"found": _size(limit)})], language)
        return 2
    report = _write_report(error)
    click.echo(say("terminal.bug", language, kind=type(error).__name__, file=report), err=True)
    return 70


def starved(error: BaseException) -> bool:
    """Say whether an error means that memory was refused, by Python or by an engine."""
    limited = "CODEMERGE_MEMORY_LIMIT" in os.environ
    kind = type(error).__name__
    # under a limit a thread that can't start, or a panic of polars, is the limit's doing
    return (
        isinstance(error, MemoryError)
        or kind == "OutOfMemoryException"
        or (limited and (kind == "PanicException" or "can't start new thread" in str(error)))
    )


def _size(limit: str | None) -> str:
    return f"{int(limit) / 1e9:.1f} GB" if limit else ""


def _write_report(error: BaseException) -> str:
    """Write where it happened, and nothing of what was in the data: no message, no local values."""
    frames = traceback.extract_tb(error.__traceback__)
    package = Path(__file__).resolve().parent.parent
    lines = [
        f"codemerge {__version__}, Python {platform.python_version()}, {platform.system()}",
        f"{type(error).__module__}.{type(error).__qualname__}",
        *(f"{_shown(f.filename, package)}:{f.lineno} {f.name}" for f in frames),
    ]
    try:
        handle, name = tempfile.mkstemp(prefix="codemerge-bug-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
    except OSError:
        sys.stderr.write("\n".join(lines) + "\n")
        return "-"
    return name


def _shown(filename: str, package: Path) -> str:
    path = Path(filename)
    return path.relative_to(package).as_posix() if path.is_relative_to(package) else path.name
