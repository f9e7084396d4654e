"""XLSX workbooks: sheet and header found, cells as text, what the spreadsheet did to codes told."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl

from codemerge.files.csv_rows import Rows
from codemerge.files.footer import without_footer
from codemerge.files.precheck import check_container
from codemerge.files.raw_table import Findings, RawTable, Wanted, column_name
from codemerge.files.xlsx_scan import SheetFacts, scan_workbook

_HEADER_WITHIN = 30
_MOST_CELLS = 20_000_000
_EXACT = 10**15  # a spreadsheet keeps 15 digits
Cell = Any


def read_xlsx(data: bytes, wanted: Wanted, findings: Findings) -> RawTable | None:
    """Read one sheet of a workbook.

    Args:
        data: the whole file.
        wanted: what is declared of it, and which headers mean something.
        findings: gets every problem and note.

    Returns:
        The table; None when there is none to trust (the problems say why).
    """
    sheets = sheets_of(data, wanted, findings)
    if sheets is None:
        return None
    try:
        chosen = _choose(data, sheets, wanted, findings)
    except BaseException as error:
        # the reader's own errors, and the panics of its engine, which no common class holds
        if type(error).__module__ not in {
            "python_calamine",
            "python_calamine._python_calamine",
            "pyo3_runtime",
        }:
            raise
        findings.problem("xlsx.damaged", found=type(error).__name__)
        return None
    if chosen is None:
        return None
    facts, rows, at = chosen
    return _table(facts, rows, at, findings)


def sheets_of(data: bytes, wanted: Wanted, findings: Findings) -> list[SheetFacts] | None:
    """Check a workbook and return what its sheets hold; None when it must not be opened."""
    container = check_container(data, findings)
    if container is None:
        return None
    sheets = scan_workbook(container.archive, findings)
    if sheets is None:
        return None
    most = min(_MOST_CELLS, wanted.limits.cells)
    for sheet in sheets:
        if sheet.rows * sheet.columns > most:
            findings.problem(
                "xlsx.used_area", rows=sheet.rows, columns=sheet.columns, found=sheet.values, sheet=sheet.name
            )
        elif sheet.rows > wanted.limits.rows + 1:
            findings.problem("source.too_many_rows", expected=wanted.limits.rows, setting="limits.rows")
    return None if findings.problems else sheets


def head_of(data: bytes, sheet: str, rows: int = _HEADER_WITHIN) -> list[list[str]]:
    """Return the first rows of a sheet as text; the workbook was checked before."""
    return [[_text(c) or "" for c in row] for row in _cells(data, sheet)[:rows]]


def _cells(data: bytes, sheet: str) -> list[list[Cell]]:
    # The reader is loaded only where a workbook is read.
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        rows: list[list[Cell]] = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return rows


def _choose(
    data: bytes, sheets: list[SheetFacts], wanted: Wanted, findings: Findings
) -> tuple[SheetFacts, list[list[Cell]], int] | None:
    """Pick the declared sheet, or the visible one whose header names the most fields."""
    names = ", ".join(s.name for s in sheets)
    if wanted.sheet is not None:
        sheets = [s for s in sheets if s.name == wanted.sheet]
        if not sheets:
            findings.problem("xlsx.no_sheet", found=wanted.sheet, expected=names)
            return None
    else:
        sheets = [s for s in sheets if not s.hidden]
    tried = [(_header(rows, wanted), s, rows) for s in sheets if s.values and (rows := _cells(data, s.name))]
    if not tried:
        findings.problem("xlsx.empty", expected=names)
        return None
    tried.sort(key=lambda entry: -entry[0][1])
    (at, score), facts, rows = tried[0]
    rivals = [s.name for (_, other), s, _ in tried[1:] if other == score and score >= 2]
    if rivals:
        findings.problem("xlsx.several_sheets", found=", ".join([facts.name, *rivals]))
        return None
    if score == 0 and wanted.header_row is None:
        findings.problem("xlsx.no_header", at + 1, sheet=facts.name, count=len(rows[at]))
        return None
    return facts, rows, at


def _header(rows: list[list[Cell]], wanted: Wanted) -> tuple[int, int]:
    if wanted.header_row:
        at = min(wanted.header_row, len(rows)) - 1
        return at, wanted.score([_text(c) or "" for c in rows[at]])
    scores = [wanted.score([c if isinstance(c, str) else "" for c in row]) for row in rows[:_HEADER_WITHIN]]
    best = max(scores)
    if best:
        return scores.index(best), best
    return next((n for n, row in enumerate(rows) if any(c != "" for c in row)), 0), 0


def _table(facts: SheetFacts, rows: list[list[Cell]], at: int, findings: Findings) -> RawTable:
    header = [(_text(c) or "").strip() for c in rows[at]]
    columns = [list(column) for column in zip(*rows[at + 1 :], strict=True)] or [[] for _ in header]
    used = [n for n, name in enumerate(header) if name or any(c != "" for c in columns[n])]
    if any(any(c != "" for c in row) for row in rows[:at]):
        findings.note("csv.preamble", at + 1, count=sum(any(c != "" for c in row) for row in rows[:at]))
    _sheet_notes(facts, header, at, findings)
    recovered: dict[int, tuple[int, ...]] = {}
    coerced: dict[int, tuple[tuple[int, str, str], ...]] = {}
    series = []
    for place, n in enumerate(used):
        texts, found, padded = _column(columns[n], n + 1, at + 2, facts.padded)
        series.append(pl.Series(str(place), texts, dtype=pl.String))
        if padded:
            recovered[place] = tuple(padded)
        if found:
            coerced[place] = tuple(found)
    cells = pl.DataFrame(series)
    filled = cells.select(pl.any_horizontal(pl.all().is_not_null()).alias("filled"))["filled"]
    lines = np.arange(at + 2, at + 2 + cells.height, dtype=np.int64)[filled.to_numpy()]
    kept = without_footer(Rows(cells.filter(filled), lines, []), len(used), findings)
    if not kept.lines.size:
        findings.note("source.no_rows")
    return RawTable(
        header=tuple(header[n] for n in used),
        cells=kept.cells,
        lines=kept.lines,
        sheet=facts.name,
        header_line=at + 1,
        recovered=recovered,
        coerced=coerced,
    )


def _sheet_notes(facts: SheetFacts, header: list[str], at: int, findings: Findings) -> None:
    if facts.hidden_rows:
        findings.note("xlsx.hidden_rows", count=facts.hidden_rows, sheet=facts.name)
    if facts.uncalculated:
        findings.problem("xlsx.uncalculated", count=facts.uncalculated, sheet=facts.name)
    by_column: dict[int, list[int]] = {}
    for row, column in facts.errors:
        if row > at + 1:
            by_column.setdefault(column, []).append(row)
    for column, rows in sorted(by_column.items()):
        name = header[column - 1] if column <= len(header) and header[column - 1] else column_name(column - 1)
        cells = ", ".join(f"{column_name(column - 1)}{row}" for row in rows[:5])
        findings.note("xlsx.error_cells", rows[0], name, count=len(rows), found=cells)
    unlisted = facts.error_count - len(facts.errors)
    if unlisted > 0:
        findings.note("xlsx.more_errors", count=unlisted)


def _column(
    cells: list[Cell], column: int, first: int, padded: dict[tuple[int, int], int]
) -> tuple[list[str | None], list[tuple[int, str, str]], list[int]]:
    """Make one column text, noting each cell that a spreadsheet made something else of."""
    kinds = Counter(map(type, cells))
    if set(kinds) <= {str}:
        return [c or None for c in cells], [], []
    texts: list[str | None] = []
    coerced: list[tuple[int, str, str]] = []
    recovered: list[int] = []
    for row, cell in enumerate(cells, first):
        text = _text(cell)
        if text is not None and not isinstance(cell, str):
            digits = padded.get((row, column))
            if digits is not None and text.isdigit():
                text = text.zfill(digits)
                recovered.append(row)
            else:
                coerced.append((row, _coercion(cell), text))
        texts.append(text)
    return texts, coerced, recovered


def _coercion(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "logical"
    if isinstance(cell, int | float):
        return "scientific" if abs(cell) >= _EXACT else "number"
    return "date"


def _text(cell: Cell) -> str | None:
    """Return a cell as the text a person would have typed; None when it is blank."""
    if cell is None or isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ", "seconds")
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)


def _number(value: float) -> str:
    """Write a number without exponent and without the ``.0`` that no one typed."""
    if value == int(value) and abs(value) < _EXACT:
        return str(int(value))
    return format(Decimal(format(value, ".15g")), "f")
