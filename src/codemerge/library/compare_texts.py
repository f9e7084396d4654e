"""Comparisons of texts that hardly repeat: similarity in hundredths, weights read from a scale."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from codemerge.library.comparison import Alike, Compared, Declared, Rows, Some
from codemerge.library.distinct import Side
from codemerge.library.grams import bundles
from codemerge.library.weights import LEFT_ONLY, NEITHER, RIGHT_ONLY, Floats, Levels, exact, silence_bits

_TOGETHER = 500  # pairs whose bundles are gathered at a time: 2 MB, which stay in the cache
_SILENT = np.array([1.01, 1.02, 1.03], dtype=np.float32)  # `Alike.of` where neither, left only, right only


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

    @property
    def alike(self) -> Alike:
        """Return how alike two texts are."""
        return Alike(self._ratio, np.concatenate((self.bits, self.silent)))

    def block(self, left: Rows, right: Some) -> Floats:
        """Return bits of some left records against some right ones."""
        return self.alike.block(left, right)

    def _ratio(self, left: Rows, right: Some) -> Floats:
        from rapidfuzz import fuzz, process

        used_l, rows = np.unique(self.left.codes[left], return_inverse=True)
        used_r, columns = np.unique(self.right.codes[right], return_inverse=True)
        said_l, said_r = used_l > 0, used_r > 0
        texts = (
            self.left.values.gather(used_l[said_l] - 1).to_list(),
            self.right.values.gather(used_r[said_r] - 1).to_list(),
        )
        ratio = np.empty((len(used_l), len(used_r)), dtype=np.float32)
        hundredths = process.cdist(*texts, scorer=fuzz.ratio, dtype=np.uint8, workers=1)
        ratio[np.ix_(said_l, said_r)] = hundredths / np.float32(100)
        fill_silent(ratio, ~said_l, ~said_r, _SILENT)
        return np.take(ratio[rows], columns, axis=1)

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

    @property
    def alike(self) -> Alike:
        """Return how alike two texts are."""
        return Alike(self._cosine, np.concatenate((self.bits, self.silent)))

    def block(self, left: Rows, right: Some) -> Floats:
        """Return bits of some left records against some right ones."""
        return self.alike.block(left, right)

    def _cosine(self, left: Rows, right: Some) -> Floats:
        a, b = self.left.codes[left], self.right.codes[right]
        if not (len(self.bundle_l) and len(self.bundle_r)):  # a side is silent altogether
            cosine: Floats = np.zeros((len(a), len(b)), dtype=np.float32)
        else:  # a silent record's bundle is any
            of_right = self._of_right[right] if isinstance(right, slice) else self.bundle_r[b - 1]
            cosine = self.bundle_l[a - 1] @ of_right.T
            np.clip(cosine, 0, 1, out=cosine)  # signed slots, rounded entries: a little below 0, above 1
        fill_silent(cosine, a == 0, b == 0, _SILENT)
        return cosine

    @cached_property
    def _of_right(self) -> Floats:
        """One row per right record."""
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
        for part in np.array_split(both, len(both) // _TOGETHER + 1):
            cosine = np.einsum("ij,ij->i", self.bundle_l[a[part] - 1], self.bundle_r[b[part] - 1])
            at = _hundredths(cosine)
            levels[part], bits[part] = self.levels[at], self.bits[at]
        return levels, bits


def fill_silent(
    bits: Floats, mute_l: npt.NDArray[np.bool_], mute_r: npt.NDArray[np.bool_], silent: Floats
) -> None:
    """Write into a block what a pair gets where a side says nothing."""
    if mute_l.any() or mute_r.any():
        bits[:, mute_r] = silent[1]
        bits[mute_l] = np.where(mute_r, silent[0], silent[2])


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
