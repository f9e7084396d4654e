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
from codemerge.library.number_order import opening, place_in_run
from codemerge.library.workers import threads

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]
Cells = tuple[Places, Places, Floats]  # left records, right records, bits
Block = Callable[[Rows, Some], Floats]  # bits of some left records against some right ones, an own array
_TILE = 512  # records of either side of a tile: 1 MB of float32
_FEW = 0.1  # share of a tile's pairs up to which they are weighed one by one
_COMMON = 0.1  # how alike two records' names mostly are
_WAIT = 4  # cells held per place of a record before the best are picked out


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
    search = _Search(early, late, left, right, keep)
    with ThreadPoolExecutor(threads()) as pool:
        if late:
            search.bound(list(_cut(likely)), pool)
            search.bound(search.unbounded(), pool)
        for of_rows, of_columns in pool.map(search.tile, _tiles(left, right)):
            search.rows.take(of_rows)
            search.columns.take(of_columns)
    cells = (search.rows.pick(), search.columns.pick())
    key = np.sort(np.concatenate([rows * right + columns for rows, columns, _ in cells]))
    key = key[opening(key)]
    return (key // max(right, 1)).astype(np.uint32), (key % max(right, 1)).astype(np.uint32)


def _tiles(left: int, right: int) -> Iterator[tuple[slice, slice]]:
    for start in range(0, left, _TILE):
        for begin in range(0, right, _TILE):
            yield slice(start, min(start + _TILE, left)), slice(begin, min(begin + _TILE, right))


def _cut(groups: Iterable[tuple[Rows, Rows]]) -> Iterator[tuple[Rows, Rows]]:
    """Cut large groups into parts: each bounds its own records, if less tightly than the whole."""
    for rows, columns in groups:
        for start in range(0, len(rows), 2 * _TILE):
            for begin in range(0, len(columns), 2 * _TILE):
                yield rows[start : start + 2 * _TILE], columns[begin : begin + 2 * _TILE]


class _Best:
    """The best cells of every record of one side, as far as tiles have been weighed.

    ``least`` is what a record's keep-th best reaches for certain. It may be raised while tiles are
    being weighed: an older one only lets more pairs through.
    """

    def __init__(self, records: int, keep: int, side: int) -> None:
        self.least = np.full(records, -np.inf, dtype=np.float32)
        self.keep, self.side = keep, side
        self._held: list[Cells] = [
            (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))
        ]
        self._count = 0

    def take(self, cells: Cells) -> None:
        """Add cells that may be among the best."""
        self._held.append(cells)
        self._count += len(cells[0])
        if self._count > _WAIT * self.keep * len(self.least):
            self.pick()

    def pick(self) -> Cells:
        """Keep and return the best cells of each record; of equals, those of the first of the other side."""
        rows, columns, bits = (np.concatenate(part) for part in zip(*self._held, strict=True))
        own, other = (rows, columns) if self.side == 0 else (columns, rows)
        order = np.lexsort((other, -bits, own))
        place = place_in_run(own[order])
        kept, last = order[place < self.keep], order[place == self.keep - 1]
        self._held, self._count = [(rows[kept], columns[kept], bits[kept])], 0
        self.raised(own[last], bits[last])
        return self._held[0]

    def raised(self, records: Places | Rows, reached: Floats) -> None:
        """Remember what the keep-th best of some records reaches."""
        least = self.least.copy()
        least[records] = np.maximum(least[records], reached)
        self.least = least


class _Search:
    """The best of either side, and what they must reach."""

    def __init__(self, early: Block, late: Alike | None, left: int, right: int, keep: int) -> None:
        self.early, self.late, self.keep = early, late, keep
        self.rows, self.columns = _Best(left, keep, 0), _Best(right, keep, 1)
        self.line = _line(late.worth) if late else (np.float32(0), np.float32(0))

    def bound(self, groups: Sequence[tuple[Rows, Rows]], pool: ThreadPoolExecutor) -> None:
        """Raise the bounds to what is found within groups of records."""
        found = pool.map(self._reached, groups)
        for (rows, columns), (of_rows, of_columns) in zip(groups, found, strict=True):
            if of_rows is not None:
                self.rows.raised(rows, of_rows)
            if of_columns is not None:
                self.columns.raised(columns, of_columns)

    def unbounded(self) -> list[tuple[Rows, Rows]]:
        """Return the records that no bound is known of, each with all of the other side; none if too many."""
        out = []
        sides = [np.arange(len(side.least), dtype=np.uint32) for side in (self.rows, self.columns)]
        for n, side in enumerate((self.rows, self.columns)):
            alone = np.nonzero(np.isneginf(side.least))[0].astype(np.uint32)
            if len(alone) <= _FEW * len(side.least):
                parts = [alone[at : at + _TILE // 4] for at in range(0, len(alone), _TILE // 4)]
                out += [(part, sides[1]) if n == 0 else (sides[0], part) for part in parts]
        return out

    def _reached(self, group: tuple[Rows, Rows]) -> tuple[Floats | None, Floats | None]:
        """Return what the keep-th best of each row, and of each column, of a group reaches."""
        rows, columns = group
        bits = self.early(rows, columns)
        bits = bits + self.late.block(rows, columns) if self.late else bits
        of_rows = _kth(bits, self.keep, 1) if len(columns) >= self.keep else None
        return of_rows, _kth(bits, self.keep, 0) if len(rows) >= self.keep else None

    def tile(self, place: tuple[slice, slice]) -> tuple[Cells, Cells]:
        """Return the cells of a tile that may be among the best of their row, and of their column."""
        rows, columns = place
        own = np.arange(rows.start, rows.stop, dtype=np.uint32)
        bits = self.early(own, columns)
        least_l, least_r = self.rows.least[rows], self.columns.least[columns]
        if self.late is None:
            return _dense(bits, self.keep, least_l, least_r, place)
        alike = self.late.of(own, columns)
        base, slope = self.line
        # What a pair needs to reach one of its records' bounds.
        needed = np.minimum(least_l[:, None], least_r)
        needed -= bits
        needed -= base
        at, of = np.nonzero(alike * slope >= needed)
        if len(at) > _FEW * bits.size:
            bits += self.late.bits(alike)
            return _dense(bits, self.keep, least_l, least_r, place)
        found = bits[at, of] + self.late.bits(alike[at, of])
        cells = at + rows.start, of + columns.start, found
        of_rows, of_columns = found >= least_l[at], found >= least_r[of]
        return (
            (cells[0][of_rows], cells[1][of_rows], found[of_rows]),
            (cells[0][of_columns], cells[1][of_columns], found[of_columns]),
        )


def _dense(
    bits: Floats, keep: int, least_l: Floats, least_r: Floats, place: tuple[slice, slice]
) -> tuple[Cells, Cells]:
    """Do `_Search.tile` where all pairs are weighed: at most ``keep`` cells of each row and column."""
    kept = (bits >= least_l[:, None]) & _among_best(bits, keep)
    at, of = np.nonzero(kept)
    of_rows = at + place[0].start, of + place[1].start, bits[at, of]
    worthy = bits >= least_r
    crowded = np.nonzero(np.count_nonzero(worthy, axis=0) > keep)[0]
    if len(crowded):
        worthy[:, crowded] &= _among_best(np.ascontiguousarray(bits[:, crowded].T), keep).T
    at, of = np.nonzero(worthy)
    return of_rows, (at + place[0].start, of + place[1].start, bits[at, of])


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


def best_of_pairs(
    left: Rows | Places, right: Rows | Places, bits: Floats, keep: int
) -> npt.NDArray[np.bool_]:
    """Say which of a list of pairs are among the best ``keep`` of their left or right record."""
    kept = np.zeros(len(bits), dtype=np.bool_)
    for own, other in ((left, right), (right, left)):
        # A record with few pairs keeps them all: only the crowded ones need sorting.
        crowded = np.bincount(own)[own] > keep if len(own) else kept
        kept |= ~crowded
        at = np.nonzero(crowded)[0]
        order = at[np.lexsort((other[at], -bits[at], own[at]))]
        kept[order[place_in_run(own[order]) < keep]] = True
    return kept
