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

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codemerge.errors import BadInputError, Problem
from codemerge.library.lasting import everything_stays
from codemerge.library.spelling import SHORTEST_SKELETON, fold, skeleton, start_key, words_in
from codemerge.library.vocabulary import Ending, Meaning, Option, Pair, Vocabulary
from codemerge.rules.word_rows import Drawer, check_concepts, implied_of, read_folder, read_spellings

if TYPE_CHECKING:
    from codemerge.rules.facets import Facet

SHORTEST_CORRECTED = 6


def read_lexicon(folders: Sequence[Path], facets: Mapping[str, Facet]) -> Vocabulary:
    """Compile the vocabulary folders, the shipped one first.

    Raises:
        BadInputError: every problem of every file, each with file and line.
    """
    drawer = Drawer()
    with everything_stays():
        for folder in folders:
            read_spellings(folder, drawer)
        for folder in folders:
            read_folder(folder, facets, drawer)
        check_concepts(drawer, facets)
        ancestors = _ancestors(drawer)
        if drawer.problems:
            raise BadInputError(drawer.problems)
        return _compile(drawer, facets, ancestors)


def _ancestors(drawer: Drawer) -> dict[Pair, frozenset[str]]:
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
    drawer: Drawer, facets: Mapping[str, Facet], ancestors: dict[Pair, frozenset[str]]
) -> Vocabulary:
    phrases: dict[str, Meaning] = {}
    meant: dict[tuple[object, ...], Meaning] = {}  # most words mean what another one means
    for key, readings in drawer.words.items():
        if readings:
            alike = tuple(readings.items())
            found = meant.get(alike)
            if found is None:
                says = sorted((facet, concept) for facet, row in alike for concept in row[0])
                tongues = frozenset(t for _, row in alike for t in row[1].split("|") if t)
                found = meant[alike] = Meaning(tuple(says), tongues)
            phrases[key] = found
    options = {key: tuple(rows) for key, rows in drawer.options.items()}
    _inherit(phrases, drawer, facets)
    _add_loose(phrases, options)
    columns = dict.fromkeys(key for _, key in drawer.columns)
    words = {key: words_in(key) for key in (*phrases, *options, *columns)}
    tokens = {word for parts in words.values() for word in parts}
    single = {key: meaning for key, meaning in phrases.items() if len(words[key]) == 1}
    return Vocabulary(
        facets=tuple(facets),
        kinds={name: facet.kind for name, facet in facets.items()},
        phrases=phrases,
        options=options,
        columns=drawer.columns,
        longest=_longest(words.values()),
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
        implied=_implied(drawer, ancestors),
        implied_beside=_implied_beside(drawer, own=False),
        narrowed=_implied_beside(drawer, own=True),
        traits={
            pair: frozenset(row["traits"].split("|"))
            for pair, row in drawer.concepts.items()
            if row["traits"]
        },
        titles={pair: (row["sv"], row["en"]) for pair, row in drawer.concepts.items()},
        **_relations(facets),
    )


def _longest(phrases: Iterable[list[str]]) -> dict[str, int]:
    """Return how many words a phrase has at most, by its first word and by its first two."""
    longest: dict[str, int] = {}
    for words in phrases:
        size = len(words)
        if longest.get(words[0], 0) < size:
            longest[words[0]] = size
        if size > 1:
            start = start_key(words[0], words[1])
            if longest.get(start, 0) < size:
                longest[start] = size
    return longest


def _implied(drawer: Drawer, ancestors: dict[Pair, frozenset[str]]) -> dict[Pair, tuple[Pair, ...]]:
    """Return what each concept implies: what its row says, and what its wholes imply of other facets."""
    own = {
        pair: tuple(implied for implied, needed in implied_of(row) if not needed)
        for pair, row in drawer.concepts.items()
        if row["implies"]
    }
    found: dict[Pair, tuple[Pair, ...]] = {}
    for facet, concept in drawer.concepts:
        implied = set(own.get((facet, concept), ()))
        said = {facet, *(other for other, _ in implied)}
        for whole in sorted(ancestors[(facet, concept)]):
            implied |= {pair for pair in own.get((facet, whole), ()) if pair[0] not in said}
        if implied:
            found[(facet, concept)] = tuple(sorted(implied))
    return found


def _implied_beside(drawer: Drawer, *, own: bool) -> dict[Pair, tuple[tuple[Pair, tuple[Pair, ...]], ...]]:
    """Return what each concept implies beside others, of its own facet or of others; no part inherits it."""
    rows = {pair: list(implied_of(row)) for pair, row in drawer.concepts.items() if " if " in row["implies"]}
    found = {
        pair: tuple((told, needed) for told, needed in row if needed and (told[0] == pair[0]) is own)
        for pair, row in rows.items()
    }
    return {pair: row for pair, row in found.items() if row}


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


def _inherit(phrases: dict[str, Meaning], drawer: Drawer, facets: Mapping[str, Facet]) -> None:
    """Let a phrase say what a word inside it says of facets like the method: ``mr angio`` is MR."""
    single: dict[str, tuple[Pair, ...]] = {}
    for name, facet in facets.items():
        for word in map(fold, facet.inside):
            key = drawer.spellings.get(word, word)
            if key in phrases:
                single[key] = tuple(pair for pair in phrases[key].says if pair[0] == name)
    for key, meaning in phrases.items():
        words = words_in(key)
        if len(words) == 1 or single.keys().isdisjoint(words):
            continue
        said = {facet for facet, _ in meaning.says if facet in facets and facets[facet].kind == "one"}
        for pair in meaning.says:
            row = drawer.concepts.get(pair)
            said.update(facet for (facet, _), needed in (implied_of(row) if row else ()) if not needed)
        more = {pair for word in words for pair in single.get(word, ()) if pair[0] not in said}
        if more:
            phrases[key] = Meaning(tuple(sorted({*meaning.says, *more})), meaning.languages)


def _add_loose(phrases: dict[str, Meaning], options: dict[str, tuple[Option, ...]]) -> None:
    """Let ``w/o`` be found as ``w o`` too, unless two phrases would then mean different things."""
    wanted: dict[str, Meaning | tuple[Option, ...] | None] = {}
    found_here: list[tuple[str, Meaning | tuple[Option, ...]]] = [*phrases.items(), *options.items()]
    for key, meaning in found_here:
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
    long = [t for t in sorted(tokens) if len(t) >= SHORTEST_SKELETON and not t.isdigit()]
    forms = skeleton("\n".join(long)).split(
        "\n"
    )  # all at once: no rule of spelling reaches over a line's end
    for form, token in zip(forms, long, strict=True):
        groups.setdefault(form, []).append(token)
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
