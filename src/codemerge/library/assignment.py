"""One-to-one assignment: the choice of pairs whose bits add up to most, not each row's best.

Candidate pairs form a sparse graph; each connected component is solved by itself. Equal sums are
told apart by a number scattered from each pair's position, so the answer is always the same; callers
learn of ties from the margin and never accept them.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from codemerge.library.grams import scattered
from codemerge.library.number_order import among, densely
from codemerge.library.rivals import best_other

Numbers = npt.NDArray[np.integer]
_FLOOR = -6.0  # bits below which leaving both records unmatched is better: odds of 1 in 64
_SPREAD = 1 << 24  # room below one step of weight for telling equal sums apart


def components(
    left: npt.NDArray[np.int64], right: npt.NDArray[np.int64], nodes: int
) -> npt.NDArray[np.int64]:
    """Label each node with the smallest node it is connected to."""
    label = np.arange(nodes, dtype=np.int64)
    while True:
        low = np.minimum(label[left], label[right])
        before = label.copy()
        np.minimum.at(label, left, low)
        np.minimum.at(label, right, low)
        label = label[label]  # jump: halves the way to the smallest
        if np.array_equal(label, before):
            return label


def assign_pairs(left: Numbers, right: Numbers, bits: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Choose pairs so that no record is used twice and the sum of bits is largest.

    Args:
        left: records of each candidate pair, any numbering; pairs sorted by them.
        right: the same of the right side.
        bits: match weight of each pair.

    Returns:
        One flag per pair.
    """
    chosen = np.zeros(len(bits), dtype=np.bool_)
    if not len(bits):
        return chosen
    _, a = densely(left)
    names, b = densely(right)
    useful = np.nonzero(bits > _FLOOR)[0]
    if not len(useful):
        return chosen
    a, b = a[useful], b[useful]
    sure = _dominant(a, b, bits[useful] - _FLOOR)
    chosen[useful[sure]] = True
    rest = ~(among(a, a[sure]) | among(b, b[sure]))
    useful, a, b = useful[rest], a[rest], b[rest]
    if not len(useful):
        return chosen
    offset = int(a.max()) + 1
    label = components(a, b + offset, offset + len(names))[a]
    order = np.argsort(label, kind="stable")
    bounds = np.nonzero(np.diff(label[order], prepend=-1, append=-1))[0]
    for start, stop in pairwise(bounds):
        part = order[start:stop]
        chosen[useful[part[_solve(a[part], b[part], bits[useful[part]])]]] = True
    return chosen


def _dominant(
    a: npt.NDArray[np.int64], b: npt.NDArray[np.int64], worth: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_]:
    """Find pairs worth more than the best other pair of their left and of their right record together.

    Such a pair is in every best assignment: whatever two pairs it would push out are worth less.
    Taking them away leaves others dominant, so it is done until nothing changes.
    """
    sure = np.zeros(len(worth), dtype=np.bool_)
    alive = np.ones(len(worth), dtype=np.bool_)
    while True:
        at = np.nonzero(alive)[0]
        rivals = [best_other(side[at], worth[at], 0.0) for side in (a, b)]
        found = at[worth[at] > rivals[0] + rivals[1]]
        if not len(found):
            return sure
        sure[found] = True
        alive &= ~(among(a, a[found]) | among(b, b[found]))


def _solve(
    a: npt.NDArray[np.int64], b: npt.NDArray[np.int64], bits: npt.NDArray[np.float64]
) -> npt.NDArray[np.int64]:
    """Return positions of the chosen pairs of one component."""
    own, other = a.tolist(), b.tolist()  # mostly a handful: numbered here quicker than by arrays
    left, right = sorted(set(own)), sorted(set(other))
    if len(left) == 1 or len(right) == 1:
        return np.array([int(np.argmax(bits))])
    row_of, column_of = ({name: n for n, name in enumerate(names)} for names in (left, right))
    steps = np.round((bits - _FLOOR) * 1024).astype(np.int64).tolist()
    # Scattered, not counted: of codes listed twice, places along the list would add up to the same.
    apart = (scattered(np.arange(len(steps), dtype=np.uint64)) % np.uint64(65521)).tolist()
    weights = [w * _SPREAD + more for w, more in zip(steps, apart, strict=True)]
    edges: list[list[tuple[int, int, int]]] = [[] for _ in left]
    for n, (one, two) in enumerate(zip(own, other, strict=True)):
        edges[row_of[one]].append((column_of[two], weights[n], n))
    return np.array(sorted(_Matching(edges, len(right)).found()), dtype=np.int64)


class _Matching:
    """The matching of largest weight, one left record after the other (Hungarian method, sparse).

    Each record has a price; no pair is worth more than the prices of its two records together, and
    every chosen pair is worth exactly that. A new left record takes the way of least loss through
    pairs chosen before, to a right record nobody has or to a left one that goes without (Kuhn, Naval
    Research Logistics 2 (1955); shortest ways as in Edmonds & Karp, Journal of the ACM 19 (1972)).
    """

    def __init__(self, edges: list[list[tuple[int, int, int]]], right: int) -> None:
        """Take the pairs of each left record: right record, weight (above 0), position."""
        self.edges = edges
        self.price_l = [max(weight for _, weight, _ in own) for own in edges]
        self.price_r = [0] * right
        self.of_right: list[int | None] = [None] * right  # left record that has it
        self.pair: list[tuple[int, int] | None] = [None] * len(edges)  # right record and position

    def found(self) -> list[int]:
        """Return the positions of the chosen pairs."""
        for row, own in enumerate(self.edges):
            free = next(
                (
                    (column, n)
                    for column, weight, n in own
                    if weight == self.price_l[row] and self.of_right[column] is None
                ),
                None,
            )
            if free is None:
                self._enter(row)
            else:
                self.of_right[free[0]], self.pair[row] = row, free
        return [chosen[1] for chosen in self.pair if chosen is not None]

    def _enter(self, start: int) -> None:
        """Let a left record in by the way of least loss."""
        loss_l, loss_r = {start: 0}, dict[int, int]()
        came: dict[int, tuple[int, int]] = {}  # right record → the left one before it, and the pair
        settled: set[int] = set()
        least, out, target = self.price_l[start], start, -1  # so far: the left record `out` goes without
        heap: list[tuple[int, int]] = []
        row: int | None = start
        while row is not None:
            lost = loss_l[row]
            if lost + self.price_l[row] < least:
                least, out = lost + self.price_l[row], row
            for column, weight, n in self.edges[row]:
                loss = lost + self.price_l[row] + self.price_r[column] - weight
                if loss < least and loss < loss_r.get(column, least):
                    loss_r[column], came[column] = loss, (row, n)
                    heappush(heap, (loss, column))
            row = None
            while heap and row is None:
                loss, column = heappop(heap)
                if loss >= least or column in settled:
                    continue
                settled.add(column)
                row = self.of_right[column]
                if row is None:
                    least, target = loss, column
                    break
                loss_l[row] = loss
            if target >= 0:
                break
        self._priced(loss_l, loss_r, settled, least)
        self._rearranged(start, out if target < 0 else None, target, came)

    def _priced(self, loss_l: dict[int, int], loss_r: dict[int, int], settled: set[int], least: int) -> None:
        for row, loss in loss_l.items():
            self.price_l[row] -= max(least - loss, 0)
        for column in settled:
            self.price_r[column] += max(least - loss_r[column], 0)

    def _rearranged(self, start: int, out: int | None, target: int, came: dict[int, tuple[int, int]]) -> None:
        """Hand right records on along the way that was found."""
        if out is not None:
            if out == start:
                return
            held = self.pair[out]
            assert held is not None  # noqa: S101 - only records that have one are on the way
            target, self.pair[out] = held[0], None
        while True:
            row, n = came[target]
            before = self.pair[row]
            self.of_right[target], self.pair[row] = row, (target, n)
            if row == start:
                return
            assert before is not None  # noqa: S101 - as above
            target = before[0]
