"""One comparison of a list of pairs, cheapest question first: equal numbers, then what the texts say.

Values are numbered once over all regions, so that equality is equality of numbers. Only pairs that
differ, and that could still weigh enough, are looked at as texts, each distinct pair of values once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from codemerge.library.comparators import judge
from codemerge.library.compare import COUNTED, TABLE_LIMIT, often
from codemerge.library.comparison import Compared, Declared, Rows
from codemerge.library.distinct import Side
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
class Whole:
    """A comparison that is judged whole, at once: a table over few values, words, letter groups.

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
        The comparison; None where another way suits it better: the first level isn't plain
        equality, or so few values that they are all judged beforehand.
    """
    first = declared.levels[0]
    if declared.smooth or first.when != "same" or first.clean:
        return None
    size = len(side.values) + 1
    left, right = (
        np.bincount(side.codes[rows], minlength=size)[1:].astype(np.float64) for rows in (rows_l, rows_r)
    )
    if np.count_nonzero(left) * np.count_nonzero(right) <= TABLE_LIMIT:
        return None
    silence = silence_bits(left.sum() / len(rows_l), right.sum() / len(rows_r), declared.omitted)
    total_l, total_r = max(left.sum(), 1.0), max(right.sum(), 1.0)
    rare = any(level.rarity for level in declared.levels)
    return Listed(
        declared,
        side,
        exact(_capped(_level_bits(declared, side, left, right) + silence.both, declared.cap)),
        exact(np.array([silence.neither, silence.left_only, silence.right_only])),
        rarity_bits(1.0, left, right, total_l, total_r) if rare else np.zeros(0),
        silence,
    )


def _level_bits(declared: Declared, side: Side, left: Bits, right: Bits) -> Bits:
    """Return bits per level, u counted over the most frequent values of both sides."""
    if all(level.u is not None or level.rarity for level in declared.levels):
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
