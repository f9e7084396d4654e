"""Identity numbers as joining keys: checked, hashed in memory, never written.

A personnummer is ten or twelve digits: a date (day + 60: samordningsnummer), a serial and a Luhn
check digit over the last ten (Skatteverket, SKV 704 and 707); ``+`` in place of ``-`` from the
year a person turns 100. The century is no part of the key: one region writes it, another doesn't.
"""

from __future__ import annotations

import numpy as np
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
    # Step by step: as one expression, every use of a part would work it out again.
    texts = numbers.to_frame("text").select(
        pl.col("text").cast(pl.String).str.strip_chars().replace("", None)
    )
    ten = texts.select(ten=pl.col("text").str.replace_all(r"[^0-9]", "").str.tail(10)).to_series()
    aged = pl.when(pl.col("text").str.contains("+", literal=True)).then(pl.lit("+")).otherwise(pl.lit(""))
    frame = texts.with_columns(
        ten,
        _possible(ten).alias("possible"),
        shaped=pl.col("text").str.contains(_SHAPE),
        pseudonym=pl.col("text").str.contains(_PSEUDONYM),
    ).with_columns(ok=pl.col("pseudonym") | (pl.col("shaped") & pl.col("possible")))
    key = pl.when("pseudonym").then("text").otherwise(pl.col("ten") + aged)
    later = (
        pl.col("ok")
        & ~pl.col("pseudonym")
        & (pl.col("ten").str.slice(4, 2).cast(pl.Int32, strict=False) > 60)
    )
    return frame.select(
        key=pl.when("ok").then(pl.when("ok").then(key).hash(seed=20).cast(pl.String)),
        ok="ok",
        coordination=later.fill_null(value=False),
    )


def _possible(ten: pl.Series) -> pl.Series:
    """Date and check digit of ten digits hold; ten equal digits are nobody's."""
    number = ten.cast(pl.Int64, strict=False).fill_null(0).to_numpy()
    luhn = np.zeros(len(number), dtype=np.int64)
    for n in range(10):
        digit = number // 10 ** (9 - n) % 10 * (2 if n % 2 == 0 else 1)
        luhn += digit - 9 * (digit > 9)
    month, day = number // 10**6 % 100, number // 10**4 % 100
    day = np.where(day > 60, day - 60, day)
    longest = np.zeros(100, dtype=np.int64)
    longest[1:13] = _DAYS
    return pl.Series((luhn % 10 == 0) & (day >= 1) & (day <= longest[month]) & (number != 0))
