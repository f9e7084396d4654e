"""Which codes change, once every proposal is taken, by each way to choose the code that survives."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from codemerge.answers.basis import Basis, once
from codemerge.library.assignment import components
from codemerge.model import Ending, Relationship

VOLUME, NEITHER = "volume", "neither"


@once
def members(basis: Basis) -> pl.DataFrame:
    """Say which records would share one code if every proposal were taken.

    Returns:
        The standing of usable records that aren't retired, with ``cluster``: connected by equal
        pairs, chosen or only proposed, where an entity folds; else the record itself. Links are
        left out: they follow their two ends.
    """
    pages = basis.run.rules.entities.values()
    folded = [e.id for e in pages if e.matching.ending == Ending.FOLDED and not e.key]
    composite = [e.id for e in pages if e.key]
    kept = (
        pl.col("usable") & (pl.col("carried").fill_null("") != "retired") & ~pl.col("entity").is_in(composite)
    )
    groups = _connected(basis.chosen.filter(pl.col("entity").is_in(folded)))
    standing = basis.standing.filter(kept).drop("cluster")
    paired = standing.filter(pl.col("record_id").is_in(groups["record_id"].implode()))
    alone = standing.filter(~pl.col("record_id").is_in(groups["record_id"].implode()))
    paired = paired.join(groups, on="record_id", maintain_order="left")
    return pl.concat([paired, alone.with_columns(cluster="record_id")])


def _connected(chosen: pl.DataFrame) -> pl.DataFrame:
    """Return ``record_id, cluster`` of everything that equal pairs connect."""
    pairs = chosen.filter(pl.col("relationship") == Relationship.EQUIVALENT.value).select(
        "record_l", "record_r"
    )
    names = pl.concat([pairs["record_l"], pairs["record_r"]]).unique().sort()
    place = pl.DataFrame({"name": names}).with_row_index("at")
    left, right = (
        pairs.join(place, left_on=f"record_{s}", right_on="name", how="left", maintain_order="left")["at"]
        .cast(pl.Int64)
        .to_numpy()
        for s in "lr"
    )
    label = components(left, right, names.len())
    return pl.DataFrame({"record_id": names, "cluster": names.gather(label)})


@once
def contested(basis: Basis) -> pl.DataFrame:
    """Return the `members` that share a cluster or a code: nobody else's code can ever change."""
    maybe = members(basis).filter(pl.col("cluster").is_duplicated() | pl.col("code").is_duplicated())
    together = pl.len().over("entity", "cluster") > 1  # dear: only of those that share one at all
    return maybe.filter(together | (pl.len().over("entity", "code") > 1))


def changed_by(grouped: pl.DataFrame, survivor: str, regions: Sequence[str]) -> pl.DataFrame:
    """Return the records whose code changes under one way to choose.

    A cluster takes the code of the surviving region's member (``volume``: the code most used;
    ``neither``: a new code for all that are joined or collide). Where several clusters want one code,
    the surviving region's, else the most used, keeps it; the others need a new one.

    Args:
        grouped: what `members` or `contested` returned.
        survivor: a region, ``volume`` or ``neither``.
        regions: the project's, in order of precedence.
    """
    order = [survivor, *[r for r in regions if r != survivor]]
    rank = pl.col("region").replace_strict(
        order, range(len(order)), default=len(order), return_dtype=pl.Int64
    )
    by_use = survivor in (VOLUME, NEITHER)
    first = [pl.col("volume").neg(), rank] if by_use else [rank, pl.col("volume").neg()]
    clusters = grouped.group_by("entity", "cluster").agg(
        pl.col("code").sort_by([*first, pl.col("code")]).first().alias("wanted"),
        rank.min().alias("rank"),
        pl.col("volume").max().alias("most"),
        pl.len().alias("size"),
    )
    keys = ["most", "rank", "cluster"] if by_use else ["rank", "most", "cluster"]
    ranked = clusters.sort(keys, descending=[k == "most" for k in keys]).with_columns(
        pl.int_range(pl.len()).over("entity", "wanted").alias("nth"),
        pl.len().over("entity", "wanted").alias("wanting"),
    )
    together = (pl.col("size") > 1) | (pl.col("wanting") > 1)
    new = together if survivor == NEITHER else pl.col("nth") > 0
    placed = ranked.select("entity", "cluster", "wanted", new.alias("new"))
    return grouped.join(placed, on=["entity", "cluster"]).filter(
        pl.col("new") | (pl.col("code") != pl.col("wanted"))
    )


@once
def changed(basis: Basis) -> pl.DataFrame:
    """Return the records whose code changes as the project chooses, entity by entity."""
    grouped, regions, policy = contested(basis), basis.run.project.regions, basis.run.project.policy
    chosen: dict[str, list[str]] = {}
    for entity in basis.run.rules.entities:
        chosen.setdefault(policy.survivor_of(entity) or regions[0], []).append(entity)
    parts = [
        changed_by(grouped.filter(pl.col("entity").is_in(entities)), survivor, regions)
        for survivor, entities in chosen.items()
    ]
    return pl.concat(parts) if parts else grouped.clear()
