"""How one written word becomes known words: spelling, inflection, compounds, abbreviation, typo.

Tried in that order and only for words that stand in no list; what is merely probable (a typo, a word
without its vowels, a truncated word) is reported, and never done towards a side or a look-alike.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from codemerge.library.spelling import SHORTEST_SKELETON, skeleton
from codemerge.library.vocabulary import Vocabulary

SHORTEST_HEAD = 3
SHORTEST_STEM = 4
SHORTEST_GUESS = 5  # letters of a truncated or vowelless word
SHORTEST_TYPO = 6
_VOWELS = set("aeiouyåäö")
_NEVER_GUESSED = {"laterality", "number"}


class Piece(NamedTuple):
    """A known word inside a written one: which letters it comes from."""

    word: str
    start: int
    end: int
    plural: bool = False


class Resolved(NamedTuple):
    """What a written word was read as.

    Attributes:
        pieces: known words in order; one piece holding the word itself when it is unknown.
        known: the vocabulary knows it.
        corrected: the known word it was guessed to be; empty when nothing was guessed.
    """

    pieces: tuple[Piece, ...]
    known: bool
    corrected: str = ""


class Speller:
    """Reads written words by one vocabulary; remembers what it has read."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Keep the vocabulary; its indices for guesses are made when first needed."""
        self._vocabulary = vocabulary
        self.exact = vocabulary.tokens - vocabulary.spellings.keys()
        self._seen: dict[str, Resolved] = {}
        self._tails = sorted(vocabulary.tails, key=lambda tail: (-len(tail), tail))
        self._heads = sorted(vocabulary.heads, key=lambda head: (-len(head), head))
        self._consonants: dict[str, str] = {}
        self._near: dict[tuple[str, int], list[str]] = {}

    def read(self, word: str) -> Resolved:
        """Return what a folded word is read as."""
        found = self._seen.get(word)
        if found is None:
            found = self._seen[word] = self._read(word)
        return found

    def split(self, word: str) -> tuple[Piece, ...]:
        """Return the known words a compound is made of; nothing when it is none."""
        return self._compound(word, 2)

    def _read(self, word: str) -> Resolved:
        spelled = self._vocabulary.spellings.get(word)
        if spelled is not None:
            return Resolved((Piece(spelled, 0, len(word), plural=word == spelled + "s"),), known=True)
        whole = (Piece(word, 0, len(word)),)
        if word in self._vocabulary.tokens:
            return Resolved(whole, known=True)
        if len(word) == 1 or word.isdigit():
            return Resolved(whole, known=False)
        piece = self._spelled_or_inflected(word, len(word))
        pieces = (piece,) if piece is not None else self._compound(word, 2)
        return Resolved(pieces, known=True) if pieces else self._guessed(word)

    def _guessed(self, word: str) -> Resolved:
        guess = self._typo(word) or self._without_vowels(word) or self._truncated(word)
        if not guess:
            return Resolved((Piece(word, 0, len(word)),), known=False)
        spelled = self._vocabulary.spellings.get(guess, guess)
        return Resolved((Piece(spelled, 0, len(word)),), known=True, corrected=guess)

    def _spelled_or_inflected(self, word: str, end: int) -> Piece | None:
        known = self._spelled(word)
        if known:
            return Piece(known, 0, end)
        for rule in self._vocabulary.endings:
            if word.endswith(rule.ending) and len(word) - len(rule.ending) >= SHORTEST_STEM:
                stem = word[: len(word) - len(rule.ending)] + rule.instead
                known = stem if stem in self._vocabulary.phrases else self._spelled(stem)
                if known and known in self._vocabulary.phrases:
                    return Piece(known, 0, end, rule.plural)
        return None

    def _spelled(self, word: str) -> str | None:
        if len(word) < SHORTEST_SKELETON:
            return None
        return self._vocabulary.skeletons.get(skeleton(word))

    def _compound(self, word: str, depth: int) -> tuple[Piece, ...]:
        for tail in self._tails:
            cut = len(word) - len(tail)
            if cut >= SHORTEST_HEAD - 1 and word.endswith(tail):
                head = self._head(word[:cut], depth)
                if head:
                    spelled = self._vocabulary.spellings.get(tail, tail)
                    return (*head, Piece(spelled, cut, len(word)))
        for start in self._heads:
            rest = word[len(start) :]
            if len(rest) >= SHORTEST_HEAD and word.startswith(start):
                piece = self._known_word(rest)
                if piece is not None:
                    shifted = Piece(piece.word, len(start), len(word), piece.plural)
                    spelled = self._vocabulary.spellings.get(start, start)
                    return (Piece(spelled, 0, len(start)), shifted)
        return ()

    def _head(self, written: str, depth: int) -> tuple[Piece, ...]:
        """Return the known words of a compound's first part: as it is, less *s*, or with a vowel."""
        joined = [written[:-1]] if written.endswith("s") else []  # first: ``hands-`` is no plural
        tries = [*joined, written, written + "a", written + "e", written[:-1] + "a"]
        for candidate in tries:
            piece = self._known_word(candidate)
            if piece is not None and piece.word not in self._vocabulary.never_heads:
                return (Piece(piece.word, 0, len(written)),)
        if depth > 1 and len(written) > 2 * SHORTEST_HEAD:
            for candidate in [*joined, written]:
                pieces = self._compound(candidate, depth - 1)
                if pieces:
                    return pieces
        return ()

    def _known_word(self, word: str) -> Piece | None:
        if word in self._vocabulary.heads or word in self._vocabulary.spellings:
            return Piece(self._vocabulary.spellings.get(word, word), 0, len(word))
        if len(word) < SHORTEST_HEAD:
            return None
        if word in self._vocabulary.phrases or word in self._vocabulary.options:
            return Piece(word, 0, len(word))
        piece = self._spelled_or_inflected(word, len(word))
        return piece if piece is not None and piece.word in self._vocabulary.phrases else None

    def _typo(self, word: str) -> str | None:
        if len(word) < SHORTEST_TYPO:
            return None
        if not self._near:
            for known in self._vocabulary.correctable:
                self._near.setdefault((known[0], len(known)), []).append(known)
        near: list[str] = []
        for length in (len(word) - 1, len(word), len(word) + 1):  # the first letter is hardly ever wrong
            choices = self._near.get((word[0], length), [])
            near += [
                found[0] for found in extract(word, choices, scorer=OSA.distance, score_cutoff=1, limit=None)
            ]
        return self._only_meaning(word, near)

    def _without_vowels(self, word: str) -> str | None:
        if len(word) < SHORTEST_GUESS:
            return None
        if not self._consonants:
            for known in self._vocabulary.correctable:
                form = _consonants(known)
                other = self._consonants.get(form, known)
                same = bool(other) and self._says(other) == self._says(known)
                self._consonants[form] = other if same else ""
        longer = self._consonants.get(_consonants(word))
        if not longer or len(longer) <= len(word) or not _is_inside(word, longer):
            return None
        return self._only_meaning(word, [longer])

    def _truncated(self, word: str) -> str | None:
        if len(word) < SHORTEST_GUESS:
            return None
        words = self._vocabulary.correctable
        index = bisect_left(words, word)
        longer = []
        while index < len(words) and words[index].startswith(word):
            longer.append(words[index])
            index += 1
        return self._only_meaning(word, longer)

    def _only_meaning(self, word: str, candidates: list[str]) -> str | None:
        """Return the first candidate if all mean the same and none is dangerous to guess."""
        if not candidates or len({self._says(candidate) for candidate in candidates}) != 1:
            return None
        chosen = min(candidates, key=lambda candidate: (len(candidate), candidate))
        if any(facet in _NEVER_GUESSED for facet, _ in self._says(chosen)):
            return None
        alike = self._vocabulary.lookalikes.get(chosen, frozenset())
        if any(OSA.distance(word, other) <= 2 for other in alike):
            return None
        return chosen

    def _says(self, word: str) -> tuple[tuple[str, str], ...]:
        return self._vocabulary.phrases[self._vocabulary.spellings.get(word, word)].says


def _consonants(word: str) -> str:
    return word[0] + "".join(letter for letter in word[1:] if letter not in _VOWELS)


def _is_inside(short: str, long: str) -> bool:
    letters = iter(long)
    return all(letter in letters for letter in short)
