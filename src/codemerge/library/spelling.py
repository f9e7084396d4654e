"""How a word is spelled: tokens with their place in the text, and two normal forms.

The first form (`fold`) is what words are compared by: Unicode NFC, casefolded, Danish and Norwegian
letters as Swedish ones. The second (`skeleton`) also forgets å ä ö and the choices between Latin and
Swedish spelling (c/k, th/t, ph/f, oe/e, y/i, x/ks, doubled letters); it is only a fallback, for words
of five letters or more.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

SHORTEST_SKELETON = 5
_TOKEN = re.compile(
    r"\+\s?/\s?-|[±<>#]"  # signs that are words
    r"|(?<=[\d#])\+(?!\s?[\d#/&])"  # the plus of ``3+ views``
    r"|(?:[^\W\d_][\u0300-\u036f]*)+(?:['’´][^\W\d_]+)*|\d+"
)
_STRONG = re.compile(r"[/+&]")
_NORDIC = str.maketrans({"ø": "ö", "æ": "ä", "œ": "o", "'": None, "’": None, "´": None})
_DOUBLED = re.compile(r"(.)\1+")
_LATIN = (("sch", "sk"), ("oe", "e"), ("ae", "e"), ("ph", "f"), ("th", "t"), ("ch", "k"), ("ck", "k"))
_LETTERS = str.maketrans(
    {"c": "k", "x": "ks", "y": "i", "z": "s", "w": "v", "q": "k"} | dict(zip("åäöéü", "aaoeu", strict=True))
)


class Token(NamedTuple):
    """One word or number of a text.

    Attributes:
        word: the folded word; ``±`` stands for ``+/-``; ``<``, ``>``, ``#`` and the
            plus of ``3+`` are words.
        start, end: characters of the original text.
        joint: what joins it to the word before: ``/``, ``+`` (also ``&``), ``""`` (nothing between,
            as in ``2VW``) or a space for everything else.
        plural: an ending that means several was taken off.
    """

    word: str
    start: int
    end: int
    joint: str
    plural: bool = False


def fold(word: str) -> str:
    """Return the word as words are compared: NFC, casefolded, ø as ö and æ as ä."""
    if word.isascii():
        return word.lower().replace("'", "")
    return unicodedata.normalize("NFC", word).casefold().translate(_NORDIC)


def skeleton(word: str) -> str:
    """Return the folded word without the choices of spelling, for the second index."""
    for old, new in _LATIN:
        if old in word:
            word = word.replace(old, new)
    word = word.translate(_LETTERS)
    if not word.isascii():
        word = unicodedata.normalize("NFD", word)
        word = word.translate({ord(c): None for c in set(word) if unicodedata.combining(c)})
    return _DOUBLED.sub(r"\1", word)


def tokens_of(text: str) -> list[Token]:
    """Cut a text into words and numbers; letters and digits part, as in ``2VW`` or ``Th12``.

    Args:
        text: any text, as the region wrote it.

    Returns:
        The tokens in order; ``text[start:end]`` is each token as written.
    """
    found: list[Token] = []
    before = 0
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        between = text[before:start]
        if not found or between == " ":
            joint = " "
        elif not between:
            joint = ""
        else:
            strong = _STRONG.search(between)
            joint = " " if strong is None else "/" if strong[0] == "/" else "+"
        piece = match[0]
        word = "±" if piece[0] == "±" or piece[-1] == "-" else fold(piece)
        if word:
            found.append(Token(word, start, end, joint))
        before = end
    return found


def strict_key(tokens: list[Token], start: int, stop: int) -> str:
    """Name a run of tokens with the slashes and pluses between them."""
    key = tokens[start].word
    for token in tokens[start + 1 : stop]:
        key += (token.joint if token.joint in {"/", "+"} else " ") + token.word
    return key


def loose_key(tokens: list[Token], start: int, stop: int) -> str:
    """Name a run of tokens by its words alone."""
    return " ".join([token.word for token in tokens[start:stop]])


def words_in(key: str) -> list[str]:
    """Return the words of a word's or phrase's key."""
    if "/" in key or "+" in key:
        key = key.replace("/", " ").replace("+", " ")
    return key.split(" ")


def start_key(first: str, second: str) -> str:
    """Name the first two words of phrases; no key of a phrase is written so."""
    return f"{first}\x1f{words_in(second)[0]}"
