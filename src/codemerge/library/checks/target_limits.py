"""What the combined installation would refuse: every violation of the target's limits, at once.

The same answer serves the dry-run (a conflict per violation), so that *ready* means loadable, and
`verify`, which lets a real database say it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
    for name, frame in combined.items():
        if frame.is_empty():
            continue
        limits = [a for a in target.accepts if a.entity == name and column_of(a.field) in frame.columns]
        tests = [test for limit in limits for test in _tests(frame, limit)]
        if target.of(name, "code") is None:  # the key is a key whatever the target says
            tests.append(_Test("code", "unique", pl.col("combined_code").is_duplicated(), ""))
        found += _broken(frame, name, tests)
        found += [_unresolved(frame, limit, combined, entities) for limit in limits if limit.references]
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


@dataclass(frozen=True)
class _Test:
    """What one limit asks of a field, and what the target says.

    Args:
        wrong: which records it refuses.
        sure: where that is a quick look only, which of those it refuses.
    """

    field: str
    constraint: str
    wrong: pl.Expr
    said: object
    sure: pl.Expr | None = None


def _tests(frame: pl.DataFrame, limit: TargetField) -> list[_Test]:
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
    out = [_Test(limit.field, name, wrong, said) for name, wrong, said in tests]
    return [*out, _clash(frame, limit)] if limit.unique or limit.unique_within else out


def _broken(frame: pl.DataFrame, entity: str, tests: list[_Test]) -> list[pl.DataFrame]:
    """Return what each test refuses; all are tried in one pass."""
    tried = frame.select(t.wrong.fill_null(value=False).alias(str(n)) for n, t in enumerate(tests))
    found = []
    for test, refused in zip(tests, tried.get_columns(), strict=True):
        if not refused.any():
            continue
        rows = frame.filter(refused)
        if test.sure is not None:
            rows = rows.filter(test.sure)
        found.append(
            rows.select(
                pl.lit(entity).alias("entity"),
                "combined_code",
                "members",
                pl.lit(test.field).alias("field"),
                pl.lit(test.constraint).alias("constraint"),
                pl.col(column_of(test.field)).cast(pl.String).alias("value"),
                pl.lit(str(test.said)).alias("limit"),
            )
        )
    return found


def _clash(frame: pl.DataFrame, limit: TargetField) -> _Test:
    """Ask which records share a value with another one that they may not share it with."""
    within = [column_of(f) for f in limit.unique_within if column_of(f) in frame.columns]
    value, said = compared(limit), limit.unique or ", ".join(limit.unique_within)
    what = pl.struct(value.alias("_value"), *within) if within else value
    several = value.is_not_null() & what.is_duplicated()
    if limit.unique != "cluster":
        return _Test(limit.field, "unique", several, said)
    owners = pl.coalesce("cluster_id", "combined_code").n_unique().over([value, *within])
    return _Test(limit.field, "unique", several, said, sure=owners > 1)


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
    known, name = combined.get(str(limit.references)), column_of(limit.field)
    codes = pl.Series(dtype=pl.String) if known is None else known["combined_code"]
    separator = rule.separator if rule else None
    if not separator:  # each code that is named is looked for once: most are named again and again
        said = frame.get_column(name).unique()
        code = said.str.strip_chars()
        said = said.filter((code != "") & ~code.is_in(codes.implode()))
        if said.is_empty():
            return pl.DataFrame(schema=VIOLATIONS)
        frame = frame.filter(pl.col(name).is_in(said.implode()))
    named = reference_values(frame, limit.field, separator)
    lost = named.filter(~pl.col("value").is_in(codes.implode()))
    return lost.select(
        pl.lit(limit.entity).alias("entity"),
        "combined_code",
        "members",
        pl.lit(limit.field).alias("field"),
        pl.lit("references").alias("constraint"),
        "value",
        pl.lit(str(limit.references)).alias("limit"),
    )
