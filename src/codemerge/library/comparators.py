"""Comparators a rules page may name in ``when``: how two values stand to each other.

A comparator looks at *distinct* values, either every left against every right (`outer`) or two
lists side by side (`aligned`), never at records. Texts are judged by rapidfuzz, sets of concepts
(facets, words) by matrix products over the facet's hierarchy. A new comparator is a function here
and its name in `TEXT` or `SETS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from codemerge.library.cleaners import clean_values
from codemerge.library.distinct import SEPARATOR
from codemerge.library.vocabulary import Vocabulary

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int32]


class Step(Protocol):
    """What is read of a level of a rules page (`codemerge.rules.page.Level`)."""

    @property
    def when(self) -> str:
        """Name of the comparator."""

    @property
    def at(self) -> float | None:
        """Its threshold."""

    @property
    def clean(self) -> tuple[str, ...]:
        """Cleaners run on both values first."""


@dataclass(frozen=True)
class Values:
    """Distinct values of both sides of one comparison, and whether they pair off or cross.

    Args:
        left, right: distinct values as text; members of a set joined by `SEPARATOR`.
        crossed: True: every left against every right; False: side by side, equal length.
        facet: id of the facet whose concepts these are, "" for plain text.
        vocabulary: what is part of what, and what is near what.
        leaves_open: concept → concepts it leaves open.
    """

    left: pl.Series
    right: pl.Series
    crossed: bool
    facet: str
    vocabulary: Vocabulary | None = None
    leaves_open: Mapping[str, tuple[str, ...]] | None = None

    def cleaned(self, names: tuple[str, ...]) -> Values:
        """Return the same with both sides cleaned."""
        if not names:
            return self
        return Values(
            clean_values(self.left, names),
            clean_values(self.right, names),
            self.crossed,
            self.facet,
            self.vocabulary,
        )

    def shape(self) -> tuple[int, ...]:
        """Return the shape of an answer."""
        return (len(self.left), len(self.right)) if self.crossed else (len(self.left),)


# ---- texts -----------------------------------------------------------------------------------------


def same(values: Values, at: float) -> Flags:  # noqa: ARG001 - one signature for all comparators
    """The values are equal; two empty ones are not."""
    both = pl.concat([values.left, values.right]).unique().drop_nulls().sort()
    known = pl.DataFrame({"v": both, "n": np.arange(len(both), dtype=np.int32)})
    left, right = (_codes(side, known) for side in (values.left, values.right))
    left, right = np.where(left < 0, -1, left), np.where(right < 0, -2, right)
    equal: Flags = left[:, None] == right[None, :] if values.crossed else left == right
    return equal


def similar(values: Values, at: float) -> Flags:
    """Share of characters in common order (indel ratio) is at least ``at``."""
    return similarity(values) >= np.float32(at)


def near(values: Values, at: float) -> Flags:
    """Jaro–Winkler similarity, which forgives the end of a name, is at least ``at``."""
    from rapidfuzz.distance import JaroWinkler

    return _scored(values, JaroWinkler.normalized_similarity) >= np.float32(at)


def typo(values: Values, at: float) -> Flags:
    """At most ``at`` characters inserted, deleted, changed or swapped (Damerau, adjacent)."""
    from rapidfuzz.distance import OSA

    return _scored(values, OSA.distance) <= np.float32(at)


def begins(values: Values, at: float) -> Flags:  # noqa: ARG001
    """One is the beginning of the other (an initial, a shortened name)."""
    left, right = (side.fill_null("\0").to_numpy().astype(str) for side in (values.left, values.right))
    if values.crossed:
        left, right = left[:, None], right[None, :]
    found: Flags = np.strings.startswith(left, right) | np.strings.startswith(right, left)
    return found


def differs(values: Values, at: float) -> Flags:  # noqa: ARG001
    """Whatever is left: closes a list of levels."""
    return np.ones(values.shape(), dtype=np.bool_)


def ranges(values: Values, at: float) -> Flags:  # noqa: ARG001
    """Two counts that can be the same: ``2`` and ``2-3``, ``3+`` and ``4``."""
    low_l, high_l = _range(values.left)
    low_r, high_r = _range(values.right)
    if values.crossed:
        low_l, high_l = low_l[:, None], high_l[:, None]
    met: Flags = (low_l <= high_r) & (low_r <= high_l)
    return met


def at_least(values: Values, at: float) -> Flags:  # noqa: ARG001
    """Two counts that begin alike: ``2``, ``2+`` and ``2-3``."""
    low_l, low_r = _range(values.left)[0], _range(values.right)[0]
    alike: Flags = (low_l[:, None] == low_r[None, :]) if values.crossed else (low_l == low_r)
    return alike


def _range(side: pl.Series) -> tuple[Whole, Whole]:
    """Read ``a``, ``a-b``, ``a+`` (or more) and ``a-`` (or fewer); what is no count meets nothing."""
    parts = side.to_frame("v").select(
        pl.col("v").str.extract(r"^(\d+)", 1).cast(pl.Int32).alias("a"),
        pl.col("v").str.extract(r"^\d+-(\d+)$", 1).cast(pl.Int32).alias("b"),
        pl.col("v").str.ends_with("+").alias("more"),
        pl.col("v").str.ends_with("-").alias("fewer"),
    )
    low = parts.select(
        pl.when("fewer").then(0).otherwise(pl.col("a")).fill_null(1).cast(pl.Int32)
    ).to_series()
    high = parts.select(
        pl.when("more").then(10_000).otherwise(pl.coalesce("b", "a")).fill_null(0).cast(pl.Int32)
    ).to_series()
    return low.to_numpy(), high.to_numpy()


def similarity(values: Values) -> Floats:
    """Return the indel ratio, 0–1, of texts whose words the page's cleaners already put in order."""
    from rapidfuzz.distance import Indel

    return _scored(values, Indel.normalized_similarity)


def _scored(values: Values, scorer: Any) -> Floats:
    from rapidfuzz import process

    left, right = values.left.fill_null("").to_list(), values.right.fill_null("").to_list()
    score = process.cdist if values.crossed else process.cpdist
    found: Floats = score(left, right, scorer=scorer, dtype=np.float32, workers=-1)
    return found


def _codes(side: pl.Series, known: pl.DataFrame) -> Whole:
    joined = side.to_frame("v").join(known, on="v", how="left", maintain_order="left")
    return joined["n"].fill_null(-1).to_numpy().astype(np.int32)


# ---- sets of concepts ------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Sets:
    """Both sides as 0/1 matrices over the concepts in play, and who lies under whom."""

    left: Floats
    right: Floats
    under: Floats  # under[i, j] = 1: concept i is j, or a part or kind of j
    near: Floats  # near[i, j] = 1: concept i is j, or goes to review against it
    above: Floats  # above[i, j] = 1: concept i lies under whole j, in play or not
    one_of: Floats  # one_of[i, j] = 1: concept i is j, or one of those that j leaves open
    crossed: bool

    def meet(self, left: Floats, right: Floats) -> Floats:
        """Count, for each pair, the products of two row vectors."""
        product: Floats = left @ right.T if self.crossed else np.einsum("ij,ij->i", left, right)
        return product

    def outside(self, turned: bool) -> Floats:
        """Count the concepts of one side that lie under no concept of the other."""
        if turned:
            reach = (self.left @ self.under.T > 0).astype(np.float32)
            return self.meet((1 - reach).astype(np.float32), self.right)
        reach = (self.right @ self.under.T > 0).astype(np.float32)
        return self.meet(self.left, 1 - reach)

    def by(self, under: Floats) -> _Sets:
        """Return the same sets under another order."""
        return replace(self, under=under)

    def sizes(self) -> tuple[Floats, Floats]:
        left, right = self.left.sum(1), self.right.sum(1)
        return (left[:, None], right[None, :]) if self.crossed else (left, right)


def same_set(sets: _Sets) -> Flags:
    """Exactly the same concepts."""
    shared, (left, right) = sets.meet(sets.left, sets.right), sets.sizes()
    equal: Flags = (shared == left) & (shared == right)
    return equal


def part_of(sets: _Sets) -> Flags:
    """Every left concept is a part or kind of (or is) a right one: thumb of hand, thorax of thorax-abdomen."""
    return np.equal(sets.outside(turned=False), 0)


def has_part(sets: _Sets) -> Flags:
    """Every right concept is a part or kind of (or is) a left one."""
    return np.equal(sets.outside(turned=True), 0)


def fewer(sets: _Sets) -> Flags:
    """The left concepts are some of the right ones: the right side is more particular."""
    return np.equal(sets.meet(sets.left, sets.right), sets.sizes()[0])


def more(sets: _Sets) -> Flags:
    """The right concepts are some of the left ones: the left side is more particular."""
    return np.equal(sets.meet(sets.left, sets.right), sets.sizes()[1])


def overlap(sets: _Sets) -> Flags:
    """Some concept is shared, or lies under one of the other side."""
    left, right = sets.sizes()
    touched: Flags = (sets.outside(turned=False) < left) | (sets.outside(turned=True) < right)
    return touched


def kin(sets: _Sets) -> Flags:
    """Every concept has, on the other side, one that is part of the same whole."""
    shared = (sets.above @ sets.above.T > 0).astype(np.float32)
    akin = sets.by(np.maximum(shared, np.eye(len(shared), dtype=np.float32)))
    both: Flags = (akin.outside(turned=False) == 0) & (akin.outside(turned=True) == 0)
    return both


def family(sets: _Sets) -> Flags:
    """Every concept has an equal or a near one on the other side (RF and DX, PET and SPECT)."""
    near = sets.by(sets.near)
    both: Flags = (near.outside(turned=False) == 0) & (near.outside(turned=True) == 0)
    return both


def one_of(sets: _Sets) -> Flags:
    """The left side is one of what the right one leaves open: right, of a side chosen when ordered."""
    return np.equal(sets.by(sets.one_of).outside(turned=False), 0)


def leaves_open(sets: _Sets) -> Flags:
    """The left side leaves open what the right one says."""
    return np.equal(sets.by(sets.one_of).outside(turned=True), 0)


TEXT: Mapping[str, Callable[[Values, float], Flags]] = {
    "same": same, "similar": similar, "near": near, "typo": typo, "begins": begins, "ranges": ranges, "at_least": at_least,
    "differs": differs,
}  # fmt: skip
SETS: Mapping[str, Callable[[_Sets], Flags]] = {
    "same": same_set, "part_of": part_of, "has_part": has_part, "fewer": fewer, "more": more,
    "overlap": overlap, "family": family, "one_of": one_of, "leaves_open": leaves_open,
    "kin": kin,
}  # fmt: skip


def judge(levels: Sequence[Step], values: Values) -> npt.NDArray[np.int8]:
    """Find the first level that holds for each pair of distinct, non-empty values.

    Args:
        levels: a comparison's levels, in order.
        values: what to compare, already cleaned by the comparison's own cleaners.

    Returns:
        The level's index; the last one where nothing holds.
    """
    found = np.full(values.shape(), len(levels) - 1, dtype=np.int8)
    is_open = np.ones(values.shape(), dtype=np.bool_)
    sets = _as_sets(values) if values.facet else None
    for n, level in enumerate(levels[:-1]):
        holds = _holds(values.cleaned(level.clean), level, sets) & is_open
        found[holds] = n
        is_open &= ~holds
    return found


def _holds(values: Values, level: Step, sets: _Sets | None) -> Flags:
    if sets is not None and level.when in SETS:
        return SETS[level.when](sets)
    return TEXT[level.when](values, level.at or 0.0)


def _as_sets(values: Values) -> _Sets:
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
    return _Sets(_hot(left, number), _hot(right, number), under, near, above, one_of, values.crossed)


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
