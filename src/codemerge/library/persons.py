"""Identity numbers as joining keys: checked, hashed in memory, never written.

A personnummer is ten or twelve digits: a date (day + 60: samordningsnummer), a serial and a Luhn
check digit over the last ten (Skatteverket, SKV 704 and 707); ``+`` in place of ``-`` from the
year a person turns 100. The century is no part of the key: one region writes it, another doesn't.
"""

from __future__ import annotations

import polars as pl

_SHAPE = r"^\s*(?:18|19|20)?\d{6}[-+ ]?\d{4}\s*$"
_PSEUDONYM = r"^p[0-9a-f]{32}$"  # as `codemerge.library.privacy.pseudonyms` writes them
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def joining_keys(numbers: pl.Series) -> pl.DataFrame:
    """Turn identity numbers into keys that two regions' records can be joined by.

    Args:
        numbers: cells as written; pseudonyms (keyed hashes) join as they are.

    Returns:
        ``key`` (hash, null where the number can't be trusted: wrong check digit, impossible date,
        reserve and test numbers), ``ok`` (null for an empty cell) and ``coordination`` (a trusted
        samordningsnummer: the day plus 60).
    """
    frame = numbers.to_frame("text").select(
        pl.col("text").cast(pl.String).str.strip_chars().replace("", None)
    )
    ten = pl.col("text").str.replace_all(r"[^0-9]", "").str.tail(10)
    aged = pl.when(pl.col("text").str.contains("+", literal=True)).then(pl.lit("+")).otherwise(pl.lit(""))
    pseudonym = pl.col("text").str.contains(_PSEUDONYM)
    ok = pseudonym | (pl.col("text").str.contains(_SHAPE) & _possible(ten))
    key = pl.when(pseudonym).then(pl.col("text")).otherwise(ten + aged)
    later = ok & ~pseudonym & (ten.str.slice(4, 2).cast(pl.Int32, strict=False) > 60)
    hashed = pl.when(ok).then(key).hash(seed=20).cast(pl.String)
    return frame.select(key=hashed, ok=ok, coordination=later.fill_null(value=False)).with_columns(
        key=pl.when(pl.col("ok")).then("key")
    )


def _possible(ten: pl.Expr) -> pl.Expr:
    """Date and check digit of ten digits hold; ten equal digits are nobody's."""
    digit = [ten.str.slice(n, 1).cast(pl.Int32, strict=False).fill_null(0) for n in range(10)]
    doubled = [d * 2 if n % 2 == 0 else d for n, d in enumerate(digit)]
    luhn = pl.sum_horizontal([d - pl.when(d > 9).then(9).otherwise(0) for d in doubled]) % 10 == 0
    month, day = digit[2] * 10 + digit[3], digit[4] * 10 + digit[5]
    day = pl.when(day > 60).then(day - 60).otherwise(day)
    longest = month.replace_strict({n + 1: d for n, d in enumerate(_DAYS)}, default=0, return_dtype=pl.Int32)
    return luhn & day.is_between(1, longest) & (ten != "0000000000")
