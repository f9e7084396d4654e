"""A reviewer's desk in tests: fills a workbook by header and row, as a person would."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl

from codemerge.answers.run_tables import RunTables
from codemerge.files.decisions import read_decisions
from codemerge.files.review_import import Imported, import_review
from codemerge.files.workbook_write import write_workbooks
from tests.review_world import small_run

ON = "2026-11-22"


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


class Desk:
    """A project in a folder, a workbook, and a person who fills it in."""

    def __init__(self, root: Path, **project: Any) -> None:
        self.root, self.options = root, project
        self.book = self.write()

    @property
    def run(self) -> RunTables:
        """The made-up run with the decisions that stand in the folder."""
        return at(small_run(**self.options), self.root)

    def write(self, language: str = "sv", split: str | None = None) -> Path:
        """Write the workbooks again; return the general one."""
        return export(self.run, self.root / "out", language, split)

    def answer(self, code: str, answers: dict[str, Any], column: str = "A kod") -> Desk:
        """Fill in the row of a code, as Anna unless the answers say otherwise."""
        fill(self.book, {column: code}, {"Bedömare": "Anna", **answers})
        return self

    def send(self, *files: Path, reviewer: str = "") -> Imported:
        """Import the workbook, or these files."""
        return import_review(files or [self.book], self.run, ON, reviewer)

    @property
    def decisions(self) -> list[dict[str, str]]:
        """Everything that was ever decided, in the order of the chain."""
        return read_decisions(self.root / "decisions").decisions.rows(named=True)
