"""Parquet, DuckDB, SQLite and databases are read, never written, and everything becomes text."""

from __future__ import annotations

import datetime as dt
import sqlite3
import sys
from decimal import Decimal
from types import SimpleNamespace

import duckdb
import polars as pl
import pytest

from codemerge.errors import BadInputError
from codemerge.files.table_sources import PASSWORD, USER
from codemerge.rules.words import describe
from tests.conftest import page
from tests.reading_desk import only, read_gadgets

QUERY = "SELECT kod AS Kod, namn AS Namn FROM katalog ORDER BY kod"


def refused(folder, path, **source) -> list[str]:
    with pytest.raises(BadInputError) as error:
        read_gadgets(folder, path, **source)
    return [p.kind for p in error.value.problems]


def test_every_type_of_a_parquet_file_becomes_the_text_a_person_would_type(tmp_path):
    names = ["code", "whole", "part", "day", "moment", "yes", "exact", "list", "gone"]
    fields = [
        {"name": n, "title": {"sv": n, "en": n}, "type": "code" if n == "code" else "text"} for n in names
    ]
    pl.DataFrame(
        {
            "code": ["007", ""],
            "whole": [42, None],
            "part": [2.0, 2.5],
            "day": [dt.date(2026, 1, 2), None],
            "moment": [dt.datetime.fromisoformat(f"2026-01-02T{t}") for t in ("00:00", "03:04:05")],
            "yes": [True, False],
            "exact": [Decimal("1.50"), None],
            "list": [["a", "b"], None],
            "gone": [None, None],
        }
    ).write_parquet(tmp_path / "a.parquet")
    frame = read_gadgets(tmp_path, "a.parquet", entity=page(field=fields, names=None)).rows["gadget"]
    assert frame.select(names).rows() == [
        ("007", "42", "2", "2026-01-02", "2026-01-02", "TRUE", "1.50", "a, b", None),
        (None, None, "2.5", None, "2026-01-02 03:04:05", "FALSE", None, None, None),
    ]
    assert frame["line"].to_list() == [1, 2]


def test_a_broken_parquet_file_is_refused(tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"PAR1" + b"\0" * 50)
    assert refused(tmp_path, "a.parquet") == ["source.damaged"]


@pytest.fixture
def databases(tmp_path):
    """The same two tables in SQLite and DuckDB."""
    for name, connect in (("a.sqlite", sqlite3.connect), ("a.duckdb", duckdb.connect)):
        base = connect(str(tmp_path / name))
        base.execute("CREATE TABLE katalog (kod TEXT, namn TEXT, antal INTEGER)")
        base.execute("INSERT INTO katalog VALUES ('002', 'MR', 7), ('001', 'DT', NULL)")
        base.execute("CREATE TABLE annat (x TEXT)")
        base.commit()
        base.close()
    return tmp_path


@pytest.mark.parametrize("name", ["a.sqlite", "a.duckdb"])
def test_a_database_file_is_read_by_its_query(databases, name):
    frame = read_gadgets(databases, name, query=QUERY).rows["gadget"]
    assert frame.select("code", "label").rows() == [("001", "DT"), ("002", "MR")]
    assert refused(databases, name) == ["source.query_missing"]
    assert refused(databases, name, query="SELECT nothing FROM nowhere") == ["source.bad_query"]


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM katalog",
        "DROP TABLE katalog",
        "ATTACH 'other.db' AS other",
        "PRAGMA query_only = 0",
        "COPY katalog TO 'out.csv'",
        "SELECT * FROM read_csv('secret.csv')",
        "INSTALL httpfs",
    ],
)
@pytest.mark.parametrize("name", ["a.sqlite", "a.duckdb"])
def test_a_query_can_neither_write_nor_look_elsewhere(databases, name, query):
    (databases / "secret.csv").write_text("Kod;Namn\n1;x\n", encoding="utf-8")
    before = (databases / name).read_bytes()
    assert refused(databases, name, query=query)
    assert (databases / name).read_bytes() == before
    assert not (databases / "out.csv").exists()
    assert not (databases / "other.db").exists()


def test_a_database_server_without_its_driver_names_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert refused(tmp_path, "postgresql://host/ris", query=QUERY) == ["source.driver_missing"]


def test_an_address_with_a_password_is_refused_and_never_repeated(tmp_path):
    with pytest.raises(BadInputError) as error:
        read_gadgets(tmp_path, "postgresql://anna:hemligt@host:5432/ris?x=1", query=QUERY)
    assert only(error.value.problems, "source.password_in_url")
    for problem in error.value.problems:
        assert "hemligt" not in describe(problem, "sv") + problem.file
        assert "anna" not in problem.file


@pytest.mark.parametrize("scheme", ["postgresql", "mssql", "oracle", "mysql"])
def test_a_database_server_is_asked_with_credentials_from_the_environment_only(tmp_path, monkeypatch, scheme):
    """Through a driver that stands in for the real one: same seam for all four."""
    asked = {}

    class Cursor:
        description = (("Kod",), ("Namn",))

        def execute(self, query):
            asked["query"] = query

        def fetchmany(self, most):
            assert most > 1
            return [("001", "DT"), ("002", None)]

        def close(self):
            asked["closed"] = True

    def connect(*given, **named):
        asked["with"] = repr(given) + repr(named)
        return SimpleNamespace(cursor=Cursor, close=lambda: None)

    driver = SimpleNamespace(connect=connect, Error=RuntimeError)
    for module in ("psycopg", "pyodbc", "oracledb", "pymysql"):
        monkeypatch.setitem(sys.modules, module, driver)
    monkeypatch.setenv(USER, "reader")
    monkeypatch.setenv(PASSWORD, "hemligt")
    read = read_gadgets(tmp_path, f"{scheme}://host/ris", query=QUERY)
    assert read.rows["gadget"].select("code", "label").rows() == [("001", "DT"), ("002", None)]
    assert "reader" in asked["with"]
    assert "hemligt" in asked["with"]
    assert asked["closed"]
    assert read.inputs[0].path == f"{scheme}://host/ris"


def test_a_database_that_fails_tells_its_kind_of_error_and_no_more(tmp_path, monkeypatch):
    def connect(*_placed, **_named):
        raise RuntimeError("password authentication failed for user anna at 10.1.2.3")

    monkeypatch.setitem(sys.modules, "psycopg", SimpleNamespace(connect=connect, Error=RuntimeError))
    with pytest.raises(BadInputError) as error:
        read_gadgets(tmp_path, "postgresql://host/ris", query=QUERY)
    assert "anna" not in describe(error.value.problems[0], "sv")
    assert refused(tmp_path, "dbase://host/ris", query=QUERY) == ["source.unknown_database"]
