"""What is said to people, in Swedish and English: texts are data under ``rules/words``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from codemerge.errors import Problem
from codemerge.rules.shipped import shipped


@cache
def _group(name: str) -> Mapping[str, Any]:
    with (shipped("rules") / "words" / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


_HARMLESS = "\n\u00a0\u202f"  # not "printable" to Python, yet they move nothing but text


class _Left(dict[str, object]):
    """Placeholders nobody filled stay visible, so that a missing value never raises."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


def text_of(key: str, language: str) -> str:
    """Return the unfilled text of ``<file>.<table…>`` in a language.

    Raises:
        KeyError: no such text; a test walks every key used, so this never reaches a user.
    """
    name, *path = key.split(".")
    found: Any = _group(name)
    for step in path:
        found = found[step]
    text: str = found["en" if language == "en" else "sv"]
    return text


def say(key: str, language: str, **values: object) -> str:
    """Return a text with its ``{placeholders}`` filled; a number may carry a format, ``{n:,}``."""
    return fill_in(text_of(key, language), language, values)


def fill_in(text: str, language: str, values: Mapping[str, object]) -> str:
    """Fill a text's ``{placeholders}``, and say one thing where a number is 1: ``1 kod``, not ``1 koder``.

    Args:
        text: written for several things; what is said of one stands in ``words/plurals.toml``.
        language: ``sv`` or ``en``.
        values: by placeholder; one that is missing stays visible.
    """
    for name, several, one in _numbers(text, language):
        if values.get(name) in (1, "1"):
            text = text.replace(several, one, 1)
    return text.format_map(_Left(values))


@cache
def _numbers(text: str, language: str) -> tuple[tuple[str, str, str], ...]:
    """Return what in a text depends on a number being 1: its placeholder, as written, as it should be."""
    known: Mapping[str, str] = _group("plurals")["english" if language == "en" else "swedish"]
    return tuple(
        (found[2], found[0], f"{found[1]} {known[found[3]]}") for found in _counted(language).finditer(text)
    )


@cache
def _counted(language: str) -> re.Pattern[str]:
    phrases = sorted(_group("plurals")["english" if language == "en" else "swedish"], key=len, reverse=True)
    return re.compile(rf"(\{{(\w+)(?::[^}}]*)?\}}) ({'|'.join(map(re.escape, phrases))})(?!\w)")


def owner_title(language: str, owner: str | None) -> str:
    """Name a profession; one that the words don't know stands as the rules spell it."""
    key = (owner or "").lower().replace(" ", "_")
    try:
        return text_of(f"report.owner.{key}", language)
    except (KeyError, TypeError):
        return owner or "–"


def describe(problem: Problem, language: str) -> str:
    """Say a problem in one line: place, what, found, expected, what to do."""
    from codemerge.library.privacy import redact

    place = problem.file
    if problem.line is not None:
        place += f":{problem.line}"
    if problem.column:
        place += f": {problem.column}" if place else problem.column
    parts = [
        say(f"problems.{problem.kind}.{part}", language, **problem.values)
        for part in ("what", "expected", "todo")
        if _has(problem.kind, part)
    ] or [problem.kind]
    # a message may quote what it found: whoever a number belongs to, it isn't said
    return printable(redact(f"{place}: {'; '.join(parts)}" if place else "; ".join(parts)))


def _has(kind: str, part: str) -> bool:
    found: Any = _group("problems")
    for step in (*kind.split("."), part):
        if step not in found:
            return False
        found = found[step]
    return True


def printable(text: str) -> str:
    r"""Show control characters as ``\x1b``, so that data can't steer a terminal."""
    return "".join(
        c if c.isprintable() or c in _HARMLESS else c.encode("unicode_escape").decode("ascii") for c in text
    )


def listed(key: str) -> Any:
    """Return what stands at ``<file>.<table…>`` as it is: a list of words, or a table of texts."""
    name, *path = key.split(".")
    found: Any = _group(name)
    for step in path:
        found = found[step]
    return found
