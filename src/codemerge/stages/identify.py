"""Rows become records: equal rows fold, every record gets its name, every origin is kept."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from codemerge.library.filled import fill
from codemerge.library.identity import short_hash
from codemerge.library.text_order import in_text_order
from codemerge.rules.page import Entity
from codemerge.tables import ORIGINS, conform

_PLACE = ["file", "sheet", "line"]


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
    order = ["record_id", "entity", *content, "usable"]
    alone = _alone(rows)
    if alone.all():
        named = in_text_order(rows.with_columns(_name(entity)), "record_id")
        # Every name is there once and in order: so are the origins.
        records = _marked(named, entity, pl.lit(value=False)).select(order)
        return records, named.select(pl.col(c).cast(kind) for c, kind in ORIGINS.columns.items())
    single = _named(rows.filter(alone), entity, pl.lit(value=False))
    several = _named(_folded(rows.filter(~alone), content), entity, pl.col("_ambiguous"))
    places = several.select("record_id", "_places").explode("_places").unnest("_places")
    records = pl.concat([single.select(order), several.select(order)]).sort("record_id", maintain_order=True)
    return records, conform(pl.concat([single.select("record_id", *_PLACE), places]), ORIGINS)


def _alone(rows: pl.DataFrame) -> pl.Series:
    """Say which rows have a code that no other row of their region has: nearly all; they fold with none."""
    coded = (pl.col("code").str.strip_chars() != "").fill_null(value=False)
    # One number per code: the few rows that share one by chance are folded, each to itself.
    seen = rows.select(coded.alias("coded"), pl.struct("region", "code").hash(seed=3).alias("n"))
    ordered = np.sort(seen["n"].to_numpy())
    if seen["coded"].all() and (ordered[1:] != ordered[:-1]).all():
        return pl.repeat(value=True, n=rows.height, eager=True)
    return seen.select(pl.col("coded") & pl.col("n").is_unique()).to_series()


def _folded(rows: pl.DataFrame, content: list[str]) -> pl.DataFrame:
    """Fold equal rows; number those that share a code and differ."""
    return (
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


def _named(rows: pl.DataFrame, entity: Entity, ambiguous: pl.Expr) -> pl.DataFrame:
    """Name records; an ambiguous one by its number ``_n`` too."""
    suffix = pl.when(ambiguous).then(fill("#{}", "_n")) if "_n" in rows.columns else None
    end = [] if suffix is None else [suffix.otherwise(pl.lit(""))]
    return _marked(rows.with_columns(_name(entity, *end)), entity, ambiguous)


def _name(entity: Entity, *end: pl.Expr) -> pl.Expr:
    return fill("{}/{}/{}" + "{}" * len(end), pl.lit(entity.id), "region", "code", *end).alias("record_id")


def _marked(rows: pl.DataFrame, entity: Entity, ambiguous: pl.Expr) -> pl.DataFrame:
    """Say of records what they are, and which of them can be used."""
    return rows.with_columns(
        entity=pl.lit(entity.id), usable=~ambiguous & ~pl.col("code").str.starts_with(_OPAQUE)
    )


_OPAQUE = "protected-"


def _code(entity: Entity) -> pl.Expr:
    """Return the code: the column itself, the parts of a composite key, or a declared surrogate."""
    own = pl.col("code") if entity.field_named("code") else pl.lit(None, dtype=pl.String)
    if entity.key:
        # Parts keep their own text; an empty part leaves a hole that CAT-002 reports.
        return pl.concat_str([pl.col(k).fill_null("") for k in entity.key], separator="|")
    return pl.coalesce(own, *(pl.col(f) for f in entity.code_from)) if entity.code_from else own


def protected(rows: pl.DataFrame, entity: Entity) -> pl.DataFrame:
    """Return whose codes must be hidden, and behind what.

    Args:
        rows: as `identify` takes them.
        entity: the page.

    Returns:
        ``region, code, opaque``: one row per code of a person with protected identity.
    """
    rows = rows.with_columns(pl.all().cast(pl.String)).with_columns(_code(entity).alias("code"))
    hidden = rows.filter(_guarded(entity))
    told = [*dict.fromkeys(["region", "code", *entity.code_from, *_personal(entity)])]
    opaque = [_OPAQUE + short_hash(*(str(v) for v in row)) for row in hidden.select(told).iter_rows()]
    found = hidden.select("region", "code", pl.Series("opaque", opaque, dtype=pl.String))
    return found.unique(["region", "code"], keep="first", maintain_order=True)


def hide_references(rows: pl.DataFrame, entity: Entity, hidden: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Let what refers to a person with protected identity refer to the opaque code instead.

    Args:
        rows: as `identify` takes them.
        entity: the page.
        hidden: what `protected` returned, per entity.
    """
    for field in entity.references:
        codes = hidden.get(str(field.references))
        if codes is None or codes.is_empty():
            continue
        behind = codes.select("region", pl.col("code").alias(field.name), "opaque")
        rows = rows.join(behind, on=["region", field.name], how="left", maintain_order="left")
        rows = rows.with_columns(pl.coalesce("opaque", field.name).alias(field.name)).drop("opaque")
    return rows


def _guarded(entity: Entity) -> pl.Expr:
    """Say which rows a field that protects keeps hidden: whatever stands there, unless it is a no.

    A word nobody has taught the page (``Sekretess``, a date, a code) hides too: a row that is hidden
    in vain is seen and asked about, a person who is shown can't be hidden again.
    """
    marked = []
    for field in entity.field:
        if field.protects:
            no = {word.lower() for word, meaning in field.values.items() if meaning == "no"} | {"", "no", "-"}
            marked.append(~pl.col(field.name).fill_null("").str.strip_chars().str.to_lowercase().is_in(no))
    return pl.any_horizontal(marked) if marked else pl.lit(value=False)


def _personal(entity: Entity) -> list[str]:
    return [f.name for f in entity.field if f.sensitive]


def _hide_protected(rows: pl.DataFrame, entity: Entity) -> pl.DataFrame:
    if not any(f.protects for f in entity.field):
        return rows
    rows = rows.with_columns(_guarded(entity).alias("_hidden"))
    codes = protected(rows, entity).rename({"opaque": "_opaque"})
    emptied = dict.fromkeys([*_personal(entity), *entity.code_from])
    return (
        rows.join(codes, on=["region", "code"], how="left", nulls_equal=True, maintain_order="left")
        .with_columns(
            pl.when("_hidden").then("_opaque").otherwise("code").alias("code"),
            *(pl.when(~pl.col("_hidden")).then(pl.col(name)).alias(name) for name in emptied),
        )
        .drop("_hidden", "_opaque")
    )
