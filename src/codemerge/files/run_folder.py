"""The run folder: written beside, published whole, read back as one value."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import ValidationError

from codemerge.answers.run_tables import RunTables
from codemerge.errors import BadInputError, Problem
from codemerge.files.atomic import publish_folder, recover, staged_folder
from codemerge.library.workers import side_by_side
from codemerge.rules.loader import Rules
from codemerge.rules.project import Project
from codemerge.tables import CONFLICTS, CROSSWALK, DECISIONS, EVIDENCE, MAPPINGS, ORIGINS, spelled_out

FORMAT = 1
_MANIFEST, _SUMMARY, _TABLES = "manifest.json", "summary.json", "tables/"
_PART = 50_000  # mappings whose waterfalls are spelled out at a time
_WHOLE = {
    "mappings": MAPPINGS,
    "conflicts": CONFLICTS,
    "crosswalk": CROSSWALK,
    "origins": ORIGINS,
    "decisions": DECISIONS,
}

Extra = Callable[[Path], Sequence[Callable[[], None]]]


def table_frames(run: RunTables) -> dict[str, pl.DataFrame]:
    """Return every table of a run by file name (without suffix), secret fields left out."""
    frames = {name: getattr(run, name) for name in _WHOLE}
    for entity in run.rules.entities.values():
        if entity.id not in run.records:
            continue
        hidden = [
            c for f in entity.field if f.secret for c in (f.name, f"{f.name}_ok", f"{f.name}_coordination")
        ]
        records = run.records[entity.id]
        frames[f"records_{entity.id}"] = records.drop(hidden, strict=False)
        frames[f"combined_{entity.id}"] = run.combined[entity.id]
    return frames


def write_run(run: RunTables, folder: Path, extra: Extra) -> None:
    """Write a run folder beside its place and publish it whole.

    Args:
        run: the finished run; its ``summary`` becomes summary.json.
        folder: where the run folder is to stand; an older one is replaced.
        extra: returns, for the staged folder it is given, pieces of work that write what else belongs
            there (workbooks, report); those that take longest first.

    Raises:
        BadInputError: the place holds something that isn't a run folder, or can't be written.
    """
    private = private_tables(run)
    with staged_folder(folder) as staged:
        (staged / "tables").mkdir()

        def tables() -> None:
            for name, frame in sorted(table_frames(run).items()):
                write_parquet(frame, staged / "tables" / f"{name}.parquet", private=name in private)

        side_by_side([*extra(staged), tables], patient=True)
        _write_json(staged / "summary.json", run.summary)
        _write_json(staged / "manifest.json", _manifest(staged))
        publish_folder(staged, folder)


def write_parquet(frame: pl.DataFrame, path: Path, *, private: bool) -> None:
    """Write a table; encoded in memory, for polars doesn't say why a disk refused."""
    path.touch(0o600 if private else 0o666)
    if frame.schema.get("evidence") == EVIDENCE:
        if frame.height > _PART:
            _write_in_parts(frame, path)
            return
        frame = frame.with_columns(spelled_out())
    data = io.BytesIO()
    frame.rechunk().write_parquet(data, compression="zstd", statistics=False)  # in pieces: other bytes
    path.write_bytes(data.getbuffer())


def _write_in_parts(frame: pl.DataFrame, path: Path) -> None:
    """Write mappings whose waterfalls, spelled out, wouldn't fit in memory together.

    Parts are spelled out one by one and joined on one thread: the same rows give the same bytes.
    """
    import duckdb

    parts: list[Path] = []
    for start in range(0, frame.height, _PART):
        parts.append(path.with_name(f"{path.stem}.{len(parts)}.part"))
        data = io.BytesIO()
        frame.slice(start, _PART).with_columns(spelled_out()).write_parquet(data, compression="zstd")
        parts[-1].write_bytes(data.getbuffer())
    with duckdb.connect() as database:
        database.execute("SET threads = 1")
        database.execute("SET memory_limit = '1GB'")
        joined = database.read_parquet([str(part) for part in parts])
        joined.write_parquet(str(path), compression="zstd", overwrite=True)
    for part in parts:
        part.unlink()


def private_tables(run: RunTables) -> set[str]:
    """Return the names of tables that hold personal data: for their owner's eyes only."""
    sensitive = [e.id for e in run.rules.entities.values() if e.sensitive]
    return {f"{kind}_{entity}" for entity in sensitive for kind in ("records", "combined")}


def write_csv(frame: pl.DataFrame, path: Path, *, private: bool = False) -> None:
    """Write a table as UTF-8 CSV, every field quoted, lists joined by ``|``; not for spreadsheets to run."""
    path.touch(0o600 if private else 0o666)
    if frame.schema.get("evidence") == EVIDENCE:
        frame = frame.with_columns(spelled_out())
    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    plain = [name for name in lists if frame.schema[name] == pl.List(pl.String)]
    other = [name for name in lists if name not in plain]
    frame.with_columns(
        *(pl.col(name).list.join("|") for name in plain),
        *(
            pl.col(name).map_elements(
                lambda v: json.dumps(v.to_list(), ensure_ascii=False), return_dtype=pl.String
            )
            for name in other
        ),
    ).write_csv(path, quote_style="always")


def _manifest(folder: Path) -> dict[str, Any]:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {
        "format": FORMAT,
        "files": [
            {"name": p.relative_to(folder).as_posix(), "size": p.stat().st_size, "sha256": sha256_of(p)}
            for p in files
        ],
    }


def sha256_of(path: Path) -> str:
    """Return a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def read_summary(folder: Path) -> dict[str, Any]:
    """Return a run's summary.

    Raises:
        BadInputError: no run folder there, an unfinished or damaged one, or one of a newer codemerge.
    """
    recover(folder)
    if not (folder / _MANIFEST).is_file():
        raise BadInputError([Problem("project.no_run", str(folder))])
    made_by = _json_of(folder, _MANIFEST).get("format")
    if not isinstance(made_by, int):
        raise _damaged(folder, _MANIFEST)
    if made_by > FORMAT:
        raise BadInputError([Problem("project.newer_run", str(folder))])
    return _json_of(folder, _SUMMARY)


def _json_of(folder: Path, name: str) -> dict[str, Any]:
    try:
        found = json.loads((folder / name).read_text(encoding="utf-8"))
    except (ValueError, FileNotFoundError):  # no JSON, or no text at all
        raise _damaged(folder, name) from None
    if not isinstance(found, dict):
        raise _damaged(folder, name)
    return found


def _damaged(folder: Path, *names: str) -> BadInputError:
    return BadInputError(Problem("project.damaged_run", f"{folder}/{name}") for name in names)


def damaged_files(folder: Path) -> list[str]:
    """Return the names of files that aren't what the manifest says, tables it doesn't name among them."""
    listed = _json_of(folder, _MANIFEST).get("files")
    if not isinstance(listed, list) or not all(isinstance(f, dict) for f in listed):
        return [_MANIFEST]
    hashes = {str(f.get("name")): f.get("sha256") for f in listed}
    standing = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    wrong = [n for n, known in hashes.items() if n not in standing or sha256_of(standing[n]) != known]
    return wrong + [n for n in sorted(standing) if n.startswith(_TABLES) and n not in hashes]


def read_run(folder: Path, rules: Callable[[Project], Rules]) -> RunTables:
    """Read a run folder back.

    Args:
        folder: the run folder.
        rules: how to get the rules of its project.

    Raises:
        BadInputError: no run folder there, or its tables aren't what the manifest says.
    """
    summary = read_summary(folder)
    # workbooks and report may be written in; what the run says may not
    damaged = [n for n in damaged_files(folder) if n.startswith(_TABLES) or n in {_MANIFEST, _SUMMARY}]
    missing = [n for n in _WHOLE if not (folder / _TABLES / f"{n}.parquet").is_file()]
    if damaged or missing:
        raise _damaged(folder, *(damaged or missing))
    try:
        project = Project.model_validate({**summary["project"], "root": project_root(folder, summary)})
    except (ValidationError, KeyError, TypeError):  # of a project file that this version doesn't take
        raise _damaged(folder, _SUMMARY) from None
    tables = {p.stem: pl.read_parquet(p) for p in sorted((folder / "tables").glob("*.parquet"))}
    by_entity = {
        kind: {name.removeprefix(kind): t for name, t in tables.items() if name.startswith(kind)}
        for kind in ("records_", "combined_")
    }
    return RunTables(
        project=project,
        rules=rules(project),
        records=by_entity["records_"],
        combined=by_entity["combined_"],
        summary=summary,
        mappings=tables["mappings"],
        crosswalk=tables["crosswalk"],
        conflicts=tables["conflicts"],
        decisions=tables["decisions"],
        origins=tables["origins"],
    )


def project_root(folder: Path, summary: Mapping[str, Any]) -> Path:
    """Return the folder of the project a run belongs to, as the run folder stands now."""
    return (folder / str(summary.get("project_root", ".."))).resolve()
