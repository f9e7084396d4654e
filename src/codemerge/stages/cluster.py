"""Clusters over all regions: what equivalent mappings join, and the weakest edge where they contradict."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import polars as pl

from codemerge.library.assignment import components
from codemerge.library.identity import short_hash
from codemerge.model import Ending, Relationship, Status, record_id
from codemerge.rules.page import Entity
from codemerge.rules.project import Project
from codemerge.tables import MAPPINGS, conform

CLUSTERS = {"record_id": pl.String, "cluster_id": pl.String}
REFUSED = {
    "entity": pl.String, "mapping_id": pl.String, "status": pl.String, "reason": pl.String,
    "record_l": pl.String, "record_r": pl.String,
}  # fmt: skip


def cluster(
    mappings: pl.DataFrame, records: pl.DataFrame, entity: Entity, project: Project
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Join records that are the same across regions.

    A cluster may not hold two records of one region (where clusters are folded) nor a pair that
    people rejected or that was found to be two things. Where it would, the weakest automatic edge
    is refused and goes to a person; an edge people accepted is kept, and reported.

    Args:
        mappings: what `resolve` returned.
        records: normalised records.
        entity: their page.
        project: regions and their order.

    Returns:
        ``record_id, cluster_id`` of every record in a cluster of two or more; the mappings, refused
        edges turned back to ``review``; the refused edges (REFUSED, ``reason`` is ``two_of_region``
        or ``kept_apart``; status ``accepted`` edges are reported only).
    """
    if entity.matching.ending is Ending.NEVER or mappings.is_empty():
        return pl.DataFrame(schema=CLUSTERS), mappings, pl.DataFrame(schema=REFUSED)
    named = mappings.with_columns(_record(entity, "l"), _record(entity, "r"))
    edges = named.filter(
        pl.col("status").is_in([Status.AUTO.value, Status.ACCEPTED.value])
        & (pl.col("relationship") == Relationship.EQUIVALENT.value)
        & (pl.col("code_l") != "")
        & (pl.col("code_r") != "")
    ).sort("record_l", "record_r")
    nodes = pl.concat([edges["record_l"], edges["record_r"]]).unique().sort()
    place = pl.DataFrame({"record": nodes, "n": np.arange(len(nodes), dtype=np.int64)})
    edges = edges.join(
        place.rename({"record": "record_l", "n": "a"}), on="record_l", maintain_order="left"
    ).join(place.rename({"record": "record_r", "n": "b"}), on="record_r", maintain_order="left")
    apart = _kept_apart(named, place)
    regions = _regions(nodes, entity, project)
    label = components(edges["a"].to_numpy(), edges["b"].to_numpy(), len(nodes))
    trouble = _trouble(label, regions, apart)
    refused = [
        e
        for n in trouble
        for e in _untangle(edges.filter(pl.Series(label[edges["a"].to_numpy()] == n)), regions, apart)
    ]
    lost = pl.DataFrame(refused, schema=REFUSED, orient="row").sort("mapping_id")
    off = lost.filter(pl.col("status") == Status.AUTO.value).select("mapping_id", "reason")
    held = edges.join(off, on="mapping_id", how="anti")
    label = components(held["a"].to_numpy(), held["b"].to_numpy(), len(nodes))
    return _members(nodes, label), _turned_back(mappings, off), lost


def _record(entity: Entity, side: str) -> pl.Expr:
    return pl.concat_str(
        pl.lit(record_id(entity.id, "", "")[:-1]), f"region_{side}", pl.lit("/"), f"code_{side}"
    ).alias(f"record_{side}")


def _kept_apart(named: pl.DataFrame, place: pl.DataFrame) -> set[tuple[int, int]]:
    """Return pairs that people rejected, as node numbers."""
    rejected = named.filter(pl.col("status") == Status.REJECTED.value)
    found = rejected.join(place.rename({"record": "record_l", "n": "a"}), on="record_l").join(
        place.rename({"record": "record_r", "n": "b"}), on="record_r"
    )
    return {(min(a, b), max(a, b)) for a, b in found.select("a", "b").rows()}


def _regions(nodes: pl.Series, entity: Entity, project: Project) -> npt.NDArray[np.int64] | None:
    """Return each node's region as a number where a cluster holds one record a region, else None."""
    if entity.matching.ending is not Ending.FOLDED:
        return None
    order = {region: n for n, region in enumerate(project.regions)}
    region = nodes.str.splitn("/", 3).struct.field("field_1")
    return region.replace_strict(order, default=-1, return_dtype=pl.Int64).to_numpy()


def _trouble(
    label: npt.NDArray[np.int64], regions: npt.NDArray[np.int64] | None, apart: set[tuple[int, int]]
) -> list[int]:
    """Return the components that hold what they may not."""
    bad = {int(label[a]) for a, b in apart if label[a] == label[b]}
    if regions is not None and len(label):
        key, count = np.unique(label * (regions.max() + 2) + regions + 1, return_counts=True)
        bad |= {int(k) for k in key[count > 1] // (regions.max() + 2)}
    return sorted(bad)


def _untangle(
    edges: pl.DataFrame, regions: npt.NDArray[np.int64] | None, apart: set[tuple[int, int]]
) -> Iterator[tuple[str, ...]]:
    """Join one component's edges strongest first (people's before all) and yield those that can't be."""
    first = edges.sort(
        pl.col("status") != Status.ACCEPTED.value,
        -pl.col("match_weight").fill_null(0.0),
        "record_l",
        "record_r",
    )
    group: dict[int, set[int]] = {}
    for row in first.select("a", "b", "entity", "mapping_id", "status", "record_l", "record_r").iter_rows(
        named=True
    ):
        left, right = group.get(row["a"], {row["a"]}), group.get(row["b"], {row["b"]})
        if left is right:
            continue
        why = _forbidden(left, right, regions, apart)
        if why:
            yield row["entity"], row["mapping_id"], row["status"], why, row["record_l"], row["record_r"]
        if not why or row["status"] == Status.ACCEPTED.value:
            joined = left | right
            group.update(dict.fromkeys(joined, joined))


def _forbidden(
    left: set[int], right: set[int], regions: npt.NDArray[np.int64] | None, apart: set[tuple[int, int]]
) -> str:
    if regions is not None and {int(regions[n]) for n in left} & {int(regions[n]) for n in right}:
        return "two_of_region"
    crossing = any((min(a, b), max(a, b)) in apart for a in left for b in right)
    return "kept_apart" if crossing else ""


def _members(nodes: pl.Series, label: npt.NDArray[np.int64]) -> pl.DataFrame:
    """Name every cluster after its first member, so that its name survives what is added behind it."""
    frame = pl.DataFrame({"record_id": nodes, "label": label}).filter(pl.len().over("label") > 1)
    first = frame.group_by("label").agg(pl.col("record_id").min().alias("first")).sort("first")
    names = pl.Series("cluster_id", [short_hash(name) for name in first["first"].to_list()], dtype=pl.String)
    return (
        frame.join(first.with_columns(names), on="label").select("record_id", "cluster_id").sort("record_id")
    )


def _turned_back(mappings: pl.DataFrame, off: pl.DataFrame) -> pl.DataFrame:
    joined = mappings.join(off, on="mapping_id", how="left")
    refused = pl.col("reason").is_not_null()
    out = joined.with_columns(
        status=pl.when(refused).then(pl.lit(Status.REVIEW.value)).otherwise("status"),
        justification=pl.when(refused)
        .then(pl.concat_str("justification", pl.lit(" refused:"), "reason"))
        .otherwise("justification"),
    )
    return conform(out, MAPPINGS)
