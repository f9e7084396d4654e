"""Pairs of records that share a key, found by sorting numbers: no text is looked at, no row is joined."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from codemerge.library.number_order import Numbers, opening, sorted_places

Whole = npt.NDArray[np.int64]
Packed = npt.NDArray[np.uint64]  # a pair of rows in one number: left above, right below
_HALF = np.uint64(32)


def sharing(keys: Numbers, rows: Whole, groups: Whole, most: int) -> Packed:
    """Pair rows of different groups that have the same key.

    Args:
        keys: one number per row.
        rows: the rows' own numbers, group by group.
        groups: each row's group, ascending; of a pair, the left row is the one of the lower group.
        most: pairs above which a key makes none.

    Returns:
        The pairs, packed, in no particular order.
    """
    order = sorted_places(keys)  # within a key, rows by group
    opens = opening(keys[order])
    sizes = np.diff(np.append(np.nonzero(opens)[0], len(order)))
    several = np.repeat(sizes > 1, sizes)
    order, opens = order[several], opens[several]  # a key of one row, most of them, pairs nothing
    if not len(order):
        return np.zeros(0, dtype=np.uint64)
    runs = opens | opening(groups[order])
    # Every row is paired with what stands behind its own group's run, up to the end of its key.
    count = _ends(opens) - _ends(runs)
    made = np.add.reduceat(count, np.nonzero(opens)[0])
    count[np.repeat(made > most, sizes[sizes > 1])] = 0
    left = np.repeat(order, count)
    begin = np.repeat(_ends(runs) - np.concatenate(([0], np.cumsum(count)[:-1])), count)
    right = order[begin + np.arange(len(left))]
    return pack(rows[left], rows[right])


def pack(left: npt.NDArray[np.integer], right: npt.NDArray[np.integer]) -> Packed:
    """Write pairs of rows as one number each, which sort as the pairs do."""
    packed: Packed = (left.astype(np.uint64) << _HALF) | right.astype(np.uint64)
    return packed


def unpack(pairs: Packed) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Return the left and the right rows of packed pairs."""
    return (pairs >> _HALF).astype(np.uint32), pairs.astype(np.uint32)


def distinct(parts: list[Packed]) -> Packed:
    """Put pairs together, sorted, each once."""
    pairs = np.sort(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.uint64)
    return pairs[opening(pairs)]


def _ends(opens: npt.NDArray[np.bool_]) -> Whole:
    """Return, for every place, where its run ends: the place behind its last."""
    starts = np.nonzero(opens)[0]
    stops = np.append(starts[1:], len(opens))
    return np.repeat(stops, stops - starts)
