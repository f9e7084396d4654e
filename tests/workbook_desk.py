"""A reviewer's desk in tests: fills a workbook by header and row, as a person would."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl

from codemerge.answers.run_tables import RunTables
from codemerge.files.decisions import read_decisions
from codemerge.files.workbook_write import write_workbooks


def at(run: RunTables, root: Path) -> RunTables:
    """The same run, its project rooted in a folder, with the decisions that stand there."""
    chain = read_decisions(root / "decisions")
    return replace(run, project=run.project.model_copy(update={"root": root}), decisions=chain.decisions)


def export(run: RunTables, place: Path, language: str = "sv", split: str | None = None) -> Path:
    """Write the workbooks of a run; return the general one."""
    place.mkdir(parents=True, exist_ok=True)
    return write_workbooks(run, place, language, split)[0]


def sheets(path: Path) -> Iterator[Any]:
    """Every visible sheet that has row ids."""
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        if not sheet.title.startswith("_") and str(sheet.cell(1, 1).value).replace("-", " ").lower() in {
            "rad id",
            "row id",
        }:
            yield sheet


def table(path: Path) -> list[dict[str, Any]]:
    """Every row of every such sheet, by header."""
    found = []
    for sheet in sheets(path):
        head = [c.value for c in sheet[1]]
        found += [
            {"_sheet": sheet.title} | dict(zip(head, (c.value for c in row), strict=True))
            for row in sheet.iter_rows(min_row=2)
        ]
    return found


def fill(path: Path, where: dict[str, str], answers: dict[str, Any], name: str | None = None) -> Path:
    """Write answers on the one row where these columns hold these values; save beside or over."""
    book = openpyxl.load_workbook(path)
    hits = 0
    for sheet in book.worksheets:
        head = {c.value: c.column for c in sheet[1]}
        if not set(where) <= set(head):
            continue
        for row in range(2, sheet.max_row + 1):
            if all(sheet.cell(row, head[h]).value == v for h, v in where.items()):
                hits += 1
                for column, value in answers.items():
                    cell = sheet.cell(row, head[column])
                    cell.value = value
                    if isinstance(value, str):
                        cell.data_type = "s"  # a text stays a text, also when it begins with =
    assert hits == 1, f"{hits} rows match {where}"
    out = path.with_name(name) if name else path
    book.save(out)
    return out
