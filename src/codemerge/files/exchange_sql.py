"""SQL for the engine a region already runs: combined catalogs, or a crosswalk and a view to recode with.

sqlglot quotes every name and text as the dialect wants it: texts go in as literals, never as statements.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import polars as pl

from codemerge.answers.recode_map import Recoded, recode_map
from codemerge.answers.selection import Selection
from codemerge.errors import BadInputError, Problem

Dialect = Literal["duckdb", "postgres", "tsql", "oracle", "spark"]
DIALECTS: tuple[Dialect, ...] = ("duckdb", "postgres", "tsql", "oracle", "spark")

_BATCH = 500  # rows in one INSERT; T-SQL takes at most 1000
_ONE_BY_ONE: frozenset[Dialect] = frozenset({"oracle"})  # several rows in VALUES came with 23ai only

# Codes are compared letter by letter. T-SQL alone needs telling: its usual collation takes 810e0 and
# 810E0 for one code, which would double rows.
_EXACT = "COLLATE Latin1_General_100_BIN2"
_KEY_TYPES: dict[Dialect, str] = {
    "duckdb": "TEXT",
    "postgres": "TEXT",
    "tsql": f"NVARCHAR(200) {_EXACT}",
    "oracle": "VARCHAR2(200 CHAR)",
    "spark": "STRING",
}
_TEXT_TYPES: dict[Dialect, str] = {**_KEY_TYPES, "tsql": "NVARCHAR(4000)", "oracle": "VARCHAR2(4000 CHAR)"}


def combined_sql(selection: Selection, dialect: Dialect) -> str:
    """Return statements that create and fill one table per combined catalog, and the crosswalk.

    Raises:
        BadInputError: the extra with sqlglot isn't installed.
    """
    parts = []
    for entity in selection.entities:
        frame = selection.run.combined[entity.id].drop("members", "regions")
        hidden = [f.name for f in entity.field if f.secret]
        parts += _table(
            f"combined_{entity.id}", frame.drop(hidden, strict=False), ("combined_code",), dialect
        )
    asked = pl.col("entity").is_in([e.id for e in selection.entities]) & pl.col("region").is_in(
        selection.regions
    )
    parts += _table(
        "crosswalk", selection.run.crosswalk.filter(asked), ("record_id", "combined_code"), dialect
    )
    return _script(parts, selection, dialect)


def recode_sql(
    selection: Selection,
    dialect: Dialect,
    archive: str = "performed_examinations",
    region_column: str = "region",
    code_column: str = "code",
) -> str:
    """Return the crosswalk as a table, and a view that recodes an archive beside its own columns.

    A code that became several keeps its old code: ``recode_status`` says ``split``; the table
    ``codemerge_split`` holds what the condition chooses between.

    Args:
        selection: the run, one entity.
        dialect: of the engine.
        archive: the table of performed examinations there.
        region_column: the column of the archive that holds the region.
        code_column: the column of the archive that holds the code.

    Raises:
        BadInputError: the extra with sqlglot isn't installed.
    """
    parts: list[str] = []
    entity = selection.entities[0]
    rows = selection.run.crosswalk.filter(pl.col("region").is_in(selection.regions))
    joins = recode_map(rows, entity.id)
    parts += _table("codemerge_crosswalk", joins.whole, ("region", "code"), dialect)
    split = rows.filter((pl.col("entity") == entity.id) & (pl.col("group").fill_null("") != ""))
    columns = ["region", "code", "combined_code", "relationship", "combine", "condition"]
    parts += _table("codemerge_split", split.select(columns), ("region", "code", "combined_code"), dialect)
    parts.append(_view(dialect, selection.version, archive, region_column, code_column))
    return _script(parts, selection, dialect)


def _script(parts: list[str], selection: Selection, dialect: Dialect) -> str:
    first = f"-- codemerge, crosswalk {selection.version}, {dialect}\n"
    return first + "".join(f"{statement};\n" for statement in parts)


def _quoted(name: str, dialect: Dialect) -> str:
    try:
        from sqlglot import exp
    except ImportError as error:
        raise BadInputError([Problem("deliver.no_sqlglot")]) from error
    return exp.to_identifier(name, quoted=True).sql(dialect=dialect)


def _table(name: str, frame: pl.DataFrame, key: tuple[str, ...], dialect: Dialect) -> list[str]:
    """Return CREATE TABLE and the INSERTs that fill it; every column is text."""
    columns = ", ".join(
        f"{_quoted(c, dialect)} {(_KEY_TYPES if c in key else _TEXT_TYPES)[dialect]}" for c in frame.columns
    )
    return [f"CREATE TABLE {_quoted(name, dialect)} ({columns})", *_inserts(name, frame, dialect)]


def _inserts(name: str, frame: pl.DataFrame, dialect: Dialect) -> Iterator[str]:
    from sqlglot import exp

    columns = ", ".join(_quoted(c, dialect) for c in frame.columns)
    head = f"INSERT INTO {_quoted(name, dialect)} ({columns}) VALUES "
    known: dict[str | None, str] = {None: "NULL"}

    def literal(value: str | None) -> str:
        if value not in known:
            known[value] = _national(exp.Literal.string(str(value)).sql(dialect=dialect), dialect)
        return known[value]

    size = 1 if dialect in _ONE_BY_ONE else _BATCH
    texts = frame.with_columns(pl.all().cast(pl.String)).rows()
    for start in range(0, len(texts), size):
        rows = ("(" + ", ".join(map(literal, row)) + ")" for row in texts[start : start + size])
        yield head + ",\n  ".join(rows)


def _national(literal: str, dialect: Dialect) -> str:
    """Mark a text with letters beyond ASCII as Unicode where the dialect would else lose them."""
    return f"N{literal}" if dialect == "tsql" and not literal.isascii() else literal


def _view(dialect: Dialect, version: str, archive: str, region_column: str, code_column: str) -> str:
    """Return the view; what it joins with has region and code as its key, so no row can double."""
    q = {
        name: _quoted(name, dialect)
        for name in (
            "combined_code",
            "combined_relationship",
            "recode_status",
            "crosswalk_version",
            "region",
            "code",
        )
    }
    table = ".".join(_quoted(part, dialect) for part in archive.split("."))
    region, code = f"a.{_quoted(region_column, dialect)}", f"a.{_quoted(code_column, dialect)}"
    return (
        f"CREATE VIEW {_quoted('codemerge_recoded', dialect)} AS SELECT a.*, m.{q['combined_code']},"
        f" m.{q['combined_relationship']}, COALESCE(m.{q['recode_status']}, '{Recoded.UNKNOWN.value}')"
        f" AS {q['recode_status']},"
        f" '{version}' AS {q['crosswalk_version']} FROM {table} a"
        f" LEFT JOIN {_quoted('codemerge_crosswalk', dialect)} m"
        f" ON {_same(region, 'm.' + q['region'], dialect)} AND {_same(code, 'm.' + q['code'], dialect)}"
    )


def _same(left: str, right: str, dialect: Dialect) -> str:
    """Compare two texts exactly: T-SQL else ignores case, and always blanks at the end."""
    if dialect == "tsql":
        return f"{left} {_EXACT} = {right} AND LEN({left} + '.') = LEN({right} + '.')"
    return f"{left} = {right}"
