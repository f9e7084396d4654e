"""A user's own SQL check, run where it can reach the run's tables and nothing else.

DuckDB in memory, tables registered, then external access switched off and the configuration
locked, in that order: after it no statement can read a file, load an extension or lift the ban.
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
    import duckdb  # noqa: PLC0415 - heavy, and few projects have SQL checks of their own

    connection = duckdb.connect(
        ":memory:", config={"memory_limit": _MEMORY, "threads": 1, "autoinstall_known_extensions": False}
    )
    try:
        _tables(connection, world, entity)
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        used = {k: v for k, v in given.items() if f"${k}" in query}
        statements = connection.extract_statements(query)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise BadInputError([Problem("checks.sql_not_select", values={"found": query[:80]})])
        frame = connection.execute(query, used).pl()
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


def _tables(connection: Any, world: World, entity: str) -> None:
    """Copy the run's tables into the connection: a registered frame would need access from outside."""
    frames = {f"records_{name}": frame for name, frame in world.records.items()}
    frames |= {f"combined_{name}": frame for name, frame in world.combined.items()}
    frames |= {"mappings": world.mappings, "crosswalk": world.crosswalk, "decisions": world.decisions}
    if entity in world.records:
        frames["records"] = world.records[entity]
    for name, frame in frames.items():
        connection.register("_given", frame.to_arrow() if frame.width else frame)
        connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM _given')
        connection.unregister("_given")
