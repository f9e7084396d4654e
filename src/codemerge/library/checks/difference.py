"""What differs between the two records of a pair: facets by what they say, texts by likeness."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from codemerge.library.checks.world import World

_SIDES = ("_l", "_r")
_BETWEEN = "\x1f"


def facet_difference(world: World, pairs: pl.DataFrame, facets: Sequence[str]) -> pl.DataFrame:
    """Compare facets of pairs; every distinct pair of values is judged once.

    Args:
        world: for what the rules say of each facet (safety, near groups, parts) and its words.
        pairs: ``facet_<id>_l`` and ``facet_<id>_r`` (lists of concepts, null where not said).
        facets: which; those without columns are skipped.

    Returns:
        The pairs with ``_differs`` (a facet contradicts), ``_perhaps`` (one is said on one side
        only, or is near or part of the other side's), ``_agree`` (number of facets said alike)
        and ``_detail`` (what differs, in words).
    """
    known = [f for f in facets if f"facet_{f}_l" in pairs.columns and f in world.rules.facets]
    told = pairs.select(
        pl.col(f"facet_{f}{s}").list.join(_BETWEEN).alias(f"{f}{s}") for f in known for s in _SIDES
    )
    apart = [pl.col(f"{f}_l").ne_missing(pl.col(f"{f}_r")) for f in known]
    agree = [(pl.col(f"{f}_l") == pl.col(f"{f}_r")).fill_null(value=False) for f in known]
    seen = told.select(
        pl.any_horizontal(pl.lit(value=False), *apart).alias("_apart"),
        pl.sum_horizontal(pl.lit(0, pl.Int32), *(a.cast(pl.Int32) for a in agree)).alias("_agree"),
    )
    differs, perhaps, words = [False] * pairs.height, [False] * pairs.height, [""] * pairs.height
    if known and seen["_apart"].any():
        # Most pairs say the same of everything: only the others are looked at one by one.
        at = np.flatnonzero(seen["_apart"].to_numpy())
        for name in known:
            sides = told.select(f"{name}_l", f"{name}_r")[at]
            for n, verdict in zip(at.tolist(), _judged(world, name, sides), strict=True):
                if verdict is not None:
                    differs[n] |= verdict[0]
                    perhaps[n] |= verdict[1]
                    words[n] += verdict[2]
    return pairs.with_columns(
        pl.Series("_differs", differs, pl.Boolean),
        pl.Series("_perhaps", perhaps, pl.Boolean),
        pl.lit(0, pl.Int32).alias("_agree") if not known else seen["_agree"],
        pl.Series("_detail", [w.removeprefix("; ") for w in words], pl.String),
    )


def _judged(world: World, facet: str, sides: pl.DataFrame) -> Iterator[tuple[bool, bool, str] | None]:
    """Yield what there is to say of each pair of values; every distinct pair is judged once."""
    known: dict[tuple[str | None, str | None], tuple[bool, bool, str]] = {}
    for left, right in sides.iter_rows():
        if left == right:
            yield None
            continue
        if (left, right) not in known:
            known[left, right] = _judge(world, facet, left, right)
        yield known[left, right]


def _judge(world: World, facet: str, left: str | None, right: str | None) -> tuple[bool, bool, str]:
    """Return whether two unlike values contradict, perhaps do, and the difference in words."""
    one, other = (set(v.split(_BETWEEN)) if v else set() for v in (left, right))
    words = f"; {_title(world, facet)}: {_named(world, facet, one)} ≠ {_named(world, facet, other)}"
    if not one or not other:
        safety = world.rules.facets[facet].safety
        return False, safety, words if safety else ""
    meaning = world.rules.vocabulary
    akin = bool(one & other) or any(
        meaning.is_near(facet, a, b) or meaning.part_of(facet, a, b) or meaning.part_of(facet, b, a)
        for a in one
        for b in other
    )
    return not akin, akin, words


def _title(world: World, facet: str) -> str:
    return world.rules.facets[facet].title.say(world.project.language)


def _named(world: World, facet: str, concepts: set[str]) -> str:
    titles = (world.rules.vocabulary.title(facet, c, world.project.language) for c in sorted(concepts))
    return " + ".join(titles) or "–"


def text_similarity(left: pl.Series, right: pl.Series) -> pl.Series:
    """Return how alike two columns of text are, word order aside, 0–100; each distinct pair once."""
    from rapidfuzz import fuzz, process

    pairs = pl.DataFrame({"a": left.fill_null(""), "b": right.fill_null("")})
    distinct = pairs.unique(maintain_order=True)
    if distinct.is_empty():
        return pl.Series("alike", [], dtype=pl.Float64)
    scores = process.cpdist(distinct["a"].to_list(), distinct["b"].to_list(), scorer=fuzz.token_sort_ratio)
    scored = distinct.with_columns(alike=pl.Series(scores, dtype=pl.Float64))
    return pairs.join(scored, on=["a", "b"], how="left", maintain_order="left")["alike"]
