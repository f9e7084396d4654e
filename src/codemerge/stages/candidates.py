"""Which pairs of records are looked at: all of them, those sharing a key, or none."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from codemerge.library.blocks import Packed, distinct, pack, sharing, unpack
from codemerge.library.pairs import Candidates, Rows
from codemerge.rules.columns import Columns, takes_part
from codemerge.rules.page import Entity
from codemerge.rules.project import Project


def candidates(
    records: pl.DataFrame,
    entity: Entity,
    project: Project,
    clusters: Mapping[str, pl.DataFrame],
    columns: Columns | None = None,
) -> list[Candidates]:
    """Find the pairs worth scoring, for every pair of regions.

    Args:
        records: normalised records of every region.
        entity: their page; ``matching.candidates`` says how.
        project: regions and their order.
        clusters: ``record_id, cluster_id`` of the entities matched before, for links.
        columns: the records, as far as they are encoded already.

    Returns:
        One entry per pair of regions that both have records (none where the page says ``none``).
    """
    how = entity.matching.candidates
    if how == "none":
        return []
    paired = records.select(takes_part(entity)).to_series()
    region = records["region"]
    rows = {
        name: np.nonzero((paired & (region == name)).to_numpy())[0].astype(np.uint32)
        for name in project.regions
    }
    if how == "all":
        return [
            Candidates(left, right, rows[left], rows[right], None)
            for left, right in project.pairs()
            if len(rows[left]) and len(rows[right])
        ]
    if how == "blocks":
        listed = _sharing(columns or Columns(records, entity), entity, rows)
    else:
        listed = _linked(records, entity, project, clusters)
    left_rows, right_rows = unpack(listed)
    order = {name: n for n, name in enumerate(project.regions)}
    of = np.full(records.height, -1, dtype=np.int64)
    for name, own in rows.items():
        of[own] = order[name]
    between = of[left_rows] * len(order) + of[right_rows]
    found = []
    for left, right in project.pairs():
        mine = between == order[left] * len(order) + order[right]
        if mine.any():
            pairs = pl.DataFrame({"l": left_rows[mine], "r": right_rows[mine]})
            found.append(Candidates(left, right, rows[left], rows[right], pairs))
    return found


def _sharing(columns: Columns, entity: Entity, rows: Mapping[str, Rows]) -> Packed:
    """Return every pair of two regions that shares one of the page's blocking keys."""
    there = np.concatenate(list(rows.values())).astype(np.int64)
    groups = np.repeat(np.arange(len(rows)), [len(own) for own in rows.values()])
    found = []
    for block in entity.matching.blocks:
        number, complete = columns.key(block)
        said = complete[there]
        own = there[said]
        found.append(sharing(number[own], own, groups[said], entity.matching.block_limit))
    return distinct(found)


def _linked(
    records: pl.DataFrame, entity: Entity, project: Project, clusters: Mapping[str, pl.DataFrame]
) -> Packed:
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
    return distinct([pack(joined["row"].to_numpy(), joined["row_r"].to_numpy())])
