"""The best candidates of every record, found in tiles so that memory stays flat."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from codemerge.library.workers import threads

Rows = npt.NDArray[np.uint32]
Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]
_CELLS = 2_000_000  # cells of one tile: 8 MB of float32
_ROWS = 256  # left records of one tile at most


def best_of_all(tile: Callable[[int, int], Floats], left: int, right: int, keep: int) -> tuple[Rows, Rows]:
    """Weigh every pair and keep the best of each row and of each column.

    Args:
        tile: bits of left records start…stop against all right ones.
        left: number of records.
        right: the same of the right side.
        keep: candidates per record; of equal weights the first by position are kept, so the result
            depends neither on tiling nor on threads.

    Returns:
        Left and right positions of the kept pairs, sorted by left, then right.
    """
    step = max(1, min(_ROWS, _CELLS // max(right, 1)))
    columns = _Columns(right, keep)

    def best(start: int) -> tuple[tuple[Places, Places], tuple[Places, Places, Floats]]:
        bits = tile(start, min(start + step, left))
        rows, of_rows = _best_rows(bits, keep)
        return (rows + start, of_rows), columns.worthy(bits, start)

    found_l: list[Places] = []
    found_r: list[Places] = []
    with ThreadPoolExecutor(threads()) as pool:
        for (rows, of_rows), worthy in pool.map(best, range(0, left, step)):
            found_l.append(rows)
            found_r.append(of_rows)
            columns.take(*worthy)
    found_l.append(columns.rows)
    found_r.append(columns.columns)
    key = np.sort(np.concatenate(found_l) * right + np.concatenate(found_r))
    key = key[np.concatenate(([True], np.diff(key) != 0))] if len(key) else key
    return (key // right).astype(np.uint32), (key % right).astype(np.uint32)


def _best_rows(bits: Floats, keep: int) -> tuple[Places, Places]:
    """Return positions of every cell that is at least as good as its row's keep-th best."""
    keep = min(keep, bits.shape[1])
    least = -np.partition(-bits, keep - 1, axis=1)[:, keep - 1]
    rows, columns = np.nonzero(bits >= least[:, None])
    few = _place_in_run(rows) < 4 * keep  # a row of equals would keep everything: the first ones stand for it
    return rows[few], columns[few]


def _place_in_run(ordered: npt.NDArray[np.integer]) -> Places:
    """Number from 0 the members of each run of equal values."""
    here = np.arange(len(ordered), dtype=np.int64)
    opens = np.diff(ordered.astype(np.int64), prepend=-1) != 0
    return here - np.maximum.accumulate(np.where(opens, here, 0))


class _Columns:
    """The best cells of every column so far; tiles are taken in order, so that earlier rows win ties."""

    def __init__(self, right: int, keep: int) -> None:
        self.keep = keep
        self.least = np.full(right, -np.inf, dtype=np.float32)  # of a full column: what a cell must exceed
        self.rows: Places = np.zeros(0, dtype=np.int64)
        self.columns: Places = np.zeros(0, dtype=np.int64)
        self.bits: Floats = np.zeros(0, dtype=np.float32)

    def worthy(self, bits: Floats, start: int) -> tuple[Places, Places, Floats]:
        """Return rows, columns and bits of the tile's cells that may be among the best of their column.

        What is held already comes from earlier rows: a cell that only equals it loses.
        """
        above = bits > self.least
        if len(bits) > self.keep and not np.isfinite(self.least).all():
            least = -np.partition(-bits, self.keep - 1, axis=0)[self.keep - 1]
            equal = bits == least
            above &= (bits > least) | (equal & (np.cumsum(equal, axis=0, dtype=np.int32) <= self.keep))
        rows, columns = np.nonzero(above)
        return rows + start, columns, bits[rows, columns]

    def take(self, rows: Places, columns: Places, bits: Floats) -> None:
        """Add a tile's cells and keep the best of each column."""
        rows, columns = np.concatenate([self.rows, rows]), np.concatenate([self.columns, columns])
        bits = np.concatenate([self.bits, bits])
        order = np.lexsort((rows, -bits, columns))
        place = _place_in_run(columns[order])
        kept = order[place < self.keep]
        self.rows, self.columns, self.bits = rows[kept], columns[kept], bits[kept]
        last = order[place == self.keep - 1]
        least = np.full(len(self.least), -np.inf, dtype=np.float32)
        least[columns[last]] = bits[last]
        self.least = least


def best_of_pairs(left: Rows, right: Rows, bits: Floats, keep: int) -> npt.NDArray[np.bool_]:
    """Say which of a list of pairs are among the best ``keep`` of their left or right record."""
    kept = np.zeros(len(bits), dtype=np.bool_)
    for own, other in ((left, right), (right, left)):
        # A record with few pairs keeps them all: only the crowded ones need sorting.
        crowded = np.bincount(own)[own] > keep if len(own) else kept
        kept |= ~crowded
        at = np.nonzero(crowded)[0]
        order = at[np.lexsort((other[at], -bits[at], own[at]))]
        kept[order[_place_in_run(own[order]) < keep]] = True
    return kept
