"""One source, whatever it is: found, sized, recognised by its content, read, and unchanged since."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from codemerge.files.csv_reader import read_csv
from codemerge.files.precheck import true_kind
from codemerge.files.raw_table import Findings, RawTable, Wanted
from codemerge.files.table_sources import read_database, read_duckdb, read_parquet, read_sqlite
from codemerge.files.xlsx_reader import read_xlsx
from codemerge.rules.toml_lines import nearest

# what a suffix promises; a file that breaks the promise is named for what it is
_PROMISES = {
    ".csv": "text",
    ".tsv": "text",
    ".txt": "text",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xls": "xlsx",
    ".xlsb": "xlsx",
    ".ods": "xlsx",
    ".parquet": "parquet",
    ".duckdb": "duckdb",
    ".sqlite": "sqlite",
    ".sqlite3": "sqlite",
}
_READABLE = {"text", "xlsx", "parquet", "sqlite", "duckdb"}


@dataclass(frozen=True, slots=True)
class Opened:
    """A source as read.

    Args:
        table: its table; None when its problems forbid it.
        sha256: of the bytes that were read; empty for a database.
    """

    table: RawTable | None
    sha256: str


def is_url(path: str) -> bool:
    """Tell a database URL from a file's path."""
    return "://" in path


def open_source(root: Path, path: str, wanted: Wanted, findings: Findings) -> Opened:
    """Read one source.

    Args:
        root: folder that relative paths start from.
        path: file, or database URL, as the project says it.
        wanted: what is declared of it, and which headers mean something.
        findings: gets every problem and note.

    Returns:
        The table and the hash of what was read.
    """
    if is_url(path):
        return Opened(read_database(path, wanted, findings), "")
    place = root / path
    data = file_bytes(place, wanted, findings)
    if data is None:
        return Opened(None, "")
    digest = hashlib.sha256(data).hexdigest()
    kind = trusted_kind(data, place, findings)
    if kind is None:
        return Opened(None, digest)
    if kind == "text":
        table = read_csv(data, wanted, findings)
    elif kind == "xlsx":
        _note_open_elsewhere(place, findings)
        table = read_xlsx(data, wanted, findings)
    elif kind == "parquet":
        table = read_parquet(data, wanted, findings)
    else:
        table = (read_sqlite if kind == "sqlite" else read_duckdb)(place, wanted, findings)
        if hashlib.sha256(place.read_bytes()).hexdigest() != digest:
            findings.problem("source.changed")
    return Opened(table if not findings.problems else None, digest)


def file_bytes(place: Path, wanted: Wanted, findings: Findings) -> bytes | None:
    """Read a file whole, unless it is missing, too large, or written to meanwhile."""
    if not place.exists():
        near = nearest(place.name, _names_in(place.parent))
        findings.problem("source.missing", nearest=near or "-")
        return None
    if not place.is_file():
        findings.problem("source.not_a_file")
        return None
    try:
        before = place.stat()
        if before.st_size > wanted.limits.file_mb * 1_000_000:
            size = f"{before.st_size / 1e6:,.0f}"
            findings.problem("source.too_large", found=size, expected=wanted.limits.file_mb)
            return None
        data = place.read_bytes()
        after = place.stat()
    except OSError as error:
        findings.problem("source.unreadable", found=error.strerror or type(error).__name__)
        return None
    if (before.st_size, before.st_mtime_ns, before.st_ino) != (
        after.st_size,
        after.st_mtime_ns,
        after.st_ino,
    ) or len(data) != after.st_size:
        findings.problem("source.changed")
        return None
    return data


def trusted_kind(data: bytes, place: Path, findings: Findings) -> str | None:
    """Return what a file is, or say that it isn't what its name promises."""
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        findings.problem("csv.empty")
        return None
    kind = true_kind(data)
    suffix = PurePosixPath(place.name.lower()).suffix
    promised = _PROMISES.get(suffix, kind)
    if kind == promised and kind in _READABLE:
        if suffix in {".xlsb", ".ods", ".xls"}:
            findings.problem("xlsx.misnamed", found=suffix, expected=".xlsx")
            return None
        return kind
    findings.problem(f"source.is_{kind}", found=suffix or place.name)
    return None


def _names_in(folder: Path) -> list[str]:
    try:
        return sorted(p.name for p in folder.iterdir())
    except OSError:
        return []


def _note_open_elsewhere(place: Path, findings: Findings) -> None:
    if place.with_name(f"~${place.name}").exists():
        findings.note("xlsx.open_elsewhere")
