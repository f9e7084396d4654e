"""Reads a returned workbook, XLSX or saved as CSV: what stands in the columns a person fills in.

A sheet counts when it has a ``Rad-id`` column; columns are found by their header, rows later by
their id, nothing by position. Cells keep what became of them: a code retyped as a number or a
date is seen, not guessed back.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codemerge.errors import BadInputError
from codemerge.files.precheck import check_container, true_kind
from codemerge.files.raw_table import Findings
from codemerge.files.workbook_layout import META, SCHEMA, titles_of
from codemerge.files.xlsx_scan import SheetFacts, scan_workbook
from codemerge.library.encoding import UndecodableError, decode
from codemerge.rules.words import listed

_HEAD_ROWS = 30
_MOST_CELLS = 20_000_000
_FILLED = (
    "decision", "relation", "chosen", "common_name", "comment", "reviewer", "role", "reason", "responsible",
    "due", "valid_until",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, and what it has become: text, number, date, flag, formula or error."""

    text: str
    kind: str = "text"

    def __bool__(self) -> bool:
        """Say whether anything stands in it."""
        return self.text.strip() != "" or self.kind in {"error", "formula"}


EMPTY = Cell("")


@dataclass(frozen=True)
class Sheet:
    """One sheet as it came back: its cells, where each header stands, formulas and error cells."""

    name: str
    cells: Sequence[Sequence[Any]]
    titles: Mapping[str, int]
    odd: Mapping[tuple[int, int], str]


@dataclass(frozen=True)
class ReturnedRow:
    """One row as it came back.

    Args:
        line: where it stands, as the program shows it.
        row_id: as it stands, or empty.
        filled: columns a person fills in, by key; only those with something in them.
    """

    file: str
    line: int
    row_id: str
    filled: Mapping[str, Cell]
    of: Sheet = field(repr=False)

    @property
    def sheet(self) -> str:
        """Name of its sheet; empty for a text file."""
        return self.of.name

    def shown(self, title: str) -> Cell | None:
        """Return a locked cell by its header; None where there is no such column."""
        at = self.of.titles.get(title)
        if at is None:
            return None
        return _cell(self.of.cells[self.line - 1], at, self.of.odd.get((self.line - 1, at)))


@dataclass
class ReturnedFile:
    """Every row of a returned file, and what was noticed."""

    file: str
    rows: list[ReturnedRow] = field(default_factory=list)
    findings: Findings = field(default_factory=lambda: Findings(""))


def read_returned(path: Path) -> ReturnedFile:
    """Read a returned workbook.

    Raises:
        BadInputError: it can't be trusted: damaged, hostile, protected, or no sheet has row ids.
    """
    found = ReturnedFile(path.name, findings=Findings(path.name))
    if not path.is_file():
        found.findings.problem("review.missing_file")
        raise BadInputError(found.findings.problems)
    data = path.read_bytes()
    kind = true_kind(data)
    if kind == "xlsx":
        tables = _read_xlsx(data, found.findings)
    elif kind == "text":
        tables = _read_csv(data, found.findings)
    else:
        found.findings.problem("review.not_a_workbook", found=kind)
        tables = []
    if found.findings.problems:
        raise BadInputError(found.findings.problems)
    for sheet, cells, odd in tables:
        _take_sheet(found, sheet, cells, odd)
    if found.findings.problems:
        raise BadInputError(found.findings.problems)
    if not found.rows:
        found.findings.problem(
            "review.no_row_ids", found=", ".join(name for name, _, _ in tables)[:200] or "-"
        )
        raise BadInputError(found.findings.problems)
    return found


_Table = tuple[str, list[list[Any]], Mapping[tuple[int, int], str]]


def _read_xlsx(data: bytes, findings: Findings) -> list[_Table]:
    container = check_container(data, findings)
    facts = scan_workbook(container.archive, findings, places=True) if container else None
    if facts is None:
        return []
    for sheet in facts:
        # A value far out makes the reader claim all memory for the area between.
        if sheet.rows * sheet.columns > _MOST_CELLS:
            findings.problem(
                "xlsx.used_area", found=sheet.values, rows=sheet.rows, columns=sheet.columns, sheet=sheet.name
            )
            return []
    from python_calamine import CalamineError, CalamineWorkbook

    shown = [s for s in facts if not s.name.startswith("_")]
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        cells = {s.name: book.get_sheet_by_name(s.name).to_python(skip_empty_area=False) for s in shown}
        meta = book.get_sheet_by_name(META).to_python() if META in book.sheet_names else []
    except CalamineError as error:
        findings.problem("xlsx.damaged", found=type(error).__name__, reason=str(error)[:80])
        return []
    made_by = next((str(row[1]) for row in meta if len(row) > 1 and row[0] == "schema"), SCHEMA)
    if made_by.isdigit() and int(made_by) > int(SCHEMA):
        findings.problem("review.newer_workbook")
        return []
    return [(s.name, cells[s.name], _odd_cells(s, cells[s.name])) for s in shown]


def _odd_cells(sheet: SheetFacts, cells: Sequence[Sequence[Any]]) -> dict[tuple[int, int], str]:
    """Return cells that the reader shows as something else, by (row, column), 0-based.

    Formulas and error cells, and numbers that a format of zeros shows as a code: ``00000``. A
    formula that came to an empty text says nothing.
    """
    odd = {(row - 1, column - 1): "0" * digits for (row, column), digits in sheet.padded.items()}
    for (row, column), kind in sheet.odd.items():
        line = cells[row - 1] if row <= len(cells) else ()
        value = line[column - 1] if column <= len(line) else ""
        if kind != "formula_text" or value != "":
            odd[(row - 1, column - 1)] = kind.removesuffix("_text")
    return odd


def _read_csv(data: bytes, findings: Findings) -> list[_Table]:
    try:
        text = decode(data, None).text
    except UndecodableError as error:
        findings.problem("review.undecodable", error.line, found=error.encoding)
        return []
    if text.lower().startswith("sep="):
        text = text.partition("\n")[2]
    ids = [_plain(t) for t in titles_of("row_id")]
    for delimiter in (";", ",", "\t"):
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            rows = list(reader)
        except csv.Error:  # more than any sheet's cell holds: a quote that is never closed, mostly
            findings.problem("csv.huge_field", reader.line_num)
            return []
        if any(_plain(cell) in ids for row in rows[:_HEAD_ROWS] for cell in row):
            return [("", [list(row) for row in rows], {})]
    return [("", [], {})]


def _plain(text: object) -> str:
    """Return a header or choice without case, outer and repeated blanks, and with one kind of dash."""
    folded = " ".join(str(text).replace("\u00a0", " ").split()).casefold()
    return folded.replace("–", "-").replace("—", "-")


def plain(text: str) -> str:
    """Return a text as headers and choices are compared: case, blanks and kinds of dash don't count."""
    return _plain(text)


def _take_sheet(
    found: ReturnedFile, sheet: str, cells: Sequence[Sequence[Any]], odd: Mapping[tuple[int, int], str]
) -> None:
    ids = {_plain(t) for t in titles_of("row_id")}
    head = next((n for n, row in enumerate(cells[:_HEAD_ROWS]) if any(_plain(c) in ids for c in row)), None)
    if head is None:
        return
    header = [_plain(c) for c in cells[head]]
    at_id = next(n for n, h in enumerate(header) if h in ids)
    keys = {_plain(t): key for key in _FILLED for t in titles_of(key)}
    filled: dict[str, int] = {}
    for n, title in enumerate(header):
        key = keys.get(title)
        if key in filled:
            found.findings.problem("review.column_twice", head + 1, str(cells[head][n]))
        elif key:
            filled[key] = n
    if "decision" not in filled:
        found.findings.problem("review.no_decision_column", head + 1, found=sheet)
        return
    titles = {str(cells[head][n]): n for n, t in enumerate(header) if t and t not in keys and t not in ids}
    of = Sheet(sheet, cells, titles, odd)
    for n in range(head + 1, len(cells)):
        row = cells[n]
        width = len(row)
        told = {
            key: cell
            for key, at in filled.items()
            if ((at < width and row[at] != "") or (n, at) in odd)
            and (cell := _cell(row, at, odd.get((n, at))))
        }
        row_id = _cell(row, at_id, None).text.strip()
        if not row_id and not told:
            continue
        found.rows.append(ReturnedRow(found.file, n + 1, row_id, told, of))


def _cell(row: Sequence[Any], at: int, odd: str | None) -> Cell:
    value = row[at] if at < len(row) else ""
    if odd and odd.strip("0"):
        return Cell(str(value), odd)
    if odd and isinstance(value, int | float) and value == int(value):
        return Cell(f"{int(value):0{len(odd)}d}")  # the format carries the zeros that were typed
    if isinstance(value, str):
        return Cell(value) if value else EMPTY
    if isinstance(value, bool):
        return Cell(str(value).upper(), "flag")
    if isinstance(value, int | float):
        return Cell(f"{value:.15g}", "number")
    if isinstance(value, datetime.datetime):
        value = value.date() if value.time() == datetime.time() else value
    return Cell(value.isoformat() if hasattr(value, "isoformat") else str(value), "date")


def synonyms() -> Mapping[str, Sequence[str]]:
    """Return other spellings of decisions that are understood, by key."""
    found: Mapping[str, Sequence[str]] = listed("workbook.read")
    return found
