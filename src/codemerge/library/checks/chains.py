"""Checks over three regions: chains of equal codes whose ends aren't equal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    frame, facets = world.of(entity.id), [f for f in check.given.get("facets", []) if f in entity.facets]
    if frame is None or world.pairs_in(entity.id).is_empty() or len(world.project.regions) < 3:
        return nothing()
    apart = (
        world.mappings_of(entity.id)
        .lazy()
        .filter(pl.col("status") == Status.REJECTED.value)
        .select(
            l=fill("{}/{}/{}", "entity", "region_l", "code_l"),
            r=fill("{}/{}/{}", "entity", "region_r", "code_r"),
        )
        .unique()
        .collect()
    )
    pairs = both_ways(world, entity).filter(pl.col("relationship") == EQUAL)
    chain = _doubtful(pairs, frame, facets, apart, world.project.regions)
    if chain.is_empty():
        return nothing()
    chain = chain.join(apart.with_columns(_apart=pl.lit(value=True)), on=["l", "r"], how="left")
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


def _doubtful(
    pairs: pl.DataFrame,
    frame: pl.DataFrame,
    facets: Sequence[str],
    apart: pl.DataFrame,
    regions: Sequence[str],
) -> pl.DataFrame:
    """Return the chains ``l``, ``_middle``, ``r`` whose ends were kept apart or aren't read alike.

    Nearly all chains join three records that read the same, and between many regions there are
    millions: they are followed by number, one left region at a time, and only the rest is named.
    """
    said = [pl.col(f"facet_{f}").list.join("+").fill_null("") for f in facets]
    read = pl.concat_str(*said, separator="|").rank("dense") if said else pl.lit(0, pl.UInt32)
    records = frame.select(
        "record_id", pl.int_range(pl.len(), dtype=pl.UInt32).alias("n"), read.alias("said")
    )
    numbers = records.select("record_id", "n")
    kept_apart = (
        apart.join(numbers, left_on="l", right_on="record_id")
        .join(numbers, left_on="r", right_on="record_id", suffix="_r")
        .select("n", "n_r")
    )
    order = {region: place for place, region in enumerate(regions)}
    linked = (
        pairs.select("one", "other", *(_place(c, order) for c in ("region", "towards")))
        .join(numbers, left_on="one", right_on="record_id")
        .join(numbers, left_on="other", right_on="record_id", suffix="_r")
        .select("n", "n_r", "region", "towards")
    )
    read_as, found = records["said"], []
    for (place,), first in linked.partition_by("region", as_dict=True).items():
        chain = first.select("n", middle="n_r").join(
            linked.filter(pl.col("towards") > place).select("n", "n_r"), left_on="middle", right_on="n"
        )
        doubtful = read_as.gather(chain["n"]) != read_as.gather(chain["n_r"])
        found.append(chain.filter(doubtful))
        if not kept_apart.is_empty():
            found.append(chain.filter(~doubtful).join(kept_apart, on=["n", "n_r"], how="semi"))
    rows = pl.concat(found) if found else linked.select("n", middle="n_r", n_r="n_r").clear()
    names = records["record_id"]
    return pl.DataFrame(
        {to: names.gather(rows[c]) for to, c in (("l", "n"), ("_middle", "middle"), ("r", "n_r"))}
    )


def _place(region: str, order: Mapping[str, int]) -> pl.Expr:
    return pl.col(region).replace_strict(order, default=len(order), return_dtype=pl.UInt32)


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
