"""One comparison of listed pairs, cheapest question first: equal numbers, then what the texts say.

Pairs of one region's records with those of several others are weighed together: how two values stand to
each other doesn't depend on whose they are. Values are numbered once over all regions, so that equality
is equality of numbers. Only pairs that differ, and that could still weigh enough, are looked at as
texts, each distinct pair of values once. What a level is worth is counted for each pair of regions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from codemerge.library.cleaners import clean_values
from codemerge.library.comparators import judge
from codemerge.library.compare import TABLE_LIMIT
from codemerge.library.comparison import Compared, Declared, Rows
from codemerge.library.distinct import Side, numbered
from codemerge.library.pairs import Candidates, Places
from codemerge.library.tallies import Tallies, Tally
from codemerge.library.values import Values
from codemerge.library.vocabulary import Vocabulary
from codemerge.library.weights import (
    LEFT_ONLY,
    NEITHER,
    RIGHT_ONLY,
    Floats,
    Levels,
    counted_bits,
    exact,
    met_by_each,
    rarity_bits,
    silence_bits,
)

Bits = npt.NDArray[np.float64]
_NOBODY = Tally(np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32), 1)


@dataclass(frozen=True)
class Valued:
    """What is compared value by value, over all regions.

    Args:
        declared: the page's comparison.
        side: the column of all regions' records, encoded.
        tallies: how many records of each region hold each value, as far as they are counted.
        facet: facet id where the values are sets of concepts, else "".
        vocabulary: hierarchy of the concepts.
    """

    declared: Declared
    side: Side
    tallies: Tallies
    facet: str = ""
    vocabulary: Vocabulary | None = None

    @property
    def plain(self) -> bool:
        """Whether the first level is met by equal values and no others."""
        return self.declared.levels[0].when == "same" and not self.declared.levels[0].clean

    def values(self, left: npt.NDArray[np.integer], right: npt.NDArray[np.integer]) -> Values:
        """Return values by their codes, every left against every right."""
        own, other = (self.side.values.gather(codes - 1) for codes in (left, right))
        return Values(own, other, None, self.facet, self.vocabulary, self.declared.open)


@dataclass(frozen=True)
class Listed:
    """A comparison whose levels follow from two values, of one region's records with those of others.

    Args:
        column: what is compared.
        worth: per pair of regions: bits per level, 0 for what is open, then those of silence: right
            only, left only, neither.
        both: per pair of regions: what saying it on both sides adds.
        lefts, rights: per pair of regions: the tally of either.
    """

    column: Valued
    worth: Floats
    both: Bits
    lefts: Sequence[Tally]
    rights: Sequence[Tally]

    def between(self, at: slice) -> Listed:
        """Return the same for some of the pairs of regions."""
        return Listed(self.column, self.worth[at], self.both[at], self.lefts[at], self.rights[at])

    def settled(self, left: Rows, right: Rows, towards: Places) -> tuple[Levels, Floats]:
        """Settle what equality of numbers settles.

        Args:
            left: rows of the records.
            right: the same of the right side.
            towards: the pair of regions of each, ascending.

        Returns:
            Level and bits of each pair; where the values must be looked at, the level is the number
            of levels and the bits are the most that it can get.
        """
        a, b = self.column.side.codes[left], self.column.side.codes[right]
        count, first = len(self.column.declared.levels), int(self.column.plain)
        levels = np.full(len(a), first if first == count - 1 else count, dtype=np.int8)
        if first:
            levels[a == b] = 0
        levels[b == 0] = LEFT_ONLY
        levels[a == 0] = RIGHT_ONLY
        levels[(a == 0) & (b == 0)] = NEITHER
        bits = self._weighed(levels, left, right, towards)
        at = np.nonzero(levels == count)[0]
        if len(at):
            bits[at] = self._most(left[at], right[at], towards[at])
        return levels, bits

    def judged(self, levels: Levels, bits: Floats, left: Rows, right: Rows, towards: Places) -> None:
        """Look at the values of the pairs that `settled` left open; levels and bits are filled in place."""
        column, first = self.column, int(self.column.plain)
        at = np.nonzero(levels == len(column.declared.levels))[0]
        if not len(at):
            return
        left, right = left[at], right[at]
        many = len(column.side.values) + 1
        pairs = column.side.codes[left].astype(np.int64) * many + column.side.codes[right]
        distinct, back = np.unique(pairs, return_inverse=True)
        (a, at_l), (b, at_r) = (
            np.unique(codes, return_inverse=True) for codes in (distinct // many, distinct % many)
        )
        found = judge(column.declared.levels[first:], replace(column.values(a, b), at=(at_l, at_r)))
        levels[at] = found[back] + np.int8(first)
        bits[at] = self._weighed(levels[at], left, right, towards[at])

    def _weighed(self, levels: Levels, left: Rows, right: Rows, towards: Places) -> Floats:
        bits: Floats = self.worth[towards, levels]
        for n, level in enumerate(self.column.declared.levels):
            if level.rarity:
                at = np.nonzero(levels == n)[0]
                bits[at] = self._rare(level.m, left[at], right[at], towards[at])
        return bits

    def _most(self, left: Rows, right: Rows, towards: Places) -> Floats:
        """Return the most bits that a pair can get whose values are still to be looked at."""
        levels = list(enumerate(self.column.declared.levels))[int(self.column.plain) :]
        told = [n for n, level in levels if not level.rarity]
        most: Floats = self.worth[:, told].max(axis=1, initial=-np.inf)[towards]
        for _, level in levels:
            if level.rarity:
                np.maximum(most, self._rare(level.m, left, right, towards), out=most)
        return most

    def _rare(self, m: float, left: Rows, right: Rows, towards: Places) -> Floats:
        """Return what agreement is worth by how many other records hold the left record's value."""
        codes = self.column.side.codes
        held_l, held_r = (self.column.tallies.held[rows].astype(np.float64) for rows in (left, right))
        apart = np.nonzero(codes[left] != codes[right])[0]
        for one, at in zip(self.rights, _parted(towards[apart], len(self.rights)), strict=True):
            held_r[apart[at]] = one.of(codes[left[apart[at]]])
        said_l, said_r = (
            np.array([max(one.said, 1.0) for one in side])[towards] for side in (self.lefts, self.rights)
        )
        rarity = rarity_bits(1.0, held_l, held_r, said_l, said_r)
        return exact(_capped(rarity + np.log2(m) + self.both[towards], self.column.declared.cap))


@dataclass(frozen=True)
class Whole:
    """A comparison judged whole, by each pair of regions for itself: words, letter groups, habits.

    Args:
        prepared: readies the comparison over two regions' own columns.
        regions: the pairs of regions.
    """

    prepared: Callable[[Candidates], Compared]
    regions: Sequence[Candidates]

    def between(self, at: slice) -> Whole:
        """Return the same for some of the pairs of regions."""
        return Whole(self.prepared, self.regions[at])

    def settled(self, left: Rows, right: Rows, towards: Places) -> tuple[Levels, Floats]:
        """Return level and bits of each pair."""
        levels, bits = np.empty(len(left), dtype=np.int8), np.empty(len(left), dtype=np.float32)
        for one, at in zip(self.regions, _parted(towards, len(self.regions)), strict=True):
            places = _places(left[at], one.rows_l), _places(right[at], one.rows_r)
            levels[at], bits[at] = self.prepared(one).pairs(*places)
        return levels, bits

    def judged(self, levels: Levels, bits: Floats, left: Rows, right: Rows, towards: Places) -> None:
        """Leave nothing to be done."""


def _parted(towards: Places, regions: int) -> Iterator[slice]:
    """Return where the pairs of each pair of regions stand."""
    bounds = np.searchsorted(towards, np.arange(regions + 1))
    return (slice(start, stop) for start, stop in pairwise(bounds.tolist()))


def _places(rows: Rows, among: Rows) -> Rows:
    """Return where rows stand among the sorted rows of their region."""
    start = among[0] if len(among) else np.uint32(0)
    places = np.zeros(int(among[-1] - start) + 1 if len(among) else 0, dtype=np.uint32)
    places[among - start] = np.arange(len(among), dtype=np.uint32)
    return places[rows - start]


def agreeing(side: Side, left: Rows, right: Rows, clean: tuple[str, ...] = ()) -> npt.NDArray[np.bool_]:
    """Say which pairs hold the same value; what is missing equals nothing.

    Args:
        side: a column of all regions' records.
        left: rows of the records.
        right: the same of the right side.
        clean: cleaners behind which two values may be the same; only those of the pairs are cleaned.
    """
    a, b = side.codes[left], side.codes[right]
    same: npt.NDArray[np.bool_] = (a == b) & (a > 0)
    at = np.nonzero((a != b) & (a > 0) & (b > 0))[0] if clean else np.zeros(0, dtype=np.int64)
    if len(at):
        used, places = np.unique(np.concatenate((a[at], b[at])), return_inverse=True)
        numbers = numbered(clean_values(side.values.gather(used - 1), clean))[1][places]
        same[at] = (numbers[: len(at)] == numbers[len(at) :]) & (numbers[: len(at)] > 0)
    return same


def by_number(declared: Declared) -> bool:
    """Say that a comparison of plain texts asks nothing but whether they are the same."""
    return len(declared.levels) == 2 and declared.levels[0].when == "same" and not declared.levels[0].clean


def listed(column: Valued, regions: Sequence[Candidates]) -> Listed:
    """Prepare a comparison for listed pairs.

    Args:
        column: what is compared.
        regions: the pairs of regions.
    """
    declared, tallies = column.declared, column.tallies
    lefts, rights = ([_NOBODY] * len(regions) for _ in range(2))
    if declared.omitted is not None or any(level.rarity or level.u is None for level in declared.levels):
        lefts = [tallies.of(one.left, one.rows_l) for one in regions]
        rights = [tallies.of(one.right, one.rows_r) for one in regions]
    silence = [
        silence_bits(left.share, right.share, declared.omitted)
        for left, right in zip(lefts, rights, strict=True)
    ]
    both = np.array([one.both for one in silence])
    silent = exact(np.array([[one.right_only, one.left_only, one.neither] for one in silence]))
    worth = exact(_capped(_level_bits(column, lefts, rights) + both[:, None], declared.cap))
    undecided = np.zeros((len(regions), 1), dtype=np.float32)
    return Listed(column, np.hstack([worth, undecided, silent]), both, lefts, rights)


def _level_bits(column: Valued, lefts: Sequence[Tally], rights: Sequence[Tally]) -> Bits:
    """Return bits per pair of regions and level.

    u, where no page tells it, is counted: over all values of two regions that have few, else over
    the most frequent.
    """
    levels = column.declared.levels
    bits = np.zeros((len(rights), len(levels)))
    if all(level.u is not None or level.rarity for level in levels):
        bits[:] = np.log2([level.m / (level.u or level.m) for level in levels])
        return bits
    if by_number(column.declared):
        both = list(zip(lefts, rights, strict=True))
        same = np.array([right.counts @ left.of(right.values) for left, right in both])
        every = np.array([left.said * right.said for left, right in both])
        return counted_bits(levels, np.stack([same, every - same], axis=1), every)
    few = [len(a.values) * len(b.values) <= TABLE_LIMIT for a, b in zip(lefts, rights, strict=True)]
    for all_values in (True, False):
        at = [n for n, one in enumerate(few) if one is all_values]
        if at:
            own, others = (
                [side[n] if all_values else side[n].frequent for n in at] for side in (lefts, rights)
            )
            counted = _counted(column, own, others)
            bits[at] = counted_bits(levels, counted, counted.sum(axis=1))
    return bits


def _counted(column: Valued, lefts: Sequence[Tally], rights: Sequence[Tally]) -> Bits:
    """Count pairs of records per pair of regions and level.

    Two values are judged once, whose they are, and only if some pair of regions asks: a right value
    with those of the left regions up to the last that meets it.
    """
    levels = column.declared.levels
    regions = {left: n for n, left in enumerate(dict.fromkeys(lefts))}
    last = {right: regions[left] for left, right in zip(lefts, rights, strict=True)}
    own, since = _in_turn(list(regions))
    order = sorted(last, key=lambda right: -last[right])
    others, place = _in_turn(order)
    until = np.array([last[right] for right in order])[place]
    held = np.stack([left.of(own) for left in regions])
    met = np.zeros((len(regions), len(levels), len(others)))
    start = 0
    while start < len(others):
        rows = slice(0, np.searchsorted(since, until[start], side="right"))
        at = slice(start, start + max(TABLE_LIMIT // max(rows.stop, 1), 1))
        met[:, :, at] = met_by_each(
            judge(levels, column.values(own[rows], others[at])), len(levels), held[:, rows]
        )
        start = at.stop
    sorter = np.argsort(others)
    at_right = {right: sorter[np.searchsorted(others, right.values, sorter=sorter)] for right in order}
    return np.stack(
        [
            met[regions[left]][:, at_right[right]] @ right.counts
            for left, right in zip(lefts, rights, strict=True)
        ]
    )


def _in_turn(tallies: Sequence[Tally]) -> tuple[npt.NDArray[np.int32], Places]:
    """Return the values that any of the regions has, and the place of the first that has each, ascending."""
    values = np.concatenate([one.values for one in tallies])
    at = np.sort(np.unique(values, return_index=True)[1])
    return values[at], np.repeat(np.arange(len(tallies)), [len(one.values) for one in tallies])[at]


def _capped(bits: Bits, cap: float | None) -> Bits:
    return bits if cap is None else np.clip(bits, -cap, cap)
