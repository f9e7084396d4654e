"""Rows of ``vocabulary/*.csv`` as they are gathered, checked line by line, before they are compiled."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from codemerge.errors import Problem
from codemerge.library.spelling import fold, strict_key, tokens_of
from codemerge.library.vocabulary import KNOWN, NOISE, Option, Pair
from codemerge.rules.shipped import files_in

if TYPE_CHECKING:
    from codemerge.rules.facets import Facet

WORDS = ("word", "concept", "language", "note")
HEADERS = {
    "concepts": ("facet", "concept", "sv", "en", "broader", "implies", "traits", "note"),
    "ambiguous": ("word", "reading", "when", "language", "note"),
    "columns": WORDS,
    "compounds": ("word", "place", "language", "note"),
    "endings": ("ending", "instead", "number", "language", "note"),
    "lookalikes": ("word", "never", "note"),
    "spellings": ("word", "instead", "language", "note"),
}
CONDITIONS = {
    "first", "last", "alone", "said", "unsaid", "is", "not", "beside", "before", "after", "apart", "sibling",
    "language",
}  # fmt: skip
_PLAIN = re.compile(r"[a-zåäö]+(?: [a-zåäö]+)*")


@dataclass
class Drawer:
    """Rows as they are gathered, before they are compiled; each with where it was written."""

    words: dict[str, dict[str, tuple[tuple[str, ...], str, str]]] = field(default_factory=dict)
    options: dict[str, list[Option]] = field(default_factory=dict)
    columns: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    concepts: dict[Pair, dict[str, str]] = field(default_factory=dict)
    places: dict[Pair, tuple[str, int]] = field(default_factory=dict)
    compounds: dict[str, str] = field(default_factory=dict)
    endings: dict[tuple[str, str], bool] = field(default_factory=dict)
    lookalikes: dict[str, set[str]] = field(default_factory=dict)
    spellings: dict[str, str] = field(default_factory=dict)
    used: dict[Pair, tuple[str, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_spellings(folder: Path, drawer: Drawer) -> None:
    """Read the variants first: every word of the other files is spelled by them."""
    for _, row in rows_of(folder / "spellings.csv", HEADERS["spellings"], drawer.problems):
        drawer.spellings[fold(row["word"])] = fold(row["instead"])


def read_folder(folder: Path, facets: Mapping[str, Facet], drawer: Drawer) -> None:
    """Read every file of one pack; its rows replace those of packs before it."""
    seen: dict[tuple[str, str], int] = {}
    ambiguous_here: set[str] = set()
    for path in files_in(folder, "*.csv"):
        name = path.stem
        if name == "spellings":
            continue  # read first: every word of the other files is spelled by it
        if name not in facets and name not in HEADERS and name not in {NOISE, KNOWN}:
            drawer.problems.append(Problem("vocabulary.unknown_file", path.name, values={"found": name}))
            continue
        if name not in HEADERS:
            _read_words(path, name, seen, ambiguous_here, drawer)
            continue
        for line, row in rows_of(path, HEADERS[name], drawer.problems):
            if name == "concepts":
                pair = (row["facet"], row["concept"])
                drawer.concepts[pair] = row
                drawer.places[pair] = (path.name, line)
            elif name == "ambiguous":
                _read_option(row, path.name, line, ambiguous_here, drawer)
            elif name == "columns":
                for facet, concept in pairs_of(row["concept"], path.name, line, drawer):
                    key = (facet, _key(row["word"], drawer))
                    drawer.columns[key] = (*drawer.columns.get(key, ()), concept)
            elif name == "compounds":
                word, place = fold(row["word"]), row["place"]
                before = drawer.compounds.get(word, place)
                drawer.compounds[word] = place if place in {before, "never"} else "both"
            elif name == "endings":
                drawer.endings[(row["ending"], row["instead"])] = row["number"] == "plural"
            else:
                drawer.lookalikes.setdefault(_key(row["word"], drawer), set()).add(_key(row["never"], drawer))
                drawer.lookalikes.setdefault(_key(row["never"], drawer), set()).add(_key(row["word"], drawer))


def rows_of(
    path: Path, header: tuple[str, ...], problems: list[Problem]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line number and cells by header; a missing file has none, a wrong one is a problem."""
    for number, cells in _lines_of(path, header, problems):
        yield number, dict(zip(header, cells, strict=True))


def _lines_of(
    path: Path, header: tuple[str, ...], problems: list[Problem]
) -> Iterator[tuple[int, list[str]]]:
    if not path.is_file():
        return
    try:
        lines = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (UnicodeDecodeError, csv.Error) as error:
        problems.append(Problem("vocabulary.unreadable", path.name, values={"found": str(error)}))
        return
    if not lines or tuple(lines[0]) != header:
        found = ",".join(lines[0]) if lines else ""
        wanted = {"found": found, "expected": ",".join(header)}
        problems.append(Problem("vocabulary.header", path.name, 1, values=wanted))
        return
    for number, cells in enumerate(lines[1:], start=2):
        if not cells:
            continue
        if len(cells) != len(header):
            values: dict[str, object] = {"found": len(cells), "expected": len(header)}
            problems.append(Problem("vocabulary.width", path.name, number, values=values))
            continue
        yield number, cells


def _key(word: str, drawer: Drawer) -> str:
    if _PLAIN.fullmatch(word):  # most rows: no sign, digit or capital to look at
        if " " not in word:
            return drawer.spellings.get(word, word)
        return " ".join([drawer.spellings.get(part, part) for part in word.split(" ")])
    tokens = [t._replace(word=drawer.spellings.get(t.word, t.word)) for t in tokens_of(word)]
    return strict_key(tokens, 0, len(tokens)) if tokens else ""


def _read_words(
    path: Path, facet: str, seen: dict[tuple[str, str], int], ambiguous: set[str], drawer: Drawer
) -> None:
    """Read the words of one facet, of the noise, or of those that are only known."""
    file, beside = path.name, facet in {NOISE, KNOWN}
    for line, (word, concept, language, _) in _lines_of(path, WORDS, drawer.problems):
        key = _key(word, drawer)
        if not key:
            drawer.problems.append(Problem("vocabulary.no_word", file, line, values={"found": word}))
            continue
        concepts = _concepts(concept)
        if beside and not concepts:
            concepts = (word if facet == KNOWN else NOISE,)
        readings = drawer.words.setdefault(key, {})
        if (facet, key) in seen:
            before = readings.get(facet, ((), "", ""))[0]
            if before != concepts:
                values = {"found": "|".join(concepts), "expected": "|".join(before), "word": word,
                          "first": seen[(facet, key)]}  # fmt: skip
                drawer.problems.append(Problem("vocabulary.two_meanings", file, line, values=values))
            continue
        seen[(facet, key)] = line
        if concepts:
            if key in ambiguous:
                values = {"found": "ambiguous.csv", "expected": file, "word": word}
                drawer.problems.append(Problem("vocabulary.two_places", file, line, values=values))
            readings[facet] = (concepts, language, file)
            drawer.options.pop(key, None)
            for one in concepts:
                drawer.used.setdefault((facet, one), (file, line))
        else:
            readings.pop(facet, None)


def _concepts(cell: str) -> tuple[str, ...]:
    """Return the concepts of a cell, sorted; nearly all hold one."""
    return tuple(sorted(filter(None, cell.split("|")))) if "|" in cell else (cell,) if cell else ()


def _read_option(row: dict[str, str], file: str, line: int, here: set[str], drawer: Drawer) -> None:
    key = _key(row["word"], drawer)
    if key not in here:
        here.add(key)
        drawer.options[key] = []
        drawer.words.pop(key, None)
    conditions = tuple(row["when"].split())
    for condition in conditions:
        if condition.split(":")[0] not in CONDITIONS:
            values = {"found": condition, "expected": ", ".join(sorted(CONDITIONS))}
            drawer.problems.append(Problem("vocabulary.condition", file, line, "when", values))
    says = tuple(pairs_of(row["reading"], file, line, drawer))
    if says or conditions:
        drawer.options[key].append(Option(says, conditions))


def pairs_of(cell: str, file: str, line: int, drawer: Drawer) -> list[Pair]:
    """Read ``facet=concept|…``; ``noise`` alone is a word that says nothing."""
    pairs = []
    for part in filter(None, cell.split("|")):
        facet, _, concept = part.partition("=")
        pair = (facet, concept or NOISE)
        pairs.append(pair)
        if facet not in {NOISE, KNOWN}:
            drawer.used.setdefault(pair, (file, line))
    return sorted(pairs)


def implied_of(row: Mapping[str, str]) -> Iterator[tuple[Pair, tuple[Pair, ...]]]:
    """Yield what a concept's row implies, each with the concepts it needs beside it.

    ``technique=enterography if modality=MR`` says of the small bowel that MR of it is an enterography;
    several needed concepts are joined by ``&``.
    """
    for part in filter(None, row["implies"].split("|")):
        implied, _, needed = part.partition(" if ")
        yield _pair(implied), tuple(_pair(one) for one in needed.split("&") if one.strip())


def _pair(text: str) -> Pair:
    facet, _, concept = text.strip().partition("=")
    return facet, concept


def check_concepts(drawer: Drawer, facets: Mapping[str, Facet]) -> None:
    """Note every concept or facet that is used and nowhere declared."""
    for (facet, concept), (file, line) in drawer.used.items():
        if facet in {NOISE, KNOWN} or "#" in concept or (facet, concept) in drawer.concepts:
            continue
        values = {"found": f"{facet}={concept}"}
        drawer.problems.append(Problem("vocabulary.unknown_concept", file, line, "concept", values))
    for (facet, concept), row in drawer.concepts.items():
        place = drawer.places[(facet, concept)]
        if facet not in facets:
            values = {"found": facet, "expected": ", ".join(facets)}
            drawer.problems.append(Problem("vocabulary.unknown_facet", *place, "facet", values))
        wanted = [(facet, part) for part in filter(None, row["broader"].split("|"))]
        wanted += [pair for told, needed in implied_of(row) for pair in (told, *needed)]
        for pair in wanted:
            if pair not in drawer.concepts:
                values = {"found": "=".join(pair)}
                drawer.problems.append(
                    Problem("vocabulary.unknown_concept", *place, "broader, implies", values)
                )
