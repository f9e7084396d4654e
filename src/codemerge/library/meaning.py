"""What the words of a name say together: one reading from its hits, columns and defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from codemerge.library.phrases import Hit
from codemerge.library.vocabulary import KNOWN, NOISE, Pair, Vocabulary

AND = (NOISE, "and")
PLURAL = ("number", "plural")
COUNTED = "counted"  # a plural of it tells that both sides, or several, are meant


class Told(NamedTuple):
    """A place in a text, and what it says."""

    start: int
    end: int
    word: str
    facet: str
    concept: str


@dataclass(slots=True)
class Meant:
    """What hits, columns and defaults say together, wherever in a text the hits stand.

    Attributes:
        facets: facet → sorted concepts; only facets something is said of.
        told: number of a hit, and the facet and concept it says.
        words: what the hits mean that no facet holds.
        ambiguous: contradictions between text and columns.
    """

    facets: dict[str, list[str]] = field(default_factory=dict)
    told: list[tuple[int, str, str]] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    ambiguous: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Reading:
    """What one name says.

    Attributes:
        facets: facet → sorted concepts; only facets something is said of.
        told: everything said in the text, in its order.
    """

    facets: Mapping[str, list[str]]
    told: list[Told]
    text_norm: str
    words: list[str]
    unknown: list[str]
    ambiguous: list[str]
    corrected: list[str]

    @property
    def spans(self) -> list[dict[str, Any]]:
        """Start, end, word, facet and concept of everything said in the text, in its order."""
        return [told._asdict() for told in self.told]


def facets_of(
    hits: Sequence[Hit],
    declared: Mapping[str, frozenset[str]],
    defaults: Mapping[str, str],
    vocabulary: Vocabulary,
) -> Meant:
    """Combine what settled hits, declared columns and a region's defaults say.

    Args:
        hits: the text's words, ambiguous ones settled; neither words nor places are looked at.
        declared: facet → concepts of the record's own columns.
        defaults: facet → concept, filled in only where nothing was said.
        vocabulary: parts, implications and combinations of concepts.
    """
    said: dict[str, set[str]] = {}
    meant = Meant()
    several = False
    for number, hit in enumerate(hits):
        for pair in hit.says:
            several = several or pair[0] in said
            _say(pair, number, said, meant)
        if hit.plural and any(COUNTED in vocabulary.traits.get(pair, ()) for pair in hit.says):
            several = several or PLURAL[0] in said
            _say(PLURAL, number, said, meant)
    if several and max(map(len, said.values())) > 1:
        kept = _joined_wholes(hits, vocabulary)
        for facet, values in said.items():
            said[facet] = _together(facet, values, vocabulary) if facet not in kept else values
    for facet, concepts in declared.items():
        said[facet] = _merged(facet, said.get(facet, set()), set(concepts), vocabulary, meant)
    settled = _imply(hits, said, meant, vocabulary)
    named = len(said)
    for facet in sorted([facet for facet in vocabulary.presumed if facet in said]):
        for other, concept in vocabulary.presumed[facet].items():
            said.setdefault(other, {concept})
    for facet, concept in defaults.items():
        if facet not in said and _applies(facet, said, vocabulary):
            said[facet] = {concept}
    if not settled or len(said) > named:
        _narrow(said, vocabulary)
    meant.facets = {
        facet: sorted(values) if len(values) > 1 else [*values] for facet, values in said.items() if values
    }
    return meant


def _say(pair: Pair, number: int, said: dict[str, set[str]], meant: Meant) -> None:
    facet, concept = pair
    if facet in said:
        said[facet].add(concept)
    elif facet == NOISE:
        return
    elif facet == KNOWN:
        meant.words.add(concept)
        return
    else:
        said[facet] = {concept}
    meant.told.append((number, facet, concept))


def _joined_wholes(hits: Sequence[Hit], vocabulary: Vocabulary) -> set[str]:
    """Return facets where *and*, *+* or a phrase joins a whole and its part, so that both are meant."""
    kept = {
        facet
        for hit in hits
        for facet, part in hit.says
        if any(facet == other and vocabulary.part_of(facet, part, whole) for other, whole in hit.says)
    }
    earlier: set[Pair] = set()
    joined = False
    for hit in hits:
        joined = joined or AND in hit.says or (hit.joint == "+" and not hit.is_noise)
        told = {pair for pair in hit.says if vocabulary.kinds.get(pair[0]) == "hierarchy"}
        if joined:
            kept.update(
                f
                for f, c in told
                for other, part in earlier
                if f == other and _related(f, c, part, vocabulary)
            )
        joined = joined and not told
        earlier |= told
    return kept


def _related(facet: str, left: str, right: str, vocabulary: Vocabulary) -> bool:
    return vocabulary.part_of(facet, left, right) or vocabulary.part_of(facet, right, left)


def _together(facet: str, values: set[str], vocabulary: Vocabulary) -> set[str]:
    """Fold concepts that mean another one together, and wholes whose part is said too."""
    if len(values) < 2:
        return values
    for parts, whole in vocabulary.combine.get(facet, {}).items():
        if parts <= values or (whole in values and values & parts):
            values = (values - parts) | {whole}
    return {v for v in values if not any(vocabulary.part_of(facet, other, v) for other in values)}


def _merged(facet: str, text: set[str], declared: set[str], vocabulary: Vocabulary, meant: Meant) -> set[str]:
    """Join what the text and a column say of one facet; a contradiction is kept and reported."""
    if not text or text == declared:
        return declared
    both = _together(facet, text | declared, vocabulary)
    narrower = all(
        any(t == d or vocabulary.part_of(facet, t, d) or vocabulary.part_of(facet, d, t) for t in text)
        for d in declared
    )
    if narrower:
        return both
    near = all(any(vocabulary.is_near(facet, d, t) for t in text) for d in declared)
    if near:
        return text
    meant.ambiguous.append(f"{facet}:{'|'.join(sorted(declared))}≠{'|'.join(sorted(text))}")
    return text | declared


def _imply(hits: Sequence[Hit], said: dict[str, set[str]], meant: Meant, vocabulary: Vocabulary) -> bool:
    """Fill facets nobody named from what the named concepts imply, step by step; say if nothing is left."""
    places: dict[Pair, int] = {}
    for _ in range(3):
        narrowed = _narrow(said, vocabulary)
        found = [
            (of, pair)
            for of, implied in _implied(said, vocabulary)
            for pair in implied
            if pair[0] not in said
        ]
        if not found and not narrowed:
            return True
        wanted: dict[str, dict[Pair, Pair]] = {}
        for of, pair in sorted(found):
            wanted.setdefault(pair[0], {}).setdefault(pair, of)
        places = places or {pair: n for n in range(len(hits) - 1, -1, -1) for pair in hits[n].says}
        for facet, pairs in sorted(wanted.items()):
            values = _together(facet, {concept for _, concept in pairs}, vocabulary)
            if len(values) > 1 and vocabulary.kinds.get(facet) == "one":
                continue  # two words imply different things: nothing is certain
            said[facet] = values
            for pair, source in sorted(pairs.items()):
                if source in places:
                    places.setdefault(pair, places[source])
                if pair in places and pair[1] in values:
                    _say(pair, places[pair], said, meant)
    return False


def _implied(said: Mapping[str, set[str]], vocabulary: Vocabulary) -> list[tuple[Pair, Sequence[Pair]]]:
    """Return the named concepts that imply something, and what."""
    found: list[tuple[Pair, Sequence[Pair]]] = []
    implied, beside = vocabulary.implied, vocabulary.implied_beside
    for facet, concepts in said.items():
        for concept in concepts:
            of = (facet, concept)
            if of in implied:
                found.append((of, implied[of]))
            if of in beside:
                found.append((of, _beside(beside[of], said)))
    return found


def _beside(row: Sequence[tuple[Pair, tuple[Pair, ...]]], said: Mapping[str, set[str]]) -> list[Pair]:
    """Return what a concept means beside the others that are said."""
    found = []
    for told, needed in row:
        for facet, concept in needed:
            if facet not in said or concept not in said[facet]:
                break
        else:
            found.append(told)
    return found


def _narrow(said: dict[str, set[str]], vocabulary: Vocabulary) -> bool:
    """Put in a concept's place what it means beside the others: the neck, on an angiography, its vessels."""
    rows = vocabulary.narrowed
    open_ = [(facet, c) for facet, concepts in said.items() for c in concepts if (facet, c) in rows]
    narrowed = False
    for facet, concept in sorted(open_) if open_ else ():
        meant = {c for _, c in _beside(rows[(facet, concept)], said)}
        if meant and concept in said[facet]:
            said[facet] = _together(facet, (said[facet] - {concept}) | meant, vocabulary)
            narrowed = True
    return narrowed


def _applies(facet: str, said: Mapping[str, set[str]], vocabulary: Vocabulary) -> bool:
    where = vocabulary.default_where.get(facet, {})
    if vocabulary.default_unless.get(facet, frozenset()) & said.keys():
        return False
    return all(said.get(other, set()) & concepts for other, concepts in where.items())
