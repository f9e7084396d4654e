"""One comparison of two catalogs: bits for tiles of all pairs, or for a list of pairs.

Small comparisons (facets, short lists) become one table over distinct values, read by number.
Texts that hardly repeat are judged tile by tile with SIMD; words are weighed by matrix products.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from codemerge.library.comparators import Step, judge
from codemerge.library.distinct import SEPARATOR, Side
from codemerge.library.grams import bundles
from codemerge.library.values import Values
from codemerge.library.vocabulary import Vocabulary
from codemerge.library.weights import (
    LEFT_ONLY,
    NEITHER,
    RIGHT_ONLY,
    Floats,
    Levels,
    Silence,
    Weighed,
    exact,
    level_bits,
    rarity_bits,
    silence_bits,
)

Rows = npt.NDArray[np.uint32]
_TABLE_LIMIT = 4_000_000  # cells of a table over distinct values
_COUNTED = 1_000  # most frequent values per side that u is counted over where a table is too large


class LevelLike(Step, Weighed, Protocol):
    """A level of a rules page (`codemerge.rules.page.Level`)."""


class Declared(Protocol):
    """What is read of a comparison of a rules page (`codemerge.rules.page.Comparison`)."""

    @property
    def open(self) -> Mapping[str, tuple[str, ...]]:
        """Concept → concepts it leaves open."""

    @property
    def smooth(self) -> bool:
        """Weights are interpolated between thresholds."""

    @property
    def omitted(self) -> float | None:
        """Share of true pairs where only one side says it."""

    @property
    def cap(self) -> float | None:
        """The most bits the comparison may add."""

    @property
    def levels(self) -> Sequence[LevelLike]:
        """Levels in order."""


class Compared(Protocol):
    """A comparison, ready to weigh any pair of records by their row numbers."""

    @property
    def flat(self) -> bool:
        """Say that every pair gets nothing: no record says anything."""

    def tile(self, start: int, stop: int) -> Floats:
        """Return bits of left records start…stop against every right record."""

    def pairs(self, left: Rows, right: Rows) -> tuple[Levels, Floats]:
        """Return level and bits of each pair."""


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
        left, right: the columns, cleaned and encoded.
        facet: facet id where the values are sets of concepts, else "".
        vocabulary: hierarchy of the concepts.
    """
    if declared.smooth:
        return _Smooth(declared, left, right, *_scale(declared, left, right))
    small = len(left.values) * len(right.values) <= _TABLE_LIMIT
    crossed = Values(left.values, right.values, None, facet, vocabulary, declared.open)
    if small:
        found = judge(declared.levels, crossed)
        weigher = _weigher(declared, left, right, found, left.counts, right.counts)
        return _Table(left, right, *_framed(found, weigher))
    often_l, often_r = (np.argsort(-s.counts, kind="stable")[:_COUNTED] for s in (left, right))
    sample = Values(
        left.values[often_l.tolist()], right.values[often_r.tolist()], None, facet, vocabulary, declared.open
    )
    found = judge(declared.levels, sample)
    weigher = _weigher(declared, left, right, found, left.counts[often_l], right.counts[often_r])
    return _Stream(weigher, facet, vocabulary)


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
class _Table:
    """Every pair of distinct values judged beforehand."""

    left: Side
    right: Side
    levels: Levels
    bits: Floats

    @property
    def flat(self) -> bool:
        return not self.bits.any()

    def tile(self, start: int, stop: int) -> Floats:
        return np.take(self.bits[self.left.codes[start:stop]], self.right.codes, axis=1)

    def pairs(self, left: Rows, right: Rows) -> tuple[Levels, Floats]:
        at = (self.left.codes[left], self.right.codes[right])
        return self.levels[at], self.bits[at]


@dataclass(frozen=True)
class _Stream:
    """Values that hardly repeat: judged when asked for, each distinct pair once."""

    weigher: _Weigher
    facet: str
    vocabulary: Vocabulary | None
    flat: bool = False

    def tile(self, start: int, stop: int) -> Floats:
        w = self.weigher
        used, rows = np.unique(w.left.codes[start:stop], return_inverse=True)
        values = Values(
            w.left.values[(used[used > 0] - 1).tolist()],
            w.right.values,
            None,
            self.facet,
            self.vocabulary,
            w.declared.open,
        )
        bits = np.empty((len(used), len(w.right.values) + 1), dtype=np.float32)
        said = used > 0
        found = judge(w.declared.levels, values)
        bits[said, 1:] = w.weigh(found, (used[said] - 1)[:, None])
        bits[~said, 0], bits[~said, 1:], bits[said, 0] = w.silent[0], w.silent[2], w.silent[1]
        return np.take(bits[rows], w.right.codes, axis=1)

    def pairs(self, left: Rows, right: Rows) -> tuple[Levels, Floats]:
        w = self.weigher
        a, b = w.left.codes[left], w.right.codes[right]
        levels = np.where(a > 0, LEFT_ONLY, np.where(b > 0, RIGHT_ONLY, NEITHER)).astype(np.int8)
        bits = w.silent[np.where(a > 0, 1, np.where(b > 0, 2, 0))]
        both = (a > 0) & (b > 0)
        if both.any():
            key = a[both].astype(np.int64) * (len(w.right.values) + 1) + b[both]
            distinct, back = np.unique(key, return_inverse=True)
            value_l = (distinct // (len(w.right.values) + 1) - 1).astype(np.int32)
            value_r = (distinct % (len(w.right.values) + 1) - 1).astype(np.int32)
            values = Values(
                w.left.values,
                w.right.values,
                (value_l.astype(np.int64), value_r.astype(np.int64)),
                self.facet,
                self.vocabulary,
                w.declared.open,
            )
            found = judge(w.declared.levels, values)
            levels[both], bits[both] = found[back], w.weigh(found, value_l)[back]
        return levels, bits


def _scale(declared: Declared, left: Side, right: Side) -> tuple[Levels, Floats, Floats]:
    """Return level and bits for each similarity of 0–100, and bits of silence.

    Every level must declare u: it is the one thing that isn't counted, for nothing is tabled.
    """
    at = np.array(
        [
            100.0 * (level.at if level.at is not None else float(level.when == "same"))
            for level in declared.levels
        ]
    )
    worth = np.array([np.log2(level.m / (level.u or 1.0)) for level in declared.levels])
    grid = np.arange(101, dtype=np.float64)
    levels = (len(at) - 1 - (grid[:, None] >= at[None, ::-1]).cumsum(1).max(1) + 1).clip(0, len(at) - 1)
    s = silence_bits(left.stated, right.stated, declared.omitted)
    silent = exact(np.array([s.neither, s.left_only, s.right_only]))
    return levels.astype(np.int8), exact(np.interp(grid, at[::-1], worth[::-1])), silent


@dataclass(frozen=True)
class _Smooth:
    """Similarity of texts (indel ratio in hundredths), weights interpolated between thresholds."""

    declared: Declared
    left: Side
    right: Side
    levels: Levels
    bits: Floats
    silent: Floats
    flat: bool = False

    def tile(self, start: int, stop: int) -> Floats:
        from rapidfuzz import fuzz, process

        used, rows = np.unique(self.left.codes[start:stop], return_inverse=True)
        said = used > 0
        values = self.left.values.gather(used[said] - 1).to_list()
        ratio = process.cdist(values, self._right(), scorer=fuzz.ratio, dtype=np.uint8, workers=-1)
        bits = np.empty((len(used), len(self.right.values) + 1), dtype=np.float32)
        bits[said, 1:] = self.bits[ratio]
        bits[~said, 0], bits[~said, 1:], bits[said, 0] = self.silent[0], self.silent[2], self.silent[1]
        return np.take(bits[rows], self.right.codes, axis=1)

    def _right(self) -> list[str]:
        return self.right.values.to_list()

    def pairs(self, left: Rows, right: Rows) -> tuple[Levels, Floats]:
        from rapidfuzz import fuzz, process

        a, b = self.left.codes[left], self.right.codes[right]
        levels = np.where(a > 0, LEFT_ONLY, np.where(b > 0, RIGHT_ONLY, NEITHER)).astype(np.int8)
        bits = self.silent[np.where(a > 0, 1, np.where(b > 0, 2, 0))]
        both = (a > 0) & (b > 0)
        if both.any():
            texts_l, texts_r = self.left.values.gather(a[both] - 1), self.right.values.gather(b[both] - 1)
            ratio = process.cpdist(
                texts_l.to_list(), texts_r.to_list(), scorer=fuzz.ratio, dtype=np.uint8, workers=-1
            )
            levels[both], bits[both] = self.levels[ratio], self.bits[ratio]
        return levels, bits


@dataclass(frozen=True)
class _Grams:
    """Similarity of texts as bundles of letter groups (cosine), weights interpolated between thresholds."""

    left: Side
    right: Side
    bundle_l: Floats
    bundle_r: Floats
    levels: Levels
    bits: Floats
    silent: Floats
    flat: bool = False

    def tile(self, start: int, stop: int) -> Floats:
        used, rows = np.unique(self.left.codes[start:stop], return_inverse=True)
        said = used > 0
        bits = np.empty((len(used), len(self.right.values) + 1), dtype=np.float32)
        bits[said, 1:] = self.bits[_hundredths(self.bundle_l[used[said] - 1] @ self.bundle_r.T)]
        bits[~said, 0], bits[~said, 1:], bits[said, 0] = self.silent[0], self.silent[2], self.silent[1]
        return np.take(bits[rows], self.right.codes, axis=1)

    def pairs(self, left: Rows, right: Rows) -> tuple[Levels, Floats]:
        a, b = self.left.codes[left], self.right.codes[right]
        levels = np.where(a > 0, LEFT_ONLY, np.where(b > 0, RIGHT_ONLY, NEITHER)).astype(np.int8)
        bits = self.silent[np.where(a > 0, 1, np.where(b > 0, 2, 0))]
        both = np.nonzero((a > 0) & (b > 0))[0]
        for part in np.array_split(both, len(both) // 20_000 + 1):
            cosine = np.einsum("ij,ij->i", self.bundle_l[a[part] - 1], self.bundle_r[b[part] - 1])
            at = _hundredths(cosine)
            levels[part], bits[part] = self.levels[at], self.bits[at]
        return levels, bits


def _hundredths(cosine: Floats) -> npt.NDArray[np.uint8]:
    whole: npt.NDArray[np.uint8] = np.clip(cosine * 100 + 0.5, 0, 100).astype(np.uint8)
    return whole


def compared_grams(declared: Declared, left: Side, right: Side) -> Compared:
    """Prepare a comparison ``per = "gram"``: thresholds are cosines, every level declares u."""
    bundle_l, bundle_r = bundles(left.values, right.values)
    levels, bits, silent = _scale(declared, left, right)
    return _Grams(left, right, bundle_l, bundle_r, levels, bits, silent)


@dataclass(frozen=True)
class Words:
    """Words weighed one by one: a shared rare word says much, a word of one side says little.

    Args:
        left, right: 0/1 matrices of the words (distinct sets) each record holds.
        rows_l, rows_r: per record, its row in them.
        shared: bits per word both have.
        alone_l, alone_r: bits per set if every one of its words stands alone.
        alone: bits per word only one has.
    """

    left: Floats
    right: Floats
    rows_l: npt.NDArray[np.int32]
    rows_r: npt.NDArray[np.int32]
    gain: Floats
    alone_l: Floats
    alone_r: Floats
    cap: float

    @property
    def flat(self) -> bool:
        """Say that no record has a word."""
        return not (self.left.shape[1] and self.right.shape[1])

    def tile(self, start: int, stop: int) -> Floats:
        """Return bits of left records start…stop against every right record."""
        used, rows = np.unique(self.rows_l[start:stop], return_inverse=True)
        bits = (self.left[used] * self.gain) @ self.right.T
        bits += self.alone_l[used][:, None] + self.alone_r[None, :]
        np.clip(bits, -self.cap, self.cap, out=bits)
        return np.take(bits[rows], self.rows_r, axis=1)

    def pairs(self, left: Rows, right: Rows) -> tuple[Levels, Floats]:
        """Return level (0 all shared, 1 some, 2 none, or who is silent) and bits of each pair."""
        a, b = self.rows_l[left], self.rows_r[right]
        key, back = np.unique(a.astype(np.int64) * len(self.right) + b, return_inverse=True)
        ka, kb = key // len(self.right), key % len(self.right)
        both = np.einsum("ij,ij->i", self.left[ka], self.right[kb])
        bits = (
            np.einsum("ij,ij->i", self.left[ka] * self.gain, self.right[kb])
            + self.alone_l[ka]
            + self.alone_r[kb]
        )
        size_l, size_r = self.left.sum(1)[ka], self.right.sum(1)[kb]
        levels = np.select(
            [
                (size_l == 0) & (size_r == 0),
                size_r == 0,
                size_l == 0,
                (both == size_l) & (both == size_r),
                both > 0,
            ],
            [NEITHER, LEFT_ONLY, RIGHT_ONLY, 0, 1],
            2,
        ).astype(np.int8)
        return levels[back], np.clip(bits, -self.cap, self.cap).astype(np.float32)[back]


def compared_words(declared: Declared, left: Side, right: Side) -> Words:
    """Prepare a comparison ``per = "word"``: the first level weighs a shared word, the last a lone one.

    Args:
        declared: the page's comparison; ``m`` of its first level is how often the other name of
            a true pair holds a word of this one.
        left, right: sets of words, encoded; a missing set is empty.
    """
    sets_l, sets_r = (["", *side.values.to_list()] for side in (left, right))
    rows = [[s.split(SEPARATOR) if s else [] for s in sets] for sets in (sets_l, sets_r)]
    names = sorted({w for row in (*rows[0], *rows[1]) for w in row})
    number = {w: n for n, w in enumerate(names)}
    hot_l, hot_r = (_hot(side, number) for side in rows)
    counts_l, counts_r = (np.bincount(s.codes, minlength=len(h)) for s, h in ((left, hot_l), (right, hot_r)))
    in_l, in_r = counts_l @ hot_l, counts_r @ hot_r
    m = declared.levels[0].m
    chance = np.maximum(
        np.maximum(in_l - 0.75, 0.25) / max(counts_l.sum(), 1),
        np.maximum(in_r - 0.75, 0.25) / max(counts_r.sum(), 1),
    )
    shared = exact(np.log2((chance + (1 - chance) * m) / chance))
    alone = exact(np.log2(1 - m) * (1 - chance))
    cap = declared.cap if declared.cap is not None else 1e6
    return Words(
        hot_l, hot_r, left.codes, right.codes, shared - 2 * alone, hot_l @ alone, hot_r @ alone, cap,
    )  # fmt: skip


def _hot(rows: list[list[str]], number: dict[str, int]) -> Floats:
    out = np.zeros((len(rows), len(number)), dtype=np.float32)
    for n, row in enumerate(rows):
        out[n, [number[w] for w in row]] = 1
    return out
