"""Rows become records: equal rows fold, every record gets its name, every origin is kept."""

from __future__ import annotations

import polars as pl

from codemerge.library.filled import fill
from codemerge.library.identity import short_hash
from codemerge.rules.page import Entity
from codemerge.tables import ORIGINS, conform

_PLACE = ["file", "sheet", "line"]
_YES = ("1", "j", "ja", "y", "yes", "true", "sant", "x")


def identify(rows: pl.DataFrame, entity: Entity) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Name the records of one entity.

    Args:
        rows: ``region``, every declared field as text, ``file``, ``sheet``, ``line``.
        entity: the page.

    Returns:
        records: RECORD_HEAD, every declared field, ``usable``; one row per distinct content. A
            row without code, and rows that share a code but differ, are named ``…/CODE#n``, n by
            content order, and are not usable. A person with protected identity gets an opaque
            code and loses every sensitive field.
        origins: ORIGINS, one row per input row.
    """
    fields = [f.name for f in entity.field]
    rows = rows.with_columns(pl.col(fields).cast(pl.String)).with_columns(_code(entity).alias("code"))
    rows = _hide_protected(rows, entity)
    content = list(dict.fromkeys(["region", "code", *fields]))
    folded = (
        rows.group_by(content)
        .agg(pl.struct(pl.col(_PLACE)).alias("_places"))
        .sort(content, nulls_last=False)
        .with_columns(
            pl.len().over("region", "code").alias("_same"),
            pl.int_range(1, pl.len() + 1).over("region", "code").alias("_n"),
            pl.col("code").fill_null("").alias("code"),
        )
        .with_columns(_ambiguous=(pl.col("_same") > 1) | (pl.col("code").str.strip_chars() == ""))
    )
    named = folded.with_columns(
        entity=pl.lit(entity.id),
        usable=~pl.col("_ambiguous") & ~pl.col("code").str.starts_with(_OPAQUE),
        record_id=fill("{}/{}/{}{}", pl.lit(entity.id), "region", "code", _suffix()),
    )
    origins = named.select("record_id", "_places").explode("_places").unnest("_places")
    order = ["record_id", "entity", "region", *dict.fromkeys(["code", *fields]), "usable"]
    return named.select(order).sort("record_id"), conform(origins, ORIGINS)


_OPAQUE = "protected-"


def _suffix() -> pl.Expr:
    return pl.when(pl.col("_ambiguous")).then(fill("#{}", "_n")).otherwise(pl.lit(""))


def _code(entity: Entity) -> pl.Expr:
    """Return the code: the column itself, the parts of a composite key, or a declared surrogate."""
    own = pl.col("code") if entity.field_named("code") else pl.lit(None, dtype=pl.String)
    if entity.key:
        # Parts keep their own text; an empty part leaves a hole that CAT-002 reports.
        joined = pl.concat_str([pl.col(k).fill_null("") for k in entity.key], separator="|")
        return joined
    return pl.coalesce(own, *(pl.col(f) for f in entity.code_from)) if entity.code_from else own


def _hide_protected(rows: pl.DataFrame, entity: Entity) -> pl.DataFrame:
    guards = [f for f in entity.field if f.protects]
    if not guards:
        return rows
    hidden = pl.any_horizontal(
        pl.col(f.name).str.strip_chars().str.to_lowercase().is_in(_YES) for f in guards
    )
    rows = rows.with_columns(hidden.fill_null(value=False).alias("_hidden"))
    if not rows["_hidden"].any():
        return rows.drop("_hidden")
    personal = [f.name for f in entity.field if f.sensitive]
    surrogates = [c for c in ("code", *entity.code_from) if c in rows.columns]
    opaque = pl.struct("region", *dict.fromkeys([*surrogates, *personal])).map_elements(
        lambda row: _OPAQUE + short_hash(*(str(v) for v in row.values())), return_dtype=pl.String
    )
    return (
        rows.with_columns(
            pl.when("_hidden").then(opaque).otherwise("code").alias("code"),
        )
        .with_columns(
            pl.when("_hidden").then(None).otherwise(pl.col(name)).alias(name)
            for name in dict.fromkeys([*personal, *entity.code_from])
        )
        .drop("_hidden")
    )
