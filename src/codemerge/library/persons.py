"""Identity numbers as joining keys: checked, hashed in memory, never written.

A personnummer is ten or twelve digits: a date (day + 60: samordningsnummer), a serial and a Luhn
check digit over the last ten (Skatteverket, SKV 704 and 707); ``+`` in place of ``-`` from the
year a person turns 100. The century is no part of the key: one region writes it, another doesn't.
"""

from __future__ import annotations

import polars as pl

_SHAPE = r"^\s*(?:18|19|20)?\d{6}[-+ ]?\d{4}\s*$"
_PSEUDONYM = r"^p[0-9a-f]{32}$"  # as `codemerge.library.privacy.pseudonyms` writes them


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
    number = ten.cast(pl.Int64, strict=False).fill_null(0)
    digit = [(number // 10 ** (9 - n)) % 10 for n in range(10)]
    # A doubled digit counts as the sum of its own digits: 2d, less 9 from 5 on.
    counted = [d * 2 - (d > 4).cast(pl.Int64) * 9 if n % 2 == 0 else d for n, d in enumerate(digit)]
    luhn = pl.sum_horizontal(counted) % 10 == 0
    month, day = (number // 10**6) % 100, (number // 10**4) % 100
    day = pl.when(day > 60).then(day - 60).otherwise(day)
    longest = pl.when(month == 2).then(29).when(month.is_in([4, 6, 9, 11])).then(30).otherwise(31)
    return luhn & month.is_between(1, 12) & (day >= 1) & (day <= longest) & (number > 0)
