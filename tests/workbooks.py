"""Workbooks as people and attackers make them, written part by part."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"

PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Blad1" sheetId="1" r:id="r1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type="{_OFFICE}/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}


def sheet(rows: str) -> str:
    """Return a sheet's XML around its rows."""
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def cell(place: str, text: str) -> str:
    """Return a cell with a text of its own."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


PLAIN = sheet(
    f'<row r="1">{cell("A1", "Kod")}{cell("B1", "Namn")}</row>'
    f'<row r="2">{cell("A2", "001")}{cell("B2", "DT")}</row>'
)


def raw(sheet1: str | bytes = PLAIN, more: Sequence[tuple[str, str | bytes]] = (), **change: str) -> bytes:
    """Zip a workbook of the given parts; `more` may name a part twice."""
    parts: list[tuple[str, str | bytes]] = [*PARTS.items(), ("xl/worksheets/sheet1.xml", sheet1), *more]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, change.get(name, content))
    return file.getvalue()


def written(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]], *, hide: Sequence[str] = ()) -> None:
    """Write a workbook as Excel would: texts as texts, numbers as numbers.

    Args:
        path: where.
        sheets: name → rows; a cell ``(value, format)`` gets a number format.
        hide: sheets that aren't shown.
    """
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    for name, rows in sheets.items():
        tab = book.add_worksheet(name)
        if name in hide:
            tab.hide()
        for y, row in enumerate(rows):
            for x, value in enumerate(row):
                _put(book, tab, y, x, value)
    book.close()


def _put(book: Any, tab: Any, y: int, x: int, value: Any) -> None:
    if isinstance(value, tuple):
        tab.write(y, x, value[0], book.add_format({"num_format": value[1]}))
    elif isinstance(value, str):
        tab.write_string(y, x, value)
    elif value is not None:
        tab.write(y, x, value)
