"""How sure a pair is among its rivals: the other candidates of either of its records."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from codemerge.library.number_order import opening
from codemerge.library.pairs import Places
from codemerge.library.weights import Floats, posterior

Bits = npt.NDArray[np.float64]


def confidence(left: Places, right: Places, total: Floats, cardinality: str) -> tuple[Bits, Bits]:
    """Return each pair's posterior among its rivals and its lead over the best of them, in bits.

    Args:
        left: numbers of the left records: pairs with the same one are rivals where only one can hold.
        right: the same of the right side.
        total: bits of each pair, prior included.
        cardinality: what may be matched with how many, as a page says.
    """
    raw = posterior(total, np.full(len(total), -60.0, dtype=np.float32))
    margin = np.full(len(total), 99.0)
    sides = {"one-to-one": (left, right), "many-to-one": (left,), "many-to-many": ()}[cardinality]
    for side in sides:
        rest, best = _rivals(side, total)
        raw = np.minimum(raw, posterior(total, rest))
        margin = np.minimum(margin, total - best)
    return raw, np.minimum(margin, 99.0)


def _rivals(side: Places, total: Floats) -> tuple[Floats, Bits]:
    """Return log2 of the other candidates' summed odds, and the best of them, per pair."""
    rest = np.full(len(side), -60.0, dtype=np.float32)
    several = not_alone(side)
    if len(several):
        odds = np.exp2(np.clip(total[several].astype(np.float64), -60, 60))
        summed = np.bincount(side[several], weights=odds)[side[several]]
        rest[several] = np.log2(np.maximum(summed - odds, 2.0**-60))
    return rest, best_other(side, total.astype(np.float64), -99.0)


def not_alone(side: Places) -> Places:
    """Return the places of the pairs whose record stands in another pair too."""
    return np.nonzero(np.bincount(side)[side] > 1)[0] if len(side) else np.zeros(0, dtype=np.int64)


def best_other(side: Places, worth: Bits, none: float) -> Bits:
    """Return, per pair, the most that another pair of its record is worth; ``none`` where there is none.

    Args:
        side: each pair's record, none below zero.
        worth: what each pair is worth.
        none: what a record's only pair is told.
    """
    out = np.full(len(worth), none)
    several = not_alone(side)
    if len(several):
        order = several[np.lexsort((-worth[several], side[several]))]
        starts = np.nonzero(opening(side[order]))[0]
        sizes = np.diff(np.append(starts, len(order)))
        out[order] = np.repeat(worth[order[starts]], sizes)
        out[order[starts]] = worth[order[starts + 1]]
    return out
