"""What differs between the two records of a pair: facets by what they say, texts by likeness."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from codemerge.library.checks.world import World

_SIDES = ("_l", "_r")


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
    rows = pairs.with_columns(
        _differs=pl.lit(value=False),
        _perhaps=pl.lit(value=False),
        _agree=pl.lit(0, dtype=pl.Int32),
        _detail=pl.lit(""),
    )
    for name in facets:
        if f"facet_{name}_l" in pairs.columns and name in world.rules.facets:
            rows = _with_facet(world, rows, name)
    return rows.with_columns(pl.col("_detail").str.strip_prefix("; "))


def _with_facet(world: World, rows: pl.DataFrame, name: str) -> pl.DataFrame:
    texts = [pl.col(f"facet_{name}{s}").list.join("\x1f") for s in _SIDES]
    rows = rows.with_columns(_a=texts[0], _b=texts[1])
    judged = [
        (a, b, *_judge(world, name, a, b))
        for a, b in rows.select("_a", "_b").unique(maintain_order=True).rows()
    ]
    verdicts = pl.DataFrame(
        judged,
        schema={
            "_a": pl.String,
            "_b": pl.String,
            "_unlike": pl.Boolean,
            "_akin": pl.Boolean,
            "_alike": pl.Int32,
            "_words": pl.String,
        },
        orient="row",
    )
    return (
        rows.join(verdicts, on=["_a", "_b"], how="left", nulls_equal=True, maintain_order="left")
        .with_columns(
            pl.col("_differs") | pl.col("_unlike"),
            pl.col("_perhaps") | pl.col("_akin"),
            pl.col("_agree") + pl.col("_alike"),
            pl.concat_str("_detail", "_words"),
        )
        .drop("_a", "_b", "_unlike", "_akin", "_alike", "_words")
    )


def _judge(world: World, facet: str, left: str | None, right: str | None) -> tuple[bool, bool, int, str]:
    """Return whether two values contradict, perhaps do, agree (0 or 1), and the difference in words."""
    if left == right:
        return False, False, int(left is not None), ""
    one, other = (set(v.split("\x1f")) if v else set() for v in (left, right))
    words = f"; {_title(world, facet)}: {_named(world, facet, one)} ≠ {_named(world, facet, other)}"
    if not one or not other:
        safety = world.rules.facets[facet].safety
        return False, safety, 0, words if safety else ""
    meaning = world.rules.vocabulary
    akin = bool(one & other) or any(
        meaning.is_near(facet, a, b) or meaning.part_of(facet, a, b) or meaning.part_of(facet, b, a)
        for a in one
        for b in other
    )
    return not akin, akin, 0, words


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
