"""Fills the sheets of a review workbook: text as text, nothing that could be a formula.

Measured: only xlsxwriter's ``write_string`` returns every code as it was (``write`` turns ``=1+1``
into a formula and ``mailto:a@b`` into a link). Blank cells take their format from the column; that
and no cell notes keep files small; long tables are written by `codemerge.files.sheet_xml`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from codemerge.answers.review_asked import Asked
from codemerge.files.workbook_layout import (
    META,
    SCHEMA,
    SUGGESTIONS,
    Column,
    choices,
    conflict_choices,
    conflict_columns,
    mapping_columns,
    professions,
    relation_text,
    relations,
)
from codemerge.files.workbook_looks import formats, heights
from codemerge.files.workbook_readme import ReadmeRow, write_readme
from codemerge.model import Relationship, Severity
from codemerge.rules.words import listed, say

LONGEST = 32_767  # characters an XLSX cell holds
_LISTS = "_lists"
_LISTED = 8  # items of a list that a cell shows
_RELATION_OF = {
    Relationship.EQUIVALENT.value: "equivalent",
    Relationship.NARROWER.value: "narrower",
    Relationship.BROADER.value: "broader",
    Relationship.RELATED.value: "related",
}


def put_text(sheet: Any, row: int, column: int, text: str, form: Any = None) -> None:
    """Write a text as text; what no cell can hold (length, half characters) is cut or replaced."""
    if len(text) > LONGEST:
        text = text[: LONGEST - 1] + "…"
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    sheet.write_string(row, column, text, form)


class Sheets:
    """Holds one open workbook while its sheets are written."""

    def __init__(self, book: Any, language: str, longest: Mapping[str, int], *, signed: bool = False) -> None:
        self.book, self.language, self.longest, self.signed = book, language, longest, signed
        self.lists: list[list[str]] = []
        self.forms = formats(book)

    def write(self, asked: Sequence[Asked], conflicts: pl.DataFrame, project: str, issued: str) -> None:
        """Write every sheet, the read-me first."""
        readme = self.book.add_worksheet(say("workbook.sheet.readme", self.language))
        told = [self._entity(one) for one in asked if one.rows.height or one.rest]
        if conflicts.height:
            told.append(self._conflicts(conflicts))
        write_readme(self.book, readme, project, told, self.language, signed=self.signed)
        self._hidden(issued)
        readme.activate()

    def _entity(self, asked: Asked) -> ReadmeRow:
        plural = asked.entity.plural.say(self.language)
        if asked.rows.is_empty():
            return ReadmeRow(plural, 0, 0, 0, 0, asked.rest)
        to_do = asked.rows.filter(pl.col("state") == "open")
        settled = asked.rows.filter(pl.col("state") != "open")
        drawn = pl.col("mapping_id").is_in(list(asked.sample))
        sample, done = settled.filter(drawn), settled.filter(~drawn.fill_null(value=False))
        columns = mapping_columns(asked, self.language)
        for title, rows in (
            (plural, to_do),
            (say("workbook.sheet.sample", self.language, plural=plural), sample),
            (say("workbook.sheet.done", self.language, plural=plural), done),
        ):
            if rows.height:
                cells = _cells(rows, columns, self.language)
                self._sheet(title, columns, cells, choices(asked.entity, self.language), asked)
        return ReadmeRow(
            plural, to_do.height, int(to_do["blocking"].sum()), sample.height, done.height, asked.rest
        )

    def _conflicts(self, rows: pl.DataFrame) -> ReadmeRow:
        title = say("workbook.sheet.conflicts", self.language)
        columns = conflict_columns(self.language, said_before=bool((rows["earlier"] != "").any()))
        cells = _conflict_cells(rows, columns, self.language)
        self._sheet(title, columns, cells, conflict_choices(self.language), None)
        blocking = rows.filter(pl.col("severity") == Severity.BLOCKING.value).height
        return ReadmeRow(title, rows.height, blocking, 0, 0, 0)

    def _sheet(
        self,
        title: str,
        columns: Sequence[Column],
        cells: pl.DataFrame,
        choice: list[str],
        asked: Asked | None,
    ) -> None:
        from codemerge.files.sheet_xml import TableSheet

        sheet = self.book.add_worksheet(title[:31], worksheet_class=TableSheet)
        height = cells.height
        for at, column in enumerate(columns):
            form = (
                "open"
                if column.fill_in
                else "number"
                if column.number
                else "id"
                if column.key == "row_id"
                else "locked"
            )
            sheet.set_column(at, at, column.width, self.forms[form], {"level": 1} if column.detail else {})
            put_text(sheet, 0, at, column.title, self.forms["head_open" if column.fill_in else "head"])
        table = cells.select(
            pl.col(c.key).cast(pl.Int64 if c.number else pl.String).alias(str(at))
            for at, c in enumerate(columns)
            if c.key in cells.columns
        )
        sheet.fill(table, heights(columns, cells))
        self._frame(sheet, columns, height)
        self._help(sheet, columns, height, choice, asked)
        self._colours(sheet, columns, height)

    def _frame(self, sheet: Any, columns: Sequence[Column], height: int) -> None:
        frozen = max((n for n, c in enumerate(columns) if c.key in {"label_l", "code_l"}), default=0) + 1
        sheet.freeze_panes(1, frozen)
        sheet.autofilter(0, 0, height, len(columns) - 1)
        sheet.set_row(0, 44)
        sheet.set_zoom(90)
        sheet.set_landscape()
        sheet.set_paper(8)  # A3
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_margins(0.4, 0.4, 0.5, 0.5)
        sheet.set_footer("&L&A&R&P / &N")
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{height + 1}"})
        sheet.protect(
            "",
            {
                "autofilter": True,
                "sort": True,
                "format_columns": True,
                "format_rows": True,
                "format_cells": True,
            },
        )

    def _help(
        self, sheet: Any, columns: Sequence[Column], height: int, choice: list[str], asked: Asked | None
    ) -> None:
        at = {c.key: n for n, c in enumerate(columns)}

        def offer(key: str, texts: list[str], *, only: bool = True) -> None:
            sheet.data_validation(1, at[key], height, at[key], {
                "validate": "list", "source": self._listed(texts), "show_error": only,
                "error_message": say("workbook.input.wrong", self.language),
            })  # fmt: skip

        offer("decision", choice)
        if asked is None:
            return
        lefts = sorted(set(asked.rows["region_l"].to_list()))
        offer("relation", relations(lefts, self.language))
        offer("role", professions(self.language), only=False)
        letter = _letter(at["chosen"])
        sheet.data_validation(1, at["chosen"], height, at["chosen"], {
            "validate": "custom", "value": f"=ISTEXT({letter}2)", "error_type": "warning",
            "error_message": say("workbook.input.text", self.language),
        })  # fmt: skip
        if longest := self.longest.get(asked.entity.id, 0):
            sheet.data_validation(1, at["common_name"], height, at["common_name"], {
                "validate": "length", "criteria": "<=", "value": longest, "error_type": "warning",
                "error_message": say("workbook.input.long", self.language, n=longest),
            })  # fmt: skip

    def _listed(self, texts: list[str]) -> str:
        if texts not in self.lists:
            self.lists.append(texts)
        letter = _letter(self.lists.index(texts))
        return f"={_LISTS}!${letter}$1:${letter}${len(texts)}"

    def _colours(self, sheet: Any, columns: Sequence[Column], height: int) -> None:
        """Tint what the words already say; every rule repeats a text that stands in the cell."""
        words = {
            "severity": [(say("workbook.severity.blocking", self.language), "blocks")],
            "strength": [
                (say("workbook.strength.strong", self.language), "strong"),
                (say("workbook.strength.weak", self.language), "weak"),
                (say("workbook.strength.unclear", self.language), "weak"),
            ],
            "difference": [("≠", "differs")],
        }
        for at, column in enumerate(columns):
            rules = words.get(column.key, [])
            if column.compared:
                rules = [("≠", "differs"), ("–", "half")]
            for text, form in rules:
                sheet.conditional_format(1, at, height, at, {
                    "type": "text", "criteria": "containing", "value": text, "format": self.forms[form],
                })  # fmt: skip
            if column.fill_in:
                sheet.conditional_format(1, at, height, at, {
                    "type": "formula", "criteria": "=TRUE", "format": self.forms["yellow"],
                })  # fmt: skip
        last = len(columns) - 1
        sheet.conditional_format(
            1, 0, height, last, {"type": "formula", "criteria": "=TRUE", "format": self.forms["line"]}
        )

    def _hidden(self, issued: str) -> None:
        lists = self.book.add_worksheet(_LISTS)
        for at, texts in enumerate(self.lists):
            for row, text in enumerate(texts):
                put_text(lists, row, at, text)
        lists.hide()
        meta = self.book.add_worksheet(META)
        for row, (key, text) in enumerate({"schema": SCHEMA, "issued": issued}.items()):
            put_text(meta, row, 0, key)
            put_text(meta, row, 1, text)
        meta.very_hidden()


def _letter(column: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(column))


def _cells(rows: pl.DataFrame, columns: Sequence[Column], language: str) -> pl.DataFrame:
    """Return the texts of an entity's sheet, by the columns' keys."""
    blocks = say("workbook.severity.blocking", language)
    suggested = {
        f"suggestion_{n}": pl.concat_str(
            pl.col("suggestions").list.get(n - 1, null_on_oob=True),
            pl.when(pl.col("suggestion_labels").list.get(n - 1, null_on_oob=True) != "")
            .then(pl.lit(" | "))
            .otherwise(pl.lit("")),
            pl.col("suggestion_labels").list.get(n - 1, null_on_oob=True),
        ).fill_null("")
        for n in SUGGESTIONS
    }
    shown = rows.with_columns(
        **suggested,
        severity=pl.when("blocking").then(pl.lit(blocks)).otherwise(pl.lit("")),
        volume_l=pl.when(pl.col("code_l") != "").then("volume_l"),
        volume_r=pl.when(pl.col("code_r") != "").then("volume_r"),
        relation=_relation(rows, language),
    )
    return _shown(shown, columns)


def _shown(cells: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    return cells.select(key for key in dict.fromkeys(c.key for c in columns) if key in cells.columns)


def _relation(rows: pl.DataFrame, language: str) -> pl.Series:
    kinds = rows.select("relationship", "region_l")
    known = kinds.unique()
    told = [
        relation_text(_RELATION_OF[r], region, language) if r in _RELATION_OF else ""
        for r, region in known.rows()
    ]
    words = known.with_columns(told=pl.Series(told, dtype=pl.String))
    return kinds.join(words, on=kinds.columns, how="left", nulls_equal=True, maintain_order="left")["told"]


def _conflict_cells(rows: pl.DataFrame, columns: Sequence[Column], language: str) -> pl.DataFrame:
    """Return the texts of the conflicts sheet, by the columns' keys."""
    severity = {s.value: say(f"workbook.severity.{s.value}", language) for s in Severity}
    professions = {key: words.get(language, key) for key, words in listed("report.owner").items()}
    known = pl.col("owner").fill_null("")
    shown = rows.with_columns(
        severity=pl.col("severity").replace(severity),
        records=_short_list(rows["record_ids"], language, _as_called()),
        field="field_title",
        values=_short_list(rows["values"], language),
        annual_volume=pl.col("annual_volume").fill_null(0),
        waivable=pl.when("waivable")
        .then(pl.lit(say("workbook.text.yes", language)))
        .otherwise(pl.lit(say("workbook.text.no", language))),
        owner=known.str.to_lowercase().str.replace_all(" ", "_").replace_strict(professions, default=known),
    )
    return _shown(shown, columns).fill_null("")


def _as_called() -> pl.Expr:
    """Write a record as commands take it, ``RKL:81000``; the entity stands in the message."""
    parts = pl.element().str.splitn("/", 3)
    return pl.concat_str(parts.struct.field("field_1"), pl.lit(":"), parts.struct.field("field_2"))


def _short_list(lists: pl.Series, language: str, written: pl.Expr | None = None) -> pl.Series:
    """Write a list one per line, the first few; a cell with a thousand codes helps nobody."""
    first = lists.list.head(_LISTED)
    shown = first if written is None else first.list.eval(written)
    texts = []
    for items, count in zip(shown.to_list(), lists.list.len().to_list(), strict=True):
        lines = items or []
        if count and count > _LISTED:
            lines = [*lines, say("workbook.text.more", language, n=count - _LISTED)]
        texts.append("\n".join(lines))
    return pl.Series(texts, dtype=pl.String)
