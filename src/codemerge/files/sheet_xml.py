"""A worksheet whose long table is written as columns of XML at once instead of cell by cell.

Cell by cell, xlsxwriter spends some 10 µs on each of 300 000 texts: most of a dry-run. Here polars
writes the rows below the heading. Texts of a column with few different ones are shared strings, as all
are in most workbooks; others stand in line as with xlsxwriter's own ``constant_memory`` (ECMA-376
part 1, 18.3.1.4, ``t="inlineStr"``). Everything else of the sheet is xlsxwriter's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

import polars as pl
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

LONGEST = 32_767  # characters an XLSX cell holds
_PART = 4_000  # rows turned to text at a time
_REPEATED = 8  # times a column's texts are repeated, on the average, if they are shared
# Control characters, and texts that look like an escaped one: not every reader understands the escape
# in a text that stands in line, so these few are shared strings.
_SPECIAL = "[\\x00-\\x08\\x0b-\\x1f\ufffe\uffff]|_x[0-9a-fA-F]{4}_"
_ESCAPED = "[&<>]"
_RICH = "<r>"  # begins what the library would take for text with formats of its own


class TableSheet(Worksheet):  # type: ignore[misc]  # the library ships no types
    """A worksheet with a heading in its first row, and one table below it."""

    _table: pl.DataFrame | None = None
    _heights: pl.Series | None = None
    _shared: Mapping[str, Mapping[str, int]] = {}  # column → texts that are shared strings, and which
    _few: Set[str] = frozenset()  # columns whose texts all are
    _outer: Set[str] = frozenset()  # columns with spaces around a text that stands in line
    _plain: Set[str] = frozenset()  # columns whose texts stand in XML as they are
    _full: Set[str] = frozenset()  # columns without a blank cell

    def fill(self, table: pl.DataFrame, heights: pl.Series) -> None:
        """Take the rows below the heading; formats are the columns'.

        Args:
            table: column number (as its name) → texts, or numbers; null and "" leave a cell blank.
            heights: each row's height in points.
        """
        self._table, self._heights = table, heights
        texts = [name for name, kind in table.schema.items() if kind == pl.String]
        several = table.select(pl.col(texts).n_unique()).row(0) if texts else ()
        known = {
            name: table[name].unique().sort().to_list()
            for name, different in zip(texts, several, strict=True)
            if different * _REPEATED <= table.height
        }
        known = {
            n: found for n, found in known.items() if not any((t or "").startswith(_RICH) for t in found)
        }
        self._few = frozenset(known)
        looked = _looked_at(table, [name for name in texts if name not in known])
        known |= {
            name: table[name].filter(table[name].str.contains(_SPECIAL)).unique().sort().to_list()
            for name in looked["special"]
        }
        self._shared = {name: self._share(found) for name, found in known.items()}
        self._outer, self._plain, self._full = looked["outer"], looked["plain"], looked["full"]
        self._check_dimensions(table.height, max((int(c) for c in table.columns), default=0))

    def _share(self, texts: Sequence[str | None]) -> dict[str, int]:
        return {text: self.str_table._get_shared_string_index(_cut(text)) for text in texts if text}

    def _write_rows(self) -> None:
        if self._table is None or self._heights is None:
            super()._write_rows()
            return
        self.dim_rowmax = 0  # only the heading stands in cells of the library's own
        super()._write_rows()
        self.dim_rowmax = self._table.height
        cells = (self._cell(name, kind) for name, kind in self._table.schema.items())
        xml = pl.concat_str(_opened(), *cells, pl.lit("</row>")).alias("xml")
        numbered = self._table.with_row_index("row", 2).with_columns(self._heights.alias("height"))
        for start in range(0, numbered.height, _PART):
            self.fh.write("".join(numbered.slice(start, _PART).select(xml)["xml"].to_list()))

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        """Take the ``=`` off; ours name no function younger than the library's 150 expressions look for."""
        return formula.removeprefix("=")

    def _cell(self, column: str, kind: Any) -> pl.Expr:
        """Return the XML of one column's cells, empty where there is none."""
        at = int(column)
        style = self.col_info[at].column_format if at in self.col_info else None
        s = f'" s="{style._get_xf_index()}"' if style else '"'
        place, value = [pl.lit(f'<c r="{xl_col_to_name(at)}'), pl.col("row")], pl.col(column)
        if kind != pl.String:
            number = pl.concat_str(*place, pl.lit(f"{s}><v>"), value.cast(pl.String), pl.lit("</v></c>"))
            return number.fill_null("")
        cell = pl.lit("")
        if column not in self._few:
            space = ' xml:space="preserve"' if column in self._outer else ""
            opened, closed = pl.lit(f'{s} t="inlineStr"><is><t{space}>'), pl.lit("</t></is></c>")
            text = value if column in self._plain else _escaped(value)
            cell = pl.concat_str(*place, opened, text, closed)
            if column not in self._full:
                cell = pl.when(value != "").then(cell).otherwise(pl.lit(""))
        if shared := self._shared.get(column):
            told = [f'{s} t="s"><v>{index}</v></c>' for index in shared.values()]
            index = value.replace_strict(list(shared), told, default=None, return_dtype=pl.String)
            cell = pl.coalesce(pl.concat_str(*place, index), cell)
        return cell


def _looked_at(table: pl.DataFrame, columns: Sequence[str]) -> dict[str, Set[str]]:
    """Say which columns have a special text, one with outer spaces, only plain ones, no blank cell."""
    if not columns:
        return dict.fromkeys(("special", "outer", "plain", "full"), frozenset())
    text = pl.col(columns)
    told = {
        "special": text.str.contains(_SPECIAL).any(),
        "outer": (text.str.strip_chars().str.len_bytes() != text.str.len_bytes()).any(),
        "plain": ~text.str.contains(_ESCAPED).any() & (text.str.len_bytes().max() <= LONGEST),
        "full": ~(text.fill_null("") == "").any(),
    }
    row = table.select(test.name.prefix(f"{name} ") for name, test in told.items()).row(0, named=True)
    return {name: frozenset(c for c in columns if row[f"{name} {c}"]) for name in told}


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


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
