"""Comparisons word by word: a shared rare word says much, a word of one side says little."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from codemerge.library.comparison import Declared, Rows, Some
from codemerge.library.distinct import SEPARATOR, Side
from codemerge.library.weights import LEFT_ONLY, NEITHER, RIGHT_ONLY, Floats, Levels, exact


@dataclass(frozen=True)
class Words:
    """Words weighed one by one: a shared rare word says much, a word of one side says little.

    Args:
        left: 0/1 matrices of the words (distinct sets) each record holds.
        right: the same of the right side.
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

    alike = None

    def block(self, left: Rows, right: Some) -> Floats:
        """Return bits of some left records against some right ones."""
        used_l, rows = np.unique(self.rows_l[left], return_inverse=True)
        used_r, columns = np.unique(self.rows_r[right], return_inverse=True)
        bits = (self.left[used_l] * self.gain) @ self.right[used_r].T
        bits += self.alone_l[used_l][:, None] + self.alone_r[used_r][None, :]
        np.clip(bits, -self.cap, self.cap, out=bits)
        return np.take(bits[rows], columns, axis=1)

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
        left: sets of words, encoded; a missing set is empty.
        right: the same of the right side.
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
