"""A catalog copied with personnummer replaced by keyed hashes, before it leaves its region."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from codemerge.errors import BadInputError, Problem
from codemerge.files.atomic import write_bytes
from codemerge.files.opened import open_source
from codemerge.files.raw_table import Findings, RawTable, Wanted
from codemerge.library.headers import AliasBook
from codemerge.library.privacy import find_personnummer, is_personnummer, pseudonyms, redact_column
from codemerge.rules.page import Entity


@dataclass(frozen=True)
class Pseudonymised:
    """What was done: ``columns`` replaced, ``rows`` written, ``replaced`` cells, and what to look at."""

    columns: tuple[str, ...]
    rows: int
    replaced: int
    notes: tuple[Problem, ...]


def pseudonymise(source: Path, key: bytes, out: Path, entities: Iterable[Entity]) -> Pseudonymised:
    """Copy a file as UTF-8 CSV with a keyed hash in place of every personnummer.

    The columns are found by the headers that the rules give secret fields. A cell there that is no
    possible number is left empty and named by its line; a number in the midst of other text is
    masked and named, so that none in clear leaves the region. Values are never shown.

    Args:
        source: CSV or XLSX.
        key: at least 16 bytes; the same on both sides.
        out: file to write, readable by its owner only.
        entities: the rules' pages.

    Raises:
        BadInputError: the file can't be read, no such column was found, or the key is too short.
    """
    secret = [f for e in entities for f in e.field if f.secret]
    book = AliasBook(
        {
            name: tuple(a for f in secret if f.name == name for a in f.aliases)
            for name in dict.fromkeys(f.name for f in secret)
        }
    )
    findings = Findings(source.name)
    opened = open_source(source.parent, source.name, Wanted(book), findings)
    table = opened.table
    if table is None or findings.problems:
        raise BadInputError(findings.all_problems())
    found = sorted(set(book.recognise(table.header).columns.values()))
    if not found:
        raise BadInputError(
            [Problem("deliver.no_secret_column", source.name, values={"found": ", ".join(table.header)})]
        )
    try:
        cells, notes, replaced = _replaced(table, found, key, source.name)
    except ValueError as error:
        raise BadInputError([Problem("deliver.short_key")]) from error
    header = pl.DataFrame({str(n): [name] for n, name in enumerate(table.header)})
    text = pl.concat([header, cells.select(header.columns)]).write_csv(
        include_header=False, quote_style="always", separator=";"
    )
    write_bytes(out, text.encode("utf-8"), private=True)
    return Pseudonymised(tuple(table.header[n] for n in found), cells.height, replaced, tuple(notes))


def read_or_make_key(path: Path) -> tuple[bytes, bool]:
    """Return the key in a file, blanks and line ends around it left out; make one where there is none.

    Returns:
        The key, and whether it was made now (256 random bits, readable by its owner only).
    """
    if path.exists():
        return path.read_bytes().strip(), False
    key = secrets.token_hex(32).encode()
    write_bytes(path, key + b"\n", private=True)
    return key, True


def _replaced(
    table: RawTable, secret: list[int], key: bytes, name: str
) -> tuple[pl.DataFrame, list[Problem], int]:
    notes: list[Problem] = []
    out, replaced = [], 0
    for at, header in enumerate(table.header):
        column = table.cells[str(at)].cast(pl.String)
        if at in secret:
            texts = column.to_list()
            good = [t if t and t.strip() and is_personnummer(t.strip()) else None for t in texts]
            notes += _at(
                table,
                [bool(t and t.strip()) and g is None for t, g in zip(texts, good, strict=True)],
                "deliver.no_personnummer",
                name,
                header,
            )
            replaced += sum(g is not None for g in good)
            column = pl.Series(str(at), pseudonyms(good, key), dtype=pl.String)
        else:
            hidden = find_personnummer(column)
            notes += _at(table, hidden.to_list(), "deliver.hidden_personnummer", name, header)
            column = redact_column(column)
        out.append(column)
    return pl.DataFrame(out), notes, replaced


def _at(table: RawTable, flags: list[bool], kind: str, name: str, header: str) -> list[Problem]:
    return [Problem(kind, name, int(table.lines[n]), header) for n, flag in enumerate(flags) if flag]
