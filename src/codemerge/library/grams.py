"""Names as bundles of letter groups: how alike two texts are, typos and shortened words included.

A text is the set of its 2-, 3- and 4-letter groups, weighted by how rare they are (TF-IDF) and
folded into a fixed number of signed slots (feature hashing: Weinberger et al., ICML 2009). Entries
are whole multiples of 1/256, so that every dot product is exact in single precision: the same on
one thread as on sixteen.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float32]

SLOTS = 1024
_ROWS = 512  # texts bundled at a time
_SIZES = (2, 3, 4)
_STEP = np.uint64(1_000_003)  # groups of letters become numbers; overflow wraps, and is as good as any


def bundles(left: pl.Series, right: pl.Series) -> tuple[Floats, Floats]:
    """Return one row of `SLOTS` entries per text; rows have length one, so that ``a @ b`` is a cosine.

    Args:
        left: distinct texts of one side; rarity is counted over both together.
        right: distinct texts of the other.
    """
    texts = pl.concat([left, right]).fill_null("")
    rows, groups = letter_groups(texts, _SIZES)
    if not len(rows):
        empty = np.zeros((len(texts), SLOTS), dtype=np.float32)
        return empty[: len(left)], empty[len(left) :]
    distinct, back = np.unique(groups, return_inverse=True)
    held = np.sort(rows.astype(np.int64) * len(distinct) + back)  # far faster than np.unique, which hashes
    held = held[np.diff(held, prepend=-1) != 0]
    row, group = held // len(distinct), held % len(distinct)
    rare = np.log((1 + len(texts)) / (1 + np.bincount(group, minlength=len(distinct)))) + 1
    mixed = scattered(distinct)
    slot, sign = (
        (mixed % np.uint64(SLOTS)).astype(np.int64),
        np.where((mixed >> np.uint64(40)) & np.uint64(1), 1.0, -1.0),
    )
    length = np.sqrt(np.bincount(row, weights=rare[group] ** 2, minlength=len(texts)))
    out = np.empty((len(texts), SLOTS), dtype=np.float32)
    at, worth = row * SLOTS + slot[group], (rare * sign)[group]
    for start in range(0, len(texts), _ROWS):  # some texts at a time: the sums are in double precision
        stop = min(start + _ROWS, len(texts))
        mine = slice(*np.searchsorted(row, [start, stop]).tolist())
        cells = (stop - start) * SLOTS
        sums = np.bincount(at[mine] - start * SLOTS, weights=worth[mine], minlength=cells)
        table = sums.reshape(-1, SLOTS) / np.maximum(length[start:stop], 1e-9)[:, None]
        np.round(table * 256, out=table)
        out[start:stop] = table / 256
    return out[: len(left)], out[len(left) :]


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
