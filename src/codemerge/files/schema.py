"""The door to a database: the target schema is made, the combined catalogs are loaded, refusals noted.

DuckDB in memory by default. PostgreSQL at a URL, through psycopg (extra ``db``): everything happens
in one transaction that is rolled back, so that nothing stays behind in the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from codemerge.errors import BadInputError, Problem
from codemerge.files.atomic import write_text
from codemerge.library.checks.sandbox import quoted
from codemerge.library.checks.target_schema import Table, script

# What the database itself refused: which table, of which entity and field, whose row, its own words.
REFUSED: dict[str, pl.DataType | type[pl.DataType]] = {
    "table": pl.String,
    "entity": pl.String,
    "field": pl.String,
    "combined_code": pl.String,
    "message": pl.String,
}
Laid = Callable[[str], list[Table]]  # a dialect → the target's tables


def load(laid: Laid, url: str | None = None) -> tuple[pl.DataFrame, dict[str, int]]:
    """Create the target schema and load every row.

    Args:
        laid: lays out the tables for a dialect (`target_schema.tables`).
        url: ``postgresql://…``; None: DuckDB in memory.

    Returns:
        refused: columns of `REFUSED`, a row for each row that the database did not take. A whole
            table goes in at once; only a table that is refused is tried row by row.
        loaded: rows taken, per table.

    Raises:
        BadInputError: no driver, or no such database.
    """
    with _duckdb() if url is None else _postgresql(url) as door:
        found, loaded = [], {}
        for table in laid(door.dialect):
            door.run(table.create)
            refused = door.fill(table)
            loaded[table.name] = table.rows.height - len(refused)
            found += [(table.name, table.entity, table.field, key, text) for key, text in refused]
    return pl.DataFrame(found, schema=REFUSED, orient="row").sort("table", "combined_code", "message"), loaded


def write_script(laid: Laid, path: Path) -> None:
    """Write the schema and its rows as one SQL script that PostgreSQL reads; for its owner's eyes only."""
    write_text(path, script(laid("postgresql")), private=True)


class _Door:
    """A connection that makes tables and fills them, all rows at once or one by one."""

    def __init__(self, connection: Any, dialect: str, error: type[Exception], mark: str) -> None:
        self.connection, self.dialect, self.error, self.mark = connection, dialect, error, mark

    def run(self, statement: str) -> None:
        """Run a statement that must work: a failure is ours."""
        self.connection.execute(statement)

    def fill(self, table: Table) -> list[tuple[str, str]]:
        """Load a table; return key and message of each row refused."""
        rows = table.rows.select(table.columns).rows()
        keys = table.rows["_key"].to_list()
        if not rows or self._taken(table, rows):
            return []
        return [(k, text) for k, row in zip(keys, rows, strict=True) if (text := self._refusal(table, row))]

    def _insert(self, table: Table) -> str:
        names = ", ".join(quoted(c) for c in table.columns)
        marks = ", ".join([self.mark] * len(table.columns))
        return f"INSERT INTO {quoted(table.name)} ({names}) VALUES ({marks})"

    def _taken(self, table: Table, rows: list[tuple[object, ...]]) -> bool:
        with self._apart() as outcome:
            if self.dialect == "duckdb":
                columns = {f"c{n}": list(cells) for n, cells in enumerate(zip(*rows, strict=True))}
                names = ", ".join(quoted(c) for c in table.columns)
                values = ", ".join(f"unnest(${name})" for name in columns)
                self.connection.execute(
                    f"INSERT INTO {quoted(table.name)} ({names}) SELECT {values}", columns
                )
            else:
                with self.connection.cursor() as cursor:
                    cursor.executemany(self._insert(table), rows)
        return not outcome

    def _refusal(self, table: Table, row: tuple[object, ...]) -> str:
        with self._apart() as outcome:
            self.connection.execute(self._insert(table), row)
        return outcome[0] if outcome else ""

    @contextmanager
    def _apart(self) -> Iterator[list[str]]:
        """Try something; when the database refuses it, undo it alone and keep its words."""
        outcome: list[str] = []
        savepoints = self.dialect == "postgresql"
        if savepoints:
            self.connection.execute("SAVEPOINT attempt")
        try:
            yield outcome
        except self.error as error:
            outcome.append(str(error).splitlines()[0])
            if savepoints:
                self.connection.execute("ROLLBACK TO SAVEPOINT attempt")
        if savepoints:
            self.connection.execute("RELEASE SAVEPOINT attempt")


@contextmanager
def _duckdb() -> Iterator[_Door]:
    import duckdb

    connection = duckdb.connect(":memory:", config={"threads": 1})
    try:
        yield _Door(connection, "duckdb", duckdb.ConstraintException, "?")
    finally:
        connection.close()


@contextmanager
def _postgresql(url: str) -> Iterator[_Door]:
    try:
        import psycopg
    except ImportError:
        raise BadInputError([Problem("verify.no_driver", values={"found": "psycopg"})]) from None
    try:
        connection = psycopg.connect(url)
    except psycopg.Error as error:
        text = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise BadInputError([Problem("verify.no_database", values={"found": text})]) from None
    try:
        connection.execute("CREATE SCHEMA codemerge_verify")
        connection.execute("SET LOCAL search_path TO codemerge_verify")
        yield _Door(connection, "postgresql", psycopg.Error, "%s")
    finally:
        connection.rollback()
        connection.close()
