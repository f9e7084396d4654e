"""Identity numbers as joining keys: checked, hashed in memory, never written.

A personnummer is ten or twelve digits: a date (day + 60: samordningsnummer), a serial and a Luhn
check digit over the last ten (Skatteverket, SKV 704 and 707); ``+`` in place of ``-`` from the
year a person turns 100. The century is no part of the key: one region writes it, another doesn't.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

_SHAPE = r"^\s*(?:18|19|20)?\d{6}[-+ ]?\d{4}\s*$"
_PSEUDONYM = r"^p[0-9a-f]{32}$"  # as `codemerge.library.privacy.pseudonyms` writes them
_LATER = 60  # what a samordningsnummer adds to the day
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
    texts = numbers.to_frame("text").select(pl.col("text").cast(pl.String).str.strip_chars())
    texts = texts.select(pl.when(pl.col("text") != "").then("text").alias("text"))
    pseudonym = texts.select(pseudonym=pl.col("text").str.starts_with("p")).to_series()
    if pseudonym.any():
        pseudonym = texts.select(pseudonym=pl.col("text").str.contains(_PSEUDONYM)).to_series()
    ten = texts.select(ten=pl.col("text").str.replace("[-+ ]", "").str.tail(10)).to_series()
    possible, coordination = _possible(ten)
    frame = texts.with_columns(
        ten,
        possible,
        coordination,
        pseudonym,
        shaped=pl.col("text").str.contains(_SHAPE),
    ).with_columns(ok=pl.col("pseudonym") | (pl.col("shaped") & pl.col("possible")))
    aged = pl.when(pl.col("text").str.contains("+", literal=True)).then(pl.lit("+")).otherwise(pl.lit(""))
    key = pl.when("pseudonym").then("text").otherwise(pl.col("ten") + aged)
    later = pl.col("ok") & ~pl.col("pseudonym") & pl.col("coordination")
    return frame.select(
        key=pl.when("ok").then(pl.when("ok").then(key).hash(seed=20).cast(pl.String)),
        ok="ok",
        coordination=later.fill_null(value=False),
    )


def _possible(ten: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Say where date and check digit of ten digits hold (of equal ones never), and where 60 is in the day."""
    number = ten.cast(pl.Int64, strict=False).fill_null(0).to_numpy()
    check = _doubled(0)[number // 10**5] + _doubled(1)[number % 10**5]
    dates = np.arange(10**6)
    month, day = dates // 100 % 100, dates % 100
    longest = np.zeros(100, dtype=np.int64)
    longest[1:13] = _DAYS
    own = np.where(day > _LATER, day - _LATER, day)
    there = (own >= 1) & (own <= longest[month])
    date = number // 10**4
    possible = (check % 10 == 0) & there[date] & (number != 0)
    return pl.Series("possible", possible), pl.Series("coordination", (day > _LATER)[date])


def _doubled(first: int) -> npt.NDArray[np.int8]:
    """Add up the digits of every five-digit number as Luhn does, every second one doubled."""
    numbers = np.arange(10**5)
    total = np.zeros(10**5, dtype=np.int8)
    for n in range(5):
        digit = numbers // 10 ** (4 - n) % 10 * (2 if n % 2 == first else 1)
        total += (digit - 9 * (digit > 9)).astype(np.int8)
    return total
