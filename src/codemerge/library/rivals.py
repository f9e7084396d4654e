"""How sure a pair is among its rivals: the other candidates of either of its records."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

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
    best = np.full(len(side), -99.0)
    several = np.nonzero(np.bincount(side)[side] > 1)[0] if len(side) else np.zeros(0, dtype=np.int64)
    if len(several):
        rest[several], best[several] = _of_several(side[several], total[several].astype(np.float64))
    return rest, best


def _of_several(side: Places, bits: Bits) -> tuple[Floats, Bits]:
    """Do `_rivals` for records that have some."""
    odds = np.exp2(np.clip(bits, -60, 60))
    summed = np.bincount(side, weights=odds)[side]
    order = np.lexsort((-bits, side))
    starts = np.nonzero(np.diff(side[order].astype(np.int64), prepend=-1))[0]
    sizes = np.diff(np.append(starts, len(order)))
    group = np.empty(len(order), dtype=np.int64)
    group[order] = np.repeat(np.arange(len(starts)), sizes)
    is_first = np.zeros(len(order), dtype=np.bool_)
    is_first[order[starts]] = True
    best = np.where(is_first, bits[order[starts + 1]][group], bits[order[starts]][group])
    return np.log2(np.maximum(summed - odds, 2.0**-60)).astype(np.float32), best
