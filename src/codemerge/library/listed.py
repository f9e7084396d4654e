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
from codemerge.library.compare import COUNTED, TABLE_LIMIT, often
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
Whole = npt.NDArray[np.int32]
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
        texts = (self.side.values.gather(codes - 1) for codes in (left, right))
        return Values(*texts, None, self.facet, self.vocabulary, self.declared.open)


@dataclass(frozen=True)
class Listed:
    """A comparison whose levels follow from two values, of one region's records with those of others.

    Args:
        column: what is compared.
        worth: per pair of regions: bits per level, 0 for what is open, then those of silence: right
            only, left only, neither.
        both: per pair of regions: what saying it on both sides adds.
        left: the left region's tally.
        rights: the tally of each right one.
    """

    column: Valued
    worth: Floats
    both: Bits
    left: Tally
    rights: Sequence[Tally]

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
        held_l, held_r = (self.column.tallies.held[rows] for rows in (left, right))
        apart = np.nonzero(codes[left] != codes[right])[0]
        for right_one, at in zip(self.rights, parted(towards[apart], len(self.rights)), strict=True):
            held_r[apart[at]] = right_one.of(codes[left[apart[at]]])
        said = np.array([max(one.said, 1.0) for one in self.rights])
        rarity = rarity_bits(1.0, held_l, held_r, max(self.left.said, 1.0), said[towards])
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

    def settled(self, left: Rows, right: Rows, towards: Places) -> tuple[Levels, Floats]:
        """Return level and bits of each pair."""
        levels, bits = np.empty(len(left), dtype=np.int8), np.empty(len(left), dtype=np.float32)
        for one, at in zip(self.regions, parted(towards, len(self.regions)), strict=True):
            places = _places(left[at], one.rows_l), _places(right[at], one.rows_r)
            levels[at], bits[at] = self.prepared(one).pairs(*places)
        return levels, bits

    def judged(self, levels: Levels, bits: Floats, left: Rows, right: Rows, towards: Places) -> None:
        """Leave nothing to be done."""


def parted(towards: Places, regions: int) -> Iterator[slice]:
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
        regions: the pairs of regions, that have the left one in common.
    """
    declared, tallies = column.declared, column.tallies
    left, rights = _NOBODY, [_NOBODY] * len(regions)
    if declared.omitted is not None or any(level.rarity or level.u is None for level in declared.levels):
        left = tallies.of(regions[0].left, regions[0].rows_l)
        rights = [tallies.of(one.right, one.rows_r) for one in regions]
    silence = [
        silence_bits(left.said / left.records, one.said / one.records, declared.omitted) for one in rights
    ]
    both = np.array([one.both for one in silence])
    silent = exact(np.array([[one.right_only, one.left_only, one.neither] for one in silence]))
    worth = exact(_capped(_level_bits(column, left, rights) + both[:, None], declared.cap))
    open_pairs = np.zeros((len(regions), 1), dtype=np.float32)
    return Listed(column, np.hstack([worth, open_pairs, silent]), both, left, rights)


def _level_bits(column: Valued, left: Tally, rights: Sequence[Tally]) -> Bits:
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
        same = np.array([one.counts @ left.of(one.values) for one in rights])
        every = left.said * np.array([one.said for one in rights])
        return counted_bits(levels, np.stack([same, every - same], axis=1), every)
    few = np.array([len(left.values) * len(one.values) <= TABLE_LIMIT for one in rights])
    for all_values in (True, False):
        at = np.nonzero(few == all_values)[0]
        if len(at):
            own, *others = (
                one if all_values else one.only(np.sort(often(one.counts)[:COUNTED]))
                for one in (left, *(rights[n] for n in at))
            )
            met = _met(column, own, others)
            bits[at] = counted_bits(levels, met, met.sum(axis=1))
    return bits


def _met(column: Valued, left: Tally, rights: Sequence[Tally]) -> Bits:
    """Count the pairs of records at each level, by pair of regions; what regions share is judged once."""
    levels = column.declared.levels
    every = np.unique(np.concatenate([one.values for one in rights]))
    parts = [np.zeros((len(levels), 0))]
    step = max(TABLE_LIMIT // max(len(left.values), 1), 1)
    for start in range(0, len(every), step):
        found = judge(levels, column.values(left.values, every[start : start + step]))
        parts.append(met_by_each(found, len(levels), left.counts))
    counted = np.hstack(parts)
    return np.stack([counted[:, np.searchsorted(every, one.values)] @ one.counts for one in rights])


def _capped(bits: Bits, cap: float | None) -> Bits:
    return bits if cap is None else np.clip(bits, -cap, cap)
