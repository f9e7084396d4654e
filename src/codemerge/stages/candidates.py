"""Which pairs of records are looked at: all of them, those sharing a key, or none."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from codemerge.library.blocks import Packed, distinct, pack, sharing, unpack
from codemerge.library.number_order import sorted_places
from codemerge.library.pairs import Candidates, Rows
from codemerge.library.sparse import most_alike, of_records
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
    both = [(a, b) for a, b in project.pairs() if len(rows[a]) and len(rows[b])]
    if how == "key":
        return _parted(_linked(records, entity, project, clusters), both, rows)
    known = columns or Columns(records, entity)
    many = {pair for pair in both if _too_many(known, entity, *(len(rows[name]) for name in pair))}
    found = [_every(a, b, rows) for a, b in both if how == "all" and (a, b) not in many]
    if how != "all" or many:
        listed = [_alike(known, entity, rows[a], rows[b]) for a, b in both if (a, b) in many]
        listed.append(_sharing(known, entity, rows))
        found += _parted(distinct(listed), [pair for pair in both if how != "all" or pair in many], rows)
    return sorted(found, key=lambda one: both.index((one.left, one.right)))


_SHORT = 2_500  # pairs up to which they are listed: lists so short are weighed together with others


def _every(left: str, right: str, rows: Mapping[str, Rows]) -> Candidates:
    """Pair every record of two regions."""
    own, other = rows[left], rows[right]
    pairs = None
    if len(own) * len(other) <= _SHORT:
        pairs = pl.DataFrame({"l": np.repeat(own, len(other)), "r": np.tile(other, len(own))})
    return Candidates(left, right, own, other, pairs)


def _parted(listed: Packed, both: list[tuple[str, str]], rows: Mapping[str, Rows]) -> list[Candidates]:
    """Part listed pairs by their regions."""
    left_rows, right_rows = unpack(listed)
    order = {name: n for n, name in enumerate(rows)}
    of = np.zeros(max((int(own[-1]) + 1 for own in rows.values() if len(own)), default=0), dtype=np.uint64)
    for name, own in rows.items():
        of[own] = order[name]
    between = of[left_rows] * np.uint64(len(order)) + of[right_rows]
    places = sorted_places(between)
    between = between[places]
    found = []
    for left, right in both:
        number = np.uint64(order[left] * len(order) + order[right])
        mine = places[slice(*np.searchsorted(between, [number, number + np.uint64(1)]))]
        if len(mine):
            pairs = pl.DataFrame({"l": left_rows[mine], "r": right_rows[mine]})
            found.append(Candidates(left, right, rows[left], rows[right], pairs))
    return found


def _too_many(columns: Columns, entity: Entity, left: int, right: int) -> bool:
    """Say whether only the most alike texts of two regions are to be paired."""
    matching = entity.matching
    if matching.candidates == "all":
        there = columns.facet(matching.alike.split(":")[0]) is not None
        return there and left * right > matching.all_pairs_limit
    return matching.candidates == "sparse"


_TOP = 20  # texts found for every text, either way
_LEAST = 50  # hundredths of similarity below which texts aren't alike


def _alike(columns: Columns, entity: Entity, rows_l: Rows, rows_r: Rows) -> Packed:
    """Return the pairs of most alike texts, both ways."""
    name, *cleaners = entity.matching.alike.split(":")
    side = columns.side(name, tuple(cleaners), ordered=True)
    left, right = side.of(rows_l), side.of(rows_r)
    there = most_alike(left.values, right.values, top=_TOP, least=_LEAST)
    back = most_alike(right.values, left.values, top=_TOP, least=_LEAST).rename({"l": "r", "r": "l"})
    both = pl.concat([there.select("l", "r"), back.select("l", "r")]).unique().sort("l", "r")
    at_l, at_r = of_records(both, left, right, entity.matching.block_limit)
    return pack(rows_l[at_l], rows_r[at_r])


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
