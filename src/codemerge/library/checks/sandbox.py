"""A user's own SQL check, run where it can reach the run's tables and nothing else.

DuckDB in memory, external access off from the start, the tables copied in, then the configuration
locked: no statement can read a file, load an extension or lift the ban.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from codemerge.errors import BadInputError, Problem

if TYPE_CHECKING:
    from codemerge.library.checks.world import World

_MEMORY = "1GB"


def run_sql(query: str, world: World, entity: str, given: Mapping[str, Any]) -> pl.DataFrame:
    """Run one query over the run's tables.

    Args:
        query: one SELECT; tables ``records`` (of the entity), ``records_<entity>``,
            ``combined_<entity>``, ``mappings``, ``crosswalk`` and ``decisions``; each key of
            ``given`` is a parameter ``$key``.
        world: the tables.
        entity: whose records are ``records``.
        given: parameters of the check.

    Returns:
        What the query yields: ``record_ids`` (list), ``field``, ``values`` (list), ``cause``.

    Raises:
        BadInputError: the query doesn't run, or yields other columns.
    """
    import duckdb

    connection = duckdb.connect(
        ":memory:", config={"memory_limit": _MEMORY, "threads": 1, "autoinstall_known_extensions": False}
    )
    try:
        connection.execute("SET enable_external_access = false")
        _tables(connection, world, entity, query)
        connection.execute("SET lock_configuration = true")
        used = {k: v for k, v in given.items() if f"${k}" in query}
        statements = connection.extract_statements(query)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise BadInputError([Problem("checks.sql_not_select", values={"found": query[:80]})])
        done = connection.execute(query, used)
        names = [column[0] for column in done.description or ()]
        frame = pl.DataFrame(done.fetchall(), schema=names, orient="row", infer_schema_length=None)
    except duckdb.Error as error:
        raise BadInputError([Problem("checks.sql", values={"found": str(error).splitlines()[0]})]) from None
    finally:
        connection.close()
    absent = [c for c in ("record_ids", "cause") if c not in frame.columns]
    if absent:
        raise BadInputError(
            [
                Problem(
                    "checks.sql_columns",
                    values={"found": ", ".join(frame.columns), "expected": ", ".join(absent)},
                )
            ]
        )
    return frame


_TYPES = {pl.String: "VARCHAR", pl.Int64: "BIGINT", pl.Float64: "DOUBLE", pl.Boolean: "BOOLEAN"}


def _tables(connection: Any, world: World, entity: str, query: str) -> None:
    """Copy the run's tables that the query names into the connection."""
    frames = {f"records_{name}": frame for name, frame in world.records.items()}
    frames |= {f"combined_{name}": frame for name, frame in world.combined.items()}
    frames |= {"mappings": world.mappings, "crosswalk": world.crosswalk, "decisions": world.decisions}
    if entity in world.records:
        frames["records"] = world.records[entity]
    for name, frame in frames.items():
        if name in query:
            copy_table(connection, name, frame)


def copy_table(connection: Any, name: str, frame: pl.DataFrame) -> None:
    """Create a table from a frame: texts, numbers, flags and lists of texts; other columns are left out."""
    kinds = {
        column: "VARCHAR[]" if kind == pl.List(pl.String) else _TYPES.get(kind.base_type())
        for column, kind in frame.schema.items()
    }
    kept = {column: kind for column, kind in kinds.items() if kind}
    columns = ", ".join(f"{quoted(c)} {kind}" for c, kind in kept.items())
    connection.execute(f"CREATE TABLE {quoted(name)} ({columns})")
    if not frame.is_empty():
        values = ", ".join(f"unnest($c{n})" for n in range(len(kept)))
        cells = {f"c{n}": frame[column].to_list() for n, column in enumerate(kept)}
        connection.execute(f"INSERT INTO {quoted(name)} SELECT {values}", cells)


def quoted(name: str) -> str:
    """Return a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
