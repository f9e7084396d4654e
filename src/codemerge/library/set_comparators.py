"""How two sets of concepts (facets) stand to each other, by matrix products over their hierarchy.

A new comparator is a function here and its name in `SETS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from codemerge.library.distinct import SEPARATOR
from codemerge.library.values import Places, Values

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Sets:
    """Both sides as 0/1 matrices over the concepts in play, and who lies under whom."""

    left: Floats
    right: Floats
    under: Floats  # under[i, j] = 1: concept i is j, or a part or kind of j
    near: Floats  # near[i, j] = 1: concept i is j, or goes to review against it
    above: Floats  # above[i, j] = 1: concept i lies under whole j, in play or not
    one_of: Floats  # one_of[i, j] = 1: concept i is j, or one of those that j leaves open
    at: tuple[Places, Places] | None

    def only(self, pairs: Places) -> Sets:
        """Return some of the listed pairs."""
        return self if self.at is None else replace(self, at=(self.at[0][pairs], self.at[1][pairs]))

    def meet(self, left: Floats, right: Floats) -> Floats:
        """Count, for each pair, the products of two row vectors."""
        if self.at is None:
            return left @ right.T
        product: Floats = np.einsum("ij,ij->i", left[self.at[0]], right[self.at[1]])
        return product

    def outside(self, turned: bool) -> Floats:
        """Count the concepts of one side that lie under no concept of the other."""
        if turned:
            reach = (self.left @ self.under.T > 0).astype(np.float32)
            return self.meet((1 - reach).astype(np.float32), self.right)
        reach = (self.right @ self.under.T > 0).astype(np.float32)
        return self.meet(self.left, 1 - reach)

    def by(self, under: Floats) -> Sets:
        """Return the same sets under another order."""
        return replace(self, under=under)

    def sizes(self) -> tuple[Floats, Floats]:
        """Return how many concepts each side holds, pair by pair or as column and row."""
        left, right = self.left.sum(1), self.right.sum(1)
        if self.at is None:
            return left[:, None], right[None, :]
        return left[self.at[0]], right[self.at[1]]


def same_set(sets: Sets) -> Flags:
    """Exactly the same concepts."""
    shared, (left, right) = sets.meet(sets.left, sets.right), sets.sizes()
    equal: Flags = (shared == left) & (shared == right)
    return equal


def part_of(sets: Sets) -> Flags:
    """Every left concept is a part or kind of (or is) a right one: thumb of hand."""
    return np.equal(sets.outside(turned=False), 0)


def has_part(sets: Sets) -> Flags:
    """Every right concept is a part or kind of (or is) a left one."""
    return np.equal(sets.outside(turned=True), 0)


def fewer(sets: Sets) -> Flags:
    """The left concepts are some of the right ones: the right side is more particular."""
    return np.equal(sets.meet(sets.left, sets.right), sets.sizes()[0])


def more(sets: Sets) -> Flags:
    """The right concepts are some of the left ones: the left side is more particular."""
    return np.equal(sets.meet(sets.left, sets.right), sets.sizes()[1])


def overlap(sets: Sets) -> Flags:
    """Some concept is shared, or lies under one of the other side."""
    left, right = sets.sizes()
    touched: Flags = (sets.outside(turned=False) < left) | (sets.outside(turned=True) < right)
    return touched


def kin(sets: Sets) -> Flags:
    """Every concept has, on the other side, one that is part of the same whole."""
    shared = (sets.above @ sets.above.T > 0).astype(np.float32)
    akin = sets.by(np.maximum(shared, np.eye(len(shared), dtype=np.float32)))
    both: Flags = (akin.outside(turned=False) == 0) & (akin.outside(turned=True) == 0)
    return both


def family(sets: Sets) -> Flags:
    """Every concept has an equal or a near one on the other side (RF and DX, PET and SPECT)."""
    near = sets.by(sets.near)
    both: Flags = (near.outside(turned=False) == 0) & (near.outside(turned=True) == 0)
    return both


def one_of(sets: Sets) -> Flags:
    """The left side is one of what the right one leaves open: right, of a side chosen when ordered."""
    return np.equal(sets.by(sets.one_of).outside(turned=False), 0)


def leaves_open(sets: Sets) -> Flags:
    """The left side leaves open what the right one says."""
    return np.equal(sets.by(sets.one_of).outside(turned=True), 0)


SETS: Mapping[str, Callable[[Sets], Flags]] = {
    "same": same_set, "part_of": part_of, "has_part": has_part, "fewer": fewer, "more": more,
    "overlap": overlap, "family": family, "one_of": one_of, "leaves_open": leaves_open,
    "kin": kin,
}  # fmt: skip


def as_sets(values: Values) -> Sets:
    """Write both sides' sets as matrices, with the order of the concepts in play."""
    left, right = (side.fill_null("").str.split(SEPARATOR).to_list() for side in (values.left, values.right))
    names = sorted({c for row in (*left, *right) for c in row if c})
    number = {c: n for n, c in enumerate(names)}
    under, near, one_of = (np.eye(len(names), dtype=np.float32) for _ in range(3))
    for name, n in number.items():
        under[n, _numbers(_wholes(values, name), number)] = 1
        near[n, _numbers(_kin(values, name), number)] = 1
    wholes = sorted({w for name in names for w in _wholes(values, name)})
    place = {w: n for n, w in enumerate(wholes)}
    above = _hot([[*_wholes(values, name)] for name in names], place)
    for name, parts in (values.leaves_open or {}).items():
        if name in number:
            one_of[_numbers(parts, number), number[name]] = 1
    return Sets(_hot(left, number), _hot(right, number), under, near, above, one_of, values.at)


def _wholes(values: Values, name: str) -> Iterable[str]:
    """Return what a concept is a part or kind of, or is joined with others to mean."""
    if values.vocabulary is None:
        return ()
    joined = values.vocabulary.combine.get(values.facet, {})
    above = values.vocabulary.ancestors.get((values.facet, name), frozenset())
    return {*above, *(whole for parts, whole in joined.items() if name in parts)}


def _kin(values: Values, name: str) -> Iterable[str]:
    return (
        ()
        if values.vocabulary is None
        else values.vocabulary.near.get(values.facet, {}).get(name, frozenset())
    )


def _numbers(names: Iterable[str], number: Mapping[str, int]) -> list[int]:
    return sorted(number[name] for name in names if name in number)


def _hot(rows: list[list[str]], number: Mapping[str, int]) -> Floats:
    out = np.zeros((len(rows), len(number)), dtype=np.float32)
    for n, row in enumerate(rows):
        out[n, [number[c] for c in row if c]] = 1
    return out
