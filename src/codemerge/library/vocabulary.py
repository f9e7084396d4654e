"""What the words mean, compiled once from the rules: a frozen lookup for parser and matcher."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Pair = tuple[str, str]  # facet, concept
NOISE = "noise"  # words that say nothing: dropped
KNOWN = "known"  # words that mean something no facet holds: kept among the words, in one spelling


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word or phrase says, all of it at once (``MRCP``: modality, body part and technique).

    Attributes:
        says: facet and concept, sorted; facets ``noise`` and ``known`` are no facets of a name.
        languages: languages of the rows it stands in.
    """

    says: tuple[Pair, ...]
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Option:
    """One way to read an ambiguous word, and when (all conditions must hold)."""

    says: tuple[Pair, ...]
    when: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """An inflection: ``handlederna`` less ``erna`` is ``handled``; plural ones tell of several."""

    ending: str
    instead: str
    plural: bool


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every word, phrase and concept of the rules.

    Attributes:
        facets: facet ids in the order of ``facets.toml``.
        kinds: facet → one, set or hierarchy.
        phrases: key of a word or phrase (see `codemerge.library.spelling`) → what it says.
        options: key of an ambiguous word or phrase → its readings, first that holds wins.
        columns: (facet, key) → concepts a word means only inside a column declared to be that facet.
        longest: first token, or first two (`spelling.start_key`) → number of tokens of the longest
            phrase that starts so.
        tokens: every token of every phrase; what else is spelled so is known.
        spellings: abbreviation or variant → the word it stands for in any phrase (``jnt``: ``joint``).
        skeletons: skeleton of a token → the token.
        tails, heads: words that may end a compound, or start one although they are no known word.
        never_heads: words that never start a compound.
        endings: inflections, longest first.
        lookalikes: word → words it must never be corrected to.
        correctable: words long enough to be the target of a correction.
        ancestors: (facet, concept) → everything it is part of.
        implied: (facet, concept) → what it means for facets nobody named.
        implied_beside: (facet, concept) → what it means for facets nobody named where other concepts are
            said too, each with those it needs.
        narrowed: (facet, concept) → what stands in its place where others are said too, likewise.
        traits: (facet, concept) → ``paired``, ``counted``.
        titles: (facet, concept) → Swedish and English name.
        near: facet → concept → concepts that go to review rather than being ruled out.
        combine: facet → concepts that together mean another one.
        presumed: facet → facet → concept meant where the first is said and the second isn't.
        default_unless: facet → facets that keep a declared default out.
        default_where: facet → facet → concepts where a declared default fills in.
    """

    facets: tuple[str, ...]
    kinds: Mapping[str, str]
    phrases: Mapping[str, Meaning]
    options: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)
    columns: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    longest: Mapping[str, int] = field(default_factory=dict)
    tokens: frozenset[str] = frozenset()
    spellings: Mapping[str, str] = field(default_factory=dict)
    skeletons: Mapping[str, str] = field(default_factory=dict)
    tails: frozenset[str] = frozenset()
    heads: frozenset[str] = frozenset()
    never_heads: frozenset[str] = frozenset()
    endings: tuple[Ending, ...] = ()
    lookalikes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    correctable: tuple[str, ...] = ()
    ancestors: Mapping[Pair, frozenset[str]] = field(default_factory=dict)
    implied: Mapping[Pair, tuple[Pair, ...]] = field(default_factory=dict)
    implied_beside: Mapping[Pair, tuple[tuple[Pair, tuple[Pair, ...]], ...]] = field(default_factory=dict)
    narrowed: Mapping[Pair, tuple[tuple[Pair, tuple[Pair, ...]], ...]] = field(default_factory=dict)
    traits: Mapping[Pair, frozenset[str]] = field(default_factory=dict)
    titles: Mapping[Pair, Pair] = field(default_factory=dict)
    near: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    combine: Mapping[str, Mapping[frozenset[str], str]] = field(default_factory=dict)
    presumed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    default_unless: Mapping[str, frozenset[str]] = field(default_factory=dict)
    default_where: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)

    def part_of(self, facet: str, part: str, whole: str) -> bool:
        """Tell whether a concept is a true part of (narrower than) another."""
        return whole in self.ancestors.get((facet, part), frozenset())

    def is_near(self, facet: str, left: str, right: str) -> bool:
        """Tell whether two differing concepts are of one family: review, not veto."""
        return right in self.near.get(facet, {}).get(left, frozenset())

    def title(self, facet: str, concept: str, language: str) -> str:
        """Return the concept's name for people; the concept itself where none is written."""
        named = self.titles.get((facet, concept))
        return concept if named is None else named[1 if language == "en" else 0] or concept

    def words_of(self, facet: str, concept: str) -> list[str]:
        """Return every word or phrase that says a concept, sorted."""
        return sorted(key for key, meaning in self.phrases.items() if (facet, concept) in meaning.says)
