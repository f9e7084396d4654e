"""The best candidates of every record; what is dear is not weighed where it can't matter.

Every pair gets an upper bound: its early bits, and the most that the late comparisons may add. Every
record gets a lower bound: a weight that its ``keep``-th best reaches for certain, told by pairs that
were weighed whole. Only pairs whose upper bound reaches a lower bound are weighed late: the result is
that of weighing all (branch and bound: Land & Doig, Econometrica 28 (1960)).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from codemerge.library.comparison import Alike, Rows, Some
from codemerge.library.workers import threads

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]
Block = Callable[[Rows, Some], Floats]  # bits of some left records against some right ones, an own array
_CELLS = 1_000_000  # cells of one tile: 4 MB of float32
_ROWS = 256  # left records of one tile at most
_FEW = 0.1  # share of a tile's pairs up to which they are weighed one by one
_COMMON = 0.1  # how alike two records' names mostly are
_WAIT = 4  # cells held per place of a column before the best are picked out


def best_of_all(
    early: Block,
    left: int,
    right: int,
    keep: int,
    late: Alike | None = None,
    likely: Iterable[tuple[Rows, Rows]] = (),
) -> tuple[Rows, Rows]:
    """Weigh every pair and keep the best of each row and of each column.

    Args:
        early: bits that are cheap to have.
        left: number of left records.
        right: the same of the right side.
        keep: candidates per record; of equal weights the first by position are kept, so the result
            depends neither on tiling nor on threads.
        late: a comparison whose bits are looked up only for pairs that can be among the best; their
            sum with the early ones is exact in single precision.
        likely: left and right records, group by group, whose pairs are likely the best. They make it
            faster and change nothing.

    Returns:
        Left and right positions of the kept pairs, sorted by left, then right.
    """
    if not (left and right):
        return np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.uint32)
    search = _Search(early, late, left, right, keep)
    found: list[Places] = []
    with ThreadPoolExecutor(threads()) as pool:
        groups = list(likely)
        if late and groups:
            search.bound(groups, pool)
            search.bound(search.unbounded(), pool)
        for of_rows, of_columns in pool.map(search.tile, _tiles(groups, left, right)):
            found.append(of_rows)
            search.take(*of_columns)
    search.pick()
    key = np.sort(np.concatenate([*found, search.rows * right + search.columns]))
    key = key[np.concatenate(([True], np.diff(key) != 0))]
    return (key // right).astype(np.uint32), (key % right).astype(np.uint32)


def _tiles(groups: Sequence[tuple[Rows, Rows]], left: int, right: int) -> Iterator[Rows]:
    """Part the left records into tiles, those of one group beside each other, each tile in order."""
    step = max(1, min(_ROWS, _CELLS // right))
    grouped = [rows.astype(np.uint32) for rows, _ in groups]
    rest = np.ones(left, dtype=np.bool_)
    for rows in grouped:
        rest[rows] = False
    order = np.concatenate([*grouped, np.nonzero(rest)[0].astype(np.uint32)])
    for start in range(0, left, step):
        yield np.sort(order[start : start + step])


class _Search:
    """The bounds known so far, and the best cells of every column so far.

    A bound may be raised while other tiles are weighed: an older one only lets more pairs through.
    """

    def __init__(self, early: Block, late: Alike | None, left: int, right: int, keep: int) -> None:
        self.early, self.late, self.keep = early, late, keep
        self.line = _line(late.worth) if late else (0.0, 0.0)
        self.least_l = np.full(left, -np.inf, dtype=np.float32)  # what a row's keep-th best reaches
        self.least_r = np.full(right, -np.inf, dtype=np.float32)
        self.rows: Places = np.zeros(0, dtype=np.int64)
        self.columns: Places = np.zeros(0, dtype=np.int64)
        self.bits: Floats = np.zeros(0, dtype=np.float32)
        self._waiting: list[tuple[Places, Places, Floats]] = []
        self._held = 0

    def bound(self, groups: Sequence[tuple[Rows, Rows]], pool: ThreadPoolExecutor) -> None:
        """Raise the bounds to what is found within groups of records."""
        found = pool.map(self._reached, groups)
        for (rows, columns), (of_rows, of_columns) in zip(groups, found, strict=True):
            if of_rows is not None:
                self.least_l[rows] = np.maximum(self.least_l[rows], of_rows)
            if of_columns is not None:
                self.least_r[columns] = np.maximum(self.least_r[columns], of_columns)

    def unbounded(self) -> list[tuple[Rows, Rows]]:
        """Return the records that no bound is known of, each with all of the other side; none if too many."""
        out = []
        sides = [np.arange(len(least), dtype=np.uint32) for least in (self.least_l, self.least_r)]
        for n, least in enumerate((self.least_l, self.least_r)):
            open_ones = np.nonzero(np.isneginf(least))[0].astype(np.uint32)
            if len(open_ones) <= _FEW * len(least):
                parts = [open_ones[at : at + _ROWS] for at in range(0, len(open_ones), _ROWS)]
                out += [(part, sides[1]) if n == 0 else (sides[0], part) for part in parts]
        return out

    def _reached(self, group: tuple[Rows, Rows]) -> tuple[Floats | None, Floats | None]:
        """Return what the keep-th best of each row, and of each column, of a group reaches."""
        rows, columns = group
        bits = self.early(rows, columns)
        bits = bits + self.late.block(rows, columns) if self.late else bits
        of_rows = _kth(bits, self.keep, 1) if len(columns) >= self.keep else None
        return of_rows, _kth(bits, self.keep, 0) if len(rows) >= self.keep else None

    def tile(self, rows: Rows) -> tuple[Places, tuple[Places, Places, Floats]]:
        """Return the best cells of some rows, as numbers of cells, and those worthy of a column."""
        bits = self.early(rows, slice(None))
        least_r = self.least_r  # may be raised meanwhile: one reading for all of the tile
        if self.late is None:
            return self._dense(rows, bits, least_r)
        alike = self.late.of(rows, slice(None))
        base, slope = self.line
        # What similarity a pair needs to reach one of its records' bounds.
        needed = np.minimum(self.least_l[rows][:, None], least_r)
        needed -= bits
        needed -= base
        at, of = np.nonzero(alike * slope >= needed)
        if len(at) > _FEW * bits.size:
            bits += self.late.bits(alike)
            return self._dense(rows, bits, least_r)
        found = bits[at, of] + self.late.bits(alike[at, of])
        worthy = found >= least_r[of]
        best = np.nonzero(found >= self.least_l[rows[at]])[0]
        best = best[np.lexsort((of[best], -found[best], at[best]))]
        best = best[_place_in_run(at[best]) < self.keep]
        key = rows[at[best]].astype(np.int64) * bits.shape[1] + of[best]
        return key, (rows[at[worthy]].astype(np.int64), of[worthy], found[worthy])

    def _dense(
        self, rows: Rows, bits: Floats, least_r: Floats
    ) -> tuple[Places, tuple[Places, Places, Floats]]:
        """Do `tile` where all pairs are weighed."""
        at, of = np.nonzero(_among_best(bits, self.keep))
        key = rows[at].astype(np.int64) * bits.shape[1] + of
        worthy = bits >= least_r
        crowded = np.nonzero(np.count_nonzero(worthy, axis=0) > self.keep)[0]
        if len(crowded):
            worthy[:, crowded] &= _among_best(np.ascontiguousarray(bits[:, crowded].T), self.keep).T
        at, of = np.nonzero(worthy)
        return key, (rows[at].astype(np.int64), of, bits[at, of])

    def take(self, rows: Places, columns: Places, bits: Floats) -> None:
        """Add cells that may be among the best of their columns."""
        self._waiting.append((rows, columns, bits))
        self._held += len(rows)
        if self._held > _WAIT * self.keep * len(self.least_r):
            self.pick()

    def pick(self) -> None:
        """Keep the best cells of each column; of equals, those of the first rows."""
        held = [(self.rows, self.columns, self.bits), *self._waiting]
        rows, columns, bits = (np.concatenate(part) for part in zip(*held, strict=True))
        order = np.lexsort((rows, -bits, columns))
        place = _place_in_run(columns[order])
        kept = order[place < self.keep]
        self.rows, self.columns, self.bits = rows[kept], columns[kept], bits[kept]
        last = order[place == self.keep - 1]
        least = self.least_r.copy()
        least[columns[last]] = np.maximum(least[columns[last]], bits[last])
        self.least_r = least
        self._waiting, self._held = [], 0


def _line(worth: Floats) -> tuple[np.float32, np.float32]:
    """Return base and slope of a line that no bits are above, as low as can be where most pairs lie."""
    grid = np.arange(len(worth)) / 100 - 0.005  # the least similarity that is rounded to each hundredth
    slopes = np.linspace(0, 2 * max(float(worth[:101].max() - worth[0]), 0.0) + 1, 60)
    bases = (worth - slopes[:, None] * grid).max(axis=1)
    at = np.argmin(bases + slopes * _COMMON)
    return np.float32(bases[at] + 0.001), np.float32(slopes[at])


def _kth(bits: Floats, keep: int, axis: int) -> Floats:
    """Return the keep-th best along an axis."""
    found: Floats = np.asarray(-np.partition(-bits, keep - 1, axis=axis).take(keep - 1, axis=axis))
    return found


def _among_best(bits: Floats, keep: int) -> npt.NDArray[np.bool_]:
    """Say which cells are among the best of their row; of equals, the first."""
    if bits.shape[1] <= keep:
        return np.ones(bits.shape, dtype=np.bool_)
    least = _kth(bits, keep, 1)[:, None]
    best: npt.NDArray[np.bool_] = bits > least
    equal = bits == least
    left = keep - np.count_nonzero(best, axis=1, keepdims=True)
    best |= equal & (np.cumsum(equal, axis=1, dtype=np.int32) <= left)
    return best


def _place_in_run(ordered: npt.NDArray[np.integer]) -> Places:
    """Number from 0 the members of each run of equal values."""
    here = np.arange(len(ordered), dtype=np.int64)
    opens = np.diff(ordered.astype(np.int64), prepend=-1) != 0
    return here - np.maximum.accumulate(np.where(opens, here, 0))


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
