"""Catalogs that are tables already: Parquet, DuckDB and SQLite files, and a database behind a URL.

Everything is opened for reading only. What comes back is text, as a person would have typed it.
"""

from __future__ import annotations

import importlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import numpy as np
import polars as pl

from codemerge.files.raw_table import Findings, RawTable, Wanted

# scheme → Python module of the driver
_DRIVERS = {
    "postgresql": "psycopg",
    "postgres": "psycopg",
    "mssql": "pyodbc",
    "sqlserver": "pyodbc",
    "oracle": "oracledb",
    "mysql": "pymysql",
    "mariadb": "pymysql",
}
_IN_EXTRA = "psycopg"  # the one driver the extra ``db`` brings
USER, PASSWORD = "CODEMERGE_DB_USER", "CODEMERGE_DB_PASSWORD"
_READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}


def read_parquet(data: bytes, wanted: Wanted, findings: Findings) -> RawTable | None:
    """Read a Parquet file; every type becomes text."""
    try:
        frame = pl.read_parquet(data)
    except (pl.exceptions.PolarsError, OSError) as error:
        findings.problem("source.damaged", found="Parquet", reason=type(error).__name__)
        return None
    if frame.height > wanted.limits.rows:
        findings.problem("source.too_many_rows", expected=wanted.limits.rows, setting="limits.rows")
        return None
    return _table(frame, findings)


def read_sqlite(path: Path, wanted: Wanted, findings: Findings) -> RawTable | None:
    """Read a query, or the only table, of a SQLite file that is opened read-only."""
    try:
        uri = f"{path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            connection.execute("PRAGMA query_only = 1")
            tables = [
                row[0]
                for row in connection.execute(
                    "SELECT name FROM sqlite_master WHERE type IN ('table','view') "
                    "AND name NOT LIKE 'sqlite_%' ORDER BY name"
                )
            ]
            query = _query(wanted, tables, findings)
            if query is None:
                return None
            connection.set_authorizer(
                lambda action, *_: sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY
            )
            return _fetched(connection.execute(query), wanted, findings)
    except sqlite3.DatabaseError as error:
        findings.problem("source.bad_query", found=str(error).splitlines()[0])
        return None


def read_duckdb(path: Path, wanted: Wanted, findings: Findings) -> RawTable | None:
    """Read a query, or the only table, of a DuckDB file, read-only and shut in."""
    import duckdb

    try:
        with duckdb.connect(str(path), read_only=True, config={"enable_external_access": "false"}) as base:
            base.execute("SET lock_configuration = true")
            named = base.execute(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main' ORDER BY 1"
            ).fetchall()
            query = _query(wanted, [name for (name,) in named], findings)
            if query is None:
                return None
            return _fetched(base.execute(query), wanted, findings)
    except duckdb.Error as error:
        findings.problem("source.bad_query", found=str(error).splitlines()[0])
        return None


def read_database(url: str, wanted: Wanted, findings: Findings) -> RawTable | None:
    """Read a query of a database server through its Python driver.

    Args:
        url: ``postgresql://host/database`` and its like, without a password: user and password
            come from the environment (CODEMERGE_DB_USER, CODEMERGE_DB_PASSWORD, or what the
            driver itself reads, such as PGPASSWORD).
        wanted: with the query.
        findings: gets every problem; none of them holds user or password.

    Returns:
        The table, or None.
    """
    parts = urlsplit(url)
    module = _DRIVERS.get(parts.scheme.partition("+")[0])
    if parts.password:
        findings.problem("source.password_in_url")
    if module is None:
        findings.problem("source.unknown_database", found=parts.scheme, expected=", ".join(sorted(_DRIVERS)))
    if not wanted.query:
        findings.problem("source.query_missing", expected="-")
    if findings.problems or module is None or not wanted.query:
        return None
    try:
        driver = importlib.import_module(module)
    except ImportError:
        wanted_package = "'codemerge[db]'" if module == _IN_EXTRA else module
        findings.problem("source.driver_missing", found=module, expected=f"pip install {wanted_package}")
        return None
    try:
        with closing(_CONNECT[module](driver, url)) as connection, closing(connection.cursor()) as cursor:
            cursor.execute(wanted.query)
            return _fetched(cursor, wanted, findings)
    except driver.Error as error:  # its text may hold user and host: only its kind is told
        findings.problem("source.database_failed", found=type(error).__name__)
        return None


def without_user(url: str) -> str:
    """Return a database URL as it may be shown: no user, no password, no parameters."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    place = f"{host}:{parts.port}" if parts.port else host
    return urlunsplit((parts.scheme, place, parts.path, "", ""))


def _postgresql(driver: Any, url: str) -> Any:
    """Connect read-only; the address keeps its parameters (``sslmode``, a socket's ``host``)."""
    return driver.connect(
        urlsplit(url)._replace(scheme="postgresql").geturl(),
        options="-c default_transaction_read_only=on",
        # what the environment doesn't say (None) the driver finds itself: PGPASSWORD, .pgpass
        user=os.environ.get(USER) or None,
        password=os.environ.get(PASSWORD) or None,
    )


def _odbc(driver: Any, url: str) -> Any:
    parts = urlsplit(url)
    user, password = os.environ.get(USER), os.environ.get(PASSWORD)
    login = f"UID={{{user}}};PWD={{{password}}}" if user and password else "Trusted_Connection=yes"
    server = f"{parts.hostname},{parts.port or 1433}"
    name = parts.path.lstrip("/")
    return driver.connect(
        f"DRIVER={{ODBC Driver 18 for SQL Server}};SERVER={server};DATABASE={{{name}}};"
        f"ApplicationIntent=ReadOnly;{login}",
        readonly=True,
    )


def _oracle(driver: Any, url: str) -> Any:
    parts = urlsplit(url)
    return driver.connect(
        user=os.environ.get(USER) or parts.username,
        password=os.environ.get(PASSWORD),
        dsn=f"{parts.hostname}:{parts.port or 1521}{parts.path}",
    )


def _mysql(driver: Any, url: str) -> Any:
    parts = urlsplit(url)
    return driver.connect(
        host=parts.hostname,
        port=parts.port or 3306,
        database=parts.path.lstrip("/"),
        user=os.environ.get(USER) or parts.username,
        password=os.environ.get(PASSWORD) or "",
        init_command="SET SESSION TRANSACTION READ ONLY",
    )


_CONNECT: dict[str, Callable[[Any, str], Any]] = {
    "psycopg": _postgresql,
    "pyodbc": _odbc,
    "oracledb": _oracle,
    "pymysql": _mysql,
}


def _query(wanted: Wanted, tables: Sequence[str], findings: Findings) -> str | None:
    """Return the declared query, or a query of the only table there is."""
    if wanted.query:
        return wanted.query
    if len(tables) == 1:
        quoted = tables[0].replace('"', '""')
        return f'SELECT * FROM "{quoted}"'
    findings.problem("source.query_missing", expected=", ".join(tables) or "-")
    return None


def _fetched(cursor: Any, wanted: Wanted, findings: Findings) -> RawTable | None:
    """Take the rows of a DB-API cursor, no more than the limit and one."""
    header = [str(column[0]) for column in cursor.description or ()]
    rows = cursor.fetchmany(wanted.limits.rows + 1)
    columns: Iterable[Sequence[Any]] = zip(*rows, strict=True) if rows else [()] * len(header)
    series = [
        pl.Series(str(n), [_plain(v) for v in column], dtype=pl.String) for n, column in enumerate(columns)
    ]
    return _bounded(pl.DataFrame(series), wanted, findings, header)


def _plain(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value == int(value) and abs(value) < 10**15:
        return str(int(value))
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode("utf-8", "backslashreplace")
    return str(value).removesuffix(" 00:00:00")


def _bounded(
    frame: pl.DataFrame, wanted: Wanted, findings: Findings, header: list[str] | None = None
) -> RawTable | None:
    if frame.height > wanted.limits.rows:
        findings.problem("source.too_many_rows", expected=wanted.limits.rows, setting="limits.rows")
        return None
    return _table(frame, findings, header)


def _table(frame: pl.DataFrame, findings: Findings, header: list[str] | None = None) -> RawTable:
    names = header if header is not None else frame.columns
    cells = pl.DataFrame([_as_text(column).alias(str(n)) for n, column in enumerate(frame.iter_columns())])
    if not cells.height:
        findings.note("source.no_rows")
    return RawTable(
        header=tuple(names), cells=cells, lines=np.arange(1, cells.height + 1, dtype=np.int64), header_line=0
    )


def _as_text(column: pl.Series) -> pl.Series:
    """Write a typed column as the text a person would have typed; empty text becomes null."""
    kind = column.dtype
    if kind == pl.String:
        text = column
    elif kind.is_float():
        text = pl.Series([None if v is None else _plain(v) for v in column.to_list()], dtype=pl.String)
    elif kind == pl.Boolean:
        text = column.replace_strict({True: "TRUE", False: "FALSE"}, default=None, return_dtype=pl.String)
    elif isinstance(kind, pl.Datetime):
        text = column.dt.strftime("%Y-%m-%d %H:%M:%S").str.strip_suffix(" 00:00:00")
    elif kind.is_nested() or kind == pl.Binary:
        text = pl.Series([None if v is None else _listed(v) for v in column.to_list()], dtype=pl.String)
    else:
        text = column.cast(pl.String)
    return text.to_frame("t").select(pl.when(pl.col("t") != "").then("t").alias("t"))["t"]


def _listed(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(v) or "" for v in value)
    return _plain(value) or ""
