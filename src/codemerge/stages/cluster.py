"""Clusters over all regions: what equivalent mappings join, and the weakest edge where they contradict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from codemerge.library.assignment import components
from codemerge.library.distinct import ranked
from codemerge.library.identity import short_hashes
from codemerge.model import Ending, Relationship, Status, record_id
from codemerge.rules.page import Entity
from codemerge.rules.project import Project

_SETTLED = [Status.AUTO.value, Status.ACCEPTED.value, Status.REJECTED.value]
CLUSTERS = {"record_id": pl.String, "cluster_id": pl.String}
REFUSED = {
    "entity": pl.String, "mapping_id": pl.String, "status": pl.String, "reason": pl.String,
    "record_l": pl.String, "record_r": pl.String,
}  # fmt: skip


def cluster(
    mappings: pl.DataFrame, records: pl.DataFrame, entity: Entity, project: Project, *, explained: bool = True
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Join records that are the same across regions.

    A cluster may not hold two records of one region (where clusters are folded), two differing
    strong keys, nor a pair that people kept apart. Where it would, the weakest automatic edge
    is refused and goes to a person; an edge people accepted is kept, and reported.

    Args:
        mappings: what `resolve` returned.
        records: normalised records.
        entity: their page.
        project: regions and their order.
        explained: clusters will be kept and spoken of: give them names of their own; else the first
            member's name stands for each.

    Returns:
        ``record_id, cluster_id`` of every record in a cluster of two or more; the mappings, refused
        edges turned back to ``review``; the refused edges (REFUSED, ``reason`` is ``two_of_region``,
        ``two_keys`` or ``kept_apart``; status ``accepted`` edges are reported only).
    """
    if entity.matching.ending is Ending.NEVER or mappings.is_empty():
        return pl.DataFrame(schema=CLUSTERS), mappings, pl.DataFrame(schema=REFUSED)
    settled = mappings.select(
        pl.int_range(pl.len()).alias("at"), "entity", "mapping_id", "status", "match_weight",
        "region_l", "code_l", "region_r", "code_r", "relationship",
    ).filter(pl.col("status").is_in(_SETTLED))  # fmt: skip
    settled = settled.with_columns(
        _record(entity, "l"), _record(entity, "r"),
        edge=(pl.col("relationship") == Relationship.EQUIVALENT.value)
        & (pl.col("code_l") != "") & (pl.col("code_r") != ""),
    )  # fmt: skip
    apart = pl.col("status") == Status.REJECTED.value
    edges = settled.filter(~apart & pl.col("edge"))
    nodes, places = ranked(pl.concat([edges["record_l"], edges["record_r"]]))
    ends = pl.Series("a", places[: edges.height]), pl.Series("b", places[edges.height :])
    edges = edges.with_columns(end.cast(pl.Int64) for end in ends)
    limits = _Limits(
        _regions(nodes, entity, project),
        _keys(nodes, records, entity),
        _kept_apart(settled.filter(apart), nodes),
    )
    label = components(edges["a"].to_numpy(), edges["b"].to_numpy(), len(nodes))
    ends = label[edges["a"].to_numpy()]
    refused = [
        e for n in limits.trouble(label) for e in _untangle(edges.filter(pl.Series(ends == n)), limits)
    ]
    lost = pl.DataFrame(refused, schema={"at": pl.Int64, **REFUSED}, orient="row").sort("mapping_id", "at")
    off = lost.filter(pl.col("status") == Status.AUTO.value).select("at", "reason")
    if not off.is_empty():
        held = edges.join(off, on="at", how="anti")
        label = components(held["a"].to_numpy(), held["b"].to_numpy(), len(nodes))
    return _members(nodes, label, hashed=explained), _turned_back(mappings, off), lost.drop("at")


def _kept_apart(rejected: pl.DataFrame, nodes: pl.Series) -> set[tuple[int, int]]:
    """Return pairs that people rejected, as node numbers."""
    place = pl.DataFrame({"record": nodes, "n": np.arange(len(nodes), dtype=np.int64)})
    found = rejected.join(place.rename({"record": "record_l", "n": "a"}), on="record_l").join(
        place.rename({"record": "record_r", "n": "b"}), on="record_r"
    )
    return {(min(a, b), max(a, b)) for a, b in found.select("a", "b").rows()}


def _record(entity: Entity, side: str) -> pl.Expr:
    return pl.concat_str(
        pl.lit(record_id(entity.id, "", "")[:-1]), f"region_{side}", pl.lit("/"), f"code_{side}"
    ).alias(f"record_{side}")


def _regions(nodes: pl.Series, entity: Entity, project: Project) -> npt.NDArray[np.int64] | None:
    """Return each node's region as a number where a cluster holds one record a region, else None."""
    if entity.matching.ending is not Ending.FOLDED:
        return None
    order = {region: n for n, region in enumerate(project.regions)}
    region = nodes.str.splitn("/", 3).struct.field("field_1")
    return region.replace_strict(order, default=-1, return_dtype=pl.Int64).to_numpy()


def _keys(nodes: pl.Series, records: pl.DataFrame, entity: Entity) -> npt.NDArray[np.int64] | None:
    """Return each node's strong key as a number (-1: none), where two differing ones are two things."""
    named = {c.of for c in entity.comparison if c.levels[-1].veto}
    strong = [name for name in entity.matching.strong if name in named and name in records.columns]
    if not strong:
        return None
    held = nodes.to_frame("record_id").join(
        records.select("record_id", pl.col(strong[0]).alias("key")),
        on="record_id",
        how="left",
        maintain_order="left",
    )["key"]
    return held.rank("dense").cast(pl.Int64).fill_null(-1).to_numpy()


@dataclass(frozen=True)
class _Limits:
    """What a cluster may not hold: two records of a region, two strong keys, a pair people kept apart."""

    regions: npt.NDArray[np.int64] | None
    keys: npt.NDArray[np.int64] | None
    apart: set[tuple[int, int]]

    def trouble(self, label: npt.NDArray[np.int64]) -> list[int]:
        """Return the components that hold what they may not."""
        bad = {int(label[a]) for a, b in self.apart if label[a] == label[b]}
        frame = pl.DataFrame({"label": label})
        if self.regions is not None:
            crowded = frame.with_columns(r=self.regions).filter(pl.len().over("label", "r") > 1)
            bad |= set(crowded["label"].to_list())
        if self.keys is not None:
            keyed = frame.with_columns(k=self.keys).filter(pl.col("k") >= 0)
            bad |= set(keyed.filter(pl.col("k").n_unique().over("label") > 1)["label"].to_list())
        return sorted(bad)

    def forbids(self, left: set[int], right: set[int]) -> str:
        """Say why two groups can't be joined; empty where they can."""
        if self.regions is not None and {int(self.regions[n]) for n in left} & {
            int(self.regions[n]) for n in right
        }:
            return "two_of_region"
        if self.keys is not None and len({int(self.keys[n]) for n in left | right} - {-1}) > 1:
            return "two_keys"
        crossing = any((min(a, b), max(a, b)) in self.apart for a in left for b in right)
        return "kept_apart" if crossing else ""


def _untangle(edges: pl.DataFrame, limits: _Limits) -> Iterator[tuple[int | str, ...]]:
    """Join one component's edges strongest first (people's before all) and yield those that can't be."""
    first = edges.sort(
        pl.col("status") != Status.ACCEPTED.value,
        -pl.col("match_weight").fill_null(0.0),
        "record_l",
        "record_r",
    )
    group: dict[int, set[int]] = {}
    columns = ["at", "a", "b", "entity", "mapping_id", "status", "record_l", "record_r"]
    for row in first.select(columns).iter_rows(named=True):
        left, right = group.get(row["a"], {row["a"]}), group.get(row["b"], {row["b"]})
        if left is right:
            continue
        why = limits.forbids(left, right)
        if why:
            told = row["entity"], row["mapping_id"], row["status"], why, row["record_l"], row["record_r"]
            yield row["at"], *told
        if not why or row["status"] == Status.ACCEPTED.value:
            joined = left | right
            group.update(dict.fromkeys(joined, joined))


def _members(nodes: pl.Series, label: npt.NDArray[np.int64], *, hashed: bool) -> pl.DataFrame:
    """Name every cluster after its first member, so that its name survives what is added behind it."""
    held = np.nonzero(np.bincount(label, minlength=len(label))[label] > 1)[0]
    first, of = np.unique(label[held], return_inverse=True)  # a component's label is its smallest node
    names = nodes.gather(first)
    names = short_hashes(names) if hashed else names
    return pl.DataFrame(
        {"record_id": nodes.gather(held), "cluster_id": names.gather(of)}, schema_overrides=CLUSTERS
    )


def _turned_back(mappings: pl.DataFrame, off: pl.DataFrame) -> pl.DataFrame:
    """Give refused edges to a person; other columns, the largest a run holds, aren't copied for it."""
    if off.is_empty():
        return mappings
    reason = pl.repeat(None, mappings.height, dtype=pl.String, eager=True).scatter(off["at"], off["reason"])
    refused = pl.lit(reason.is_not_null())
    return mappings.with_columns(
        status=pl.when(refused).then(pl.lit(Status.REVIEW.value)).otherwise("status"),
        justification=pl.when(refused)
        .then(pl.concat_str("justification", pl.lit(" refused:"), pl.lit(reason)))
        .otherwise("justification"),
    )
