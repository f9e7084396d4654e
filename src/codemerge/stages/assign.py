"""Every record that will live on gets its place (one combined record) and its code."""

from __future__ import annotations

import polars as pl

from codemerge.library.proposals import Shape, default_prefix, propose_names
from codemerge.model import Ending
from codemerge.rules.check import Target
from codemerge.rules.page import Entity
from codemerge.rules.project import Project

NEUTRAL_PREFIX = "C"  # "combined": before the code where the policy wants neither region's


def assign(
    records: pl.DataFrame,
    clusters: pl.DataFrame,
    identifiers: pl.DataFrame,
    set_aside: pl.DataFrame,
    entity: Entity,
    project: Project,
    target: Target,
) -> pl.DataFrame:
    """Give every place its combined code.

    A place is a cluster (folded entities) or a record (linked, never joined). Its code is the one
    in the ledger; else the survivor's own, unless another place of higher precedence holds it;
    else a new one that no region has ever used.

    Args:
        records: the entity's records.
        clusters: ``record_id, cluster_id`` of records held to be one thing.
        identifiers: the ledger, in its own order.
        set_aside: ``record_id`` of records that get no combined record of their own (retired by
            a person, split into several).
        entity: the page.
        project: regions, prefixes, policy.
        target: what the installation accepts.

    Returns:
        One row per record: ``record_id, region, code, cluster_id, place, precedence`` (0 = the
        place's survivor), ``combined_code`` (null: set aside or unusable), ``ledger_code``.
    """
    limits = limits_of(target, entity)
    frame = _placed(records, clusters, set_aside, entity, project)
    ledger = _owned(frame, identifiers.filter(pl.col("entity") == entity.id), limits)
    frame = frame.join(ledger, on="place", how="left").with_columns(
        ledger_code=pl.coalesce("owned", pl.col("listed")), _key=_key(pl.col("code"), limits)
    )
    best = frame.sort("_rank").group_by("_key", maintain_order=True).agg(pl.first("place").alias("_holder"))
    frame = frame.join(best, on="_key", how="left")
    places = (
        frame.filter(pl.col("lives"))
        .sort("_rank")
        .group_by("place", maintain_order=True)
        .agg(pl.first("region"), pl.first("code"), pl.first("_holder"), pl.first("owned"), pl.first("_key"))
    )
    named = _named(places, identifiers, frame, entity, project, limits)
    return (
        frame.join(named, on="place", how="left")
        .with_columns(
            combined_code=pl.when("lives").then(pl.col("combined_code")),
            precedence=pl.col("_rank").rank("ordinal").over("place").cast(pl.Int64) - 1,
        )
        .select(
            "record_id", "region", "code", "cluster_id", "place", "precedence", "combined_code", "ledger_code"
        )
        .sort("record_id")
    )


def limits_of(target: Target, entity: Entity) -> Shape:
    """Return what the combined installation accepts as this entity's code."""
    said = target.of(entity.id, "code")
    if said is None:
        return Shape()
    return Shape(said.length, said.characters, case_sensitive=said.case_sensitive)


def _key(code: pl.Expr, limits: Shape) -> pl.Expr:
    return code if limits.case_sensitive else code.str.to_lowercase()


def _placed(
    records: pl.DataFrame, clusters: pl.DataFrame, set_aside: pl.DataFrame, entity: Entity, project: Project
) -> pl.DataFrame:
    """Return records with place, whether they live on, and one rank over all of them."""
    folded = entity.matching.ending is Ending.FOLDED
    place = pl.coalesce("cluster_id", "record_id") if folded else pl.col("record_id")
    order = pl.col("region").replace_strict(
        {r: n for n, r in enumerate(project.regions)}, default=len(project.regions), return_dtype=pl.Int64
    )
    survivor = project.policy.survivor_of(entity.id)
    volume = -pl.col("volume")
    ranks = {"volume": [volume, order], "neither": [order, volume]}.get(
        survivor or "",
        [(pl.col("region") != pl.lit(survivor or project.regions[0])).cast(pl.Int64), order, volume],
    )
    return (
        records.select("record_id", "region", "code", "usable", pl.col("volume").fill_null(0))
        .join(clusters.select("record_id", "cluster_id"), on="record_id", how="left")
        .join(set_aside.select("record_id").unique().with_columns(_aside=True), on="record_id", how="left")
        .with_columns(
            place=place,
            lives=pl.col("usable") & pl.col("_aside").is_null() & (pl.col("code").str.strip_chars() != ""),
        )
        .sort([*ranks, "code", "record_id"])
        .with_row_index("_rank")
    )


def _owned(frame: pl.DataFrame, identifiers: pl.DataFrame, limits: Shape) -> pl.DataFrame:
    """Return ``place, owned, listed``: the ledger's code for a place, and any code it is listed under.

    A combined code belongs to the place of its first-listed record that still exists; a place that
    owns several (clusters joined) keeps the first-listed one.
    """
    listed = identifiers.with_row_index("_row").join(
        frame.select("region", "code", "record_id", "place", "lives"), on=["region", "code"], how="inner"
    )
    by_row = listed.sort("_row", "record_id")
    owners = by_row.group_by(_key(pl.col("combined_code"), limits), maintain_order=True).agg(
        pl.first("combined_code").alias("owned"), pl.first("place"), pl.first("_row")
    )
    owned = owners.sort("_row").group_by("place", maintain_order=True).agg(pl.first("owned"))
    anywhere = by_row.group_by("place", maintain_order=True).agg(pl.first("combined_code").alias("listed"))
    return anywhere.join(owned, on="place", how="left").select("place", "owned", "listed")


def _named(
    places: pl.DataFrame,
    identifiers: pl.DataFrame,
    frame: pl.DataFrame,
    entity: Entity,
    project: Project,
    limits: Shape,
) -> pl.DataFrame:
    """Return ``place, combined_code``; a place that lost its code, or none may keep, gets a new one."""
    ledger = identifiers.filter(pl.col("entity") == entity.id)["combined_code"]
    reserved = ledger.to_frame("code").select(_key(pl.col("code"), limits))["code"]
    neither = project.policy.survivor_of(entity.id) == "neither"
    free = (
        (pl.col("_holder") == pl.col("place"))
        & ~pl.col("_key").is_in(reserved.implode())
        & pl.lit(value=not neither)
    )
    settled = places.with_columns(
        combined_code=pl.when(pl.col("owned").is_not_null()).then("owned").when(free).then("code")
    )
    losers = settled.filter(pl.col("combined_code").is_null())
    if losers.is_empty():
        return settled.select("place", "combined_code")
    prefixes = {r: project.about(r).prefix or default_prefix(r) for r in project.regions}
    prefix = pl.lit(NEUTRAL_PREFIX) if neither else pl.col("region").replace_strict(prefixes, default="")
    wanted = losers.select("place", name="code", prefix=prefix)
    minted = propose_names([*ledger.to_list(), *frame["code"].to_list()], wanted, limits)
    return settled.join(minted.select("place", "proposal"), on="place", how="left").select(
        "place", pl.coalesce("combined_code", "proposal").alias("combined_code")
    )
