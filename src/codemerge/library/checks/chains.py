"""Checks over three regions: chains of equal codes whose ends aren't equal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from codemerge.library.checks.difference import facet_difference
from codemerge.library.checks.shape import EQUAL, both_ways
from codemerge.library.checks.world import World, as_findings, nothing
from codemerge.library.filled import fill
from codemerge.model import Status

if TYPE_CHECKING:
    from codemerge.rules.check import Check
    from codemerge.rules.page import Entity


def contradiction(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """A equals B and B equals C, but A and C were kept apart, or say contradicting things.

    Needs three regions. Taking back either mapping removes it; the less certain one is proposed.
    ``given.facets``: what may not contradict.
    """
    if world.pairs_in(entity.id).is_empty() or len(world.project.regions) < 3:
        return nothing()
    pairs = (
        both_ways(world, entity)
        .filter(pl.col("relationship") == EQUAL)
        .select("one", "region", "code", "other", "towards")
    )
    order = {region: n for n, region in enumerate(world.project.regions)}
    chain = pairs.join(pairs, left_on="other", right_on="one", suffix="_2").filter(
        pl.col("region") != pl.col("towards_2")
    )
    place = [
        pl.col(c).replace_strict(order, default=99, return_dtype=pl.Int64) for c in ("region", "towards_2")
    ]
    chain = chain.filter(place[0] < place[1]).rename({"one": "l", "other_2": "r", "other": "_middle"})
    apart = (
        world.mappings_of(entity.id)
        .filter(pl.col("status") == Status.REJECTED.value)
        .select(
            l=fill("{}/{}/{}", "entity", "region_l", "code_l"),
            r=fill("{}/{}/{}", "entity", "region_r", "code_r"),
            _apart=pl.lit(value=True),
        )
    )
    chain = chain.join(apart.unique(), on=["l", "r"], how="left")
    frame, facets = world.of(entity.id), [f for f in check.given.get("facets", []) if f in entity.facets]
    if frame is None:
        return nothing()
    for side in ("l", "r"):
        cells = frame.select(
            pl.col("record_id").alias(side),
            *(pl.col(f"facet_{f}").alias(f"facet_{f}_{side}") for f in facets),
        )
        chain = chain.join(cells, on=side, how="left", maintain_order="left")
    chain = facet_difference(world, chain, facets).filter(
        pl.col("_apart").fill_null(value=False) | pl.col("_differs")
    )
    return as_findings(
        chain.select(
            pl.concat_list("l", "_middle", "r").alias("record_ids"),
            pl.lit("mapping").alias("field"),
            fill(
                "{} = {} = {}",
                *(pl.col(c).str.splitn("/", 2).struct.field("field_1") for c in ("l", "_middle", "r")),
            ).alias("cause"),
            pl.col("_detail").alias("detail"),
            _weaker_link(world.pairs_in(entity.id), chain).alias("proposal"),
        )
    )


def _weaker_link(pairs: pl.DataFrame, chain: pl.DataFrame) -> pl.Series:
    """Return, per chain, the mapping of its two that is the less certain, with its confidence."""
    rows = pairs.select("l", "r", pl.col("confidence").fill_null(0.0))
    sure = pl.concat([rows, rows.select(l="r", r="l", confidence="confidence")])
    ends = {}
    for n, (one, other) in enumerate((("l", "_middle"), ("_middle", "r"))):
        joined = chain.select(l=one, r=other).join(sure, on=["l", "r"], how="left", maintain_order="left")
        names = [pl.col(c).str.splitn("/", 2).struct.field("field_1") for c in ("l", "r")]
        ends[f"_sure_{n}"] = joined["confidence"]
        ends[f"_link_{n}"] = joined.select(
            fill("{} = {} ({})", *names, pl.col("confidence").round(2).cast(pl.String).fill_null("?")).alias(
                "x"
            )
        )["x"]
    first = pl.col("_sure_0").fill_null(0.0) <= pl.col("_sure_1").fill_null(0.0)
    return pl.DataFrame(ends).select(pl.when(first).then("_link_0").otherwise("_link_1").alias("link"))[
        "link"
    ]


CHECKS = {"contradiction": contradiction}
