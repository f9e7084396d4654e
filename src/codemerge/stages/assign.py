"""Every record that will live on gets its place (one combined record) and its code."""

from __future__ import annotations

import numpy as np
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
    ledger = identifiers.filter(pl.col("entity") == entity.id)
    frame = _placed(records, clusters, set_aside, entity, project)
    # In order of rank, a place's first record is its survivor; nearly all places hold one record.
    crowd = (
        frame["place"].is_duplicated()
        if entity.matching.ending is Ending.FOLDED
        else pl.repeat(value=False, n=frame.height, eager=True)
    )
    frame = _with_holder(_with_ledger(frame, ledger, limits), limits)
    frame = _named(frame, ledger, entity, project, limits, crowd)
    return (
        frame.select(
            "_at",
            "record_id",
            "region",
            "code",
            "cluster_id",
            "place",
            _nth_of_place(frame["place"], crowd),
            pl.when("lives").then("combined_code").alias("combined_code"),
            "ledger_code",
        )
        .sort("_at")
        .drop("_at")
        .sort("record_id")
    )


def _nth_of_place(place: pl.Series, crowd: pl.Series) -> pl.Series:
    """Number the records of each place, in their order: 0 is the survivor."""
    nth = np.zeros(place.len(), dtype=np.int64)
    if crowd.any():
        several = place.filter(crowd).to_frame().select(pl.int_range(pl.len()).over("place"))
        nth[crowd.to_numpy()] = several.to_series().to_numpy()
    return pl.Series("precedence", nth)


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
    frame = records.select("record_id", "region", "code", "usable", pl.col("volume").fill_null(0))
    frame = frame.with_row_index("_at")
    gone = pl.col("record_id").is_in(set_aside["record_id"].implode())
    if clusters.is_empty():
        frame = frame.with_columns(cluster_id=pl.lit(None, pl.String))
    else:
        frame = frame.join(
            clusters.select("record_id", "cluster_id"), on="record_id", how="left", maintain_order="left"
        )
    return frame.with_columns(
        place=place,
        lives=pl.col("usable")
        & (pl.lit(value=True) if set_aside.is_empty() else ~gone)
        & (pl.col("code").str.strip_chars() != ""),
    ).sort([*ranks, "code", "record_id"])


def _with_holder(frame: pl.DataFrame, limits: Shape) -> pl.DataFrame:
    """Add ``_key`` (what codes are compared by) and ``_holder``: the first place with that code."""
    frame = frame.with_columns(_key(pl.col("code"), limits).alias("_key"))
    shared = frame["_key"].is_duplicated()
    if not shared.any():
        return frame.with_columns(_holder=pl.col("place"))
    best = frame.filter(shared).unique("_key", keep="first", maintain_order=True)
    return frame.join(
        best.select("_key", _holder="place"), on="_key", how="left", maintain_order="left"
    ).with_columns(pl.coalesce("_holder", "place").alias("_holder"))


def _with_ledger(frame: pl.DataFrame, ledger: pl.DataFrame, limits: Shape) -> pl.DataFrame:
    """Add ``owned``, and ``ledger_code``: the code a place owns, or is listed under."""
    if ledger.is_empty():
        return frame.with_columns(owned=pl.lit(None, pl.String), ledger_code=pl.lit(None, pl.String))
    return frame.join(
        _owned(frame, ledger, limits), on="place", how="left", maintain_order="left"
    ).with_columns(ledger_code=pl.coalesce("owned", "listed"))


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
    frame: pl.DataFrame,
    ledger: pl.DataFrame,
    entity: Entity,
    project: Project,
    limits: Shape,
    crowd: pl.Series,
) -> pl.DataFrame:
    """Add ``combined_code``; a place that lost its code, or none may keep, gets a new one."""
    reserved = ledger.select(_key(pl.col("combined_code"), limits))["combined_code"]
    neither = project.policy.survivor_of(entity.id) == "neither"
    free = (
        (pl.col("_holder") == pl.col("place"))
        & ~pl.col("_key").is_in(reserved.implode())
        & pl.lit(value=not neither)
    )
    settled = pl.when(pl.col("owned").is_not_null()).then("owned").when(free).then("code")
    frame = frame.with_columns(settled.alias("combined_code"))
    if crowd.any():  # the survivor's code is that of the whole place
        first = frame.filter(crowd & frame["lives"]).unique("place", keep="first", maintain_order=True)
        frame = frame.join(
            first.select("place", _first="combined_code"), on="place", how="left", maintain_order="left"
        ).with_columns(pl.when(crowd).then("_first").otherwise("combined_code").alias("combined_code"))
    losers = frame.filter(pl.col("lives") & pl.col("combined_code").is_null())
    losers = losers.unique("place", keep="first", maintain_order=True)
    if losers.is_empty() or entity.key:  # a link's code follows from its key (`follow_key`)
        return frame
    prefixes = {r: project.about(r).prefix or default_prefix(r) for r in project.regions}
    prefix = pl.lit(NEUTRAL_PREFIX) if neither else pl.col("region").replace_strict(prefixes, default="")
    wanted = losers.select("place", name="code", prefix=prefix)
    minted = propose_names([*ledger["combined_code"].to_list(), *frame["code"].to_list()], wanted, limits)
    return frame.join(
        minted.select("place", "proposal"), on="place", how="left", maintain_order="left"
    ).with_columns(pl.coalesce("combined_code", "proposal").alias("combined_code"))
