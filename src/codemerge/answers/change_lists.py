"""What each region must do: codes to add, change, close; and every old name of a combined code."""

from __future__ import annotations

import polars as pl

from codemerge.answers.run_tables import RunTables
from codemerge.model import Carried, Relationship
from codemerge.rules.page import Entity

LABEL = "label"
ADD, CHANGE, CLOSE, WITHHELD = "add", "change", "close", "withheld"

CHANGES: dict[str, pl.DataType | type[pl.DataType]] = {
    "change": pl.String,  # add | change | close | withheld
    "entity": pl.String,
    "code": pl.String,  # the region's code today; empty for add
    "text": pl.String,
    "new_code": pl.String,  # the combined code; empty for close and withheld
    "new_text": pl.String,
    "relationship": pl.String,  # today's code → the new one
    "condition": pl.String,  # when this one of several new codes applies
    "from": pl.String,  # the day it holds from, as the project says; empty if it doesn't
}

ALIASES: dict[str, pl.DataType | type[pl.DataType]] = {
    "combined_code": pl.String,
    "region": pl.String,
    "code": pl.String,
    "text": pl.String,
    "relationship": pl.String,  # old code → combined code
    "condition": pl.String,
    "status": pl.String,
    "valid_from": pl.String,
    "valid_to": pl.String,
}


def aliases(run: RunTables, entity: Entity) -> pl.DataFrame:
    """List every old code and text of every combined code, with the period the region gave it.

    Returns:
        `ALIASES`; texts are empty where they are personal data.
    """
    rows = run.crosswalk.filter((pl.col("entity") == entity.id) & pl.col("combined_code").is_not_null())
    named = rows.join(_texts(run, entity), on="record_id", how="left")
    return (
        named.select(*ALIASES)
        .unique(maintain_order=True)
        .sort("combined_code", "region", "code", "condition")
    )


def change_list(run: RunTables, region: str, effective: str | None) -> pl.DataFrame:
    """List what changes for one region, entity by entity.

    A code that stays as it is, with its text, has no row.

    Args:
        run: the run.
        region: the region.
        effective: ISO date the changes hold from.

    Returns:
        `CHANGES`, in the order of the rules' pages, then add, change, close, then code.
    """
    parts = [_changes_of(run, page, region) for page in run.rules.entities.values() if page.id in run.records]
    frame = pl.concat(parts) if parts else pl.DataFrame(schema=CHANGES)
    return frame.with_columns(pl.lit(effective, pl.String).alias("from")).select(*CHANGES)


def _changes_of(run: RunTables, entity: Entity, region: str) -> pl.DataFrame:
    personal = _is_personal(entity)
    named = pl.lit(None, pl.String).alias(LABEL) if personal else pl.col(LABEL)
    combined = run.combined[entity.id].select("combined_code", named, "members")
    rows = (
        run.crosswalk.filter((pl.col("entity") == entity.id) & (pl.col("region") == region))
        .join(_texts(run, entity), on="record_id", how="left")
        .join(combined.select("combined_code", new_text=LABEL), on="combined_code", how="left")
    )
    own = (pl.col("relationship") == Relationship.EQUIVALENT) & (pl.col("group").fill_null("") == "")
    extra = ~own & (pl.col("group").fill_null("") == "")  # a narrower or broader row beside the code's own
    same = own & (pl.col("code") == pl.col("combined_code")) & pl.col("text").eq_missing(pl.col("new_text"))
    what = (
        pl.when(pl.col("status") == Carried.RETIRED)
        .then(pl.lit(CLOSE))
        .when(pl.col("combined_code").is_null())
        .then(pl.lit(WITHHELD))
        .otherwise(pl.lit(CHANGE))
    )
    moved = rows.filter(~same & ~extra).select(
        "entity", "code", "text", "new_text", "condition",
        change=what,
        new_code=pl.when(what == CHANGE).then("combined_code"),
        relationship=pl.when(what == CHANGE).then("relationship"),
    )  # fmt: skip
    held = rows.filter(~extra).select("combined_code").drop_nulls().unique()
    added = combined.join(held, on="combined_code", how="anti").select(
        change=pl.lit(ADD), entity=pl.lit(entity.id), new_code="combined_code", new_text=LABEL
    )
    return (
        pl.concat([added, moved], how="diagonal")
        .with_columns(pl.lit(None, pl.String).alias("from"))
        .select(*CHANGES)
        .sort("change", "code", "new_code", "condition")
    )


def _texts(run: RunTables, entity: Entity) -> pl.DataFrame:
    text = pl.lit(None, pl.String) if _is_personal(entity) else pl.col(LABEL)
    return run.records[entity.id].select("record_id", text.alias("text"))


def _is_personal(entity: Entity) -> bool:
    field = entity.field_named(LABEL)
    return field is None or field.sensitive
