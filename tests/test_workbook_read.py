"""A returned workbook is looked at before it is opened, and its cells keep what became of them."""

from __future__ import annotations

import datetime

import openpyxl
import pytest
import xlsxwriter

from codemerge.errors import BadInputError
from codemerge.files.workbook_read import Cell, read_returned
from codemerge.rules.words import describe
from tests.workbook_desk import Desk, fill
from tests.workbooks import cell, raw, sheet


def problems_of(path) -> list[str]:
    with pytest.raises(BadInputError) as wrong:
        read_returned(path)
    assert all("{" not in describe(p, language) for p in wrong.value.problems for language in ("sv", "en"))
    return [p.kind for p in wrong.value.problems]


def made(path, *cells, sheet="Blad"):
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet(sheet)
        for row, column, value in cells:
            page.write(row, column, value)
    return path


def test_a_lone_value_far_away_is_refused_before_it_claims_all_memory(tmp_path):
    head = [(0, 0, "Rad-id"), (0, 1, "Beslut")]
    assert problems_of(made(tmp_path / "far.xlsx", *head, (1_048_575, 16_383, "x"))) == ["xlsx.used_area"]


def test_what_isnt_a_workbook_is_said(tmp_path):
    for name, data, kind in [
        ("old.xls", b"\xd0\xcf\x11\xe0" + b"0" * 600, "review.not_a_workbook"),
        ("page.xls", b"<html><table></table></html>", "review.not_a_workbook"),
        ("list.csv", b"kod;namn\n1;x\n", "review.no_row_ids"),
        ("cut.xlsx", b"PK\x03\x04cut", "xlsx.damaged"),
        ("binary.csv", bytes(range(256)) * 20, "review.undecodable"),
    ]:
        (tmp_path / name).write_bytes(data)
        assert problems_of(tmp_path / name) == [kind], name
    assert problems_of(tmp_path / "none.xlsx") == ["review.missing_file"]


def test_a_sheet_without_its_decision_column_is_refused_and_a_doubled_one_too(tmp_path):
    assert problems_of(made(tmp_path / "a.xlsx", (0, 0, "Rad-id"), (0, 1, "Beslutat"))) == [
        "review.no_decision_column"
    ]
    twice = [(0, 0, "Rad-id"), (0, 1, "Beslut"), (0, 2, "beslut ")]
    assert problems_of(made(tmp_path / "b.xlsx", *twice)) == ["review.column_twice"]


def test_cells_keep_what_became_of_them(tmp_path):
    path = tmp_path / "cells.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("Blad")
        zeros, day = book.add_format({"num_format": "00000"}), book.add_format({"num_format": "yyyy-mm-dd"})
        page.write_row(0, 0, ["Rad-id", "Beslut", "Vald kod"])
        for row in range(1, 8):
            page.write_string(row, 0, f"00000{row}-0123456789")
            page.write_string(row, 1, "Annan kod (ange)")
        page.write_string(1, 2, "00123")
        page.write_number(2, 2, 123)
        page.write_number(3, 2, 123, zeros)
        page.write_datetime(4, 2, datetime.date(2026, 2, 1), day)
        page.write_boolean(5, 2, True)
        page.write_formula(6, 2, "=1+1", None, 2)
        page.write_formula(7, 2, "=NA()", None, "#N/A")
    cells = [row.filled.get("chosen") for row in read_returned(path).rows]
    assert cells == [
        Cell("00123"),
        Cell("123", "number"),
        Cell("00123"),
        Cell("2026-02-01", "date"),
        Cell("TRUE", "flag"),
        Cell("2.0", "formula"),
        Cell("", "error"),
    ]


def test_a_formula_that_nobody_calculated_is_seen_and_one_that_came_to_nothing_is_blank(tmp_path):
    """Also beside an empty cell that only has a format: a script wrote them, or a program that doesn't reckon."""
    ids = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>00000{n}-0123456789</t></is></c>{more}</row>'
        for n, more in enumerate(
            [
                '<c r="B2" s="0"/><c r="C2"><f>1+1</f></c>',
                '<c s="0" r="B3"><f>A1</f><v></v></c>',
                '<c r="B4" t="str"><f>IF(1,"","x")</f><v></v></c>',
                '<c r="B5" t="str"><f>"Utg"&amp;"år"</f><v>Utgår</v></c>',
            ],
            2,
        )
    )
    head = "".join(cell(f"{c}1", t) for c, t in zip("ABC", ("Rad-id", "Beslut", "Kommentar"), strict=True))
    (tmp_path / "f.xlsx").write_bytes(raw(sheet(f'<row r="1">{head}</row>{ids}')))
    rows = read_returned(tmp_path / "f.xlsx").rows
    assert [dict(r.filled) for r in rows] == [
        {"comment": Cell("", "formula")},
        {"decision": Cell("", "formula")},
        {},
        {"decision": Cell("Utgår", "formula")},
    ]


def test_a_text_larger_than_any_cell_is_refused_in_words(tmp_path):
    """As a quote that is never closed makes one; the file isn't half read."""
    text = f'Rad-id;Beslut;Kommentar\n000001-0123456789;Osäker;"{"k" * 140_000}\n'
    (tmp_path / "long.csv").write_text(text, encoding="utf-8")
    assert problems_of(tmp_path / "long.csv") == ["csv.huge_field"]


def test_rows_say_the_line_that_the_program_shows_even_below_a_title(tmp_path):
    path = made(
        tmp_path / "below.xlsx",
        (0, 0, "Anna har svarat"),
        (3, 1, "Rad-id"),
        (3, 2, "Beslut"),
        (4, 1, "000001-0123456789"),
        (4, 2, "Utgår"),
    )
    assert [(r.line, r.row_id) for r in read_returned(path).rows] == [(5, "000001-0123456789")]


def test_columns_may_move_and_sheets_be_renamed(tmp_path):
    desk = Desk(tmp_path)
    fill(desk.book, {"A kod": "007"}, {"Beslut": "Godkänn förslag 1", "Bedömare": "Anna"})
    book = openpyxl.load_workbook(desk.book)
    sheet = book["Hyllor"]
    rows = [[c.value for c in row] for row in sheet.iter_rows()]
    moved = book.create_sheet("Annas svar")
    for n, row in enumerate(rows, 1):
        for m, value in enumerate(reversed(row), 1):
            cell = moved.cell(n, m, value)
            cell.data_type = "s" if isinstance(value, str) else cell.data_type
    del book["Hyllor"], book["_lists"], book["_meta"]
    book.save(desk.book)
    result = desk.send()
    assert (result.count("taken"), result.count("refused")) == (1, 0)
