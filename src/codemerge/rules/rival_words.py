"""Rows of a vocabulary that contradict each other or can never be used; each told with both lines.

What leaves a word with two meanings in one facet is refused when the rows are read. What stands
here is read without complaint, the last row or the first one winning, and may be a mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from codemerge.errors import Problem
from codemerge.library.spelling import fold
from codemerge.rules.word_rows import HEADERS, rows_of

if TYPE_CHECKING:
    from codemerge.rules.facets import Facet

Row = tuple[int, dict[str, str]]
_APART = {"said": "unsaid", "is": "not"}  # conditions that deny each other when said of the same
_ONE_VALUE = ("language", "sibling")  # a name has one language; a place holds one word
_NEIGHBOUR = {"before", "after", "beside"}  # somebody stands beside a word that stands alone


def rival_words(folder: Path, facets: Mapping[str, Facet]) -> list[Problem]:
    """Return what contradicts, or can never be used, in one pack's ``vocabulary/``.

    Args:
        folder: the folder, read without a problem before.
        facets: those in force, by id.
    """
    looks: dict[str, Callable[[list[Row], str], Iterable[Problem]]] = {
        "ambiguous": _readings,
        "spellings": _spellings,
        "endings": lambda rows, file: _two(rows, file, ("ending", "instead"), "number"),
        "concepts": lambda rows, file: _two(rows, file, ("facet", "concept"), "sv en broader implies traits"),
        "compounds": _compounds,
        "columns": lambda rows, file: _columns(rows, file, facets),
    }
    found: list[Problem] = []
    for name, look in looks.items():
        path = folder / f"{name}.csv"
        found += look(list(rows_of(path, HEADERS[name], [])), path.name)
    return found + list(_corrected_both_ways(folder))


def _two(rows: Iterable[Row], file: str, key: tuple[str, ...], rest: str) -> Iterator[Problem]:
    """Tell of rows alike in their key that say different things: the last one silently counts."""
    seen: dict[tuple[str, ...], tuple[int, str]] = {}
    for line, row in rows:
        named = tuple(fold(row[k]) if k == "word" else row[k] for k in key)
        says = " ".join(row[k] for k in rest.split())
        first, before = seen.setdefault(named, (line, says))
        if before != says:
            yield _rival(file, line, "=".join(filter(None, named)), says, before, f"{file}:{first}")


def _rival(file: str, line: int, word: str, found: str, expected: str, first: str) -> Problem:
    values = {
        "word": word,
        "found": found.strip() or "–",
        "expected": expected.strip() or "–",
        "first": first,
    }
    return Problem("rules.two_ways", file, line, values=values)


def _readings(rows: list[Row], file: str) -> Iterator[Problem]:
    """Tell of readings that an earlier row of the word always comes before, and of impossible ones."""
    earlier: dict[str, list[tuple[int, frozenset[str], str]]] = {}
    for line, row in rows:
        when, word = frozenset(row["when"].split()), fold(row["word"])
        if not when and not row["reading"]:
            continue  # says only that the word has several readings: no row is hidden by it
        if denied := _denied(when):
            yield Problem("rules.never_holds", file, line, values={"found": denied, "word": row["word"]})
        for first, fewer, reading in earlier.setdefault(word, []):
            if fewer == when and reading != row["reading"]:
                yield _rival(file, line, row["word"], row["reading"], reading, f"{file}:{first}")
                break
            if fewer <= when and reading != row["reading"]:
                values = {"found": row["reading"], "word": row["word"], "first": f"{file}:{first}"}
                yield Problem("rules.never_after", file, line, values=values)
                break
        earlier[word].append((line, when, row["reading"]))


def _denied(when: frozenset[str]) -> str:
    """Return two conditions that can't hold together, or nothing."""
    pairs = [c.partition(":")[::2] for c in sorted(when)]
    for name, of in pairs:
        other = _APART.get(name)
        if other and (other, of) in pairs:
            return f"{name}:{of} {other}:{of}"
        if name == "is" and ("unsaid", of.partition("=")[0]) in pairs:
            return f"is:{of} unsaid:{of.partition('=')[0]}"
        if name in _NEIGHBOUR and ("alone", "") in pairs:
            return f"alone {name}:{of}"
    for name in _ONE_VALUE:
        several = [f"{name}:{of}" for one, of in pairs if one == name]
        if name == "language" and len(several) > 1:
            return " ".join(several)
    return ""


def _spellings(rows: list[Row], file: str) -> Iterator[Problem]:
    yield from _two(rows, file, ("word",), "instead")
    line_of = {fold(row["word"]): (line, fold(row["instead"])) for line, row in rows}
    for word, (line, instead) in line_of.items():
        back = line_of.get(instead)
        if word == instead:
            yield Problem("rules.never_changes", file, line, values={"found": word})
        elif back and back[1] == word and back[0] < line:
            yield _rival(file, line, word, instead, f"{instead} → {word}", f"{file}:{back[0]}")


def _compounds(rows: list[Row], file: str) -> Iterator[Problem]:
    places: dict[str, tuple[int, str]] = {}
    for line, row in rows:
        first, before = places.setdefault(fold(row["word"]), (line, row["place"]))
        if before != row["place"] and "never" in {before, row["place"]}:
            yield _rival(file, line, row["word"], row["place"], before, f"{file}:{first}")


def _columns(rows: list[Row], file: str, facets: Mapping[str, Facet]) -> Iterator[Problem]:
    """Tell of a word that in one column says two things, where the facet holds one."""
    single = []
    for line, row in rows:
        facet, _, concept = row["concept"].partition("=")
        if facet in facets and facets[facet].kind == "one" and "|" not in concept:
            single.append((line, {"word": row["word"], "facet": facet, "concept": concept}))
    yield from _two(single, file, ("facet", "word"), "concept")


def _corrected_both_ways(folder: Path) -> Iterator[Problem]:
    """Tell of words that are spelled as one though never to be taken for each other."""
    never = {
        frozenset((fold(row["word"]), fold(row["never"]))): line
        for line, row in rows_of(folder / "lookalikes.csv", HEADERS["lookalikes"], [])
    }
    for line, row in rows_of(folder / "spellings.csv", HEADERS["spellings"], []):
        pair = frozenset((fold(row["word"]), fold(row["instead"])))
        if pair in never and len(pair) > 1:
            first = f"lookalikes.csv:{never[pair]}"
            yield _rival("spellings.csv", line, row["word"], row["instead"], row["word"], first)
