"""Finds the words and phrases of a text: the longest that the vocabulary knows, left to right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from codemerge.library.compounds import Piece, Speller
from codemerge.library.spelling import Token, loose_key, strict_key, tokens_of
from codemerge.library.vocabulary import NOISE, Option, Pair, Vocabulary


@dataclass(slots=True)
class Hit:
    """A word or phrase found in a text.

    Attributes:
        key: the word or phrase as the vocabulary writes it.
        start, end: characters of the text.
        says: what it means; empty while it is ambiguous or when it is unknown.
        options: its readings, for an ambiguous word.
        joint: what joins it to the hit before.
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
    """A text cut into hits, before ambiguous ones are settled."""

    norm: str
    hits: list[Hit] = field(default_factory=list)
    corrected: list[str] = field(default_factory=list)


def find_phrases(text: str, vocabulary: Vocabulary, speller: Speller) -> Phrases:
    """Cut a text into the longest known phrases, compounds split and words respelled.

    Args:
        text: a name as a region wrote it.
        vocabulary: words and phrases.
        speller: reads words that stand in no list.

    Returns:
        The hits in order, each with its characters; unknown words are hits of their own.
    """
    written = tokens_of(text)
    found = Phrases(strict_key(written, 0, len(written)) if written else "")
    tokens = list(_known_tokens(written, speller, found.corrected))
    index = 0
    while index < len(tokens):
        hit, used = _longest(tokens, index, vocabulary)
        parts = [] if hit.known else list(_parts(tokens[index], speller))
        if parts:  # known in longer phrases only: its parts may still speak
            tokens[index : index + 1] = parts
            continue
        found.hits.append(hit)
        index += used
    return found


def _known_tokens(written: Iterable[Token], speller: Speller, corrected: list[str]) -> Iterable[Token]:
    for token in written:
        if token.word in speller.exact:
            yield token
            continue
        resolved = speller.read(token.word)
        if resolved.corrected:
            corrected.append(f"{token.word}→{resolved.corrected}")
        if len(resolved.pieces) == 1:
            piece = resolved.pieces[0]
            yield token._replace(word=piece.word, plural=piece.plural)
        else:
            yield from _placed(token, resolved.pieces)


def _parts(token: Token, speller: Speller) -> Iterable[Token]:
    return _placed(token, speller.split(token.word)) if token.word in speller.exact else ()


def _placed(token: Token, pieces: Iterable[Piece]) -> Iterable[Token]:
    """Give the pieces of a compound their places in the text."""
    length = token.end - token.start
    for number, piece in enumerate(pieces):
        yield Token(
            piece.word,
            token.start + min(piece.start, length - 1),
            token.start + min(piece.end, length),
            token.joint if number == 0 else " ",
            piece.plural,
        )


def _longest(tokens: list[Token], index: int, vocabulary: Vocabulary) -> tuple[Hit, int]:
    first = tokens[index]
    reach = vocabulary.longest.get(first.word, 0)
    if first.word.isdigit():
        reach = max(reach, vocabulary.longest.get("#", 0))
    for size in range(min(reach, len(tokens) - index), 1, -1):
        hit = _look_up(tokens, index, index + size, vocabulary)
        if hit is not None:
            return hit, size
    if reach and not _is_glued_letter(tokens, index):
        hit = _look_up(tokens, index, index + 1, vocabulary)
        if hit is not None:
            return hit, 1
    known = first.word.isdigit() or len(first.word) == 1
    return Hit(first.word, first.start, first.end, first.joint, known=known), 1


def _is_glued_letter(tokens: list[Token], index: int) -> bool:
    """Tell whether a single letter is part of something like ``L6``, and no word of its own."""
    if len(tokens[index].word) != 1 or tokens[index].word.isdigit():
        return False
    glued_after = index + 1 < len(tokens) and tokens[index + 1].joint == ""
    return glued_after or (tokens[index].joint == "" and index > 0)


def _look_up(tokens: list[Token], start: int, stop: int, vocabulary: Vocabulary) -> Hit | None:
    strict = strict_key(tokens, start, stop)
    loose = loose_key(tokens, start, stop)
    keys = (strict,) if strict == loose else (strict, loose)
    for key in keys:
        hit = _hit(key, tokens, start, stop, vocabulary, ())
        if hit is not None:
            return hit
    if any(token.word.isdigit() for token in tokens[start:stop]):
        digits = [token.word for token in tokens[start:stop] if token.word.isdigit()]
        masked = [t._replace(word="#") if t.word.isdigit() else t for t in tokens[start:stop]]
        for key in (strict_key(masked, 0, len(masked)), loose_key(masked, 0, len(masked))):
            hit = _hit(key, tokens, start, stop, vocabulary, digits)
            if hit is not None:
                return hit
    return None


def _hit(
    key: str,
    tokens: list[Token],
    start: int,
    stop: int,
    vocabulary: Vocabulary,
    digits: Iterable[str],
) -> Hit | None:
    meaning = vocabulary.phrases.get(key)
    options = () if meaning is not None else vocabulary.options.get(key, ())
    if meaning is None and key not in vocabulary.options:
        return None
    hit = Hit(key, tokens[start].start, tokens[stop - 1].end, tokens[start].joint, options=options)
    hit.plural = any(token.plural for token in tokens[start:stop])
    if meaning is not None:
        hit.says, hit.languages = meaning.says, meaning.languages
    if digits:
        hit.says = tuple((facet, _numbered(concept, digits)) for facet, concept in hit.says)
        hit.options = tuple(
            Option(tuple((f, _numbered(c, digits)) for f, c in o.says), o.when) for o in hit.options
        )
    return hit


def _numbered(concept: str, digits: Iterable[str]) -> str:
    """Put a text's numbers in a pattern concept: ``#-#`` in ``2-3 views`` is ``2-3``."""
    for digit in digits:
        concept = concept.replace("#", str(int(digit)) if digit.isdecimal() else digit, 1)
    return concept
