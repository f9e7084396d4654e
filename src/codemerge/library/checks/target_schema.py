"""The target's limits as SQL: tables with real keys, uniqueness, checks, lengths and references.

Both DuckDB and PostgreSQL read the same statements. Every constraint has a name that tells what it
is about, ``<entity>.<field>.<constraint>``. References of several codes, to the own table, or
against the order of creation, and uniqueness per cluster, stand in tables of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from codemerge.library.cells import as_date, as_decimal, as_whole
from codemerge.library.checks.sandbox import quoted
from codemerge.library.checks.target_limits import column_of, compared, reference_values, stored

if TYPE_CHECKING:
    from codemerge.rules.check import Target, TargetField
    from codemerge.rules.page import Entity

_SQL_TYPES = {"text": "VARCHAR", "whole": "BIGINT", "decimal": "DOUBLE PRECISION", "date": "DATE"}
_READ = {"whole": as_whole, "decimal": as_decimal, "date": as_date}


@dataclass(frozen=True)
class Table:
    """One table of the target: how it is made and what goes into it.

    Args:
        name: its name; ``entity`` and ``field`` say what it is about (field empty: the records).
        create: the statement.
        rows: ``_key`` (the combined code it belongs to) and the table's columns, in order.
    """

    name: str
    entity: str
    field: str
    create: str
    rows: pl.DataFrame

    @property
    def columns(self) -> list[str]:
        """Names of the columns that are loaded."""
        return [c for c in self.rows.columns if c != "_key"]


def tables(
    combined: Mapping[str, pl.DataFrame],
    target: Target,
    entities: Mapping[str, Entity],
    dialect: str = "duckdb",
) -> list[Table]:
    """Lay out the target schema with its rows, each table after those it refers to.

    Args:
        combined: per entity, the combined catalog.
        target: the limits.
        entities: pages, for the order and the separators of references.
        dialect: ``duckdb`` or ``postgresql``: they differ in regular expressions and byte lengths.
    """
    order = [e for e in entities if e in combined]
    main = [_main(name, combined[name], target, entities, order, dialect) for name in order]
    side = [t for name in order for t in _side(name, combined[name], target, entities, order)]
    return main + side


def _limits(target: Target, entity: str, frame: pl.DataFrame) -> list[TargetField]:
    return [a for a in target.accepts if a.entity == entity and column_of(a.field) in frame.columns]


def _inline(limit: TargetField, entities: Mapping[str, Entity], order: list[str]) -> bool:
    """Say whether a reference can be a foreign key of the table itself."""
    page = entities.get(limit.entity)
    rule = page.field_named(limit.field) if page else None
    if not limit.references or limit.references not in order or (rule and rule.separator):
        return False
    return order.index(limit.references) < order.index(limit.entity)


def _main(
    name: str,
    frame: pl.DataFrame,
    target: Target,
    entities: Mapping[str, Entity],
    order: list[str],
    dialect: str,
) -> Table:
    limits = {column_of(a.field): a for a in _limits(target, name, frame)}
    page = entities[name]
    columns = ["combined_code", *(f.name for f in page.field if f.name in frame.columns and f.name != "code")]
    lines, cells = [], [pl.col("combined_code").alias("_key")]
    for column in columns:
        limit = limits.get(column)
        lines.append(f"  {quoted(column)} {_SQL_TYPES[limit.type] if limit else 'VARCHAR'}")
        if limit is None:
            cells.append(pl.col(column))
        else:
            lines += [
                f"  CONSTRAINT {quoted(f'{name}.{limit.field}.{k}')} {sql}"
                for k, sql in _tests(limit, dialect)
            ]
            read = _READ.get(limit.type)
            cells.append(read(pl.col(column)).alias(column) if read else stored(limit).alias(column))
            if _inline(limit, entities, order):
                lines.append(
                    f"  CONSTRAINT {quoted(f'{name}.{limit.field}.references')} "
                    f"FOREIGN KEY ({quoted(column)}) "
                    f"REFERENCES {quoted(str(limit.references))} ({quoted('combined_code')})"
                )
    lines.append(f"  CONSTRAINT {quoted(f'{name}.code.key')} PRIMARY KEY ({quoted('combined_code')})")
    create = f"CREATE TABLE {quoted(name)} (\n" + ",\n".join(lines) + "\n)"
    return Table(name, name, "", create, frame.select(cells))


def _tests(limit: TargetField, dialect: str) -> list[tuple[str, str]]:
    cell = quoted(column_of(limit.field))
    out: list[tuple[str, str]] = []
    if limit.length:
        out.append(("length", f"CHECK (length({cell}) <= {limit.length})"))
    if limit.bytes:
        count = f"octet_length({cell})" if dialect == "postgresql" else f"octet_length(encode({cell}))"
        out.append(("bytes", f"CHECK ({count} <= {limit.bytes})"))
    if limit.characters:
        pattern = (
            literal(f"^({limit.characters})*$")
            if dialect == "postgresql"
            else literal(f"(?:{limit.characters})*")
        )
        test = f"{cell} ~ {pattern}" if dialect == "postgresql" else f"regexp_full_match({cell}, {pattern})"
        out.append(("characters", f"CHECK ({test})"))
    if limit.values:
        out.append(("values", f"CHECK ({cell} IN ({', '.join(literal(v) for v in limit.values)}))"))
    if limit.required:
        out.append(("required", f"CHECK ({cell} IS NOT NULL AND trim(CAST({cell} AS VARCHAR)) <> '')"))
    return out


def _side(
    name: str, frame: pl.DataFrame, target: Target, entities: Mapping[str, Entity], order: list[str]
) -> list[Table]:
    out = []
    for limit in _limits(target, name, frame):
        if limit.references and limit.references in order and not _inline(limit, entities, order):
            out.append(_reference_table(name, frame, limit, entities))
        keyed = limit.field == "code" and limit.case_sensitive and limit.unique == "record"
        if (limit.unique or limit.unique_within) and not keyed:
            out.append(_unique_table(name, frame, limit))
    return out


def _reference_table(
    name: str, frame: pl.DataFrame, limit: TargetField, entities: Mapping[str, Entity]
) -> Table:
    rule = entities[name].field_named(limit.field)
    rows = reference_values(frame, limit.field, rule.separator if rule else None)
    table = f"{name}.{limit.field}"
    create = (
        f"CREATE TABLE {quoted(table)} (\n"
        f"  {quoted('combined_code')} VARCHAR NOT NULL "
        f"REFERENCES {quoted(name)} ({quoted('combined_code')}),\n"
        f"  {quoted('refers_to')} VARCHAR NOT NULL,\n"
        f"  CONSTRAINT {quoted(f'{table}.references')} FOREIGN KEY ({quoted('refers_to')}) "
        f"REFERENCES {quoted(str(limit.references))} ({quoted('combined_code')})\n)"
    )
    return Table(
        table,
        name,
        limit.field,
        create,
        rows.select(_key="combined_code", combined_code="combined_code", refers_to="value"),
    )


def _unique_table(name: str, frame: pl.DataFrame, limit: TargetField) -> Table:
    """One row per value and owner: the primary key is the value, so another owner of it is refused."""
    table = f"{name}.{limit.field}.owner"
    within = [column_of(f) for f in limit.unique_within if column_of(f) in frame.columns]
    owner = (
        pl.coalesce("cluster_id", "combined_code") if limit.unique == "cluster" else pl.col("combined_code")
    )
    rows = frame.select(
        pl.col("combined_code").alias("_key"),
        compared(limit).alias("value"),
        *(pl.col(c).fill_null("").alias(f"within_{n}") for n, c in enumerate(within)),
        owner.alias("owner"),
    ).filter(pl.col("value").is_not_null())
    names = [c for c in rows.columns if c not in ("_key", "owner")]
    if limit.unique == "cluster":
        rows = rows.unique([*names, "owner"], keep="first", maintain_order=True)
    kinds = ",\n".join(f"  {quoted(c)} VARCHAR NOT NULL" for c in [*names, "owner"])
    key = ", ".join(quoted(c) for c in names)
    primary = f"  CONSTRAINT {quoted(f'{table}.key')} PRIMARY KEY ({key})"
    create = f"CREATE TABLE {quoted(table)} (\n{kinds},\n{primary}\n)"
    return Table(table, name, limit.field, create, rows)


def literal(value: object) -> str:
    """Return a value as SQL writes it."""
    if value is None:
        return "NULL"
    if isinstance(value, int | float):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


def script(laid: list[Table]) -> str:
    """Return the whole schema and its rows as one SQL script."""
    parts = ["BEGIN;"]
    for table in laid:
        parts.append(table.create + ";")
        names = ", ".join(quoted(c) for c in table.columns)
        parts += [
            f"INSERT INTO {quoted(table.name)} ({names}) VALUES ({', '.join(literal(v) for v in row)});"
            for row in table.rows.select(table.columns).rows()
        ]
    parts.append("COMMIT;")
    return "\n".join(parts) + "\n"
