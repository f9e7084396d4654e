"""Identity numbers as joining keys: checked, hashed in memory, never written.

A personnummer is ten or twelve digits: a date (day + 60: samordningsnummer), a serial and a Luhn
check digit over the last ten (Skatteverket, SKV 704 and 707); ``+`` in place of ``-`` from the
year a person turns 100. The century is no part of the key: one region writes it, another doesn't.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

Whole = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]

_PSEUDONYM = r"^p[0-9a-f]{32}$"  # as `codemerge.library.privacy.pseudonyms` writes them
_LATER = 60  # what a samordningsnummer adds to the day
_TEN_DIGITS = 10**10
_CHUNK = 1 << 16  # rows whose words stay in the processor's caches
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
    texts = numbers.cast(pl.String).str.strip_chars().rename("text")
    said = (texts != "").fill_null(value=False)
    read, aged = np.zeros(len(texts), dtype=np.int64), np.zeros(len(texts), dtype=np.bool_)
    rows = said.to_numpy()
    read[rows], aged[rows] = _read(texts.filter(said))
    possible, coordination = _possible(read)
    pseudonym = texts.str.starts_with("p").fill_null(value=False)
    if pseudonym.any():
        pseudonym = texts.str.contains(_PSEUDONYM).fill_null(value=False)
    # A number of ten digits, and a hundred years on the same one again.
    keys = pl.Series(read + aged * _TEN_DIGITS).hash(seed=20)
    trusted = pl.Series(possible)
    frame = pl.DataFrame({"key": keys, "ok": trusted, "coordination": trusted & pl.Series(coordination)})
    if pseudonym.any():
        pseudo = pl.Series("pseudo", pseudonym)
        keyed = pl.when(pseudo).then(texts.hash(seed=20)).otherwise("key").alias("key")
        frame = frame.with_columns(keyed, pl.col("ok") | pseudo, pl.col("coordination") & ~pseudo)
    return frame.select(
        pl.when("ok").then("key").cast(pl.String),
        pl.when(said).then("ok"),
        "coordination",
    )


def _read(texts: pl.Series) -> tuple[Whole, Flags]:
    """Read ten or twelve digits, the last four perhaps behind a sign: the last ten, and whether it is ``+``.

    A text's last bytes are two numbers of 64 bits, in which all digits are told and added up at once.

    Returns:
        The ten digits as a number, 0 where a text is anything else; where the sign is ``+``.
    """
    padded = pl.concat_str(pl.lit("\0" * 16), "text").cast(pl.Binary)
    head, tail = (
        pl.col("b").bin.slice(at, 8).bin.reinterpret(dtype=pl.UInt64, endianness="big") for at in (-16, -8)
    )
    length = pl.col("b").bin.size().cast(pl.UInt64) - 16
    words = (
        texts.to_frame("text")
        .select(padded.alias("b"))
        .select(head.alias("h"), tail.alias("t"), length.alias("n"))
    )
    read, aged = np.zeros(len(texts), dtype=np.int64), np.zeros(len(texts), dtype=np.bool_)
    for start in range(0, len(texts), _CHUNK):
        part = slice(start, start + _CHUNK)
        read[part], aged[part] = _ten(*(words[name][part].to_numpy() for name in ("h", "t", "n")))
    return read, aged


def _ten(head: Words, tail: Words, length: Words) -> tuple[Whole, Flags]:
    """Read the last ten digits of texts of which the last 16 bytes and the length are given."""
    sign = (tail >> _u(32)) & _u(0xFF)
    aged = sign == ord("+")
    parted = aged | (sign == ord("-")) | (sign == ord(" "))
    front = np.where(parted, (head << _u(24)) | (tail >> _u(40)), (head << _u(32)) | (tail >> _u(32)))
    century = front >> _u(48)
    known = (century == _u(0x3138)) | (century == _u(0x3139)) | (century == _u(0x3230))  # 18, 19, 20
    known = (length == parted + 10) | ((length == parted + 12) & known)
    front = (front & _u((1 << 48) - 1)) | _u(0x3030 << 48)
    back = (tail & _u(0xFFFFFFFF)) | _u(0x30303030 << 32)
    shaped = known & _digits(front) & _digits(back)
    ten = _number(front) * _u(10**4) + _number(back)
    return np.where(shaped, ten, _u(0)).astype(np.int64), aged & shaped


def _digits(words: Words) -> Flags:
    """Say which words are eight digits: 0x30 to 0x39, so that six more carries into no other sixteen."""
    high, six, zeros = _u(0xF0F0F0F0F0F0F0F0), _u(0x0606060606060606), _u(0x3030303030303030)
    digits: Flags = ((words & high) == zeros) & (((words + six) & high) == zeros)
    return digits


def _number(words: Words) -> Words:
    """Return the number that eight digits write: neighbours are added up, then pairs, then fours."""
    for width, mask in ((8, 0x000F000F000F000F), (16, 0x000000FF000000FF), (32, 0x000000000000FFFF)):
        words = ((words >> _u(width)) & _u(mask)) * _u(10 ** (width // 8)) + (words & _u(mask))
    return words


def _u(number: int) -> np.uint64:
    return np.uint64(number)


def _possible(number: Whole) -> tuple[Flags, Flags]:
    """Say where date and check digit of ten digits hold (of equal ones never), and where 60 is in the day."""
    first = number // 10**5
    check = _doubled(0)[first] + _doubled(1)[number - first * 10**5]
    dates = np.arange(10**4)  # month and day: a leap day is one in any century
    month, day = dates // 100, dates % 100
    longest = np.zeros(100, dtype=np.int64)
    longest[1:13] = _DAYS
    own = np.where(day > _LATER, day - _LATER, day)
    there = (own >= 1) & (own <= longest[month])
    date = number // 10**4 % 10**4
    possible = (check % 10 == 0) & there[date] & (number != 0)
    return possible, (day > _LATER)[date]


def _doubled(first: int) -> npt.NDArray[np.int8]:
    """Add up the digits of every five-digit number as Luhn does, every second one doubled."""
    plain = np.arange(10, dtype=np.int8)
    twice = 2 * plain - 9 * (plain > 4).astype(np.int8)
    total = np.zeros(1, dtype=np.int8)
    for n in range(5):
        total = np.add.outer(total, twice if n % 2 == first else plain).ravel()
    return total
