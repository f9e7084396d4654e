"""The best candidates of every record, found in tiles so that memory stays flat."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.uint32]
Floats = npt.NDArray[np.float32]
_CELLS = 4_000_000  # cells of one tile: 16 MB of float32


def best_of_all(tile: Callable[[int, int], Floats], left: int, right: int, keep: int) -> tuple[Rows, Rows]:
    """Weigh every pair and keep the best of each row and of each column.

    Args:
        tile: bits of left records start…stop against all right ones.
        left: number of records.
        right: the same of the right side.
        keep: candidates per record; equal weights are kept by position, so the result never
            depends on tiling.

    Returns:
        Left and right positions of the kept pairs, sorted by left, then right.
    """
    step = max(1, min(512, _CELLS // max(right, 1)))
    found_l: list[npt.NDArray[np.int64]] = []
    found_r: list[npt.NDArray[np.int64]] = []
    column_w = np.full((0, right), -np.inf, dtype=np.float32)
    column_l = np.zeros((0, right), dtype=np.int64)
    for start in range(0, left, step):
        bits = tile(start, min(start + step, left))
        rows, columns = _best_rows(bits, keep)
        found_l.append(rows + start)
        found_r.append(columns)
        column_w, column_l = _best_columns(column_w, column_l, bits, start, keep)
    found_l.append(column_l.ravel())
    found_r.append(np.tile(np.arange(right, dtype=np.int64), column_l.shape[0]))
    key = np.unique(np.concatenate(found_l) * right + np.concatenate(found_r))
    return (key // right).astype(np.uint32), (key % right).astype(np.uint32)


def _best_rows(bits: Floats, keep: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return positions of every cell that is at least as good as its row's keep-th best."""
    keep = min(keep, bits.shape[1])
    least = -np.partition(-bits, keep - 1, axis=1)[:, keep - 1]
    rows, columns = np.nonzero(bits >= least[:, None])
    # A row of equals would keep everything: the first ones by position stand for it.
    first = np.concatenate(([0], np.nonzero(np.diff(rows))[0] + 1))
    place = np.arange(len(rows)) - np.repeat(first, np.diff(np.append(first, len(rows))))
    few = place < 4 * keep
    return rows[few], columns[few]


def _best_columns(
    held_w: Floats, held_l: npt.NDArray[np.int64], bits: Floats, start: int, keep: int
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Merge a tile into the running best of each column; earlier rows win ties."""
    places = np.broadcast_to(np.arange(start, start + bits.shape[0], dtype=np.int64)[:, None], bits.shape)
    if bits.shape[0] > keep:
        top = np.argpartition(-bits, keep - 1, axis=0)[:keep]
        top.sort(axis=0)
        places = top + start
        bits = np.take_along_axis(bits, top, axis=0)
    weights, rows = np.concatenate([held_w, bits]), np.concatenate([held_l, places])
    order = np.argsort(-weights, axis=0, kind="stable")[:keep]
    return np.take_along_axis(weights, order, axis=0), np.take_along_axis(rows, order, axis=0)


def best_of_pairs(left: Rows, right: Rows, bits: Floats, keep: int) -> npt.NDArray[np.bool_]:
    """Say which of a list of pairs are among the best ``keep`` of their left or right record."""
    kept = np.zeros(len(bits), dtype=np.bool_)
    for own, other in ((left, right), (right, left)):
        # A record with few pairs keeps them all: only the crowded ones need sorting.
        crowded = np.bincount(own)[own] > keep if len(own) else kept
        kept |= ~crowded
        at = np.nonzero(crowded)[0]
        order = at[np.lexsort((other[at], -bits[at], own[at]))]
        opens = (
            np.concatenate(([True], own[order][1:] != own[order][:-1]))
            if len(order)
            else order.astype(np.bool_)
        )
        starts = np.maximum.accumulate(np.where(opens, np.arange(len(order)), 0)) if len(order) else order
        kept[order[np.arange(len(order)) - starts < keep]] = True
    return kept
