"""Which pairs of records are looked at: all of them, those sharing a key, or none."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from codemerge.library.pairs import Candidates
from codemerge.rules.columns import key_columns, takes_part
from codemerge.rules.page import Entity
from codemerge.rules.project import Project


def candidates(
    records: pl.DataFrame, entity: Entity, project: Project, clusters: Mapping[str, pl.DataFrame]
) -> list[Candidates]:
    """Find the pairs worth scoring, for every pair of regions.

    Args:
        records: normalised records of every region.
        entity: their page; ``matching.candidates`` says how.
        project: regions and their order.
        clusters: ``record_id, cluster_id`` of the entities matched before, for links.

    Returns:
        One entry per pair of regions that both have records (none where the page says ``none``).
    """
    how = entity.matching.candidates
    if how == "none":
        return []
    paired = records.select(takes_part(entity)).to_series()
    rows = {
        region: records.select(pl.arg_where((pl.col("region") == region) & paired)).to_series().to_numpy()
        for region in project.regions
    }
    keyed: pl.DataFrame | None = None
    if how == "blocks":
        keyed = _sharing(records, entity, project, paired)
    elif how == "key":
        keyed = _linked(records, entity, project, clusters)
    found = []
    for left, right in project.pairs():
        if len(rows[left]) and len(rows[right]):
            pairs = (
                None
                if keyed is None
                else keyed.filter(region_l=left, region_r=right).select("l", "r").sort("l", "r")
            )
            if pairs is None or not pairs.is_empty():
                found.append(Candidates(left, right, rows[left], rows[right], pairs))
    return found


def _sharing(records: pl.DataFrame, entity: Entity, project: Project, paired: pl.Series) -> pl.DataFrame:
    """Return every pair of two regions that shares one of the page's blocking keys."""
    order = {region: n for n, region in enumerate(project.regions)}
    place = records.select(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"),
        pl.col("region").replace_strict(order, default=None, return_dtype=pl.Int8).alias("o"),
    )
    found = []
    known = key_columns(records, entity, {part for block in entity.matching.blocks for part in block})
    for block in entity.matching.blocks:
        keys = known.select(block)
        complete = pl.all_horizontal(pl.col(keys.columns).is_not_null())
        # One number per key: texts are compared once here; a chance collision only adds a candidate.
        number = pl.when(complete).then(pl.struct(keys.columns).hash(seed=7))
        frame = place.with_columns(keys.select(number.alias("key")).to_series()).filter(paired).drop_nulls()
        # Pairs a key makes between regions: (n² - Σ n_region²) / 2, counted before they are made.
        sizes = frame.group_by("key", "o").len().group_by("key")
        between = (pl.col("len").sum().cast(pl.Int64) ** 2 - (pl.col("len").cast(pl.Int64) ** 2).sum()) // 2
        useful = sizes.agg(between.alias("pairs")).filter(
            pl.col("pairs").is_between(1, entity.matching.block_limit)
        )
        frame = frame.join(useful, on="key", how="semi")
        joined = frame.join(frame, on="key", suffix="_r").filter(pl.col("o") < pl.col("o_r"))
        found.append(joined.select("o", "o_r", l="row", r="row_r"))
    if not found:
        return pl.DataFrame(
            schema={"region_l": pl.String, "region_r": pl.String, "l": pl.UInt32, "r": pl.UInt32}
        )
    back = {n: region for region, n in order.items()}
    return (
        pl.concat(found)
        .unique()
        .select(
            pl.col("o").replace_strict(back, return_dtype=pl.String).alias("region_l"),
            pl.col("o_r").replace_strict(back, return_dtype=pl.String).alias("region_r"),
            "l",
            "r",
        )
    )


def _linked(
    records: pl.DataFrame, entity: Entity, project: Project, clusters: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """Return pairs of links whose every end is, in both regions, the same combined record."""
    order = {region: n for n, region in enumerate(project.regions)}
    frame = records.select(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"),
        "region",
        pl.col("region").replace_strict(order, default=None, return_dtype=pl.Int8).alias("o"),
        *(pl.col(k) for k in entity.key),
    )
    for name in entity.key:
        field = entity.field_named(name)
        if field is not None and field.references:
            known = clusters.get(field.references)
            if known is None:
                known = pl.DataFrame(schema={"record_id": pl.String, "cluster_id": pl.String})
            end = pl.concat_str(
                pl.lit(field.references), "region", pl.col(name).str.strip_chars(), separator="/"
            )
            frame = (
                frame.with_columns(end.alias("record_id"))
                .join(known.select("record_id", "cluster_id"), on="record_id", how="left")
                .with_columns(pl.col("cluster_id").alias(name))
                .drop("record_id", "cluster_id")
            )
    frame = frame.drop_nulls()
    joined = frame.join(frame, on=list(entity.key), suffix="_r").filter(pl.col("o") < pl.col("o_r"))
    return joined.select(region_l="region", region_r="region_r", l="row", r="row_r").unique()
