"""The whole example read from a real PostgreSQL database gives the tables that its files give."""

from __future__ import annotations

import hashlib
import shutil
import tomllib
from pathlib import Path

import polars as pl
import pytest

from codemerge.dry_run import Options, dry_run
from codemerge.files.sources import read_catalogs
from codemerge.rules.loader import load_project, rules_of
from codemerge.rules.shipped import shipped
from tests.postgres import server

# What only a file can have: numbers that a spreadsheet made of codes, columns nobody asked for.
OF_FILES = ["CAT-005", "CAT-008"]


def hashes(run: Path) -> dict[str, str]:
    return {
        p.stem: hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted((run / "tables").glob("*.parquet"))
        if p.stem != "origins"
    }


def toml_text(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def test_catalogs_in_a_database_give_the_tables_their_files_give(tmp_path):
    """Every source of the example, copied row by row into a table and read back by a query."""
    psycopg = pytest.importorskip("psycopg", reason="PostgreSQL needs the extra db")
    files = tmp_path / "files"
    shutil.copytree(shipped("fixtures"), files)
    project = load_project(files)
    rules = rules_of(project)
    dry_run(project, files / "run", Options("sv", "2026-01-01", tables_only=True))
    declared = tomllib.loads((files / "codemerge.toml").read_text(encoding="utf-8"))
    catalogs = read_catalogs(project, rules)
    with server() as url:
        sources = []
        with psycopg.connect(url, autocommit=True) as database:
            for n, (source, read) in enumerate(zip(declared["source"], catalogs.inputs, strict=True)):
                entity = rules.entities[source["entity"]]
                fields = [f.name for f in entity.field if f.name in read.columns]
                rows = catalogs.rows[entity.id]
                mine = rows.filter((rows["region"] == source["region"]) & (rows["file"] == read.path)).select(
                    fields
                )
                names = ", ".join(f'"{name}" text' for name in fields)
                database.execute(f"CREATE TABLE catalog_{n} ({names})")
                with database.cursor().copy(f"COPY catalog_{n} FROM STDIN") as copy:
                    for row in mine.rows():
                        copy.write_row(row)
                columns = ", ".join(f"{name} = {toml_text(name)}" for name in fields)
                sources.append(
                    f"[[source]]\nregion = {toml_text(source['region'])}\nentity = {toml_text(entity.id)}\n"
                    f"path = {toml_text(url)}\nquery = {toml_text(f'SELECT * FROM catalog_{n}')}\ncolumns = {{ {columns} }}\n"
                )
        head = (files / "codemerge.toml").read_text(encoding="utf-8").split("[[source]]")[0]
        database_project = tmp_path / "database" / "codemerge.toml"
        database_project.parent.mkdir()
        database_project.write_text(head + "\n".join(sources), encoding="utf-8")
        opened = load_project(database_project)
        dry_run(opened, tmp_path / "database" / "run", Options("sv", "2026-01-01", tables_only=True))

    there, here = hashes(files / "run"), hashes(tmp_path / "database" / "run")
    assert {name for name in there if there[name] != here.get(name)} <= {"conflicts"}
    conflicts = [
        pl.read_parquet(folder / "run" / "tables" / "conflicts.parquet")
        for folder in (files, tmp_path / "database")
    ]
    told = [c.filter(~pl.col("check").is_in(OF_FILES)) for c in conflicts]
    assert told[0].equals(told[1])
