"""One comparison of two catalogs: bits for tiles of all pairs, or for a list of pairs.

Small comparisons (facets, short lists) become one table over distinct values, read by number.
Texts that hardly repeat are judged tile by tile with SIMD; words are weighed by matrix products.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from codemerge.library.cleaners import clean_values
from codemerge.library.comparators import judge
from codemerge.library.compare_tables import Table
from codemerge.library.compare_texts import compared_smooth, fill_silent
from codemerge.library.comparison import Compared, Declared, Rows, Some
from codemerge.library.distinct import Side
from codemerge.library.values import Values
from codemerge.library.vocabulary import Vocabulary
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

Whole = npt.NDArray[np.int32]

TABLE_LIMIT = 4_000_000  # cells of a table over distinct values
COUNTED = 1_000  # most frequent values per side that u is counted over where a table is too large


@dataclass(frozen=True)
class _Weigher:
    """Turns levels into bits, by the page's m, the catalogs' u, rarity and cap."""

    declared: Declared
    left: Side
    right: Side
    bits: npt.NDArray[np.float64]  # per level
    silence: Silence
    rarity: npt.NDArray[np.float64]  # per left value: bits of agreement at a rarity level

    def weigh(self, found: Levels, left_value: npt.NDArray[np.int32]) -> Floats:
        """Return bits of levels; ``left_value`` (number from 0) tells how rare the agreement is."""
        out = self.bits[found]
        for n, level in enumerate(self.declared.levels):
            if level.rarity:
                out = np.where(found == n, self.rarity[left_value] + np.log2(level.m), out)
        out = out + self.silence.both
        cap = self.declared.cap
        return exact(out if cap is None else np.clip(out, -cap, cap))

    @property
    def silent(self) -> npt.NDArray[np.float32]:
        """Bits where a side is missing: neither, left only, right only."""
        s = self.silence
        return exact(np.array([s.neither, s.left_only, s.right_only]))


def compared(
    declared: Declared, left: Side, right: Side, facet: str, vocabulary: Vocabulary | None
) -> Compared:
    """Prepare a comparison over two encoded columns.

    Args:
        declared: the page's comparison (``per = "value"``).
        left: the columns, cleaned and encoded.
        right: the same of the right side.
        facet: facet id where the values are sets of concepts, else "".
        vocabulary: hierarchy of the concepts.
    """
    if declared.smooth:
        return compared_smooth(declared, left, right)
    small = len(left.values) * len(right.values) <= TABLE_LIMIT
    crossed = Values(left.values, right.values, None, facet, vocabulary, declared.open)
    if small:
        found = judge(declared.levels, crossed)
        weigher = _weigher(declared, left, right, found, left.counts, right.counts)
        levels, bits = _framed(found, weigher)
        return Table(left.codes, right.codes, bits, levels)
    often_l, often_r = (often(side.counts)[:COUNTED] for side in (left, right))
    sample = Values(
        left.values[often_l.tolist()], right.values[often_r.tolist()], None, facet, vocabulary, declared.open
    )
    found = judge(declared.levels, sample)
    weigher = _weigher(declared, left, right, found, left.counts[often_l], right.counts[often_r])
    if not facet and all(level.when == "same" for level in declared.levels[:-1]):
        return _equal(weigher)
    return _Stream(weigher, facet, vocabulary)


def levels_of(
    declared: Declared,
    left: Side,
    right: Side,
    rows: tuple[Rows, Rows],
    about: tuple[str, Vocabulary | None] = ("", None),
) -> Levels:
    """Return the level of each of some pairs, bits left out: see `compared`.

    Args:
        declared: the page's comparison (``per = "value"``).
        left: the columns, cleaned and encoded.
        right: the same of the right side.
        rows: left and right record of each pair.
        about: facet and vocabulary, where the values are sets of concepts.
    """
    if declared.smooth:
        return compared_smooth(declared, left, right).pairs(*rows)[0]
    return _judged_pairs(declared, left, right, rows, about)[0]


def _judged_pairs(
    declared: Declared,
    left: Side,
    right: Side,
    rows: tuple[Rows, Rows],
    about: tuple[str, Vocabulary | None],
) -> tuple[Levels, Levels, Whole, npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Judge each distinct pair of values once.

    Returns:
        The level of each pair; level and left value of each distinct pair of values; which pairs say
        something on both sides; the number of the distinct pair of each of these.
    """
    a, b = left.codes[rows[0]], right.codes[rows[1]]
    levels = np.where(a > 0, LEFT_ONLY, np.where(b > 0, RIGHT_ONLY, NEITHER)).astype(np.int8)
    both = (a > 0) & (b > 0)
    if not both.any():
        nothing = np.zeros(0, dtype=np.int64)
        return levels, nothing.astype(np.int8), nothing.astype(np.int32), both, nothing
    many = len(right.values) + 1
    distinct, back = np.unique(a[both].astype(np.int64) * many + b[both], return_inverse=True)
    value_l, value_r = distinct // many - 1, distinct % many - 1
    values = Values(left.values, right.values, (value_l, value_r), *about, declared.open)
    found = judge(declared.levels, values)
    levels[both] = found[back]
    return levels, found, value_l.astype(np.int32), both, back


def often(counts: npt.NDArray[np.number]) -> npt.NDArray[np.int64]:
    """Return values, the most frequent first; equally frequent ones from all over the alphabet."""
    scattered = np.arange(len(counts), dtype=np.int64) * 7919 % max(len(counts), 1)
    return np.lexsort((scattered, -counts))


def _weigher(
    declared: Declared,
    left: Side,
    right: Side,
    found: Levels,
    counts_l: npt.NDArray[np.float64],
    counts_r: npt.NDArray[np.float64],
) -> _Weigher:
    total_l, total_r = max(left.counts.sum(), 1.0), max(right.counts.sum(), 1.0)
    there = pl.DataFrame({"v": right.values, "c": right.counts})
    on_right = (
        left.values.to_frame("v").join(there, on="v", how="left", maintain_order="left")["c"].fill_null(0.0)
    )
    rarity = rarity_bits(1.0, left.counts, on_right.to_numpy(), total_l, total_r)
    silence = silence_bits(left.stated, right.stated, declared.omitted)
    return _Weigher(
        declared, left, right, level_bits(declared.levels, found, counts_l, counts_r), silence, rarity
    )


def _framed(found: Levels, weigher: _Weigher) -> tuple[Levels, Floats]:
    """Put a row and a column for the missing value before a table over distinct values."""
    rows, columns = found.shape
    levels = np.empty((rows + 1, columns + 1), dtype=np.int8)
    bits = np.empty(levels.shape, dtype=np.float32)
    levels[1:, 1:] = found
    bits[1:, 1:] = weigher.weigh(found, np.arange(rows, dtype=np.int32)[:, None])
    levels[0, 0], bits[0, 0] = NEITHER, weigher.silent[0]
    levels[1:, 0], bits[1:, 0] = LEFT_ONLY, weigher.silent[1]
    levels[0, 1:], bits[0, 1:] = RIGHT_ONLY, weigher.silent[2]
    return levels, bits


@dataclass(frozen=True)
class _Stream:
    """Values that hardly repeat: judged when asked for, each distinct pair once."""

    weigher: _Weigher
    facet: str
    vocabulary: Vocabulary | None
    flat: bool = False
    alike = None

    def block(self, left: Rows, right: Some) -> Floats:
        w = self.weigher
        used_l, rows = np.unique(w.left.codes[left], return_inverse=True)
        used_r, columns = np.unique(w.right.codes[right], return_inverse=True)
        said_l, said_r = used_l > 0, used_r > 0
        values = Values(
            w.left.values.gather(used_l[said_l] - 1),
            w.right.values.gather(used_r[said_r] - 1),
            None,
            self.facet,
            self.vocabulary,
            w.declared.open,
        )
        found = judge(w.declared.levels, values)
        bits = np.empty((len(used_l), len(used_r)), dtype=np.float32)
        bits[np.ix_(said_l, said_r)] = w.weigh(found, (used_l[said_l] - 1)[:, None])
        fill_silent(bits, ~said_l, ~said_r, w.silent)
        return np.take(bits[rows], columns, axis=1)

    def pairs(self, left: Rows, right: Rows) -> tuple[Levels, Floats]:
        w = self.weigher
        about = (self.facet, self.vocabulary)
        levels, found, value_l, both, back = _judged_pairs(w.declared, w.left, w.right, (left, right), about)
        bits = w.silent[np.clip(-levels - 1, 0, 2)]  # what isn't silent is written next
        if len(found):
            bits[both] = w.weigh(found, value_l)[back]
        return levels, bits


@dataclass(frozen=True)
class _Equal(_Stream):
    """A stream whose levels ask only whether two values, cleaned, are the same: numbers tell.

    Args:
        numbers: per level, the value's number of every record of both sides; below zero where
            nothing is said, never equal between the sides.
        steps: per level, bits of agreement for every left record.
        base: bits of every right record where no level holds: left silent, left said.
    """

    numbers: Sequence[tuple[Whole, Whole]] = ()
    steps: Sequence[Floats] = ()
    base: Floats = field(default_factory=lambda: np.zeros((2, 0), dtype=np.float32))

    def block(self, left: Rows, right: Some) -> Floats:
        said = (self.weigher.left.codes[left] > 0).astype(np.int64)
        bits: Floats = self.base[:, right][said]
        for (own, other), worth in reversed(list(zip(self.numbers, self.steps, strict=True))):
            alike = own[left][:, None] == other[right][None, :]
            np.copyto(bits, worth[left][:, None], where=alike)
        return bits


def _equal(w: _Weigher) -> _Equal:
    levels = w.declared.levels
    last = w.weigh(np.array([len(levels) - 1], dtype=np.int8), np.zeros(1, dtype=np.int32))[0]
    said = w.right.codes > 0
    base = np.stack([np.where(said, w.silent[2], w.silent[0]), np.where(said, last, w.silent[1])])
    of_values = np.arange(len(w.left.values), dtype=np.int32)
    numbers, steps = [], []
    for n, level in enumerate(levels[:-1]):
        numbers.append(_numbered(w.left, w.right, level.clean))
        worth = w.weigh(np.full(len(of_values), n, dtype=np.int8), of_values)
        steps.append(np.concatenate(([np.float32(0)], worth))[w.left.codes])
    return _Equal(w, "", None, numbers=numbers, steps=steps, base=base.astype(np.float32))


def _numbered(left: Side, right: Side, clean: tuple[str, ...]) -> tuple[Whole, Whole]:
    """Number cleaned values over both sides; what is empty or missing equals nothing."""
    texts = [clean_values(side.values, clean) for side in (left, right)]
    rank = pl.concat(texts).rank("dense").fill_null(0).cast(pl.Int32).to_numpy()
    own, other = rank[: len(left.values)], rank[len(left.values) :]
    own, other = np.where(own > 0, own, -1), np.where(other > 0, other, -2)
    return (
        np.concatenate(([-1], own)).astype(np.int32)[left.codes],
        np.concatenate(([-2], other)).astype(np.int32)[right.codes],
    )
