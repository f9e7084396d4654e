"""Checks of number series: two systems that could hand out the same number."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import polars as pl

from codemerge.library.cells import as_whole
from codemerge.library.checks.world import World, as_findings, in_use, meant, nothing
from codemerge.library.filled import fill, filled

if TYPE_CHECKING:
    from codemerge.rules.check import Check
    from codemerge.rules.page import Entity


def ranges_overlap(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """Number series of one kind in two regions could yield the same number.

    ``given.kind``: the meaning of the field ``given.kind_field``. Two series are apart when their
    prefixes or lengths differ, their ranges don't meet, or different issuers stand in the messages.
    A series without first and last number may yield any number of its length.
    """
    frame = world.of(entity.id)
    if frame is None:
        return nothing()
    rows = in_use(frame).filter(meant(entity, check.given["kind_field"]) == check.given["kind"])
    digits = [pl.col(c).str.strip_chars().str.extract(r"(\d+)$", 1) for c in ("first", "last")]
    length = pl.coalesce(as_whole(pl.col("length")), digits[0].str.len_chars().cast(pl.Int64))
    prefix = (
        pl.col("prefix")
        .fill_null(pl.col("first").str.extract(r"^(\D*)\d", 1))
        .fill_null("")
        .str.strip_chars()
        .str.to_uppercase()
    )
    rows = rows.select(
        "record_id",
        "region",
        "code",
        _prefix=prefix,
        _length=length,
        _from=as_whole(digits[0]),
        _to=as_whole(digits[1]),
        _issuer=pl.when(filled("issuer")).then(pl.col("issuer").str.strip_chars().str.to_uppercase()),
        _shown=fill(
            "{}: {}{}–{}", "region", prefix, pl.col("first").fill_null("?"), pl.col("last").fill_null("?")
        ),
    )
    found = []
    for one, other in combinations(world.project.regions, 2):
        pairs = rows.filter(region=one).join(rows.filter(region=other), how="cross", suffix="_2")
        meet = (pl.col("_from").fill_null(0) <= pl.col("_to_2").fill_null(2**62)) & (
            pl.col("_from_2").fill_null(0) <= pl.col("_to").fill_null(2**62)
        )
        same = (pl.col("_prefix") == pl.col("_prefix_2")) & (
            pl.col("_length") == pl.col("_length_2")
        ).fill_null(value=True)
        apart = (pl.col("_issuer") != pl.col("_issuer_2")).fill_null(value=False)
        found.append(
            pairs.filter(meet & same & ~apart).select(
                pl.concat_list("record_id", "record_id_2").alias("record_ids"),
                pl.lit("first").alias("field"),
                pl.concat_list("_shown", "_shown_2").alias("values"),
                fill("{}/{} – {}/{}", "region", "code", "region_2", "code_2").alias("cause"),
            )
        )
    return as_findings(pl.concat(found)) if found else nothing()


def own_blocks(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """Two regions put their local additions in the same block: codes of one stem that only differ at the end.

    ``given.prefix``: how many leading characters make a block; ``given.least``: how many codes of
    its own each region has there before it counts as one; ``given.local``: an expression that a local
    addition's block matches.
    """
    frame = world.of(entity.id)
    if frame is None or entity.key:
        return nothing()
    size, least = int(check.given.get("prefix", 3)), int(check.given.get("least", 5))
    rows = frame.select("record_id", "region", "code", "usable").filter(
        pl.col("usable") & (pl.col("code").str.len_chars() > size)
    )
    # A code that only one region has is its own addition; those that both have are the common stock.
    own = rows.filter(pl.col("region").n_unique().over("code") == 1).with_columns(
        _block=pl.col("code").str.head(size)
    )
    local = own.filter(pl.col("_block").str.contains(check.given["local"]))
    counts = local.group_by("_block", "region").agg(pl.len().alias("n")).filter(pl.col("n") >= least)
    shared = counts.filter(pl.col("region").n_unique().over("_block") > 1).select("_block").unique()
    return as_findings(
        local.join(shared, on="_block", how="semi").select(
            pl.concat_list("record_id").alias("record_ids"),
            pl.lit("code").alias("field"),
            pl.concat_list(fill("{}…", "_block")).alias("values"),
            _in_order(world).alias("cause"),
        )
    )


def _in_order(world: World) -> pl.Expr:
    """Return the regions that share a block, in the project's order."""
    order = {region: n for n, region in enumerate(world.project.regions)}
    place = pl.col("region").replace_strict(order, default=len(order), return_dtype=pl.Int64)
    return pl.col("region").sort_by(place).unique(maintain_order=True).str.join("–").over("_block")


CHECKS = {"ranges_overlap": ranges_overlap, "own_blocks": own_blocks}
