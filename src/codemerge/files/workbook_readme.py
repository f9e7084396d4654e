"""The first sheet of a review workbook: three things to do, and how much is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from codemerge.rules.words import say

_STEPS = ("step_1", "step_2", "step_3")
_TIPS = ("tip_code", "tip_lock", "tip_diff", "tip_undo", "tip_sample", "tip_done")
_SIGNED = "tip_sign"  # told where several people must say yes
_ACROSS = 118  # characters that fit across the page
_COUNTS = ("sheet", "rows", "blocking", "sample", "done", "rest")


@dataclass(frozen=True)
class ReadmeRow:
    """How much one sheet asks: rows to judge, those that block, to check, done, and only counted."""

    sheet: str
    rows: int
    blocking: int
    sample: int
    done: int
    rest: int


def write_readme(
    book: Any, sheet: Any, project: str, counted: Sequence[ReadmeRow], language: str, *, signed: bool = False
) -> None:
    """Fill the read-me sheet of an open workbook; ``signed``: some rows need several people."""
    plain = {"font_name": "Calibri", "font_size": 11, "valign": "top", "text_wrap": True}
    forms = {
        "title": book.add_format({**plain, "font_size": 20, "bold": True, "font_color": "#33475B"}),
        "under": book.add_format({**plain, "font_color": "#5B6B7B"}),
        "step": book.add_format({**plain, "font_size": 12, "bg_color": "#FFF9E3", "indent": 1}),
        "head": book.add_format({**plain, "bold": True, "font_size": 13, "font_color": "#33475B"}),
        "text": book.add_format(plain),
        "label": book.add_format(
            {**plain, "bold": True, "valign": "bottom", "bottom": 1, "bottom_color": "#33475B"}
        ),
        "cell": book.add_format({**plain, "bottom": 1, "bottom_color": "#DDE3E9"}),
        "count": book.add_format(
            {**plain, "bottom": 1, "bottom_color": "#DDE3E9", "num_format": "#,##0", "align": "left"}
        ),
    }

    def told(key: str, **values: object) -> str:
        return say(f"workbook.readme.{key}", language, **values)

    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 4, 14)
    sheet.set_column(5, 5, 26)
    row = 0
    sheet.set_row(row, 32)
    sheet.write_string(row, 0, told("heading"), forms["title"])
    _across(sheet, row + 1, told("project", name=project), forms["under"])
    row = 3
    for key in _STEPS:
        sheet.set_row(row, _height(told(key), 17.0))
        _across(sheet, row, told(key), forms["step"])
        row += 1
    row += 1
    sheet.write_string(row, 0, told("left"), forms["head"])
    row += 1
    sheet.set_row(row, 32)
    for at, key in enumerate(_COUNTS):
        sheet.write_string(row, at, told(key), forms["label"])
    for line in counted:
        row += 1
        sheet.write_string(row, 0, line.sheet, forms["cell"])
        for at, number in enumerate((line.rows, line.blocking, line.sample, line.done, line.rest), 1):
            sheet.write_number(row, at, number, forms["count"])
    row += 2
    sheet.write_string(row, 0, told("columns"), forms["head"])
    for key in (*((_SIGNED,) if signed else ()), *_TIPS):
        row += 1
        sheet.set_row(row, _height(told(key), 16.0))
        _across(sheet, row, told(key), forms["text"])
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.protect("")


def _height(text: str, line: float) -> float:
    """Return the height of a row whose text runs across the page, with air below."""
    return line * (1 + len(text) // _ACROSS) + 8


def _across(sheet: Any, row: int, text: str, form: Any) -> None:
    sheet.merge_range(row, 0, row, 5, "", form)
    sheet.write_string(row, 0, text, form)
