"""Finds the words and phrases of a text: the longest that the vocabulary knows, left to right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from codemerge.library.spelling import Token, loose_key, start_key, strict_key
from codemerge.library.vocabulary import NOISE, Option, Pair, Vocabulary
from codemerge.library.written import Cutter


@dataclass(slots=True)
class Hit:
    """A word or phrase found in a text.

    Attributes:
        key: the word or phrase as the vocabulary writes it.
        start, end: characters of the text.
        joint: what joins it to the hit before.
        says: what it means; empty while it is ambiguous or when it is unknown.
        languages: languages of the rows it stands in.
        options: its readings, for an ambiguous word.
        plural: it was written in the plural.
        known: the vocabulary knows it.
    """

    key: str
    start: int
    end: int
    joint: str
    says: tuple[Pair, ...] = ()
    languages: frozenset[str] = frozenset()
    options: tuple[Option, ...] = ()
    plural: bool = False
    known: bool = True

    @property
    def is_noise(self) -> bool:
        """The hit says nothing of the examination."""
        says = self.says
        if len(says) == 1:  # nearly always; the parser asks this of every word
            return says[0][0] == NOISE
        return bool(says) and all(facet == NOISE for facet, _ in says)


@dataclass(slots=True)
class Phrases:
    """A text cut into hits, before ambiguous ones are settled.

    Attributes:
        norm: the words as they are written.
        hits: words and phrases in order.
        corrected: guesses, ``written→known``.
        doubtful: the hits that are ambiguous; most names hold none.
    """

    norm: str
    hits: list[Hit]
    corrected: list[str]
    doubtful: list[Hit]

    @property
    def is_settled(self) -> bool:
        """No ambiguous word is left without a meaning."""
        return not self.doubtful or all(hit.says for hit in self.doubtful)


class _Term(NamedTuple):
    """A word or phrase wherever it stands."""

    key: str
    says: tuple[Pair, ...]
    languages: frozenset[str]
    options: tuple[Option, ...]
    known: bool


class Finder:
    """Cuts texts into phrases by one vocabulary; remembers pieces, words and runs of words."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Keep the vocabulary; what is remembered begins empty."""
        self._vocabulary = vocabulary
        self._cutter = Cutter(vocabulary)
        self._words: dict[str, _Term | None] = {}
        # Words that mean something by themselves, with a next word that no phrase goes on to: nearly all.
        self._alone: dict[tuple[str, str], _Term] = {}
        self._runs: dict[tuple[tuple[str, str], ...], _Term | None] = {}
        self._reaches: dict[tuple[str, str], int] = {}

    def find(self, text: str) -> Phrases:
        """Cut a text into the longest known phrases, compounds split and words respelled.

        Args:
            text: a name as a region wrote it.

        Returns:
            The hits in order, each with its characters; unknown words are hits of their own.
        """
        norm, tokens, offsets, corrected = self._cutter.cut(text)
        hits: list[Hit] = []
        doubtful: list[Hit] = []
        found = Phrases(norm, hits, corrected, doubtful)
        index = 0
        alone = self._alone
        count = len(tokens)
        while index < count:
            first = last = tokens[index]
            word, begins, ends, joint, plural = first
            term = alone.get((word, tokens[index + 1].word if index + 1 < count else ""))
            if term is not None:
                key, says, languages, options, _ = term
                at = offsets[index]
                hit = Hit(key, at + begins, at + ends, joint, says, languages, options, plural)
                hits.append(hit)
                if options:
                    doubtful.append(hit)
                index += 1
                continue
            term, used = self._longest(tokens, index)
            if not term.known:
                parts = self._cutter.parts(first)
                if parts:  # known in longer phrases only: its parts may still speak
                    tokens[index : index + 1] = parts
                    offsets[index : index + 1] = [offsets[index]] * len(parts)
                    count = len(tokens)
                    continue
            if used > 1:
                last = tokens[index + used - 1]
                plural = any(token.plural for token in tokens[index : index + used])
            start, end = offsets[index] + begins, offsets[index + used - 1] + last.end
            hit = Hit(
                term.key, start, end, joint, term.says, term.languages, term.options, plural, term.known
            )
            hits.append(hit)
            if hit.options:
                doubtful.append(hit)
            index += used
        return found

    def _longest(self, tokens: list[Token], index: int) -> tuple[_Term, int]:
        word = tokens[index].word
        reach = 0
        after = tokens[index + 1].word if index + 1 < len(tokens) else ""
        if after and (self._vocabulary.longest.get(word, 0) > 1 or word.isdigit()):
            known = self._reaches.get((word, after))
            reach = self._reach(word, after) if known is None else known
            self._reaches[(word, after)] = reach
            for size in range(min(reach, len(tokens) - index), 1, -1):
                run = self._run(tokens[index : index + size])
                if run is not None:
                    return run, size
        if len(word) > 1 or not _is_glued_letter(tokens, index):
            try:
                term = self._words[word]
            except KeyError:
                term = self._words[word] = self._word(tokens[index])
            if term is not None:
                if reach <= 1 and len(word) > 1:
                    self._alone[(word, after)] = term
                return term, 1
        return _Term(word, (), frozenset(), (), known=word.isdigit() or len(word) == 1), 1

    def _reach(self, first: str, second: str) -> int:
        """Return how long a phrase may be that starts with two words, numbers as such or as any number."""
        starts = [(first, second)]
        if first.isdigit() or second.isdigit():
            starts.append(("#" if first.isdigit() else first, "#" if second.isdigit() else second))
        longest = self._vocabulary.longest
        return max(longest.get(start_key(*start), 0) for start in starts)

    def _word(self, token: Token) -> _Term | None:
        longest = self._vocabulary.longest
        there = token.word in longest or (token.word.isdigit() and "#" in longest)
        return _look_up([token], self._vocabulary) if there else None

    def _run(self, tokens: list[Token]) -> _Term | None:
        key = tuple([(token.word, token.joint) for token in tokens])
        try:
            return self._runs[key]
        except KeyError:
            found = self._runs[key] = _look_up(tokens, self._vocabulary)
            return found


def _is_glued_letter(tokens: list[Token], index: int) -> bool:
    """Tell whether a single letter is part of something like ``L6``, and no word of its own."""
    if len(tokens[index].word) != 1 or tokens[index].word.isdigit():
        return False
    glued_after = index + 1 < len(tokens) and tokens[index + 1].joint == ""
    return glued_after or (tokens[index].joint == "" and index > 0)


def _look_up(tokens: list[Token], vocabulary: Vocabulary) -> _Term | None:
    for key in (strict_key(tokens, 0, len(tokens)), loose_key(tokens, 0, len(tokens))):
        found = _term(key, vocabulary, ())
        if found is not None:
            return found
    digits = [token.word for token in tokens if token.word.isdigit()]
    if digits:
        masked = [t._replace(word="#") if t.word.isdigit() else t for t in tokens]
        for key in (strict_key(masked, 0, len(masked)), loose_key(masked, 0, len(masked))):
            found = _term(key, vocabulary, digits)
            if found is not None:
                return found
    return None


def _term(key: str, vocabulary: Vocabulary, digits: Iterable[str]) -> _Term | None:
    meaning = vocabulary.phrases.get(key)
    if meaning is None and key not in vocabulary.options:
        return None
    options = () if meaning is not None else vocabulary.options[key]
    says, languages = ((), frozenset[str]()) if meaning is None else (meaning.says, meaning.languages)
    if digits:
        says = tuple((facet, _numbered(concept, digits)) for facet, concept in says)
        options = tuple(Option(tuple((f, _numbered(c, digits)) for f, c in o.says), o.when) for o in options)
    return _Term(key, says, languages, options, known=True)


def _numbered(concept: str, digits: Iterable[str]) -> str:
    """Put a text's numbers in a pattern concept: ``#-#`` in ``2-3 views`` is ``2-3``."""
    for digit in digits:
        concept = concept.replace("#", str(int(digit)) if digit.isdecimal() else digit, 1)
    return concept
