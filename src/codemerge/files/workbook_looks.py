"""How a review workbook looks: calm colours that repeat what the words say, rows as high as their text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from codemerge.files.workbook_layout import Column

_LINE, _MOST_LINES = 13.0, 8  # points a line of text takes, and lines a row grows to
_FILLS = 0.95  # of a column's width is filled by text before it wraps, on the average


def formats(book: Any) -> Mapping[str, Any]:
    """Add every cell format to an open workbook, by name."""
    calm = {"font_name": "Calibri", "font_size": 10, "valign": "top", "text_wrap": True}
    head = {
        **calm,
        "bold": True,
        "valign": "vcenter",
        "font_color": "#FFFFFF",
        "border": 1,
        "border_color": "#FFFFFF",
    }
    small = {"num_format": "@", "font_color": "#9AA5B1", "font_size": 8, "text_wrap": False, "align": "fill"}
    declared = {
        "locked": {**calm, "num_format": "@"},
        "number": {**calm, "num_format": "#,##0", "align": "right", "right": 1, "right_color": "#DDE3E9"},
        "id": {**calm, **small, "right": 1, "right_color": "#DDE3E9"},
        "open": {**calm, "num_format": "@", "locked": False},
        "head": {**head, "bg_color": "#33475B"},
        "head_open": {**head, "bg_color": "#8A6D1D"},
        "yellow": {"bg_color": "#FFF9E3", "bottom": 1, "bottom_color": "#E3DCC3"},
        "line": {"bottom": 1, "bottom_color": "#DDE3E9"},
        "differs": {"bg_color": "#FBE9E0", "bold": True},
        "half": {"bg_color": "#F5F1E8"},
        "blocks": {"bg_color": "#F7D9D4", "bold": True},
        "strong": {"bg_color": "#E1F0E5"},
        "weak": {"bg_color": "#F5F1E8"},
    }
    return {name: book.add_format(form) for name, form in declared.items()}


def heights(columns: Sequence[Column], cells: pl.DataFrame) -> pl.Series:
    """Return each row's height in points, for as many lines as its longest text wraps to.

    Spreadsheets don't agree on whether they fit rows to wrapped text when a file is opened.
    """
    widths = {
        c.key: c.width * _FILLS
        for c in columns
        if c.key in cells.columns and not c.number and c.key != "row_id"
    }
    lines = cells.select(
        pl.max_horizontal(
            (pl.col(key).fill_null("").str.len_chars() / width).ceil()
            + pl.col(key).fill_null("").str.count_matches("\n", literal=True)
            for key, width in widths.items()
        ).clip(1, _MOST_LINES)
    ).to_series()
    return _LINE * lines + 3
