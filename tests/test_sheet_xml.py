"""Tables written as columns of XML read back as they were."""

from __future__ import annotations

import datetime
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import polars as pl
import xlsxwriter
from python_calamine import CalamineWorkbook

from codemerge.files.sheet_xml import LONGEST, TableSheet
from codemerge.files.xlsx_book import Book

TEXTS = ["=1+1", "<a & b>", "  åäö ", "två\nrader", "_x0041_", "00123", "", None, "☃ 𝄞", "x" * (LONGEST + 5)]


def written(folder: Path, texts: list[str | None]) -> Path:
    path = folder / "t.xlsx"
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        sheet = book.add_worksheet("t", worksheet_class=TableSheet)
        sheet.set_column(0, 0, 20, book.add_format({"num_format": "@"}))
        sheet.write_string(0, 0, "head")
        table = pl.DataFrame(
            {"0": texts, "2": list(range(len(texts)))}, schema={"0": pl.String, "2": pl.Int64}
        )
        sheet.fill(table, pl.Series([16.0] * len(texts)))
    return path


def test_every_text_reads_back_as_it_was(tmp_path: Path) -> None:
    """Formulas, tags, outer spaces, line breaks, look-alike escapes and leading zeros are text."""
    path = written(tmp_path, TEXTS)
    expected = [(t or "")[: LONGEST - 1] + "…" if t and len(t) > LONGEST else t or "" for t in TEXTS]
    sheet = openpyxl.load_workbook(path).active
    seen = [(row[0].value or "", row[2].value) for row in sheet.iter_rows(min_row=2)]
    assert [text for text, _ in seen] == expected
    assert [number for _, number in seen] == list(range(len(TEXTS)))
    plain = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("t").to_python()
    assert [row[0] for row in plain[1:]][:4] == expected[:4]


def read_back(path: Path) -> list[str]:
    sheet = openpyxl.load_workbook(path).active
    return [row[0].value or "" for row in sheet.iter_rows(min_row=2)]


def test_repeated_texts_are_shared_and_read_back_the_same(tmp_path: Path) -> None:
    """A column of few different texts names each once, unless the library would take one for rich text."""
    cut = [(t or "")[: LONGEST - 1] + "…" if t and len(t) > LONGEST else t or "" for t in TEXTS]
    path = written(tmp_path, TEXTS * 40)
    with ZipFile(path) as archive:
        assert archive.read("xl/worksheets/sheet1.xml").count("åäö".encode()) == 0
        assert archive.read("xl/sharedStrings.xml").count("åäö".encode()) == 1
    assert read_back(path) == cut * 40
    assert read_back(written(tmp_path, [*TEXTS, "<r>plain</r>"] * 40)) == [*cut, "<r>plain</r>"] * 40


def test_another_level_packs_the_same_members(tmp_path: Path) -> None:
    """Only the packing differs from the library's own workbook, and no other workbook is touched."""
    members, sizes = [], []
    for number, kind in enumerate([xlsxwriter.Workbook, Book, xlsxwriter.Workbook]):
        path = tmp_path / f"{number}.xlsx"
        with kind(str(path), {"in_memory": True}) as book:
            book.set_properties({"created": datetime.datetime(2000, 1, 1)})  # noqa: DTZ001
            sheet = book.add_worksheet("t")
            for row in range(500):
                sheet.write_string(row, 0, f"row {row % 7}")
        with ZipFile(path) as archive:
            members.append({n: archive.read(n) for n in archive.namelist()})
        sizes.append(path.stat().st_size)
    assert members[0] == members[1] == members[2]
    assert sizes[0] == sizes[2] != sizes[1]


def test_control_characters_are_written_by_their_number(tmp_path: Path) -> None:
    """XML holds no control characters; spreadsheets write them as _x0001_ and read them back."""
    sheet = openpyxl.load_workbook(written(tmp_path, ["a\x01b"])).active
    assert sheet["A2"].value in {"a\x01b", "a_x0001_b"}


def test_cells_take_the_format_of_their_column(tmp_path: Path) -> None:
    """A code stays text when a person edits it: the column's text format is the cell's."""
    sheet = openpyxl.load_workbook(written(tmp_path, ["00123"])).active
    assert sheet["A2"].number_format == "@"
    assert sheet.row_dimensions[2].height == 16
