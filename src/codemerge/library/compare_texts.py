"""Comparisons of texts that hardly repeat: similarity in hundredths, weights read from a scale."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from codemerge.library.comparison import Compared, Declared, Rows
from codemerge.library.distinct import Side
from codemerge.library.grams import bundles
from codemerge.library.weights import LEFT_ONLY, NEITHER, RIGHT_ONLY, Floats, Levels, exact, silence_bits


def compared_smooth(declared: Declared, left: Side, right: Side) -> Compared:
    """Prepare a comparison ``smooth = true``: thresholds are indel ratios, every level declares u."""
    return Smooth(declared, left, right, *scale(declared, left, right))


def scale(declared: Declared, left: Side, right: Side) -> tuple[Levels, Floats, Floats]:
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
class Smooth:
    """Similarity of texts (indel ratio in hundredths), weights interpolated between thresholds."""

    declared: Declared
    left: Side
    right: Side
    levels: Levels
    bits: Floats
    silent: Floats
    flat: bool = False

    def tile(self, start: int, stop: int) -> Floats:
        """Return bits of left records start…stop against every right record."""
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
        """Return level and bits of each pair."""
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
class Grams:
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
        """Return bits of left records start…stop against every right record."""
        codes = self.left.codes[start:stop]
        bits: Floats = np.zeros((len(codes), len(self.right.codes)), dtype=np.float32)
        if len(self.bundle_l) and len(self.bundle_r):  # else a side is silent altogether
            bits = self.bits[_hundredths(self.bundle_l[codes - 1] @ self._of_right.T)]
        mute_l, mute_r = codes == 0, self.right.codes == 0
        if mute_l.any() or mute_r.any():
            bits[:, mute_r] = self.silent[1]
            bits[mute_l] = np.where(mute_r, self.silent[0], self.silent[2])
        return bits

    @cached_property
    def _of_right(self) -> Floats:
        """One row per right record; a silent record's is any."""
        codes = self.right.codes
        if np.array_equal(codes, np.arange(1, len(self.bundle_r) + 1)):
            return self.bundle_r
        return self.bundle_r[codes - 1]

    def pairs(self, left: Rows, right: Rows) -> tuple[Levels, Floats]:
        """Return level and bits of each pair."""
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
    """Round 0–1 to hundredths; the argument is used up."""
    cosine *= 100
    cosine += 0.5
    whole: npt.NDArray[np.uint8] = np.clip(cosine, 0, 100, out=cosine).astype(np.uint8)
    return whole


def compared_grams(declared: Declared, left: Side, right: Side) -> Compared:
    """Prepare a comparison ``per = "gram"``: thresholds are cosines, every level declares u."""
    bundle_l, bundle_r = bundles(left.values, right.values)
    levels, bits, silent = scale(declared, left, right)
    return Grams(left, right, bundle_l, bundle_r, levels, bits, silent)
