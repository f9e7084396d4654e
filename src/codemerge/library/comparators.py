"""Comparators a rules page may name in ``when``: how two values stand to each other.

A comparator looks at *distinct* values, either every left against every right or listed pairs of
them, never at records. Texts are judged here, by rapidfuzz; sets of concepts in
`codemerge.library.set_comparators`. A new comparator is a function here and its name in `TEXT`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from codemerge.library.set_comparators import SETS, Sets, as_sets
from codemerge.library.values import Values

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


def same(values: Values, at: float) -> Flags:  # noqa: ARG001 - one signature for all comparators
    """The values are equal; two empty ones are not."""
    both = pl.concat([values.left, values.right]).unique().drop_nulls().sort()
    known = pl.DataFrame({"v": both, "n": np.arange(len(both), dtype=np.int32)})
    left, right = values.spread(_codes(values.left, known, -1), _codes(values.right, known, -2))
    equal: Flags = left == right
    return equal


def similar(values: Values, at: float) -> Flags:
    """Share of characters in common order (indel ratio) is at least ``at``."""
    return similarity(values) >= np.float32(at)


def near(values: Values, at: float) -> Flags:
    """Jaro–Winkler similarity, which forgives the end of a name, is at least ``at``."""
    return nearness(values) >= np.float32(at)


def typo(values: Values, at: float) -> Flags:
    """At most ``at`` characters inserted, deleted, changed or swapped (Damerau, adjacent)."""
    from rapidfuzz.distance import OSA

    return _scored(values, OSA.distance, score_cutoff=at) <= np.float32(at)


def begins(values: Values, at: float) -> Flags:  # noqa: ARG001
    """One is the beginning of the other (an initial, a shortened name)."""
    left, right = (side.fill_null("\0").to_numpy().astype(str) for side in (values.left, values.right))
    a, b = values.spread(left, right)
    found: Flags = np.strings.startswith(a, b) | np.strings.startswith(b, a)
    return found


def differs(values: Values, at: float) -> Flags:  # noqa: ARG001
    """Whatever is left: closes a list of levels."""
    return np.ones(values.shape(), dtype=np.bool_)


def ranges(values: Values, at: float) -> Flags:  # noqa: ARG001
    """Two counts that can be the same: ``2`` and ``2-3``, ``3+`` and ``4``."""
    low_l, high_l = _range(values.left)
    low_r, high_r = _range(values.right)
    (from_l, to_r), (from_r, to_l) = values.spread(low_l, high_r), values.spread(high_l, low_r)[::-1]
    met: Flags = (from_l <= to_r) & (from_r <= to_l)
    return met


def at_least(values: Values, at: float) -> Flags:  # noqa: ARG001
    """Two counts that begin alike: ``2``, ``2+`` and ``2-3``."""
    left, right = values.spread(_range(values.left)[0], _range(values.right)[0])
    alike: Flags = left == right
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


def nearness(values: Values) -> Floats:
    """Return the Jaro–Winkler similarity, 0–1."""
    from rapidfuzz.distance import JaroWinkler

    return _scored(values, JaroWinkler.normalized_similarity)


def _scored(values: Values, scorer: Any, score_cutoff: float | None = None) -> Floats:
    from rapidfuzz import process

    left, right = values.left.fill_null(""), values.right.fill_null("")
    found: Floats
    if values.at is None:
        found = process.cdist(
            left.to_list(),
            right.to_list(),
            scorer=scorer,
            dtype=np.float32,
            score_cutoff=score_cutoff,
            workers=-1,
        )
        return found
    a, b = left.gather(values.at[0]).to_list(), right.gather(values.at[1]).to_list()
    found = process.cpdist(a, b, scorer=scorer, dtype=np.float32, score_cutoff=score_cutoff, workers=-1)
    return found


def _codes(side: pl.Series, known: pl.DataFrame, missing: int) -> Whole:
    joined = side.to_frame("v").join(known, on="v", how="left", maintain_order="left")
    return joined["n"].fill_null(missing).to_numpy().astype(np.int32)


TEXT: Mapping[str, Callable[[Values, float], Flags]] = {
    "same": same, "similar": similar, "near": near, "typo": typo, "begins": begins, "ranges": ranges,
    "at_least": at_least,
    "differs": differs,
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
    if values.at is None:
        return _judge_crossed(levels, values, found)
    sets = as_sets(values) if values.facet else None
    rest = np.arange(len(found))
    for n, level in enumerate(levels[:-1]):
        holds = _holds(
            values.cleaned(level.clean).only(rest), level, None if sets is None else sets.only(rest)
        )
        found[rest[holds]] = n
        rest = rest[~holds]
        if not len(rest):
            break
    return found


def _judge_crossed(
    levels: Sequence[Step], values: Values, found: npt.NDArray[np.int8]
) -> npt.NDArray[np.int8]:
    sets = as_sets(values) if values.facet else None
    is_open = np.ones(values.shape(), dtype=np.bool_)
    told: dict[tuple[str, tuple[str, ...]], Floats] = {}  # levels may differ in their threshold only
    for n, level in enumerate(levels[:-1]):
        if level.when in _GRADED:
            key = level.when, level.clean
            if key not in told:
                told[key] = _GRADED[level.when](values.cleaned(level.clean))
            holds = (told[key] >= np.float32(level.at or 0.0)) & is_open
        else:
            holds = _holds(values.cleaned(level.clean), level, sets) & is_open
        np.copyto(found, np.int8(n), where=holds)
        is_open &= ~holds
    return found


_GRADED: Mapping[str, Callable[[Values], Floats]] = {"similar": similarity, "near": nearness}


def _holds(values: Values, level: Step, sets: Sets | None) -> Flags:
    if sets is not None and level.when in SETS:
        return SETS[level.when](sets)
    return TEXT[level.when](values, level.at or 0.0)
