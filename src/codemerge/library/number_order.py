"""The order of large columns of numbers: a number and its place sorted as one, many times faster than places.

Sorting plain 64-bit numbers is what processors do best (numpy uses SIMD for it); asking for the places
they would be sorted to is not. What room a number leaves is given to its place.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]
_BITS = 64
_CLOSE = 16  # places per number up to which numbers are counted off


def sorted_places(numbers: Numbers) -> Places:
    """Return the places of numbers in their order; equal ones keep theirs.

    Numbers of more bits than there is room for are sorted by their first ones; where that leaves
    any out of order, as it seldom does with hashes, by all of them.
    """
    room = max(len(numbers) - 1, 1).bit_length()
    over = max(int(numbers.max(initial=0)).bit_length() + room - _BITS, 0)
    packed = (numbers >> np.uint64(over)) << np.uint64(room)
    packed |= np.arange(len(numbers), dtype=np.uint64)
    packed.sort()
    packed &= np.uint64((1 << room) - 1)
    places = packed.view(np.int64)
    if over:
        ordered = numbers[places]
        if (ordered[1:] < ordered[:-1]).any():
            return np.argsort(numbers, kind="stable")
    return places


def densely(numbers: npt.NDArray[np.integer]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the distinct numbers in order, and the place of each number among them.

    Args:
        numbers: none below zero; where they lie close enough they are counted off, never sorted.
    """
    most = int(numbers.max(initial=0)) + 1
    if most > _CLOSE * len(numbers) + _CLOSE:
        distinct, places = np.unique(numbers, return_inverse=True)
        return distinct.astype(np.int64), places
    held = np.zeros(most, dtype=np.bool_)
    held[numbers] = True
    anew = np.cumsum(held, dtype=np.int64)
    anew -= 1
    return np.nonzero(held)[0], anew[numbers]


def among(numbers: npt.NDArray[np.integer], some: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
    """Say which numbers are among some; none below zero."""
    held = np.zeros(int(max(numbers.max(initial=0), some.max(initial=0))) + 1, dtype=np.bool_)
    held[some] = True
    found: npt.NDArray[np.bool_] = held[numbers]
    return found


def place_in_run(values: npt.NDArray[np.generic]) -> Places:
    """Number from 0 the members of each run of equal values."""
    here = np.arange(len(values), dtype=np.int64)
    return here - np.maximum.accumulate(np.where(opening(values), here, 0))


def opening(values: npt.NDArray[np.generic]) -> npt.NDArray[np.bool_]:
    """Say where a value differs from the one before it."""
    opens = np.ones(len(values), dtype=np.bool_)
    np.not_equal(values[1:], values[:-1], out=opens[1:])
    return opens


def squeezed(words: list[Numbers]) -> list[Numbers]:
    """Write rows of numbers in as few numbers as have the same order: bits that never vary are left out.

    Args:
        words: columns of numbers; the first decides, then the next.
    """
    parts = [
        (word, *run)
        for word in words
        for run in _runs(int(np.bitwise_or.reduce(word) ^ np.bitwise_and.reduce(word)))
    ]
    out: list[Numbers] = []
    left = 0
    for word, start, width in parts:
        piece = (word >> np.uint64(start)) & np.uint64((1 << width) - 1)
        if width > left:
            out.append(piece)
            left = _BITS - width
        else:
            out[-1] <<= np.uint64(width)
            out[-1] |= piece
            left -= width
    return out or words[:1]


def _runs(bits: int) -> list[tuple[int, int]]:
    """Return where runs of set bits start and how long they are, the highest first."""
    found = []
    while bits:
        end = bits.bit_length()
        width = end - (~bits & ((1 << end) - 1)).bit_length()
        found.append((end - width, width))
        bits &= (1 << (end - width)) - 1
    return found
