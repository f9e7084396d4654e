"""A first look at exported files nobody has described yet: every table they hold."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from codemerge.answers.guess import Glimpse
from codemerge.errors import Problem
from codemerge.files.opened import file_bytes, open_source, trusted_kind
from codemerge.files.raw_table import Findings, RawTable, Wanted
from codemerge.files.xlsx_reader import sheets_of
from codemerge.library.headers import AliasBook
from codemerge.rules.project import Limits

_SUFFIXES = {
    ".csv", ".tsv", ".txt", ".dat", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".parquet", ".duckdb",
    ".sqlite", ".sqlite3", ".db", "",
}  # fmt: skip
_OURS = {"decisions", "issued"}  # folders that codemerge writes beside a project file
_MOST_FILES = 2_000


@dataclass(slots=True)
class Look:
    """What was found.

    Args:
        tables: every table with a header that names some field.
        unread: path → why it can't be read, for files that look like exports.
        other: paths that are no export.
    """

    tables: list[Glimpse] = field(default_factory=list)
    unread: dict[str, list[Problem]] = field(default_factory=dict)
    other: list[str] = field(default_factory=list)


def look_at(folder: Path, named: Sequence[Path], books: Sequence[AliasBook]) -> Look:
    """Look at every file of a folder, or at those named.

    Args:
        folder: where the project file is to stand; paths become relative to it.
        named: files or folders; empty: the folder itself.
        books: headers of every entity.

    Returns:
        The tables in the order of their paths, and what couldn't be read.
    """
    wanted = Wanted(book=AliasBook.joined(books), limits=Limits())
    look = Look()
    for path in _files(list(named) or [folder]):
        shown = Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
        if path.suffix.lower() not in _SUFFIXES:
            look.other.append(shown)
            continue
        _look(path, shown, wanted, look)
    return look


def _files(places: Sequence[Path]) -> list[Path]:
    """Return files below the places, sorted; links, hidden files and our own outputs left out."""
    found: set[Path] = set()
    for place in places:
        if not place.is_dir():
            found.add(place)
            continue
        for root, folders, names in os.walk(place):
            here = Path(root)
            folders[:] = sorted(
                f
                for f in folders
                if not f.startswith(".") and f not in _OURS and not (here / f / "manifest.json").exists()
            )
            found |= {
                here / n
                for n in names
                if not n.startswith((".", "~$")) and not n.endswith(".toml") and not (here / n).is_symlink()
            }
            if len(found) > _MOST_FILES:  # a whole disk rather than a folder of exports
                break
    return sorted(found)[:_MOST_FILES]


def _look(path: Path, shown: str, wanted: Wanted, look: Look) -> None:
    findings = Findings(shown)
    data = file_bytes(path, wanted, findings)
    kind = trusted_kind(data, path, findings) if data is not None else None
    if kind is None or data is None:
        look.unread[shown] = findings.all_problems()
        return
    if kind == "xlsx":
        sheets = sheets_of(data, wanted, findings)
        if sheets is None:
            look.unread[shown] = findings.all_problems()
            return
        parts = [Wanted(book=wanted.book, sheet=s.name) for s in sheets if s.values and not s.hidden]
    elif kind in {"sqlite", "duckdb"}:
        parts = [Wanted(book=wanted.book, query=q) for q in _tables(path, kind)]
    else:
        parts = [wanted]
    for part in parts:
        _add(path, shown, part, look)


def _add(path: Path, shown: str, part: Wanted, look: Look) -> None:
    findings = Findings(shown)
    table = open_source(path.parent, path.name, part, findings).table
    name = f"{shown} [{part.sheet}]" if part.sheet else shown
    if table is None or findings.problems:
        look.unread[name] = findings.all_problems()
    elif part.score(list(table.header)) == 0:
        look.other.append(name)
    else:
        look.tables.append(_glimpse(shown, part, table))


def _glimpse(shown: str, part: Wanted, table: RawTable) -> Glimpse:
    return Glimpse(
        path=shown,
        sheet=table.sheet,
        query=part.query,
        encoding=table.encoding,
        delimiter=table.delimiter,
        header=table.header,
        header_line=table.header_line,
        cells=table.cells,
    )


def _tables(path: Path, kind: str) -> list[str]:
    """Return one query for each table of a database file."""
    try:
        if kind == "sqlite":
            with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
                rows = connection.execute(
                    "SELECT name FROM sqlite_master "
                    "WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
                ).fetchall()
        else:
            import duckdb

            with duckdb.connect(str(path), read_only=True) as base:
                rows = base.execute(
                    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main' ORDER BY 1"
                ).fetchall()
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in {"sqlite3", "duckdb", "_duckdb"}:
            raise
        return []
    quoted = [str(name).replace('"', '""') for (name,) in rows]
    return [f'SELECT * FROM "{name}"' for name in quoted]
