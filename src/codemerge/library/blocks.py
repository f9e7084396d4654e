"""Pairs of records that share a key, found by sorting numbers: no text is looked at, no row is joined."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Packed = npt.NDArray[np.uint64]  # a pair of rows in one number: left above, right below
_HALF = np.uint64(32)


def sharing(keys: Keys, rows: Whole, groups: Whole, most: int) -> Packed:
    """Pair rows of different groups that have the same key.

    Args:
        keys: one number per row.
        rows: the rows' own numbers, group by group.
        groups: each row's group, ascending; of a pair, the left row is the one of the lower group.
        most: pairs above which a key makes none.

    Returns:
        The pairs, packed, in no particular order.
    """
    order = np.argsort(keys)
    opens = _opens(keys[order])
    sizes = np.diff(np.append(np.nonzero(opens)[0], len(order)))
    order = order[np.repeat(sizes > 1, sizes)]  # a key of one row, most of them, pairs nothing
    if not len(order):
        return np.zeros(0, dtype=np.uint64)
    number = np.repeat(np.arange(int((sizes > 1).sum())), sizes[sizes > 1])
    # Within a key, rows by group: one number holds the key's place above and the row's place below.
    order = np.sort(number * len(rows) + order) - number * len(rows)
    runs = _opens(number) | _opens(groups[order])
    # Every row is paired with what stands behind its own group's run, up to the end of its key.
    run_end = _ends(runs)
    key_end = _ends(_opens(number))
    count = key_end - run_end
    made = np.bincount(number, weights=count)[number]
    count[made > most] = 0
    left = np.repeat(order, count)
    begin = np.repeat(run_end - np.concatenate(([0], np.cumsum(count)[:-1])), count)
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
    return pairs[_opens(pairs)]


def _opens(values: npt.NDArray[np.generic]) -> npt.NDArray[np.bool_]:
    """Say where a value differs from the one before it."""
    opens = np.ones(len(values), dtype=np.bool_)
    np.not_equal(values[1:], values[:-1], out=opens[1:])
    return opens


def _ends(opens: npt.NDArray[np.bool_]) -> Whole:
    """Return, for every place, where its run ends: the place behind its last."""
    starts = np.nonzero(opens)[0]
    stops = np.append(starts[1:], len(opens))
    return np.repeat(stops, stops - starts)
