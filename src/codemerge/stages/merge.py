"""Combined catalogs: references rewritten, then one value kept per field, with whence it came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from codemerge.library.alongside import alongside
from codemerge.library.filled import maybe_blank
from codemerge.model import Ending
from codemerge.rules.page import Entity, FieldRule

_BETWEEN = "; "  # between the values of a union where the page names no separator


def rewrite(records: pl.DataFrame, entity: Entity, placed: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Put combined codes in place of the codes that reference fields name.

    Args:
        records: the entity's records, references as the region wrote them.
        entity: the page; a reference may hold several codes between its ``separator``.
        placed: per entity, what `assign` returned.

    Returns:
        The records; a reference to nothing, or to a record that has no combined one, is null
        (the check on dangling references names it, from the records themselves).
    """
    said = [f for f in entity.references if records[f.name].null_count() < records.height]
    if not said:
        return records
    codes = {name: _new_codes(placed[name]) for f in said if (name := str(f.references)) in placed}
    return records.with_columns(
        pl.lit(None, pl.String).alias(field.name)
        if known is None
        else _rewritten(records.select("record_id", "region", _said=field.name), field, known)
        for field, known in ((f, codes.get(str(f.references))) for f in said)
    )


def _new_codes(placed: pl.DataFrame) -> pl.DataFrame:
    """Return ``region, _one, _new``: the combined code of every code of a region that has one."""
    codes = placed.select("region", pl.col("code").alias("_one"), pl.col("combined_code").alias("_new"))
    codes = codes.filter(pl.col("_new").is_not_null())
    return codes.unique(["region", "_one"], keep="first", maintain_order=True)


def _rewritten(said: pl.DataFrame, field: FieldRule, codes: pl.DataFrame) -> pl.Series:
    if not field.separator:
        one = said.select("region", pl.col("_said").str.strip_chars().alias("_one"))
        one = one.join(codes, on=["region", "_one"], how="left", maintain_order="left")
        return one["_new"].alias(field.name)
    single = (
        said.select("record_id", "region", pl.col("_said").str.split(field.separator).alias("_one"))
        .explode("_one", empty_as_null=True)
        .with_columns(pl.col("_one").str.strip_chars())
        .filter(pl.col("_one").is_not_null() & (pl.col("_one") != ""))
        .join(codes, on=["region", "_one"], how="inner", maintain_order="left")
    )
    joined = single.group_by("record_id").agg(
        pl.col("_new").unique(maintain_order=True).str.join(field.separator).alias("_joined")
    )
    told = said.select("record_id").join(joined, on="record_id", how="left", maintain_order="left")
    return told["_joined"].alias(field.name)


def follow_key(records: pl.DataFrame, placed: pl.DataFrame, entity: Entity) -> pl.DataFrame:
    """Place links: a link's combined code is its key's combined codes, and equal ones fold.

    Args:
        records: links after `rewrite`.
        placed: what `assign` returned for them.
        entity: a page with a composite key.

    Returns:
        ``placed`` with ``place`` and ``combined_code`` following the key; null where a part of the
        key has no combined record.
    """
    whole = pl.all_horizontal(pl.col(k).is_not_null() & (pl.col(k) != "") for k in entity.key)
    key = pl.when(whole).then(pl.concat_str([pl.col(k).fill_null("") for k in entity.key], separator="|"))
    named = records.select("record_id", key.alias("combined_code"), "usable")
    out = (
        alongside(placed.drop("combined_code"), named, "record_id")
        .with_columns(combined_code=pl.when("usable").then("combined_code"))
        .with_columns(place=pl.coalesce("combined_code", "place"))
        .drop("usable")
    )
    if not out["place"].is_duplicated().any():
        return out.with_columns(precedence=pl.lit(0, pl.Int64)).sort("record_id")
    return (
        out.sort("place", "precedence", "record_id")
        .with_columns(precedence=pl.int_range(pl.len()).over("place"))
        .sort("record_id")
    )


def merge(
    records: pl.DataFrame, placed: pl.DataFrame, common_names: pl.DataFrame, entity: Entity
) -> pl.DataFrame:
    """Make the combined catalog of one entity.

    Args:
        records: the records after `rewrite`.
        placed: where each record goes (`assign`, `follow_key`).
        common_names: ``record_id, common_name``: names people agreed on, replacing the label.
        entity: the page; each field's ``survive`` says which member's value is kept.

    Returns:
        ``combined_code, cluster_id``, each field but secret ones and the code, ``members``
        (record ids, survivor first), ``regions``, and ``<field>_from`` (the region whose value
        it is; null where nobody had one). One row per place that has a combined code.
    """
    fields = [f for f in entity.field if not f.secret and f.name != "code"]
    # A field may be called place too: ours are marked.
    own = placed.select("record_id", "cluster_id", "combined_code", _place="place", _precedence="precedence")
    frame = alongside(own, records.select("record_id", "region", *(f.name for f in fields)), "record_id")
    # In order before there are twice the columns: where each record stands alone, for good.
    order = frame["combined_code"].arg_sort()
    frame = _without_blanks(frame[order.tail(len(order) - frame["combined_code"].null_count())], fields)
    several = frame["combined_code"].is_duplicated()
    if several.any():
        together = frame.filter(several).sort("_place", "_precedence")
        out = pl.concat([_alone(frame.filter(~several), fields), _together(together, fields)])
        out = out.sort("combined_code")
    else:
        out = _alone(frame, fields)
    if entity.names and not common_names.is_empty():
        out = _with_common_names(out, placed, common_names, entity.names)
    if entity.matching.ending is Ending.NEVER:
        out = out.with_columns(cluster_id=pl.lit(None, pl.String))
    provenance = [f"{f.name}_from" for f in fields]
    return out.select(
        "combined_code", "cluster_id", *(f.name for f in fields), "members", "regions", *provenance
    )


def _together(frame: pl.DataFrame, fields: Sequence[FieldRule]) -> pl.DataFrame:
    said = [field for field in fields if _said(frame, field)]
    folded = frame.group_by("combined_code", maintain_order=True).agg(
        pl.first("cluster_id"),
        *(expr for field in said for expr in _survivor(field)),
        pl.col("record_id").alias("members"),
        pl.col("region").unique(maintain_order=True).alias("regions"),
    )
    columns = [c for f in fields for c in ((f.name, f"{f.name}_from") if f in said else _nothing(f))]
    return folded.select("combined_code", "cluster_id", *columns, "members", "regions")


def _said(frame: pl.DataFrame, field: FieldRule) -> bool:
    return frame[field.name].null_count() < frame.height


def _alone(frame: pl.DataFrame, fields: Sequence[FieldRule]) -> pl.DataFrame:
    """Do the same for places of one record, by far the most, without grouping anything."""
    kept = [
        expr for field in fields for expr in (_own_value(field) if _said(frame, field) else _nothing(field))
    ]
    lists = [pl.concat_list("record_id").alias("members"), pl.concat_list("region").alias("regions")]
    return frame.select("combined_code", "cluster_id", *kept, *lists)


def _nothing(field: FieldRule) -> tuple[pl.Expr, pl.Expr]:
    none = pl.lit(None, pl.String)
    return none.alias(field.name), none.alias(f"{field.name}_from")


def _own_value(field: FieldRule) -> tuple[pl.Expr, pl.Expr]:
    """Return what `_survivor` makes of a single record."""
    value, there = pl.col(field.name), pl.col(field.name).is_not_null()
    match field.survive:
        case "max" | "latest" | "min" if field.survive == "min" or field.type in ("whole", "decimal"):
            there &= _number(field.name).is_not_null()
        case "sum":
            value = _total(_number(field.name).fill_null(0.0))
        case "union" if field.separator:
            parts = value.str.split(field.separator).list.eval(pl.element().str.strip_chars())
            value = parts.list.unique(maintain_order=True).list.join(field.separator)
        case _:
            return value, pl.when(there).then("region").alias(f"{field.name}_from")
    said = pl.when(there).then(value).alias(field.name)
    return said, pl.when(there).then("region").alias(f"{field.name}_from")


def _total(number: pl.Expr) -> pl.Expr:
    return number.round(6).cast(pl.String).str.replace(r"\.0$", "")


def _without_blanks(frame: pl.DataFrame, fields: Sequence[FieldRule]) -> pl.DataFrame:
    """Make cells of spaces empty."""
    maybe = maybe_blank(frame, [f.name for f in fields if _said(frame, f)])
    blank = {name: pl.col(name).str.strip_chars() == "" for name in maybe}
    there = frame.select(cell.any().alias(name) for name, cell in blank.items())
    held = [name for name in there.columns if there.item(0, name)] if blank else []
    return frame.with_columns(pl.when(~blank[n]).then(n).alias(n) for n in held) if held else frame


def _number(name: str) -> pl.Expr:
    return (
        pl.col(name)
        .str.replace_all(r"[\s\u00a0\u202f]", "")
        .str.replace(",", ".")
        .cast(pl.Float64, strict=False)
    )


def _survivor(field: FieldRule) -> tuple[pl.Expr, pl.Expr]:
    """Return the value kept and the region it is from, over one place, survivor first."""
    name, said = field.name, pl.col(field.name).is_not_null()
    region = pl.col("region")
    first = pl.col(name).filter(said).first()
    match field.survive:
        case "survivor":
            return pl.first(name), pl.when(said.first()).then(region.first()).alias(f"{name}_from")
        case "longest":
            by = pl.col(name).str.len_chars().fill_null(-1)
        case "max" | "latest":
            by = _number(name) if field.type in ("whole", "decimal") else pl.col(name)
        case "min":
            by = -_number(name)
        case "sum":
            text = pl.when(said.any()).then(_total(_number(name).sum())).alias(name)
            return text, _everybody(said, name)
        case "union":
            parts = pl.col(name).filter(said)
            if field.separator:
                parts = parts.str.split(field.separator).explode().str.strip_chars()
            joined = parts.unique(maintain_order=True).str.join(field.separator or _BETWEEN)
            return pl.when(said.any()).then(joined).alias(name), _everybody(said, name)
        case _:
            return first.alias(name), region.filter(said).first().alias(f"{name}_from")
    top = by.arg_max()
    value = pl.when(said.any()).then(pl.col(name).get(top, null_on_oob=True)).alias(name)
    return value, pl.when(said.any()).then(region.get(top, null_on_oob=True)).alias(f"{name}_from")


def _everybody(said: pl.Expr, name: str) -> pl.Expr:
    regions = pl.col("region").filter(said).unique(maintain_order=True).str.join("+")
    return pl.when(said.any()).then(regions).alias(f"{name}_from")


def _with_common_names(
    combined: pl.DataFrame, placed: pl.DataFrame, common_names: pl.DataFrame, label: str
) -> pl.DataFrame:
    agreed = (
        common_names.join(placed.select("record_id", "combined_code"), on="record_id")
        .filter(pl.col("combined_code").is_not_null())
        .unique("combined_code", keep="last", maintain_order=True)
        .select("combined_code", "common_name")
    )
    return (
        combined.join(agreed, on="combined_code", how="left", maintain_order="left")
        .with_columns(
            pl.coalesce("common_name", label).alias(label),
            pl.when(pl.col("common_name").is_not_null())
            .then(pl.lit("decision"))
            .otherwise(pl.col(f"{label}_from"))
            .alias(f"{label}_from"),
        )
        .drop("common_name")
    )


def common_names(decided: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Return ``record_id, common_name`` for names people agreed on, either side of the pair."""
    named = decided.filter((pl.col("common_name").fill_null("") != "") & (pl.col("status") == "accepted"))
    sides = [
        named.select(pl.col(f"region_{s}").alias("region"), pl.col(f"code_{s}").alias("code"), "common_name")
        for s in ("l", "r")
    ]
    return (
        pl.concat(sides)
        .join(records.select("record_id", "region", "code"), on=["region", "code"])
        .select("record_id", "common_name")
    )
