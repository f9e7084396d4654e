"""One comparison of a list of pairs, cheapest question first: equal numbers, then what the texts say.

Values are numbered once over all regions, so that equality is equality of numbers. Only pairs that
differ, and that could still weigh enough, are looked at as texts, each distinct pair of values once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from codemerge.library.cleaners import clean_values
from codemerge.library.comparators import judge
from codemerge.library.compare import COUNTED, TABLE_LIMIT, often
from codemerge.library.comparison import Compared, Declared, Rows
from codemerge.library.distinct import Side, numbered
from codemerge.library.values import Values
from codemerge.library.weights import (
    LEFT_ONLY,
    NEITHER,
    RIGHT_ONLY,
    Floats,
    Levels,
    Silence,
    exact,
    level_bits,
    rarity_bits,
    silence_bits,
)

Bits = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Listed:
    """A comparison of texts whose first level is that they are the same.

    Args:
        declared: the page's comparison.
        side: the column of all regions' records, encoded.
        worth: bits per level, silence included.
        silent: bits where a side is missing: neither, left only, right only.
        rarity: bits of agreement per value of ``side``, before the level's m; empty where no level asks.
        silence: what saying it on both sides adds.
    """

    declared: Declared
    side: Side
    worth: Floats
    silent: Floats
    rarity: Bits
    silence: Silence

    def settled(self, left: Rows, right: Rows) -> tuple[Levels, Floats]:
        """Settle what equality of numbers settles.

        Args:
            left: rows of the records.
            right: the same of the right side.

        Returns:
            Level and bits of each pair; where the texts must be looked at, the level is the number
            of levels and the bits are the most that it can get.
        """
        a, b = self.side.codes[left], self.side.codes[right]
        count = len(self.declared.levels)
        levels = np.where(a == b, 0, 1 if count == 2 else count).astype(np.int8)
        levels[b == 0] = LEFT_ONLY
        levels[a == 0] = RIGHT_ONLY
        levels[(a == 0) & (b == 0)] = NEITHER
        bits = self._weighed(levels, a)
        at = np.nonzero(levels == count)[0]
        if len(at):
            most = np.full(len(at), -np.inf, dtype=np.float32)
            for n in range(1, count):
                step = self._weighed(np.full(len(at), n, dtype=np.int8), a[at])
                np.maximum(most, step, out=most)
            bits[at] = most
        return levels, bits

    def judged(self, levels: Levels, bits: Floats, left: Rows, right: Rows) -> None:
        """Look at the texts of the pairs that `settled` left open; levels and bits are filled in place."""
        at = np.nonzero(levels == len(self.declared.levels))[0]
        if not len(at):
            return
        a, b = self.side.codes[left[at]], self.side.codes[right[at]]
        many = len(self.side.values) + 1
        distinct, back = np.unique(a.astype(np.int64) * many + b, return_inverse=True)
        values = Values(self.side.values, self.side.values, (distinct // many - 1, distinct % many - 1))
        found = judge(self.declared.levels[1:], values)[back] + np.int8(1)
        levels[at] = found
        bits[at] = self._weighed(found, a)

    def _weighed(self, levels: Levels, values: npt.NDArray[np.int32]) -> Floats:
        table = np.concatenate([self.worth, [0.0], self.silent[::-1]]).astype(np.float32)
        bits: Floats = table[levels]
        for n, level in enumerate(self.declared.levels):
            if level.rarity:
                at = np.nonzero(levels == n)[0]
                own = self.rarity[values[at] - 1] + np.log2(level.m) + self.silence.both
                bits[at] = exact(_capped(own, self.declared.cap))
        return bits


@dataclass(frozen=True)
class Tabled(Listed):
    """A comparison over few values, every pair of which was judged to count how often each level is met.

    Args:
        table: levels of the left region's values against the right region's, the missing one first.
        places_l: per value of ``side`` and the missing one, its row of the table.
        places_r: its column.
    """

    table: Levels
    places_l: npt.NDArray[np.int32]
    places_r: npt.NDArray[np.int32]

    def settled(self, left: Rows, right: Rows) -> tuple[Levels, Floats]:
        """Return level and bits of each pair: nothing is left open."""
        a = self.side.codes[left]
        levels = self.table[self.places_l[a], self.places_r[self.side.codes[right]]]
        return levels, self._weighed(levels, a)


@dataclass(frozen=True)
class Whole:
    """A comparison that is judged whole, at once: facets, words, letter groups.

    Args:
        ready: the comparison over the two regions' own columns.
        rows_l: the left region's records that take part, as rows of the entity's frame.
        rows_r: the same of the right region.
    """

    ready: Compared
    rows_l: Rows
    rows_r: Rows

    def settled(self, left: Rows, right: Rows) -> tuple[Levels, Floats]:
        """Return level and bits of each pair."""
        return self.ready.pairs(_places(left, self.rows_l), _places(right, self.rows_r))

    def judged(self, levels: Levels, bits: Floats, left: Rows, right: Rows) -> None:
        """Leave nothing to be done."""


def _places(rows: Rows, among: Rows) -> Rows:
    """Return where rows stand among the sorted rows of their region."""
    places = np.zeros(int(among[-1]) + 1 if len(among) else 0, dtype=np.uint32)
    places[among] = np.arange(len(among), dtype=np.uint32)
    return places[rows]


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


def listed(declared: Declared, side: Side, rows_l: Rows, rows_r: Rows) -> Listed | None:
    """Prepare a comparison of a page for listed pairs of two regions.

    Args:
        declared: the page's comparison of plain texts, value by value.
        side: the column of all regions' records.
        rows_l: the left region's records that take part.
        rows_r: the same of the right region.

    Returns:
        The comparison; None where another way suits it better: many values, and a first level that
        isn't plain equality.
    """
    if declared.smooth:
        return None
    size = len(side.values) + 1
    left, right = (
        np.bincount(side.codes[rows], minlength=size)[1:].astype(np.float64) for rows in (rows_l, rows_r)
    )
    few = np.count_nonzero(left) * np.count_nonzero(right) <= TABLE_LIMIT
    first = declared.levels[0]
    plain = first.when == "same" and not first.clean
    if not (few or plain):
        return None
    silence = silence_bits(left.sum() / len(rows_l), right.sum() / len(rows_r), declared.omitted)
    total_l, total_r = max(left.sum(), 1.0), max(right.sum(), 1.0)
    rare = any(level.rarity for level in declared.levels)
    silent = exact(np.array([silence.neither, silence.left_only, silence.right_only]))
    rarity = rarity_bits(1.0, left, right, total_l, total_r) if rare else np.zeros(0)
    if plain and (not few or by_number(declared) or _told(declared)):
        worth = exact(_capped(_level_bits(declared, side, left, right) + silence.both, declared.cap))
        return Listed(declared, side, worth, silent, rarity, silence)
    (used_l, places_l), (used_r, places_r) = _used(left), _used(right)
    found = judge(declared.levels, Values(side.values.gather(used_l), side.values.gather(used_r)))
    bits = level_bits(declared.levels, found, left[used_l], right[used_r])
    worth = exact(_capped(bits + silence.both, declared.cap))
    return Tabled(declared, side, worth, silent, rarity, silence, _framed(found), places_l, places_r)


def _used(counts: Bits) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Return the values that a region has, and the place of each among them, from 1; 0 for a missing one."""
    used = np.nonzero(counts)[0]
    places = np.zeros(len(counts) + 1, dtype=np.int32)
    places[used + 1] = np.arange(1, len(used) + 1, dtype=np.int32)
    return used, places


def _framed(found: Levels) -> Levels:
    """Put a row and a column for the missing value before a table over distinct values."""
    framed = np.empty((found.shape[0] + 1, found.shape[1] + 1), dtype=np.int8)
    framed[1:, 1:] = found
    framed[1:, 0], framed[0, :], framed[0, 0] = LEFT_ONLY, RIGHT_ONLY, NEITHER
    return framed


def _told(declared: Declared) -> bool:
    """Say that no level's u is to be counted."""
    return all(level.u is not None or level.rarity for level in declared.levels)


def _level_bits(declared: Declared, side: Side, left: Bits, right: Bits) -> Bits:
    """Return bits per level, u counted over the most frequent values of both sides."""
    if _told(declared):
        return np.array([np.log2(level.m / (level.u or level.m)) for level in declared.levels])
    if by_number(declared):
        same, every = float(left @ right), float(left.sum() * right.sum())
        counted = zip(declared.levels, (same, every - same), strict=True)
        u = np.array([level.u or (n + 0.5) / (every + 1) for level, n in counted])
        bits: Bits = np.log2(np.array([level.m for level in declared.levels]) / u)
        return bits
    used_l, used_r = np.nonzero(left)[0], np.nonzero(right)[0]
    some_l, some_r = used_l[often(left[used_l])[:COUNTED]], used_r[often(right[used_r])[:COUNTED]]
    sample = Values(side.values.gather(some_l), side.values.gather(some_r))
    return level_bits(declared.levels, judge(declared.levels, sample), left[some_l], right[some_r])


def _capped(bits: Bits, cap: float | None) -> Bits:
    return bits if cap is None else np.clip(bits, -cap, cap)
