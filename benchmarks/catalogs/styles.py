"""Writes rows in a region's own habits: encodings, words, dates, decimals, lines around the table."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tomllib
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

Row = dict[str, str]
DATES = {"valid_from", "valid_to", "last_used"}
DECIMALS = {"weight", "deadline_hours"}
NUMBERS = {"duration", "annual_volume", "open_orders", "bookings", "open_reports"}


@dataclass(frozen=True)
class Sheet:
    """One table of a region: where it lies, what stands around it, header and field of each column."""

    path: str
    columns: list[list[str]]
    sheet: str | None = None
    above: tuple[str, ...] = ()
    below: str = ""
    delimiter: str | None = None


@dataclass(frozen=True)
class Style:
    """A region's habits."""

    encoding: str
    delimiter: str
    decimal: str
    compact_dates: bool
    words: dict[str, str]
    sheets: dict[str, Sheet]
    below: str = ""


def read_styles(path: Path) -> dict[str, Style]:
    """Return region → habits, as ``styles.toml`` declares them."""
    declared = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        region: Style(**{**said, "sheets": {name: Sheet(**sheet) for name, sheet in said["sheets"].items()}})
        for region, said in declared.items()
    }


def cell(style: Style, name: str, row: Row) -> str:
    """Return a cell as the region would write it."""
    if name.startswith("!"):
        return name[1:]
    text = row.get(name, "")
    if name in DATES and style.compact_dates:
        return text.replace("-", "")
    if name in DECIMALS:
        return text.replace(".", style.decimal)
    return text if name in {"code", "label", "pattern"} else style.words.get(text, text)


def written(style: Style, sheet: Sheet, rows: list[Row]) -> list[list[str]]:
    """Return header and rows as the region would write them."""
    header = [title for title, _ in sheet.columns]
    return [header, *([cell(style, name, row) for _, name in sheet.columns] for row in rows)]


def text_file(style: Style, sheet: Sheet, rows: list[Row]) -> bytes:
    """Return a text export, with the lines above and below that such exports have."""
    out = io.StringIO()
    out.writelines(f"{line}\r\n" for line in sheet.above)
    writer = csv.writer(out, delimiter=sheet.delimiter or style.delimiter, lineterminator="\r\n")
    writer.writerows(written(style, sheet, rows))
    if below := sheet.below or style.below:
        out.write(below.format(rows=len(rows)) + "\r\n")
    text = out.getvalue()
    if style.encoding == "utf-16":  # the byte order is fixed, so that every machine writes the same
        return b"\xff\xfe" + text.encode("utf-16-le")
    return text.encode(style.encoding)


def workbook(path: Path, style: Style, tables: dict[str, list[Row]]) -> None:
    """Write a workbook of several sheets: titles above the header, numbers as numbers, dates as dates."""
    book = xlsxwriter.Workbook(path)
    book.set_properties({"created": dt.datetime(2026, 10, 1)})  # noqa: DTZ001 - a fixed stamp: same bytes
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for entity, rows in tables.items():
        sheet = style.sheets[entity]
        page = book.add_worksheet(sheet.sheet)
        for at, line in enumerate(sheet.above):
            page.write_string(at, 0, line)
        top = len(sheet.above)
        header, *cells = written(style, sheet, rows)
        for column, title in enumerate(header):
            page.write_string(top, column, title)
        for at, (row, texts) in enumerate(zip(rows, cells, strict=True), top + 1):
            for column, ((_, name), text) in enumerate(zip(sheet.columns, texts, strict=True)):
                if not text:
                    continue
                if name in NUMBERS | DECIMALS or (name == "code" and row.get("seed") == "CAT-005"):
                    page.write_number(at, column, float(text))
                elif name in DATES:
                    page.write_datetime(at, column, dt.datetime.fromisoformat(text), day)
                else:
                    page.write_string(at, column, text)
    book.close()
