"""New codes, AE titles, logins and signatures: free in every region, legal in the target, always the same.

A proposal never depends on the order in which rows arrived, and a name that any region has ever
used, retired or reserved, is never handed out again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import polars as pl

# What a Swedish letter is written as where only ASCII is allowed.
_FOLDED = str.maketrans("åäöÅÄÖéÉüÜæÆøØ", "aaoAAOeEuUaAoO")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a proposed name must look like.

    Args:
        limit: longest name in characters; None for no limit.
        characters: linear-time regular expression of one allowed character, e.g. ``[A-Z0-9_]``.
        separator: stands between prefix and name (dropped where it isn't an allowed character).
        place: the region's prefix stands before or after the name.
        case: ``upper`` or ``lower`` where the whole name is written so.
        case_sensitive: False: names that differ in case only count as taken.
    """

    limit: int | None = None
    characters: str | None = None
    separator: str = ""
    place: Literal["before", "after"] = "before"
    case: Literal["upper", "lower", "as_is"] = "as_is"
    case_sensitive: bool = True


def default_prefix(region: str) -> str:
    """Return a prefix for a region that declares none: its id in ASCII capitals and digits."""
    return re.sub(r"[^A-Z0-9]", "", _ascii(region).upper()) or "X"


def propose_names(taken: Iterable[str], wanted: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    """Give every row a name of its own.

    Args:
        taken: every name that is or was in use in any region, retired and reserved ones included.
        wanted: ``name`` (the name that collides) and ``prefix`` (of its region), in order of
            precedence; further columns are kept.
        shape: what the target accepts.

    Returns:
        ``wanted`` with ``proposal``: prefix and name, or the next free number after it. Earlier
        rows choose first. Null where the limits leave no room for any name.
    """
    used = set(taken) if shape.case_sensitive else {name.casefold() for name in taken}
    proposals: list[str | None] = []
    for name, prefix in wanted.select("name", "prefix").rows():  # collisions only: few
        found = _next_free(str(name or ""), str(prefix or ""), used, shape)
        if found is not None:
            used.add(_key(found, shape))
        proposals.append(found)
    return wanted.with_columns(pl.Series("proposal", proposals, dtype=pl.String))


def propose_codes(
    taken: frozenset[str],
    wanted: pl.DataFrame,
    limit: int | None = None,
    characters: str | None = None,
    *,
    case_sensitive: bool = True,
) -> pl.DataFrame:
    """Give colliding codes a new one: prefix and code, else the next free number after it.

    Args:
        taken: every code of the entity in any region, and every combined code ever issued.
        wanted: ``name`` and ``prefix``, in order of precedence (see `propose_names`).
        limit: longest code.
        characters: one allowed character.
        case_sensitive: False: codes that differ in case only count as taken.

    Returns:
        ``wanted`` with ``proposal``.
    """
    return propose_names(taken, wanted, Shape(limit, characters, case_sensitive=case_sensitive))


def _next_free(name: str, prefix: str, used: set[str], shape: Shape) -> str | None:
    allowed = re.compile(shape.characters) if shape.characters else None
    clean = [_clean(part, shape, allowed) for part in (name, prefix, shape.separator)]
    base, front, between = clean[0], clean[1], clean[2]
    dash = "-" if allowed is None or allowed.fullmatch("-") else "_" if allowed.fullmatch("_") else ""
    limit = shape.limit or 10_000
    for number in range(1, 100_000):
        tail = "" if number == 1 else f"{dash}{number}"
        room = limit - len(front) - len(between) - len(tail)
        if room < 1:
            return None
        # Shortening keeps the end: that is where codes of one family differ.
        core = base if len(base) <= room else base[len(base) - room :]
        whole = f"{front}{between}{core}" if shape.place == "before" else f"{core}{between}{front}"
        whole += tail
        if whole.strip() and _key(whole, shape) not in used:
            return whole
    return None


def _clean(text: str, shape: Shape, allowed: re.Pattern[str] | None) -> str:
    if shape.case != "as_is":
        text = text.upper() if shape.case == "upper" else text.lower()
    if allowed is None:
        return text.strip()
    kept = (c if allowed.fullmatch(c) else _ascii(c) for c in text)
    return "".join(c for c in "".join(kept) if allowed.fullmatch(c))


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).translate(_FOLDED))
    return plain.encode("ascii", "ignore").decode("ascii")


def _key(name: str, shape: Shape) -> str:
    return name if shape.case_sensitive else name.casefold()
