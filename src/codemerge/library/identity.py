"""Names made from content: the same content has the same name in every run, on every machine."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

BETWEEN = "\x1f"  # unit separator: refused in codes, so that parts can't run together


def short_hash(*parts: str, size: int = 8) -> str:
    """Return the BLAKE2b hash of the parts, as ``2 * size`` hexadecimal characters."""
    return hashlib.blake2b(BETWEEN.join(parts).encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()


def short_hashes(texts: pl.Series, size: int = 8) -> pl.Series:
    """Return `short_hash` of every text of a column without nulls; a million take a second."""
    import polars as pl

    blake = hashlib.blake2b
    found = [blake(t, digest_size=size).hexdigest() for t in texts.cast(pl.Binary).to_list()]
    return pl.Series(texts.name, found, dtype=pl.String)


def mapping_id(entity: str, record_l: str, record_r: str) -> str:
    """Name a pair of records (``record_r`` empty: no counterpart), in either order."""
    return short_hash(entity, *sorted((record_l, record_r)))


def conflict_id(check: str, entity: str, field: str, cause: str) -> str:
    """Name a conflict by its cause, never by its rows."""
    return short_hash(check, entity, field, cause)
