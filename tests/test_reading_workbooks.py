"""Workbooks are checked before they are opened; what a spreadsheet did to codes is told."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codemerge.errors import BadInputError
from codemerge.rules.words import describe
from tests.reading_desk import only, read_gadgets
from tests.workbooks import PLAIN, cell, raw, sheet, written

FAR = sheet(f'<row r="1">{cell("A1", "Kod")}</row><row r="1048576">{cell("XFD1048576", "x")}</row>')
BLANK_FAR = PLAIN.replace("</sheetData>", '<row r="1048576"><c r="XFD1048576"/></row></sheetData>')
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512
XML_2003 = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'


def refused(folder: Path, data: bytes, name: str = "in.xlsx", **source: object) -> list[str]:
    (folder / name).write_bytes(data)
    with pytest.raises(BadInputError) as error:
        read_gadgets(folder, name, **source)
    for problem in error.value.problems:
        for language in ("sv", "en"):
            assert "{" not in describe(problem, language)
    return [p.kind for p in error.value.problems]


def test_a_lone_value_in_the_farthest_cell_is_refused_before_anything_opens(tmp_path):
    """Fault 27: the reader would claim 17 billion cells and be killed."""
    assert refused(tmp_path, raw(FAR)) == ["xlsx.used_area"]


def _two(first: str, second: str) -> str:
    return sheet(f'<row r="1">{cell("A1", "Kod")}</row><row r="2">{first}{second}</row>')


@pytest.mark.parametrize(
    "rows",
    [
        _two(cell("A2", "001"), cell("A2", "002")),
        _two(cell("B2", "DT"), cell("A2", "001")),
        _two(cell("A2", "001"), cell("B3", "DT")),
        _two(cell("A2", "001"), cell("DUCKA2", "DT")),
        _two(cell("A2", "001"), cell("XFE2", "DT")),
        _two(cell("A2", "001"), cell("B0", "DT")),
        sheet(f'<row r="2">{cell("A2", "Kod")}</row><row r="2">{cell("A2", "001")}</row>'),
        sheet(f'<row r="1048577">{cell("A1048577", "Kod")}</row>'),
    ],
    ids=[
        "a cell twice",
        "out of order",
        "out of its row",
        "DUCKA",
        "after XFD",
        "row 0",
        "a row twice",
        "after the last",
    ],
)
def test_a_cell_that_would_cover_another_or_that_no_sheet_has_is_damage(tmp_path, rows):
    """Found by fuzzing and by hand: one of two values would be lost in silence, or memory claimed."""
    assert refused(tmp_path, raw(rows)) == ["xlsx.damaged"]


def test_formatted_blanks_far_away_are_accepted(tmp_path):
    """Fault 28."""
    (tmp_path / "in.xlsx").write_bytes(raw(BLANK_FAR))
    assert read_gadgets(tmp_path, "in.xlsx").rows["gadget"].height == 1


@pytest.mark.parametrize(
    ("more", "kinds"),
    [
        ([("xl/sharedStrings.xml", "<sst>" + " " * (60 << 20) + "</sst>")], ["xlsx.bomb"]),
        ([("xl/sharedStrings.xml", '<!DOCTYPE x [<!ENTITY a "b">]><sst/>')], ["xlsx.doctype"]),
        ([("xl/sharedStrings.xml", "<!DOCTYPE x><sst/>".encode("utf-16"))], ["xlsx.doctype"]),
        ([("xl/worksheets/sheet1.xml", PLAIN)], ["xlsx.entries"]),
        ([("xl/../../evil.xml", "<a/>")], ["xlsx.entries"]),
        ([("xl/vbaProject.bin", b"x")], ["xlsx.macros"]),
    ],
    ids=[
        "29 a zip bomb",
        "30 billion laughs",
        "30 in UTF-16",
        "31 a part twice",
        "31 a path upwards",
        "35 macros",
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_hostile_containers_are_refused(tmp_path, more, kinds):
    assert refused(tmp_path, raw(PLAIN, more)) == kinds


def test_a_size_that_lies_is_found_while_streaming(tmp_path):
    """Fault 31: the directory says 100 bytes, the part holds more."""
    data = bytearray(raw(PLAIN))
    with zipfile.ZipFile(tmp_path / "x", "w") as other:
        other.writestr("a", "b")
    size = len(PLAIN).to_bytes(4, "little")
    assert bytes(data).count(size) >= 1
    changed = bytes(data).replace(size, (100).to_bytes(4, "little"))
    assert refused(tmp_path, changed) == ["xlsx.damaged"]


@pytest.mark.parametrize("cut", [40, 400, -30])
def test_a_cut_off_workbook_is_called_damaged(tmp_path, cut):
    """Fault 32."""
    assert refused(tmp_path, raw(PLAIN)[:cut]) == ["xlsx.damaged"]


@settings(max_examples=60)
@given(place=st.integers(0, 2_000), byte=st.integers(0, 255))
def test_one_flipped_byte_is_never_a_traceback(place, byte, tmp_path_factory):
    folder = tmp_path_factory.mktemp("flip")
    data = bytearray(raw(PLAIN))
    data[place % len(data)] = byte
    (folder / "in.xlsx").write_bytes(bytes(data))
    try:
        read_gadgets(folder, "in.xlsx")
    except BadInputError as error:
        assert error.problems


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.xlsx", b"Kod;Namn\n001;DT\n", "source.is_text"),
        ("a.xls", b"<html><table></table></html>", "source.is_html"),
        (
            "a.xls",
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "source.is_xml_2003",
        ),
        ("a.xls", OLD_OFFICE, "source.is_old_office"),
        ("a.xlsx", OLD_OFFICE, "source.is_old_office"),
        ("a.xlsx", b"%PDF-1.7", "source.is_pdf"),
        ("a.xlsx", b"", "csv.empty"),
        ("a.csv", raw(), "source.is_xlsx"),
        ("a.xls", raw(), "xlsx.misnamed"),
        ("a.csv", b"\x1f\x8b\x08\x00", "source.is_gzip"),
    ],
)
def test_a_file_is_named_for_what_it_is(tmp_path, name, data, kind):
    """Faults 33, 34, 36."""
    assert refused(tmp_path, data, name) == [kind]


def test_the_sheet_with_the_catalog_is_found_and_rows_are_numbered_as_on_screen(tmp_path):
    """Fault 38: title rows, an empty first column, a cover sheet before it, a note after it."""
    written(
        tmp_path / "in.xlsx",
        {
            "Om": [["Utdrag"], ["Skapad av systemet"]],
            "Lista": [
                [],
                [None, "Undersökningar"],
                [],
                [None, "Kod", "Namn"],
                [None, "001", "DT"],
                [],
                [None, "002", "MR"],
            ],
        },
    )
    read = read_gadgets(tmp_path, "in.xlsx")
    assert read.inputs[0].sheet == "Lista"
    assert read.rows["gadget"].select("code", "label", "line").rows() == [("001", "DT", 5), ("002", "MR", 7)]


def test_hidden_missing_and_rival_sheets_are_told(tmp_path):
    """Fault 37."""
    table = [["Kod", "Namn"], ["001", "DT"]]
    written(tmp_path / "in.xlsx", {"A": table, "B": table, "Dold": table}, hide=["Dold"])
    data = (tmp_path / "in.xlsx").read_bytes()
    assert refused(tmp_path, data) == ["xlsx.several_sheets"]
    assert refused(tmp_path, data, sheet="C") == ["xlsx.no_sheet"]
    assert read_gadgets(tmp_path, "in.xlsx", sheet="Dold").rows["gadget"].height == 1


def test_numbers_where_codes_were_meant_are_told_by_line_and_value(tmp_path):
    """Fault 39: zeros may be gone; nothing is put back by guessing."""
    rows = [
        ["Kod", "Namn", "Price"],
        ["00123", "a", 2.5],
        [4100, "b", 3],
        [dt.date(2026, 2, 1), "c", 4],
        [1e20, "d", 5],
        [True, "e", 6],
    ]
    path = tmp_path / "in.xlsx"
    written(path, {"A": [[(v, "yyyy-mm-dd") if isinstance(v, dt.date) else v for v in row] for row in rows]})
    read = read_gadgets(tmp_path, "in.xlsx")
    frame = read.rows["gadget"]
    assert frame["code"].to_list() == ["00123", "4100", "2026-02-01", "100000000000000000000", "TRUE"]
    assert frame["price"].to_list() == ["2.5", "3", "4", "5", "6"]
    note = only(read.notes, "xlsx.number_in_code")
    place = {"region": "A", "entity": "gadget", "field": "code"}
    assert dict(note.values) == {**place, "count": 1, "found": "4100", "lines": "3", "cells": ((3, "4100"),)}
    assert only(read.notes, "xlsx.date_in_code").values["cells"] == ((4, "2026-02-01"),)
    assert only(read.notes, "xlsx.scientific_in_code").line == 5
    assert only(read.notes, "xlsx.logical_in_code").line == 6


def test_zeros_kept_by_a_number_format_come_back_and_that_is_told(tmp_path):
    """Fault 40."""
    written(
        tmp_path / "in.xlsx",
        {"A": [["Kod", "Namn"], [(123, "00000"), "a"], [(7, "00000"), "b"], [(8, "0.00"), "c"]]},
    )
    read = read_gadgets(tmp_path, "in.xlsx")
    assert read.rows["gadget"]["code"].to_list() == ["00123", "00007", "8"]
    assert only(read.notes, "xlsx.zeros_recovered").values["count"] == 2
    assert only(read.notes, "xlsx.number_in_code").values["count"] == 1


def test_error_cells_are_listed_and_uncalculated_formulas_refused(tmp_path):
    """Fault 41: both would look blank, or like zero."""
    rows = '<row r="{0}">{1}</row>'.format
    header = rows(1, cell("A1", "Kod") + cell("B1", "Namn"))
    errors = sheet(header + rows(2, cell("A2", "001") + '<c r="B2" t="e"><v>#N/A</v></c>'))
    (tmp_path / "in.xlsx").write_bytes(raw(errors))
    read = read_gadgets(tmp_path, "in.xlsx")
    note = only(read.notes, "xlsx.error_cells")
    assert (note.line, note.column, note.values["found"]) == (2, "Namn", "B2")
    formulas = sheet(header + rows(2, cell("A2", "001") + '<c r="B2"><f>1+1</f></c>'))
    assert refused(tmp_path, raw(formulas)) == ["xlsx.uncalculated"]


def test_hidden_rows_links_and_an_open_workbook_are_noted(tmp_path):
    """Faults 35, 42, 43."""
    hidden = PLAIN.replace('<row r="2">', '<row r="2" hidden="1">')
    (tmp_path / "in.xlsx").write_bytes(raw(hidden, [("xl/externalLinks/externalLink1.xml", "<a/>")]))
    (tmp_path / "~$in.xlsx").write_bytes(b"x")
    read = read_gadgets(tmp_path, "in.xlsx")
    assert [n.kind for n in read.notes] == ["xlsx.open_elsewhere", "xlsx.external_links", "xlsx.hidden_rows"]
    assert read.rows["gadget"].height == 1


def test_cells_without_places_and_prefixed_names_are_read_alike(tmp_path):
    """Some programs leave out ``r`` or write ``x:row``; the check must see what the reader sees."""
    bare = re.sub(r' r="[A-Z]?\d"', "", PLAIN)
    (tmp_path / "in.xlsx").write_bytes(raw(bare))
    assert read_gadgets(tmp_path, "in.xlsx").rows["gadget"]["code"].to_list() == ["001"]


def test_formulas_in_texts_stay_texts(tmp_path):
    written(tmp_path / "in.xlsx", {"A": [["Kod", "Namn"], ["001", "=cmd|' /C calc'!A0"], ["002", "@SUM(1)"]]})
    assert read_gadgets(tmp_path, "in.xlsx").rows["gadget"]["label"].to_list() == [
        "=cmd|' /C calc'!A0",
        "@SUM(1)",
    ]


def test_a_footer_in_a_sheet_is_left_out_and_its_count_checked(tmp_path):
    table = [["Kod", "Namn", "Price"], ["001", "DT", "1"], ["002", "MR", "2"]]
    written(tmp_path / "in.xlsx", {"A": [*table, [], ["Antal rader: 2"]]})
    read = read_gadgets(tmp_path, "in.xlsx")
    assert read.rows["gadget"].height == 2
    assert only(read.notes, "csv.footer").line == 5
    written(tmp_path / "in.xlsx", {"A": [*table, [], ["Antal rader:", 3]]})
    assert refused(tmp_path, (tmp_path / "in.xlsx").read_bytes()) == ["csv.footer_count"]
