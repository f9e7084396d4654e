"""The crosswalk: what becomes of every record; and what is withheld until a conflict is settled."""

from __future__ import annotations

import polars as pl

from codemerge.library.alongside import alongside
from codemerge.model import Carried, Relationship, Severity, Status, Verdict
from codemerge.rules.page import Entity
from codemerge.tables import CROSSWALK, conform

ASIDE = {"record_id": pl.String, "fate": pl.String}
_SIDEWAYS = (Relationship.NARROWER.value, Relationship.BROADER.value)


def set_aside(mappings: pl.DataFrame, decisions: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Return the records that people decided get no combined record of their own.

    Args:
        mappings: the entity's mappings.
        decisions: the decisions that stand (`verdicts.CURRENT`), this entity's.
        records: the entity's records.

    Returns:
        ``record_id, fate``: ``retired`` (verdict retire) or ``split`` (accepted as several).
    """
    if decisions.is_empty():
        return pl.DataFrame(schema=ASIDE)
    named = records.select("record_id", "region", "code")
    out = decisions.filter(
        (pl.col("verdict") == Verdict.RETIRE) & (pl.col("status") == Status.ACCEPTED)
    ).with_columns(
        region=pl.when(pl.col("code_l").fill_null("") == "").then("region_r").otherwise("region_l"),
        code=pl.when(pl.col("code_l").fill_null("") == "").then("code_r").otherwise("code_l"),
    )
    retired = out.join(named, on=["region", "code"]).select("record_id", fate=pl.lit("retired"))
    split = (
        _decided(mappings, decisions)
        .filter(
            (pl.col("status") == Status.ACCEPTED)
            & (pl.col("group").fill_null("") != "")
            & (pl.col("code_r").fill_null("") != "")
        )
        .join(named, left_on=["region_l", "code_l"], right_on=["region", "code"])
        .select("record_id", fate=pl.lit("split"))
    )
    return (
        pl.concat([retired, split]).unique("record_id", keep="first", maintain_order=True).sort("record_id")
    )


def crosswalk(
    records: pl.DataFrame,
    placed: pl.DataFrame,
    aside: pl.DataFrame,
    mappings: pl.DataFrame,
    decisions: pl.DataFrame,
    entity: Entity,
) -> pl.DataFrame:
    """Say of every record where it goes.

    Returns:
        CROSSWALK: one row per record with its own combined code (or none, when it is retired or
        unusable); a split record's parts instead; and a row for each accepted narrower or broader
        mapping. Every record has at least one row.
    """
    lifecycle = {f.lifecycle: f.name for f in entity.field if f.lifecycle}
    own = alongside(
        records.select(
            "record_id",
            "entity",
            "region",
            "code",
            *(pl.col(lifecycle[k]).alias(k) for k in ("valid_from", "valid_to") if k in lifecycle),
        ),
        placed.select("record_id", "cluster_id", "combined_code", "ledger_code"),
        "record_id",
    )
    own = (
        _with(own, aside, ["record_id"], "fate")
        .pipe(_with, _chosen(mappings), ["region", "code"], "chosen")
        .with_columns(
            status=pl.when(pl.col("fate") == "retired")
            .then(pl.lit(Carried.RETIRED.value))
            .when(pl.col("combined_code").is_null() & (pl.col("fate").is_null()))
            .then(pl.lit(Carried.WITHHELD.value))
            .otherwise(pl.coalesce("chosen", pl.lit(Carried.KEPT.value))),
            combined_code=pl.coalesce("combined_code", "ledger_code"),
            relationship=pl.lit(Relationship.EQUIVALENT.value),
        )
    )
    if decisions.is_empty():  # nothing is split
        return conform(own, CROSSWALK)
    parts = _parts(own, placed, mappings, decisions)
    whole = own.filter(pl.col("fate").fill_null("") != "split")
    lost = own.filter(pl.col("fate") == "split").join(parts, on="record_id", how="anti")
    lost = lost.with_columns(status=pl.lit(Carried.WITHHELD.value))
    return conform(pl.concat([whole, lost, parts], how="diagonal"), CROSSWALK)


def _with(frame: pl.DataFrame, said: pl.DataFrame, keys: list[str], what: str) -> pl.DataFrame:
    """Add what is said of some rows; nearly always nothing is."""
    if said.is_empty():
        return frame.with_columns(pl.lit(None, pl.String).alias(what))
    return frame.join(said, on=keys, how="left", maintain_order="left")


def blocked(conflicts: pl.DataFrame) -> pl.Series:
    """Return the records that an open blocking conflict touches."""
    stops = conflicts.filter((pl.col("severity") == Severity.BLOCKING) & (pl.col("status") == "open"))
    return stops["record_ids"].explode(empty_as_null=True).drop_nulls().unique().alias("record_id")


def withhold(
    rows: pl.DataFrame, combined: pl.DataFrame, placed: pl.DataFrame, blocked: pl.Series
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Hold back every place that a blocking conflict touches.

    Args:
        rows: the entity's crosswalk.
        combined: its combined catalog.
        placed: where its records go.
        blocked: records, of any entity, that a conflict blocks (`blocked`).

    Returns:
        The crosswalk, with those rows ``withheld`` and their combined code empty (unless the
        ledger holds one), and the combined catalog without those places.
    """
    touched = placed["record_id"].is_in(blocked.implode())
    if not touched.any():
        return rows, combined
    places = placed.filter(touched).select("place").unique()
    held = placed.join(places, on="place", how="semi").select("record_id", "combined_code", "ledger_code")
    gone = held.select("combined_code").drop_nulls().unique()
    # A code in the ledger is never emptied, not for the parts of a split that lead to it either.
    unlisted = held.filter(pl.col("combined_code").ne_missing(pl.col("ledger_code")))
    nowhere = unlisted["combined_code"].drop_nulls()
    out = (
        rows.join(held.select("record_id", "ledger_code", _held=True), on="record_id", how="left")
        .with_columns(_held=pl.col("_held").fill_null(value=False) & (pl.col("status") != Carried.RETIRED))
        .with_columns(
            _own=(pl.col("relationship") == Relationship.EQUIVALENT) & (pl.col("group").fill_null("") == ""),
            _lost=pl.col("combined_code").is_in(nowhere.implode()),
        )
        .with_columns(
            status=pl.when("_held").then(pl.lit(Carried.WITHHELD.value)).otherwise("status"),
            # A row that leads to a combined record held back leads nowhere yet.
            combined_code=pl.when(pl.col("_held") & pl.col("_own"))
            .then("ledger_code")
            .when(pl.col("_held") | (~pl.col("_own") & pl.col("_lost").fill_null(value=False)))
            .then(None)
            .otherwise("combined_code"),
        )
    )
    return conform(out, CROSSWALK), combined.join(gone, on="combined_code", how="anti").sort("combined_code")


def _decided(mappings: pl.DataFrame, decisions: pl.DataFrame) -> pl.DataFrame:
    """Return the mappings people decided, with what the decision said beside.

    A right record that is split stands left here: what is divided is always read left to right.
    """
    said = decisions.select("decision_id", "verdict", "group", "combine", "condition").unique(
        "decision_id", keep="last", maintain_order=True
    )
    decided = mappings.filter(pl.col("decision_id").is_not_null()).join(said, on="decision_id", how="inner")
    turned = (pl.col("group").fill_null("") != "") & (pl.col("relationship") == Relationship.NARROWER)
    swapped = [
        pl.when(turned).then(f"{name}_{other}").otherwise(f"{name}_{side}").alias(f"{name}_{side}")
        for name in ("region", "code")
        for side, other in (("l", "r"), ("r", "l"))
    ]
    broader = pl.when(turned).then(pl.lit(Relationship.BROADER.value)).otherwise("relationship")
    return decided.with_columns(*swapped, broader.alias("relationship"))


def _chosen(mappings: pl.DataFrame) -> pl.DataFrame:
    """Return ``region, code, chosen``: the strongest standing any of a record's mappings gives it."""
    rank = {Status.ACCEPTED.value: 0, Status.AUTO.value: 1, Status.REVIEW.value: 2}
    if mappings.is_empty():
        return pl.DataFrame(schema=dict.fromkeys(("region", "code", "chosen"), pl.String))
    needed = ["region_l", "code_l", "region_r", "code_r", "status", "relationship"]
    said = mappings.select(needed).filter(
        pl.col("status").is_in(list(rank))
        & ((pl.col("relationship") == Relationship.EQUIVALENT) | (pl.col("status") == Status.REVIEW))
        & (pl.col("code_r").fill_null("") != "")
        & (pl.col("code_l").fill_null("") != "")
    )
    sides = [
        said.select(pl.col(f"region_{side}").alias("region"), pl.col(f"code_{side}").alias("code"), "status")
        for side in ("l", "r")
    ]
    return (
        pl.concat(sides)
        .with_columns(_n=pl.col("status").replace_strict(rank, return_dtype=pl.Int64))
        .group_by("region", "code")
        .agg(pl.col("status").sort_by("_n").first().alias("chosen"))
    )


def _parts(
    own: pl.DataFrame, placed: pl.DataFrame, mappings: pl.DataFrame, decisions: pl.DataFrame
) -> pl.DataFrame:
    """Return the rows that lead from a record to another's combined record."""
    said = _decided(mappings, decisions).filter(
        (pl.col("status") == Status.ACCEPTED)
        & (pl.col("code_r").fill_null("") != "")
        & (pl.col("relationship").is_in(_SIDEWAYS) | (pl.col("group").fill_null("") != ""))
    )
    where = placed.select(
        pl.col("region").alias("region_r"),
        pl.col("code").alias("code_r"),
        pl.col("combined_code").alias("_to"),
    )
    kept = [
        "record_id",
        "entity",
        "region",
        "code",
        "cluster_id",
        *(c for c in ("valid_from", "valid_to") if c in own.columns),
    ]
    return (
        own.select(kept)
        .join(
            said.select(
                pl.col("region_l").alias("region"),
                pl.col("code_l").alias("code"),
                "region_r",
                "code_r",
                "relationship",
                "group",
                "combine",
                "condition",
            ),
            on=["region", "code"],
        )
        .join(where, on=["region_r", "code_r"], how="left")
        .with_columns(combined_code=pl.col("_to"), status=pl.lit(Carried.ACCEPTED.value))
    )
