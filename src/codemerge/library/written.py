"""Cuts texts into words as the vocabulary spells them; each piece between two spaces is cut only once.

A catalog of ten thousand names is written with some hundred words: what a piece holds doesn't depend
on the pieces around it, but for the slash or plus that joins them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from codemerge.library.compounds import Piece, Speller
from codemerge.library.spelling import Token, strict_key, tokens_of
from codemerge.library.vocabulary import Vocabulary

_STRONG = str.maketrans({"&": "+"})


class Written(NamedTuple):
    """The words of one text.

    Attributes:
        norm: the words as they are written, with the slashes and pluses between them.
        tokens: the words as the vocabulary spells them, compounds split.
        offsets: for each token, what its places are counted from.
        corrected: guesses, ``written→known``.
    """

    norm: str
    tokens: list[Token]
    offsets: list[int]
    corrected: list[str]


class _Cut(NamedTuple):
    """A piece without spaces; ``before`` and ``after`` is the sign that joins it to its neighbours."""

    norm: str
    tokens: tuple[Token, ...]
    corrected: tuple[str, ...]
    before: str
    after: str


class Cutter:
    """Cuts texts by one vocabulary; remembers pieces."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Keep the vocabulary's speller."""
        self._speller = Speller(vocabulary)
        self._cuts: dict[str, _Cut] = {}
        self._parts: dict[str, tuple[Piece, ...]] = {}

    def cut(self, text: str) -> Written:
        """Return the words of a text."""
        if "+" in text:  # the one sign that reaches over a space: ``+ / -``
            whole = self._cut(text)
            return Written(whole.norm, list(whole.tokens), [0] * len(whole.tokens), list(whole.corrected))
        norm, sign, offset = "", "", 0
        tokens: list[Token] = []
        offsets: list[int] = []
        corrected: list[str] = []
        for text_piece in text.split(" "):
            if text_piece:
                piece = self._cuts.get(text_piece)
                if piece is None:
                    piece = self._cuts[text_piece] = self._cut(text_piece)
                written, own, guesses, before, after = piece
                sign = sign or before
                if own:
                    if not tokens:
                        norm = written
                    elif sign:
                        norm += sign + written
                        own = (own[0]._replace(joint=sign), *own[1:])
                    else:
                        norm += " " + written
                    tokens += own
                    offsets += (offset,) * len(own)
                    sign = after
                    if guesses:
                        corrected += guesses
            offset += len(text_piece) + 1
        return Written(norm, tokens, offsets, corrected)

    def parts(self, token: Token) -> list[Token]:
        """Return the words of a compound that stands in a list itself; nothing when it is none."""
        if token.word not in self._speller.exact:
            return []
        found = self._parts.get(token.word)
        if found is None:
            found = self._parts[token.word] = self._speller.split(token.word)
        return list(_placed(token, found))

    def _cut(self, text: str) -> _Cut:
        written = tokens_of(text)
        if not written:
            return _Cut("", (), (), _sign(text), "")
        corrected: list[str] = []
        tokens = tuple(self._spelled(written, corrected))
        before, after = _sign(text[: written[0].start]), _sign(text[written[-1].end :])
        return _Cut(strict_key(written, 0, len(written)), tokens, tuple(corrected), before, after)

    def _spelled(self, written: Iterable[Token], corrected: list[str]) -> Iterable[Token]:
        for token in written:
            if token.word in self._speller.exact:
                yield token
                continue
            resolved = self._speller.read(token.word)
            if resolved.corrected:
                corrected.append(f"{token.word}→{resolved.corrected}")
            if len(resolved.pieces) == 1:
                piece = resolved.pieces[0]
                yield token._replace(word=piece.word, plural=piece.plural)
            else:
                yield from _placed(token, resolved.pieces)


def _sign(between: str) -> str:
    """Return the first sign that joins words more closely than a space does."""
    return next((sign.translate(_STRONG) for sign in between if sign in "/+&"), "")


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
