"""Recodes an archive of performed examinations with DuckDB, out of core; nothing in it is rewritten."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from codemerge.answers.recode_map import ADDED, Recoded, RecodeMap
from codemerge.errors import BadInputError, Problem
from codemerge.files.atomic import publish_folder, staged_folder
from codemerge.files.run_folder import sha256_of
from codemerge.library.headers import AliasBook
from codemerge.rules.page import Entity

FORMAT = 1
_MEMORY = "1500MB"
REGION = "region"


@dataclass(frozen=True)
class Archive:
    """What is to be recoded.

    Args:
        files: Parquet or CSV files (UTF-8, with a header).
        region: every row is of this region; None: a column says it.
        region_column, code_column: columns that hold them; None to find them by their headers.
        attributes: attribute of a split's condition, and the column of the archive that carries it.
        values: attribute, what the archive writes, what the condition means by it (``H`` is ``R``).
        partition_by: column to partition the output by; None for one file per thread.
    """

    files: tuple[Path, ...]
    region: str | None = None
    region_column: str | None = None
    code_column: str | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    values: tuple[tuple[str, str, str], ...] = ()
    partition_by: str | None = None


@dataclass(frozen=True)
class Machine:
    """How much of the machine may be used; None leaves DuckDB its default."""

    threads: int | None = None
    memory: str | None = None


def recode(
    archive: Archive, joins: RecodeMap, entity: Entity, version: str, out: Path, machine: Machine
) -> dict[str, Any]:
    """Write the archive again as Parquet with the combined code, relationship, status and version beside.

    Args:
        archive: what to recode, and how to read it.
        joins: `answers.recode_map.recode_map`.
        entity: whose codes it holds.
        version: of the crosswalk.
        out: OUT; ``data/`` (Parquet), ``unmapped.csv``, ``flagged.csv``, ``summary.json``.
        machine: threads and memory.

    Returns:
        The summary: rows in and out (equal, or nothing was written), rows per status, version.

    Raises:
        BadInputError: a file can't be read, a column is missing or not text, or rows were lost.
    """
    with staged_folder(out) as staged:
        with duckdb.connect() as engine:
            _settle(engine, staged, machine)
            summary = _recoded(engine, archive, joins, entity, version, staged)
        for name in ("spill", "join"):
            shutil.rmtree(staged / name, ignore_errors=True)
        _write(staged / "summary.json", summary)
        files = sorted(p for p in staged.rglob("*") if p.is_file())
        listed = [
            {"name": p.relative_to(staged).as_posix(), "size": p.stat().st_size, "sha256": sha256_of(p)}
            for p in files
        ]
        _write(staged / "manifest.json", {"format": FORMAT, "files": listed})
        publish_folder(staged, out)
    return summary


def _settle(engine: duckdb.DuckDBPyConnection, staged: Path, machine: Machine) -> None:
    engine.execute("SET preserve_insertion_order = false")
    engine.execute(f"SET temp_directory = {_text(str(staged / 'spill'))}")
    engine.execute(f"SET memory_limit = {_text(machine.memory or _MEMORY)}")
    if machine.threads:
        engine.execute(f"SET threads = {machine.threads}")


def _recoded(
    engine: duckdb.DuckDBPyConnection,
    archive: Archive,
    joins: RecodeMap,
    entity: Entity,
    version: str,
    staged: Path,
) -> dict[str, Any]:
    source = _source(archive.files)
    columns = _columns(engine, source)
    places = _places(archive, columns, entity)
    (staged / "data").mkdir()
    query = _query(engine, source, places, joins, archive, version, staged)
    try:
        before = _count(engine, source)
        shape = (
            f"PARTITION_BY ({_name(archive.partition_by)})" if archive.partition_by else "PER_THREAD_OUTPUT"
        )
        engine.execute(
            f"COPY ({query}) TO {_text(str(staged / 'data'))} (FORMAT parquet, COMPRESSION zstd, {shape})"
        )
    except duckdb.Error as error:
        raise BadInputError([_unreadable(archive.files, error)]) from error
    written = f"read_parquet({_text(str(staged / 'data' / '**' / '*.parquet'))}, hive_partitioning = false)"
    after = _count(engine, written)
    if before != after:
        raise BadInputError([Problem("deliver.rows_lost", values={"before": before, "after": after})])
    code = _name(places.code)
    region = _text(archive.region) if archive.region else _name(places.region)
    if archive.partition_by:
        written = (
            f"read_parquet({_text(str(staged / 'data' / '**' / '*.parquet'))}, hive_partitioning = true)"
        )
    counted = engine.execute(
        f"SELECT CAST({region} AS VARCHAR) AS region, {code} AS code, recode_status, count(*) AS rows"
        f" FROM {written} GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return _told(counted, joins, version, before, after, staged)


@dataclass(frozen=True)
class _Places:
    code: str
    region: str
    attributes: dict[str, str]


def _source(files: Sequence[Path]) -> str:
    tabular = [p for p in files if p.suffix.lower() == ".parquet"]
    texts = [p for p in files if p.suffix.lower() != ".parquet"]
    parts = []
    if tabular:
        parts.append(
            f"SELECT * FROM read_parquet({_list(tabular)}, union_by_name = {str(len(tabular) > 1).lower()})"
        )
    if texts:
        parts.append(
            f"SELECT * FROM read_csv({_list(texts)}, all_varchar = true, header = true, union_by_name = true)"
        )
    return f"({' UNION ALL BY NAME '.join(parts)})"


def _columns(engine: duckdb.DuckDBPyConnection, source: str) -> dict[str, str]:
    try:
        return {row[0]: row[1] for row in engine.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
    except duckdb.Error as error:
        raise BadInputError(
            [Problem("deliver.archive_unreadable", values={"found": _first_line(error)})]
        ) from error


def _places(archive: Archive, columns: dict[str, str], entity: Entity) -> _Places:
    """Find the columns, or say everything that is missing."""
    problems = []
    known = ", ".join(columns)
    code, region = archive.code_column, archive.region_column
    if code is None:
        field = entity.field_named("code")
        book = AliasBook({"code": field.aliases if field else ()})
        at = book.recognise(list(columns)).columns.get("code")
        code = list(columns)[at] if at is not None else None
    if region is None and archive.region is None:
        region = next((c for c in columns if c.casefold() == REGION), None)
        if region is None:
            problems.append(Problem("deliver.archive_region", values={"found": known}))
    if code is None:
        problems.append(Problem("deliver.archive_code", values={"found": known}))
    asked = [c for c in (code, region, archive.partition_by, *(c for _, c in archive.attributes)) if c]
    problems += [
        Problem("deliver.archive_column", values={"found": c, "expected": known})
        for c in asked
        if c not in columns
    ]
    problems += [Problem("deliver.archive_taken", values={"found": c}) for c in ADDED if c in columns]
    if code in columns and columns[str(code)] != "VARCHAR":
        problems.append(
            Problem("deliver.archive_number", values={"found": code, "expected": columns[str(code)]})
        )
    if problems:
        raise BadInputError(problems)
    named = {a: a for a in columns} | dict(archive.attributes)
    return _Places(str(code), region or "", named)


def _query(
    engine: duckdb.DuckDBPyConnection,
    source: str,
    places: _Places,
    joins: RecodeMap,
    archive: Archive,
    version: str,
    staged: Path,
) -> str:
    """Return the join; every right side has the join's columns as a key, so no row can double."""
    (staged / "join").mkdir()
    region = _text(archive.region) if archive.region else f"CAST(a.{_name(places.region)} AS VARCHAR)"
    on = f"{region} = {{0}}.region AND a.{_name(places.code)} = {{0}}.code"
    joined = [f"LEFT JOIN {_loaded(engine, joins.whole, 'm', staged)} m ON {on.format('m')}"]
    answers, relationships = [], []
    for n, (attributes, frame) in enumerate(joins.parts.items()):
        if not all(a in places.attributes for a in attributes):
            continue
        also = " AND ".join(
            f"{_meant(a, places.attributes[a], archive)} = p{n}.{_name(a)}" for a in attributes
        )
        joined.append(
            f"LEFT JOIN {_loaded(engine, frame, f'p{n}', staged)} p{n} ON {on.format(f'p{n}')} AND {also}"
        )
        answers.append(f"p{n}.combined_code")
        relationships.append(f"p{n}.combined_relationship")
    answer = f"coalesce({', '.join([*answers, 'm.combined_code'])})"
    relationship = f"coalesce({', '.join([*relationships, 'm.combined_relationship'])})"
    status = (
        f"CASE WHEN {answer} IS NOT NULL THEN {_text(Recoded.RECODED)}"
        f" ELSE coalesce(m.recode_status, {_text(Recoded.UNKNOWN)}) END"
    )
    return (
        f"SELECT a.*, {answer} AS combined_code, {relationship} AS combined_relationship,"
        f" {status} AS recode_status, {_text(version)} AS crosswalk_version"
        f" FROM {source} a {' '.join(joined)}"
    )


def _meant(attribute: str, column: str, archive: Archive) -> str:
    """Return what a column says of an attribute, in the condition's words."""
    written = f"CAST(a.{_name(column)} AS VARCHAR)"
    known = [f"WHEN {_text(w)} THEN {_text(m)}" for of, w, m in archive.values if of == attribute]
    return f"CASE {written} {' '.join(known)} ELSE {written} END" if known else written


def _loaded(engine: duckdb.DuckDBPyConnection, frame: pl.DataFrame, name: str, staged: Path) -> str:
    path = staged / "join" / f"{name}.parquet"
    frame.write_parquet(path)
    engine.execute(
        f"CREATE TEMP TABLE {_name('join_' + name)} AS SELECT * FROM read_parquet({_text(str(path))})"
    )
    return _name("join_" + name)


def _told(
    counted: list[tuple[str, str, str, int]],
    joins: RecodeMap,
    version: str,
    before: int,
    after: int,
    staged: Path,
) -> dict[str, Any]:
    frame = pl.DataFrame(
        counted,
        schema={"region": pl.String, "code": pl.String, "status": pl.String, "rows": pl.Int64},
        orient="row",
    ).sort("rows", "region", "code", descending=[True, False, False])
    flagged = frame.filter(pl.col("status") == Recoded.SPLIT)
    unmapped = frame.filter(~pl.col("status").is_in([Recoded.RECODED.value, Recoded.SPLIT.value]))
    for name, rows in (("unmapped", unmapped), ("flagged", _choices(flagged, joins))):
        (staged / f"{name}.csv").write_bytes(rows.write_csv(quote_style="always").encode("utf-8"))
    by = frame.group_by("status").agg(pl.col("rows").sum(), pl.len().alias("codes")).sort("status")
    return {
        "format": FORMAT,
        "crosswalk_version": version,
        "rows_in": before,
        "rows_out": after,
        "by_status": {status: {"rows": rows, "codes": codes} for status, rows, codes in by.iter_rows()},
    }


def _choices(flagged: pl.DataFrame, joins: RecodeMap) -> pl.DataFrame:
    """Say beside each flagged code which attributes would have chosen."""
    said = [
        frame.select("region", "code").unique().with_columns(needs=pl.lit(", ".join(attributes)))
        for attributes, frame in joins.parts.items()
    ]
    if not said:
        return flagged.with_columns(needs=pl.lit(""))
    needs = pl.concat(said).group_by("region", "code").agg(pl.col("needs").sort().str.join("; "))
    return flagged.join(needs, on=["region", "code"], how="left", maintain_order="left")


def _count(engine: duckdb.DuckDBPyConnection, source: str) -> int:
    found = engine.execute(f"SELECT count(*) FROM {source}").fetchone()
    return int(found[0]) if found else 0


def _unreadable(files: Sequence[Path], error: duckdb.Error) -> Problem:
    return Problem(
        "deliver.archive_unreadable",
        ", ".join(p.name for p in files[:3]),
        values={"found": _first_line(error)},
    )


def _first_line(error: duckdb.Error) -> str:
    return str(error).splitlines()[0][:200]


def _write(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def _name(text: str | None) -> str:
    return '"' + str(text).replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _list(files: Sequence[Path]) -> str:
    return "[" + ", ".join(_text(str(p)) for p in files) + "]"
