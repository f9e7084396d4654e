"""Personal data: masked, found where it shouldn't be, kept out of logs, pseudonymised with a key.

A personnummer is ten or twelve digits: a date (day + 60: samordningsnummer), three digits and a
Luhn check digit over the last ten (Skatteverket, SKV 704 and 707). What is found is never shown:
callers report the place.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
from collections.abc import Iterable

import polars as pl

_DOT = "•"
PERSON = _DOT * 5  # stands where a personnummer was taken out of a text; no mask of a whole value is so long
_SIGNS = "-+\u2010-\u2015\u2212"  # hyphens and dashes, as word processors turn them
_BLANKS = r"[ \u00a0\u202f]"
_BETWEEN = rf"(?:{_BLANKS}?[{_SIGNS}]{_BLANKS}?|{_BLANKS})?"
# With and without century; the long way, 1981-12-18-9876, only with it.
_SHAPE = rf"(?:\d{{6}}(?:\d{{2}})?|\d{{4}}-\d\d-\d\d){_BETWEEN}\d{{4}}"
# The same for polars, which can't look around; a month that can't be (organisation numbers) is no suspect.
_SUSPECT = rf"(?:^|\D)(?:\d{{2}})?\d{{2}}-?[\d&&[^2-9]]\d-?\d{{2}}{_BETWEEN}\d{{4}}(?:\D|$)"
_PERSON = re.compile(rf"(?<!\d){_SHAPE}(?!\d)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HSA = re.compile(r"\bSE\d{10}-\w+", re.IGNORECASE)
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_COORDINATION = 60  # a samordningsnummer adds it to the day


def mask(text: str | None) -> str:
    """Return what may be shown of a sensitive value: nothing, but whether it is short or long."""
    if not text:
        return ""
    return _DOT * (2 if len(text) <= 6 else 3 if len(text) <= 13 else 4)


def mask_column(values: pl.Expr) -> pl.Expr:
    """Return `mask` of a text column, as an expression; null stays null."""
    length = values.str.len_chars()
    return (
        pl.when(values.is_null())
        .then(values)
        .when(length == 0)
        .then(pl.lit(""))
        .when(length <= 6)
        .then(pl.lit(_DOT * 2))
        .when(length <= 13)
        .then(pl.lit(_DOT * 3))
        .otherwise(pl.lit(_DOT * 4))
    )


def is_personnummer(text: str) -> bool:
    """Say whether a text is a possible personnummer or samordningsnummer: date and check digit hold."""
    digits = _plain(re.sub(rf"[{_SIGNS}]|{_BLANKS}", "", text))
    if not re.fullmatch(r"\d{10}|\d{12}", digits) or digits[-10:] == "0" * 10:
        return False
    if len(digits) == 12 and not "18" <= digits[:2] <= "20":
        return False
    ten = digits[-10:]
    month, day = int(ten[2:4]), int(ten[4:6])
    day -= _COORDINATION if day > _COORDINATION else 0
    if not (1 <= month <= 12 and 1 <= day <= _MONTH_DAYS[month - 1]):
        return False
    doubled = (int(d) * (2 if n % 2 == 0 else 1) for n, d in enumerate(ten))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _plain(text: str) -> str:
    """Return a text with every digit as 0–9: full-width ones, and those of other scripts, are digits too."""
    return text if text.isascii() else "".join(str(int(c)) if c.isdecimal() else c for c in text)


def redact(text: str, *, bare: bool = True) -> str:
    """Return the text with every possible personnummer masked.

    Args:
        text: any text.
        bare: take ten digits without hyphen and century for one too, a blank among them or not.
    """

    def hidden(found: re.Match[str]) -> str:
        plain = len(re.sub(_BLANKS, "", found[0])) == 10
        return PERSON if (bare or not plain) and is_personnummer(found[0]) else found[0]

    return _PERSON.sub(hidden, text)


def redact_column(values: pl.Series, *, bare: bool = True) -> pl.Series:
    """Return `redact` of a text column; only the few cells with digits enough are looked at closely."""
    suspects = values.str.contains(_SUSPECT).fill_null(value=False)
    if not suspects.any():
        return values
    found = {text: redact(text, bare=bare) for text in values.filter(suspects).unique().to_list()}
    return values.replace(found)


def find_personnummer(values: pl.Series) -> pl.Series:
    """Return a flag per cell: it holds a possible personnummer, alone or in the midst of text."""
    suspects = values.str.contains(_SUSPECT).fill_null(value=False)
    if not suspects.any():
        return suspects
    hits = {text for text in values.filter(suspects).unique().to_list() if redact(text) != text}
    return suspects & values.is_in(list(hits)).fill_null(value=False)


class RedactingFilter(logging.Filter):
    """Masks whatever looks like a personnummer, an e-mail address or an HSA-ID in every log line.

    It is stricter than `redact`: a wrong check digit is masked too, for a mistyped number is still
    somebody's. Tracebacks are kept without their last line, which may quote a value.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record's text in place; the record is always kept."""
        text = record.getMessage()
        for pattern in (_HSA, _MAIL, _PERSON):
            text = pattern.sub(lambda found: mask(found[0]), text)
        record.msg, record.args = text, None
        if record.exc_info and record.exc_info[0]:
            record.msg = f"{text} ({record.exc_info[0].__name__})"
            record.exc_info = None
            record.exc_text = None
        return True


def normal_personnummer(text: str) -> str:
    """Return the ten digits that two regions write alike, whatever separator or century they show."""
    digits = re.sub(r"[^0-9]", "", _plain(text))
    return digits[-10:] if len(digits) in {10, 12} else digits


def pseudonyms(values: Iterable[str | None], key: bytes) -> list[str | None]:
    """Return a keyed hash (HMAC-SHA-256, 16 bytes) of each personnummer; empty cells stay empty.

    Without the key nobody can try all numbers against the hashes; with the same key on both sides
    the same person has the same pseudonym. It is still personal data.

    Raises:
        ValueError: the key is shorter than 16 bytes.
    """
    if len(key) < 16:
        raise ValueError("the key must hold at least 16 bytes")
    out: list[str | None] = []
    for text in values:
        if text is None or not text.strip():
            out.append(text)
            continue
        digest = hmac.new(key, normal_personnummer(text).encode(), hashlib.sha256)
        out.append("p" + digest.hexdigest()[:32])
    return out
