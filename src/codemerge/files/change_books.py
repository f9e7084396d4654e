"""Change lists to print and pin up: one workbook per region, one sheet per profession."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from codemerge.answers.change_lists import change_list
from codemerge.answers.run_tables import RunTables
from codemerge.files.atomic import write_atomically
from codemerge.files.workbook_layout import Column
from codemerge.files.workbook_looks import formats, heights
from codemerge.files.workbook_sheets import put_text
from codemerge.rules.export import export_settings, slugs
from codemerge.rules.words import listed, say

_MADE = datetime.datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed date, so that the same rows are the same bytes
_KINDS = ("add", "change", "close", "withheld")
_WIDTHS = {
    "change": 11,
    "entity": 19,
    "code": 14,
    "text": 34,
    "new_code": 14,
    "new_text": 34,
    "condition": 16,
    "from": 11,
}


def write_change_books(run: RunTables, folder: Path) -> list[Path]:
    """Write ``changes_<region>.xlsx`` for each region: old code → new code, name, from when.

    Args:
        run: the run that is delivered.
        folder: where to; the table of the same name stands beside as CSV.

    Returns:
        The files written, in the regions' order. A region where nothing changes has none.
    """
    effective, names = export_settings(run.project).effective, slugs(run.project)
    written = []
    for region in run.project.regions:
        changes = change_list(run, region, effective)
        if changes.is_empty():
            continue
        path = folder / f"changes_{names[region]}.xlsx"
        _write(path, run, region, changes)
        written.append(path)
    return written


def _write(path: Path, run: RunTables, region: str, changes: pl.DataFrame) -> None:
    language = run.project.language
    owners = {e.id: e.owner for e in run.rules.entities.values()}
    titles = {e.id: e.name.say(language) for e in run.rules.entities.values()}
    known = {key: words[language] for key, words in listed("report.owner").items()}
    worded = changes.with_columns(
        owner=pl.col("entity")
        .replace_strict(owners, default="")
        .map_elements(lambda o: known.get(o.lower().replace(" ", "_"), o), return_dtype=pl.String),
        entity=pl.col("entity").replace(titles),
        change=pl.col("change").replace({k: say(f"review.changes.{k}", language) for k in _KINDS}),
    )

    def write(temporary: Path) -> None:
        import xlsxwriter

        with xlsxwriter.Workbook(
            str(temporary), {"strings_to_formulas": False, "strings_to_urls": False}
        ) as book:
            title = say("review.changes.title", language, region=region)
            book.set_properties({"title": title, "created": _MADE})
            looks = formats(book)
            for (owner,), rows in worded.sort("owner", maintain_order=True).group_by(
                "owner", maintain_order=True
            ):
                _sheet(book, looks, str(owner) or region, title, rows, language)

    write_atomically(path, write)


def _sheet(book: Any, looks: Any, name: str, title: str, rows: pl.DataFrame, language: str) -> None:
    sheet = book.add_worksheet("".join(c for c in name if c not in r"[]:*?/\'")[:31])
    columns: Sequence[Column] = [
        Column(key, say(f"review.changes.column.{key}", language), width) for key, width in _WIDTHS.items()
    ]
    cells = rows.select(pl.col(c.key).fill_null("") for c in columns)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width, looks["locked"])
        put_text(sheet, 0, at, column.title, looks["head"])
        for row, text in enumerate(cells[column.key], 1):
            if text:
                put_text(sheet, row, at, text)
    for row, points in enumerate(heights(columns, cells).to_list(), 1):
        sheet.set_row(row, points)
    last = len(columns) - 1
    sheet.conditional_format(
        1, 0, rows.height, last, {"type": "formula", "criteria": "=TRUE", "format": looks["line"]}
    )
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, rows.height, last)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_header(f"&L{title.replace('&', '&&')}&R&A")
    sheet.set_footer("&R&P / &N")
