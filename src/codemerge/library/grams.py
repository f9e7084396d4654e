"""Names as bundles of letter groups: how alike two texts are, typos and shortened words included.

A text is the set of its 2-, 3- and 4-letter groups, weighted by how rare they are (TF-IDF) and
folded into a fixed number of signed slots (feature hashing: Weinberger et al., ICML 2009). Entries
are whole multiples of 1/256, so that every dot product is exact in single precision: the same on
one thread as on sixteen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from codemerge.library.number_order import opening

Floats = npt.NDArray[np.float32]

SLOTS = 1024
_ROWS = 128  # texts bundled at a time: 1 MB, which stays in the cache
_SIZES = (2, 3, 4)
_STEP = np.uint64(1_000_003)  # groups of letters become numbers; overflow wraps, and is as good as any


@dataclass(frozen=True)
class Letters:
    """The letter groups of some texts, each group of a text once.

    Args:
        texts: how many texts there are.
        codes: distinct groups, sorted.
        rows, groups: per group of a text, the text's number and the group's place in ``codes``;
            sorted by both.
    """

    texts: int
    codes: npt.NDArray[np.uint64]
    rows: npt.NDArray[np.int64]
    groups: npt.NDArray[np.int64]


def letters_of(texts: pl.Series) -> Letters:
    """Take texts apart into groups of letters."""
    rows, found = letter_groups(texts.fill_null(""), _SIZES)
    codes, back = np.unique(found, return_inverse=True)
    held = np.sort(rows * len(codes) + back)  # far faster than np.unique, which hashes
    held = held[opening(held)]
    return Letters(len(texts), codes, held // max(len(codes), 1), held % max(len(codes), 1))


def bundles(left: Letters, right: Letters) -> tuple[Floats, Floats]:
    """Return one row of `SLOTS` entries per text; rows have length one, so that ``a @ b`` is a cosine.

    Args:
        left: distinct texts of one side; rarity is counted over both together.
        right: distinct texts of the other.
    """
    codes = np.union1d(left.codes, right.codes)
    places = [np.searchsorted(codes, side.codes) for side in (left, right)]
    held = np.zeros(len(codes))
    for side, place in zip((left, right), places, strict=True):
        held[place] += np.bincount(side.groups, minlength=len(place))
    rare = np.log((1 + left.texts + right.texts) / (1 + held)) + 1
    mixed = scattered(codes)
    slot = (mixed % np.uint64(SLOTS)).astype(np.int64)
    signed = rare * np.where((mixed >> np.uint64(40)) & np.uint64(1), 1.0, -1.0)
    one, other = (
        _bundled(side, rare[place], slot[place], signed[place])
        for side, place in zip((left, right), places, strict=True)
    )
    return one, other


def _bundled(
    side: Letters,
    rare: npt.NDArray[np.float64],
    slot: npt.NDArray[np.int64],
    signed: npt.NDArray[np.float64],
) -> Floats:
    """Fold the groups of one side's texts into slots."""
    length = np.sqrt(np.bincount(side.rows, weights=(rare**2)[side.groups], minlength=side.texts))
    at, worth = side.rows * SLOTS + slot[side.groups], signed[side.groups]
    out = np.empty((side.texts, SLOTS), dtype=np.float32)
    for start in range(0, side.texts, _ROWS):  # some texts at a time: the sums are in double precision
        stop = min(start + _ROWS, side.texts)
        mine = slice(*np.searchsorted(side.rows, [start, stop]).tolist())
        cells = (stop - start) * SLOTS
        sums = np.bincount(at[mine] - start * SLOTS, weights=worth[mine], minlength=cells)
        table: npt.NDArray[np.float64] = sums.reshape(-1, SLOTS).astype(np.float64, copy=False)
        table /= np.maximum(length[start:stop], 1e-9)[:, None]
        table *= 256
        np.round(table, out=table)
        np.divide(table, 256, out=out[start:stop], casting="same_kind")
    return out


def letter_groups(
    texts: pl.Series, sizes: Sequence[int]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint64]]:
    """Return the text's number and a code for every group of letters in every text."""
    padded = [f" {text} " for text in texts.to_list()]
    points = np.frombuffer("".join(padded).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    lengths = np.array([len(text) for text in padded], dtype=np.int64)
    owner = np.repeat(np.arange(len(padded), dtype=np.int64), lengths)
    rows, codes = [], []
    for size in sizes:
        if len(points) >= size:
            stop = len(points) - size + 1
            inside = owner[:stop] == owner[size - 1 :]
            code = np.full(stop, size, dtype=np.uint64)
            for n in range(size):
                code = code * _STEP + points[n : n + stop]
            rows.append(owner[:stop][inside])
            codes.append(code[inside])
    return np.concatenate(rows or [np.zeros(0, np.int64)]), np.concatenate(codes or [np.zeros(0, np.uint64)])


def scattered(codes: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Scatter codes evenly (the finisher of SplitMix64)."""
    z = (codes ^ (codes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: npt.NDArray[np.uint64] = z ^ (z >> np.uint64(31))
    return mixed
