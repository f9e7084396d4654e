"""What the words of a name say together: one reading from its hits, columns and defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from codemerge.library.phrases import Hit
from codemerge.library.vocabulary import KNOWN, NOISE, Pair, Vocabulary

AND = (NOISE, "and")
PLURAL = ("number", "plural")
COUNTED = "counted"  # a plural of it tells that both sides, or several, are meant


@dataclass(slots=True)
class Reading:
    """What one name says.

    Attributes:
        facets: facet → sorted concepts; only facets something is said of.
        spans: start, end, word, facet and concept of everything said in the text, in its order.
    """

    facets: dict[str, list[str]] = field(default_factory=dict)
    spans: list[dict[str, Any]] = field(default_factory=list)
    text_norm: str = ""
    words: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    ambiguous: list[str] = field(default_factory=list)
    corrected: list[str] = field(default_factory=list)


def facets_of(
    hits: list[Hit],
    declared: Mapping[str, frozenset[str]],
    defaults: Mapping[str, str],
    vocabulary: Vocabulary,
) -> Reading:
    """Combine what settled hits, declared columns and a region's defaults say.

    Args:
        hits: the text's words, ambiguous ones settled.
        declared: facet → concepts of the record's own columns.
        defaults: facet → concept, filled in only where nothing was said.
        vocabulary: parts, implications and combinations of concepts.

    Returns:
        The facets, the spans and, in ``ambiguous``, contradictions between text and columns.
    """
    reading = Reading()
    said: dict[str, set[str]] = {}
    for hit in hits:
        for pair in hit.says:
            _say(pair, hit, said, reading)
        if hit.plural and any(COUNTED in vocabulary.traits.get(pair, ()) for pair in hit.says):
            _say(PLURAL, hit, said, reading)
    several = any(len(values) > 1 for values in said.values())
    kept = _joined_wholes(hits, vocabulary) if several else set()
    for facet, values in said.items():
        said[facet] = _together(facet, values, vocabulary) if facet not in kept else values
    for facet, concepts in declared.items():
        said[facet] = _merged(facet, said.get(facet, set()), set(concepts), vocabulary, reading)
    _imply(hits, said, reading, vocabulary)
    for facet in sorted(said):
        for other, concept in vocabulary.presumed.get(facet, {}).items():
            said.setdefault(other, {concept})
    for facet, concept in defaults.items():
        if facet not in said and _applies(facet, said, vocabulary):
            said[facet] = {concept}
    _narrowed(said, vocabulary)
    reading.facets = {facet: sorted(values) for facet, values in said.items() if values}
    reading.spans.sort(key=lambda span: (span["start"], span["end"], span["facet"], span["concept"]))
    return reading


def _say(pair: Pair, hit: Hit, said: dict[str, set[str]], reading: Reading) -> None:
    facet, concept = pair
    if facet in {NOISE, KNOWN}:
        return
    said.setdefault(facet, set()).add(concept)
    reading.spans.append(
        {"start": hit.start, "end": hit.end, "word": hit.key, "facet": facet, "concept": concept}
    )


def _joined_wholes(hits: list[Hit], vocabulary: Vocabulary) -> set[str]:
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


def _merged(
    facet: str, text: set[str], declared: set[str], vocabulary: Vocabulary, reading: Reading
) -> set[str]:
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
    reading.ambiguous.append(f"{facet}:{'|'.join(sorted(declared))}≠{'|'.join(sorted(text))}")
    return text | declared


def _imply(hits: list[Hit], said: dict[str, set[str]], reading: Reading, vocabulary: Vocabulary) -> None:
    """Fill facets nobody named from what the named concepts imply, step by step."""
    places: dict[Pair, Hit] = {}
    for _ in range(3):
        narrowed = _narrowed(said, vocabulary)
        wanted: dict[str, dict[Pair, Pair]] = {}
        for of in sorted((facet, concept) for facet, concepts in said.items() for concept in concepts):
            implied = vocabulary.implied.get(of, ())
            if of in vocabulary.implied_beside:
                implied += _beside(of, said, vocabulary)
            for pair in implied:
                if pair[0] not in said:
                    wanted.setdefault(pair[0], {}).setdefault(pair, of)
        if not wanted and not narrowed:
            return
        places = places or {pair: hit for hit in reversed(hits) for pair in hit.says}
        for facet, pairs in sorted(wanted.items()):
            values = _together(facet, {concept for _, concept in pairs}, vocabulary)
            if len(values) > 1 and vocabulary.kinds.get(facet) == "one":
                continue  # two words imply different things: nothing is certain
            said[facet] = values
            for pair, source in sorted(pairs.items()):
                if source in places:
                    places.setdefault(pair, places[source])
                if pair in places and pair[1] in values:
                    _say(pair, places[pair], said, reading)


def _beside(of: Pair, said: Mapping[str, set[str]], vocabulary: Vocabulary) -> tuple[Pair, ...]:
    """Return what a concept means beside the others that are said."""
    return tuple(
        told
        for told, needed in vocabulary.implied_beside[of]
        if all(concept in said.get(facet, ()) for facet, concept in needed)
    )


def _narrowed(said: dict[str, set[str]], vocabulary: Vocabulary) -> bool:
    """Put in a concept's place what it means beside the others: the neck, on an angiography, its vessels."""
    beside = vocabulary.implied_beside
    open_ = [(facet, c) for facet, concepts in said.items() for c in concepts if (facet, c) in beside]
    narrowed = False
    for facet, concept in sorted(open_) if open_ else ():
        meant = {c for f, c in _beside((facet, concept), said, vocabulary) if f == facet}
        if meant and concept in said[facet]:
            said[facet] = _together(facet, (said[facet] - {concept}) | meant, vocabulary)
            narrowed = True
    return narrowed


def _applies(facet: str, said: Mapping[str, set[str]], vocabulary: Vocabulary) -> bool:
    where = vocabulary.default_where.get(facet, {})
    if vocabulary.default_unless.get(facet, frozenset()) & said.keys():
        return False
    return all(said.get(other, set()) & concepts for other, concepts in where.items())
