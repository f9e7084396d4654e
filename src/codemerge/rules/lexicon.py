"""Reads ``vocabulary/*.csv`` of every rule pack and compiles them into one `Vocabulary`.

One file per facet (``word,concept,language,note``; several concepts at once are separated by ``|``,
an empty concept takes the word away), and beside them: ``concepts.csv`` (what the concepts are called,
are part of, and imply), ``noise.csv`` and ``known.csv`` (words no facet holds), ``ambiguous.csv``
(words with several readings and when each holds), ``columns.csv`` (what a word means only inside a
column of its own), ``spellings.csv`` (abbreviations that are the same word in any phrase),
``compounds.csv``, ``endings.csv`` and ``lookalikes.csv`` (how words are built, inflected, and never
corrected).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codemerge.errors import BadInputError, Problem
from codemerge.library.spelling import SHORTEST_SKELETON, fold, skeleton, strict_key, tokens_of
from codemerge.library.vocabulary import KNOWN, NOISE, Ending, Meaning, Option, Pair, Vocabulary

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
SHORTEST_CORRECTED = 6
_PLAIN = re.compile(r"[a-zåäö]+(?: [a-zåäö]+)*")
CHECKED_CONDITIONS = {"first", "last", "alone", "said", "unsaid", "is", "not", "beside", "before", "after",
                      "apart", "language"}  # fmt: skip


@dataclass
class _Drawer:
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


def read_lexicon(folders: Sequence[Path], facets: Mapping[str, Facet]) -> Vocabulary:
    """Compile the vocabulary folders, the shipped one first.

    Raises:
        BadInputError: every problem of every file, each with file and line.
    """
    drawer = _Drawer()
    for folder in folders:
        for _, row in _rows(folder / "spellings.csv", HEADERS["spellings"], drawer.problems):
            drawer.spellings[fold(row["word"])] = fold(row["instead"])
    for folder in folders:
        _read_folder(folder, facets, drawer)
    _check_concepts(drawer, facets)
    ancestors = _ancestors(drawer)
    if drawer.problems:
        raise BadInputError(drawer.problems)
    return _compile(drawer, facets, ancestors)


def _read_folder(folder: Path, facets: Mapping[str, Facet], drawer: _Drawer) -> None:
    seen: dict[tuple[str, str], int] = {}
    ambiguous_here: set[str] = set()
    for path in sorted(folder.glob("*.csv")):
        name = path.stem
        if name == "spellings":
            continue  # read first: every word of the other files is spelled by it
        if name not in facets and name not in HEADERS and name not in {NOISE, KNOWN}:
            drawer.problems.append(Problem("vocabulary.unknown_file", path.name, values={"found": name}))
            continue
        for line, row in _rows(path, HEADERS.get(name, WORDS), drawer.problems):
            if name == "concepts":
                pair = (row["facet"], row["concept"])
                drawer.concepts[pair] = row
                drawer.places[pair] = (path.name, line)
            elif name == "ambiguous":
                _read_option(row, path.name, line, ambiguous_here, drawer)
            elif name == "columns":
                for facet, concept in _pairs(row["concept"], path.name, line, drawer):
                    key = (facet, _key(row["word"], drawer))
                    drawer.columns[key] = (*drawer.columns.get(key, ()), concept)
            elif name == "compounds":
                drawer.compounds[_key(row["word"], drawer)] = row["place"]
            elif name == "endings":
                drawer.endings[(row["ending"], row["instead"])] = row["number"] == "plural"
            elif name == "lookalikes":
                drawer.lookalikes.setdefault(_key(row["word"], drawer), set()).add(_key(row["never"], drawer))
                drawer.lookalikes.setdefault(_key(row["never"], drawer), set()).add(_key(row["word"], drawer))
            else:
                _read_word(row, name, (path.name, line), seen, ambiguous_here, drawer)


def _rows(
    path: Path, header: tuple[str, ...], problems: list[Problem]
) -> Iterator[tuple[int, dict[str, str]]]:
    if not path.is_file():
        return
    try:
        lines = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (UnicodeDecodeError, csv.Error) as error:
        problems.append(Problem("vocabulary.unreadable", path.name, values={"found": str(error)}))
        return
    if not lines or tuple(lines[0]) != header:
        found = ",".join(lines[0]) if lines else ""
        values = {"found": found, "expected": ",".join(header)}
        problems.append(Problem("vocabulary.header", path.name, 1, values=values))
        return
    for number, cells in enumerate(lines[1:], start=2):
        if not cells:
            continue
        if len(cells) != len(header):
            values: dict[str, object] = {"found": len(cells), "expected": len(header)}
            problems.append(Problem("vocabulary.width", path.name, number, values=values))
            continue
        yield number, dict(zip(header, cells, strict=True))


def _key(word: str, drawer: _Drawer) -> str:
    if _PLAIN.fullmatch(word):  # most rows: no sign, digit or capital to look at
        return " ".join([drawer.spellings.get(part, part) for part in word.split(" ")])
    tokens = [t._replace(word=drawer.spellings.get(t.word, t.word)) for t in tokens_of(word)]
    return strict_key(tokens, 0, len(tokens)) if tokens else ""


def _read_word(
    row: dict[str, str],
    facet: str,
    place: tuple[str, int],
    seen: dict[tuple[str, str], int],
    ambiguous: set[str],
    drawer: _Drawer,
) -> None:
    key = _key(row["word"], drawer)
    if not key:
        drawer.problems.append(Problem("vocabulary.no_word", *place, values={"found": row["word"]}))
        return
    concepts = tuple(sorted(part for part in row["concept"].split("|") if part))
    if facet in {NOISE, KNOWN} and not concepts:
        concepts = (row["word"] if facet == KNOWN else NOISE,)
    readings = drawer.words.setdefault(key, {})
    if (facet, key) in seen:
        before = readings.get(facet, ((), "", ""))[0]
        if before != concepts:
            values = {"found": "|".join(concepts), "expected": "|".join(before), "word": row["word"],
                      "first": seen[(facet, key)]}  # fmt: skip
            drawer.problems.append(Problem("vocabulary.two_meanings", *place, values=values))
        return
    seen[(facet, key)] = place[1]
    if concepts:
        if key in ambiguous:
            values = {"found": "ambiguous.csv", "expected": place[0], "word": row["word"]}
            drawer.problems.append(Problem("vocabulary.two_places", *place, values=values))
        readings[facet] = (concepts, row["language"], place[0])
        drawer.options.pop(key, None)
        for concept in concepts:
            drawer.used.setdefault((facet, concept), place)
    else:
        readings.pop(facet, None)


def _read_option(row: dict[str, str], file: str, line: int, here: set[str], drawer: _Drawer) -> None:
    key = _key(row["word"], drawer)
    if key not in here:
        here.add(key)
        drawer.options[key] = []
        drawer.words.pop(key, None)
    conditions = tuple(row["when"].split())
    for condition in conditions:
        if condition.split(":")[0] not in CHECKED_CONDITIONS:
            values = {"found": condition, "expected": ", ".join(sorted(CHECKED_CONDITIONS))}
            drawer.problems.append(Problem("vocabulary.condition", file, line, "when", values))
    says = tuple(_pairs(row["reading"], file, line, drawer))
    if says or conditions:
        drawer.options[key].append(Option(says, conditions))


def _pairs(cell: str, file: str, line: int, drawer: _Drawer) -> list[Pair]:
    pairs = []
    for part in filter(None, cell.split("|")):
        facet, _, concept = part.partition("=")
        pair = (facet, concept or NOISE)
        pairs.append(pair)
        if facet not in {NOISE, KNOWN}:
            drawer.used.setdefault(pair, (file, line))
    return sorted(pairs)


def _check_concepts(drawer: _Drawer, facets: Mapping[str, Facet]) -> None:
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
        wanted += _pairs(row["implies"], *place, drawer)
        for pair in wanted:
            if pair not in drawer.concepts:
                values = {"found": "=".join(pair)}
                drawer.problems.append(
                    Problem("vocabulary.unknown_concept", *place, "broader, implies", values)
                )


def _ancestors(drawer: _Drawer) -> dict[Pair, frozenset[str]]:
    found: dict[Pair, frozenset[str]] = {}

    def climb(pair: Pair, below: tuple[Pair, ...]) -> frozenset[str]:
        if pair in found:
            return found[pair]
        if pair in below:
            values = {"found": " > ".join(concept for _, concept in (*below, pair))}
            drawer.problems.append(Problem("vocabulary.circle", *drawer.places[pair], "broader", values))
            return frozenset()
        row = drawer.concepts.get(pair)
        above: set[str] = set()
        for parent in filter(None, row["broader"].split("|")) if row else ():
            above |= {parent, *climb((pair[0], parent), (*below, pair))}
        found[pair] = frozenset(above)
        return found[pair]

    for pair in drawer.concepts:
        climb(pair, ())
    return found


def _compile(
    drawer: _Drawer, facets: Mapping[str, Facet], ancestors: dict[Pair, frozenset[str]]
) -> Vocabulary:
    phrases: dict[str, Meaning] = {}
    for key, readings in drawer.words.items():
        if readings:
            says = sorted((facet, concept) for facet, row in readings.items() for concept in row[0])
            tongues = frozenset(t for row in readings.values() for t in row[1].split("|") if t)
            phrases[key] = Meaning(tuple(says), tongues)
    options = {key: tuple(rows) for key, rows in drawer.options.items()}
    _inherit(phrases, drawer, facets)
    _add_loose(phrases, options)
    longest: dict[str, int] = {}
    tokens: set[str] = set()
    for key in [*phrases, *options, *(key for _, key in drawer.columns)]:
        parts = key.replace("/", " ").replace("+", " ").split(" ")
        tokens.update(parts)
        longest[parts[0]] = max(longest.get(parts[0], 0), len(parts))
    single = {key: m for key, m in phrases.items() if " " not in key and "/" not in key and "+" not in key}
    return Vocabulary(
        facets=tuple(facets),
        kinds={name: facet.kind for name, facet in facets.items()},
        phrases=phrases,
        options=options,
        columns=drawer.columns,
        longest=longest,
        spellings=drawer.spellings,
        tokens=frozenset(tokens),
        skeletons=_skeletons(tokens, single, options),
        tails=frozenset(w for w, place in drawer.compounds.items() if place in {"tail", "both"}),
        heads=frozenset(w for w, place in drawer.compounds.items() if place in {"head", "both"}),
        never_heads=frozenset(w for w, place in drawer.compounds.items() if place == "never"),
        endings=tuple(
            Ending(ending, instead, plural)
            for (ending, instead), plural in sorted(
                drawer.endings.items(), key=lambda rule: (-len(rule[0][0]), rule[0])
            )
        ),
        lookalikes={word: frozenset(others) for word, others in drawer.lookalikes.items()},
        correctable=tuple(sorted(_correctable(single, drawer.spellings))),
        ancestors=ancestors,
        implied={
            pair: tuple(sorted((f, c) for f, _, c in (p.partition("=") for p in row["implies"].split("|"))))
            for pair, row in drawer.concepts.items()
            if row["implies"]
        },
        traits={
            pair: frozenset(row["traits"].split("|"))
            for pair, row in drawer.concepts.items()
            if row["traits"]
        },
        titles={pair: (row["sv"], row["en"]) for pair, row in drawer.concepts.items()},
        **_relations(facets),
    )


def _correctable(single: Mapping[str, Meaning], spellings: Mapping[str, str]) -> Iterator[str]:
    """Yield the words a typo may be corrected to: long ones that mean something by themselves."""
    yield from (word for word in single if len(word) >= SHORTEST_CORRECTED and word not in spellings)
    yield from (word for word, to in spellings.items() if len(word) >= SHORTEST_CORRECTED and to in single)


def _relations(facets: Mapping[str, Facet]) -> dict[str, Any]:
    near: dict[str, dict[str, frozenset[str]]] = {}
    for name, facet in facets.items():
        table = near.setdefault(name, {})
        for group in facet.near:
            for concept in group:
                table[concept] = table.get(concept, frozenset()) | (frozenset(group) - {concept})
    return {
        "near": near,
        "combine": {
            name: {frozenset(parts): whole for whole, parts in facet.combine.items()}
            for name, facet in facets.items()
        },
        "presumed": {name: dict(facet.presumes) for name, facet in facets.items() if facet.presumes},
        "default_unless": {name: frozenset(facet.default_unless) for name, facet in facets.items()},
        "default_where": {
            name: {other: frozenset(concepts) for other, concepts in facet.default_where.items()}
            for name, facet in facets.items()
        },
    }


def _inherit(phrases: dict[str, Meaning], drawer: _Drawer, facets: Mapping[str, Facet]) -> None:
    """Let a phrase say what a word inside it says of facets like the method: ``mr angio`` is MR."""
    single: dict[str, tuple[Pair, ...]] = {}
    for name, facet in facets.items():
        for word in map(fold, facet.inside):
            key = drawer.spellings.get(word, word)
            if key in phrases:
                single[key] = tuple(pair for pair in phrases[key].says if pair[0] == name)
    for key, meaning in phrases.items():
        words = key.replace("/", " ").replace("+", " ").split(" ")
        if len(words) == 1 or single.keys().isdisjoint(words):
            continue
        said = {facet for facet, _ in meaning.says}
        for pair in meaning.says:
            row = drawer.concepts.get(pair)
            said.update(part.partition("=")[0] for part in (row["implies"].split("|") if row else ()))
        more = {pair for word in words for pair in single.get(word, ()) if pair[0] not in said}
        if more:
            phrases[key] = Meaning(tuple(sorted({*meaning.says, *more})), meaning.languages)


def _add_loose(phrases: dict[str, Meaning], options: dict[str, tuple[Option, ...]]) -> None:
    """Let ``w/o`` be found as ``w o`` too, unless two phrases would then mean different things."""
    wanted: dict[str, Meaning | tuple[Option, ...] | None] = {}
    for key, meaning in [*phrases.items(), *options.items()]:
        loose = key.replace("/", " ").replace("+", " ")
        if loose != key and loose not in phrases and loose not in options:
            wanted[loose] = meaning if wanted.get(loose, meaning) == meaning else None
    for loose, found in wanted.items():
        if isinstance(found, Meaning):
            phrases[loose] = found
        elif found is not None:
            options[loose] = found


def _skeletons(
    tokens: set[str], single: Mapping[str, Meaning], options: Mapping[str, tuple[Option, ...]]
) -> dict[str, str]:
    """Return skeleton → token, only where every token spelled so means the same."""
    groups: dict[str, list[str]] = {}
    for token in sorted(tokens):
        if len(token) >= SHORTEST_SKELETON and not token.isdigit():
            groups.setdefault(skeleton(token), []).append(token)
    found = {}
    for form, members in groups.items():
        if len(form) < SHORTEST_SKELETON - 1 or any(member in options for member in members):
            continue
        alone = [member for member in members if member in single]
        if len({single[member].says for member in alone}) == 1:
            found[form] = alone[0]
        elif len(members) == 1:
            found[form] = members[0]
    return found
