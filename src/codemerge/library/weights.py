"""Match weights in bits: what agreement, difference and silence are worth.

Fellegi & Sunter, "A Theory for Record Linkage", JASA 64 (1969): a level found in a share ``m`` of
true pairs and ``u`` of random ones is worth log2(m / u). ``u`` is counted from the two catalogs,
exactly; agreement on a rare value is worth more, because few records have it by chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Levels = npt.NDArray[np.int8]

# Of two records that hold a value nobody else holds, how often it is chance: a quarter of a record.
_CHANCE = 0.25

# Levels below zero say who is silent.
NEITHER, LEFT_ONLY, RIGHT_ONLY = -1, -2, -3
SILENT = {NEITHER: "neither", LEFT_ONLY: "left_only", RIGHT_ONLY: "right_only"}


class Weighed(Protocol):
    """What is read of a level of a rules page (`codemerge.rules.page.Level`)."""

    @property
    def when(self) -> str:
        """Name of the comparator."""

    @property
    def m(self) -> float:
        """Share of true pairs at the level."""

    @property
    def u(self) -> float | None:
        """Share of random pairs at the level."""

    @property
    def rarity(self) -> bool:
        """Agreement on a rare value counts more."""


@dataclass(frozen=True)
class Silence:
    """Bits added when both sides, one, or neither says anything."""

    both: float = 0.0
    left_only: float = 0.0
    right_only: float = 0.0
    neither: float = 0.0


def silence_bits(left: float, right: float, omitted: float | None) -> Silence:
    """Weigh saying and not saying.

    Of true pairs, the smaller share of the two that says it is said by both, but for ``omitted``;
    whatever one catalog says more often than the other is its habit and no evidence. Two random
    records say it independently.

    Args:
        left: share of records of each catalog that says it.
        right: the same of the right side.
        omitted: share of true pairs said by at least one that only one says; None: no evidence.
    """
    if omitted is None or not (left and right):
        return Silence()
    least = min(left, right)
    true = (
        least * (1 - omitted),
        (left - least) + least * omitted / 2,
        (right - least) + least * omitted / 2,
    )
    chance = (left * right, left * (1 - right), right * (1 - left))
    both, left_only, right_only = (_bits(t, c) for t, c in zip(true, chance, strict=True))
    neither = _bits(max(1 - sum(true), 1e-3), max(1 - sum(chance), 1e-3))
    return Silence(both, left_only, right_only, neither)


def _bits(true: float, chance: float) -> float:
    return float(np.log2(max(true, 1e-4) / max(chance, 1e-4)))


def exact(bits: npt.NDArray[np.float64]) -> Floats:
    """Round bits to 1/1024, so that sums of them are exact in any order, on any number of threads."""
    return (np.round(bits * 1024) / 1024).astype(np.float32)


def level_bits(
    levels: Sequence[Weighed], found: Levels, left: npt.NDArray[np.float64], right: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return one weight per level: u counted over every pair of records that both have a value.

    Args:
        levels: the comparison's levels.
        found: level of each pair of distinct values, every left against every right.
        left: records per distinct value.
        right: the same of the right side.
    """
    return counted_bits(levels, _counted(found, len(levels), left, right), left.sum() * right.sum())


def counted_bits(
    levels: Sequence[Weighed], counted: npt.NDArray[np.float64], total: npt.NDArray[np.float64] | float
) -> npt.NDArray[np.float64]:
    """Do `level_bits` once it is counted how many pairs of records each level is met by.

    Args:
        levels: the comparison's levels.
        counted: pairs per level; of several pairs of catalogs, a row each.
        total: pairs that both have a value.
    """
    u = (counted.T + 0.5) / (np.maximum(total, 1.0) + 0.5 * len(levels))
    for n, level in enumerate(levels):
        if level.u is not None:
            u[n] = level.u
    bits: npt.NDArray[np.float64] = np.log2(np.array([level.m for level in levels]) / u.T)
    return bits


def _counted(
    found: Levels, levels: int, left: npt.NDArray[np.float64], right: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Count pairs of records per level."""
    counted: npt.NDArray[np.float64] = met_by_each(found, levels, left) @ right
    return counted


def met_by_each(
    found: Levels, levels: int, left: npt.NDArray[np.number]
) -> npt.NDArray[np.float64]:
    """Count, per level and right value, the left records that meet it.

    Nearly all are at the last level, and are what the others leave.
    """
    rows, columns = np.nonzero(found != levels - 1)
    width = found.shape[1]
    places = found[rows, columns] * np.int64(width) + columns
    counted = np.bincount(places, left[rows], levels * width).reshape(levels, width)
    counted[-1] = left.sum() - counted.sum(axis=0)  # whole numbers: nothing is rounded
    return counted


def rarity_bits(
    m: float,
    left: npt.NDArray[np.float64],
    right: npt.NDArray[np.float64],
    total_left: float,
    total_right: float,
) -> npt.NDArray[np.float64]:
    """Weigh agreement on a value by how many other records hold it (of the side that has more)."""
    chance = np.maximum((left - 1 + _CHANCE) / total_left, (right - 1 + _CHANCE) / total_right)
    bits: npt.NDArray[np.float64] = np.log2(m / np.minimum(np.maximum(chance, 1e-9), 1.0))
    return bits


def prior_bits(left: int, right: int, overlap: float, prior: float | None) -> float:
    """Return the log-odds, in bits, that a random pair is a match."""
    if prior is None:
        prior = min(overlap * min(left, right) / max(left * right, 1), 0.5)
    return round(float(np.log2(prior / (1 - prior))) * 1024) / 1024


def posterior(bits: Floats, best_others: Floats) -> npt.NDArray[np.float64]:
    """Turn weights into the probability that this candidate, of all of them or none, is the one.

    Args:
        bits: weight of each pair, prior included.
        best_others: log2 of the sum of 2^weight over the other candidates of the same record.
    """
    own = np.exp2(np.clip(bits.astype(np.float64), -60, 60))
    rest = np.exp2(np.clip(best_others.astype(np.float64), -60, 60))
    out: npt.NDArray[np.float64] = own / (1.0 + own + rest)
    return out


def calibrate(raw: npt.NDArray[np.float64], points: Sequence[tuple[float, float]]) -> npt.NDArray[np.float64]:
    """Replace raw confidence by observed precision, interpolated between the page's points."""
    if not points:
        return raw
    x, y = zip(*sorted(points), strict=True)
    out: npt.NDArray[np.float64] = np.interp(raw, x, y)
    return out
