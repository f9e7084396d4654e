"""A worksheet whose long table is written as columns of XML at once instead of cell by cell.

Cell by cell, xlsxwriter spends some 10 µs on each of 300 000 texts: most of a dry-run. Here polars
writes the rows below the heading, with texts in line as xlsxwriter's own ``constant_memory`` does
(ECMA-376 part 1, 18.3.1.4, ``t="inlineStr"``); everything else of the sheet is xlsxwriter's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

LONGEST = 32_767  # characters an XLSX cell holds
_PART = 4_000  # rows turned to text at a time
# Control characters, and texts that look like an escaped one: not every reader understands the escape
# in a text that stands in line, so these few are shared strings, as all are in most workbooks.
_SPECIAL = "[\\x00-\\x08\\x0b-\\x1f\ufffe\uffff]|_x[0-9a-fA-F]{4}_"


class TableSheet(Worksheet):  # type: ignore[misc]  # the library ships no types
    """A worksheet with a heading in its first row, and one table below it."""

    _table: pl.DataFrame | None = None
    _heights: pl.Series | None = None
    _shared: Mapping[str, int] = {}

    def fill(self, table: pl.DataFrame, heights: pl.Series) -> None:
        """Take the rows below the heading; formats are the columns'.

        Args:
            table: column number (as its name) → texts, or numbers; null and "" leave a cell blank.
            heights: each row's height in points.
        """
        self._table, self._heights = table, heights
        texts = [
            table[c].filter(table[c].str.contains(_SPECIAL))
            for c in table.columns
            if table[c].dtype == pl.String
        ]
        special = pl.concat(texts).unique().sort().to_list() if texts else []
        self._shared = {text: self.str_table._get_shared_string_index(text) for text in special}
        self._check_dimensions(table.height, max((int(c) for c in table.columns), default=0))

    def _write_rows(self) -> None:
        if self._table is None or self._heights is None:
            super()._write_rows()
            return
        self.dim_rowmax = 0  # only the heading stands in cells of the library's own
        super()._write_rows()
        self.dim_rowmax = self._table.height
        for start in range(0, self._table.height, _PART):
            rows = self._table.slice(start, _PART).with_row_index("row", start + 2)
            rows = rows.with_columns(self._heights.slice(start, _PART).alias("height"))
            texts = [
                _opened(),
                *(self._cell(c, rows.schema[c]) for c in self._table.columns),
                pl.lit("</row>"),
            ]
            self.fh.write("".join(rows.select(pl.concat_str(texts).alias("xml"))["xml"].to_list()))

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        """Take the ``=`` off; ours name no function younger than the library's 150 expressions look for."""
        return formula.removeprefix("=")

    def _cell(self, column: str, kind: Any) -> pl.Expr:
        """Return the XML of one column's cells, empty where there is none."""
        at = int(column)
        style = self.col_info[at].column_format if at in self.col_info else None
        s = f'" s="{style._get_xf_index()}"' if style else '"'
        place, value = [pl.lit(f'<c r="{xl_col_to_name(at)}'), pl.col("row"), pl.lit(s)], pl.col(column)
        if kind != pl.String:
            number = pl.concat_str(*place, pl.lit("><v>"), value.cast(pl.String), pl.lit("</v></c>"))
            return number.fill_null("")
        opened, closed = ' t="inlineStr"><is><t xml:space="preserve">', "</t></is></c>"
        cell = pl.concat_str(*place, pl.lit(opened), _escaped(value), pl.lit(closed))
        if self._shared:
            shared = value.replace_strict(self._shared, default=None, return_dtype=pl.Int64)
            index = pl.concat_str(*place, pl.lit(' t="s"><v>'), shared, pl.lit("</v></c>"))
            cell = pl.coalesce(index, cell)
        return pl.when(value.fill_null("") != "").then(cell).otherwise(pl.lit(""))


def _opened() -> pl.Expr:
    return pl.concat_str(
        pl.lit('<row r="'),
        "row",
        pl.lit('" ht="'),
        pl.col("height").cast(pl.Int64),
        pl.lit('" customHeight="1">'),
    )


def _escaped(text: pl.Expr) -> pl.Expr:
    """Return a text fit to stand in XML, cut to what a cell holds."""
    cut = pl.when(text.str.len_chars() > LONGEST).then(text.str.slice(0, LONGEST - 1) + "…").otherwise(text)
    return cut.str.replace_many(["&", "<", ">"], ["&amp;", "&lt;", "&gt;"])
