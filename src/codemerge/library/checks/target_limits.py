"""What the combined installation would refuse: every violation of the target's limits, at once.

The same answer serves the dry-run (a conflict per violation), so that *ready* means loadable, and
`verify`, which lets a real database say it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

from codemerge.library.cells import as_date, as_decimal, as_whole

if TYPE_CHECKING:
    from codemerge.rules.check import Target, TargetField
    from codemerge.rules.page import Entity

# One row per combined record that a limit refuses. constraint: length, bytes, characters, unique,
# required, values, references, type; or shortened (accepted, but cut). limit: what the target says.
VIOLATIONS: dict[str, pl.DataType | type[pl.DataType]] = {
    "entity": pl.String,
    "combined_code": pl.String,
    "members": pl.List(pl.String),
    "field": pl.String,
    "constraint": pl.String,
    "value": pl.String,
    "limit": pl.String,
}


def column_of(field: str) -> str:
    """Return the combined table's column of a field: the code is the combined code."""
    return "combined_code" if field == "code" else field


def violations(
    combined: Mapping[str, pl.DataFrame], target: Target, entities: Mapping[str, Entity]
) -> pl.DataFrame:
    """Find every violation in every combined table.

    Args:
        combined: per entity, ``combined_code``, ``cluster_id``, fields, ``members``.
        target: the limits.
        entities: pages, for separators of lists and references.

    Returns:
        Frame with the columns of `VIOLATIONS`, sorted.
    """
    found = [pl.DataFrame(schema=VIOLATIONS)]
    for limit in target.accepts:
        frame = combined.get(limit.entity)
        if frame is not None and column_of(limit.field) in frame.columns and not frame.is_empty():
            found += _of_field(frame, limit, combined, entities)
    for name, frame in combined.items():  # the key is a key whatever the target says
        if target.of(name, "code") is None and not frame.is_empty():
            found.append(_rows(frame, name, "code", "unique", pl.col("combined_code").is_duplicated(), ""))
    return pl.concat(found).sort("entity", "field", "constraint", "combined_code", "value")


def stored(limit: TargetField) -> pl.Expr:
    """Return a field's text as the installation would keep it: cut where it cuts."""
    cell = pl.col(column_of(limit.field))
    return cell.str.head(limit.length) if limit.overflow == "shorten" and limit.length else cell


def compared(limit: TargetField) -> pl.Expr:
    """Return what uniqueness is judged by: outer spaces and, where the target says so, case don't count."""
    value = stored(limit).str.strip_chars()
    value = pl.when(value != "").then(value)
    return value if limit.case_sensitive else value.str.to_lowercase()


def _of_field(
    frame: pl.DataFrame,
    limit: TargetField,
    combined: Mapping[str, pl.DataFrame],
    entities: Mapping[str, Entity],
) -> list[pl.DataFrame]:
    cell = pl.col(column_of(limit.field))
    full = cell.fill_null("").str.strip_chars() != ""
    tests: list[tuple[str, pl.Expr, object]] = []
    if limit.length:
        over = cell.str.len_chars() > limit.length
        tests.append(("length" if limit.overflow == "refuse" else "shortened", over, limit.length))
    if limit.bytes:
        tests.append(("bytes", cell.str.len_bytes() > limit.bytes, limit.bytes))
    if limit.characters:
        tests.append(
            ("characters", full & ~cell.str.contains(f"^(?:{limit.characters})*$"), limit.characters)
        )
    if limit.required:
        tests.append(("required", ~full, ""))
    if limit.values:
        tests.append(("values", full & ~cell.is_in(list(limit.values)), ", ".join(limit.values)))
    read = {"whole": as_whole, "decimal": as_decimal, "date": as_date}.get(limit.type)
    if read is not None:
        tests.append(("type", full & read(cell).is_null(), limit.type))
    if limit.unique or limit.unique_within:
        tests.append(("unique", _clash(frame, limit), limit.unique or ", ".join(limit.unique_within)))
    out = [_rows(frame, limit.entity, limit.field, name, wrong, said) for name, wrong, said in tests]
    if limit.references:
        out.append(_unresolved(frame, limit, combined, entities))
    return out


def _clash(frame: pl.DataFrame, limit: TargetField) -> pl.Expr:
    """Say which records share a value with another one that they may not share it with."""
    owner = (
        pl.coalesce("cluster_id", "combined_code") if limit.unique == "cluster" else pl.int_range(pl.len())
    )
    within = [column_of(f) for f in limit.unique_within if column_of(f) in frame.columns]
    value = compared(limit)
    shared = (
        owner.n_unique().over([value, *within])
        if limit.unique == "cluster"
        else pl.len().over([value, *within])
    )
    return value.is_not_null() & (shared > 1)


def _rows(
    frame: pl.DataFrame, entity: str, field: str, constraint: str, wrong: pl.Expr, said: object
) -> pl.DataFrame:
    return frame.filter(wrong.fill_null(value=False)).select(
        pl.lit(entity).alias("entity"),
        "combined_code",
        "members",
        pl.lit(field).alias("field"),
        pl.lit(constraint).alias("constraint"),
        pl.col(column_of(field)).cast(pl.String).alias("value"),
        pl.lit(str(said)).alias("limit"),
    )


def reference_values(frame: pl.DataFrame, field: str, separator: str | None) -> pl.DataFrame:
    """Take a reference field of a combined table apart: ``combined_code, members, value``."""
    cell = pl.col(column_of(field))
    parts = cell.str.split(separator) if separator else pl.concat_list(cell)
    return (
        frame.select("combined_code", "members", parts.alias("value"))
        .explode("value")
        .with_columns(pl.col("value").str.strip_chars())
        .filter(pl.col("value").fill_null("") != "")
        .unique(["combined_code", "value"], keep="first", maintain_order=True)
    )


def _unresolved(
    frame: pl.DataFrame,
    limit: TargetField,
    combined: Mapping[str, pl.DataFrame],
    entities: Mapping[str, Entity],
) -> pl.DataFrame:
    page = entities.get(limit.entity)
    rule = page.field_named(limit.field) if page else None
    named = reference_values(frame, limit.field, rule.separator if rule else None)
    known = combined.get(str(limit.references))
    lost = (
        named if known is None else named.join(known, left_on="value", right_on="combined_code", how="anti")
    )
    return lost.select(
        pl.lit(limit.entity).alias("entity"),
        "combined_code",
        "members",
        pl.lit(limit.field).alias("field"),
        pl.lit("references").alias("constraint"),
        "value",
        pl.lit(str(limit.references)).alias("limit"),
    )
