"""A workbook that has been through an office suite comes back with every decision and every code."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from codemerge.files.decisions import read_decisions
from codemerge.files.review_import import import_review
from tests.review_world import NASTY, nasty_run
from tests.workbook_desk import at, export, table

ON = "2026-11-22"
SOFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) isn't installed")
ALL_SHEETS = "csv:Text - txt - csv (StarCalc):{mark},34,{charset},1,,0,false,true,false,false,false,-1"


def answered(root: Path, choice: str = "Annan kod (ange)") -> Path:
    """A workbook where every row has been answered, half of them with a typed code."""
    book = export(at(nasty_run(), root), root / "out")
    open_book = openpyxl.load_workbook(book)
    sheet = open_book["Hyllor"]
    head = {c.value: c.column for c in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        typed = sheet.cell(row, head["Vald kod"])
        typed.value = sheet.cell(row, head["A kod"]).value
        typed.data_type = "s"
        sheet.cell(row, head["Beslut"]).value = choice
        sheet.cell(row, head["Bedömare"]).value = "Anna"
    for line in sheet.iter_rows(min_row=2):
        for cell in line:
            if isinstance(cell.value, str) and "_x0041_" in cell.value:
                cell.value = cell.value.replace("_x", "_x005F_x")  # openpyxl writes such a text unescaped
    open_book.save(book)
    return book


def decided(root: Path) -> list[tuple[str, str]]:
    rows = read_decisions(root / "decisions").decisions.rows(named=True)
    return sorted((d["code_l"], d["code_r"]) for d in rows)


EVERY = sorted((c, c) for c in NASTY)


def office(book: Path, form: str, out: Path) -> list[Path]:
    out.mkdir(exist_ok=True)
    profile = f"-env:UserInstallation=file://{out}/profile"
    subprocess.run(
        [SOFFICE, profile, "--headless", "--convert-to", form, "--outdir", str(out), str(book)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return sorted(p for p in out.iterdir() if p.is_file())


def test_every_nasty_code_survives_a_whole_cycle(tmp_path):
    result = import_review([answered(tmp_path)], at(nasty_run(), tmp_path), ON)
    assert [o.problem for o in result.outcomes if o.problem] == []
    assert decided(tmp_path) == EVERY


@needs_office
def test_resaved_as_xlsx_every_decision_comes_back(tmp_path):
    saved = office(answered(tmp_path), "xlsx", tmp_path / "lo")
    result = import_review(saved, at(nasty_run(), tmp_path), ON)
    assert [o.problem for o in result.outcomes if o.problem] == []
    assert decided(tmp_path) == EVERY


@needs_office
@pytest.mark.parametrize(
    ("mark", "charset"), [(44, 76), (59, 76), (9, 76)], ids=["comma", "semicolon", "tab"]
)
def test_saved_as_csv_every_decision_comes_back(tmp_path, mark, charset):
    form = ALL_SHEETS.format(mark=mark, charset=charset)
    saved = [p for p in office(answered(tmp_path), form, tmp_path / "lo") if "Hyllor" in p.name]
    result = import_review(saved, at(nasty_run(), tmp_path), ON)
    assert [o.problem for o in result.outcomes if o.problem] == []
    assert decided(tmp_path) == EVERY


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_csv_as_spreadsheets_save_it_is_read(tmp_path, encoding, mark):
    book = answered(tmp_path)
    plain = [c for c in NASTY if c.isascii() and "_x" not in c]  # openpyxl reads _x0041_ as A
    rows = [r for r in table(book) if r["A kod"] in plain]
    text = io.StringIO(newline="")
    out = csv.writer(text, delimiter=mark, lineterminator="\r\n")
    head = [h for h in rows[0] if h != "_sheet"]
    out.writerow(head)
    out.writerows([["" if r[h] is None else str(r[h]).replace("≠", "/") for h in head] for r in rows])
    saved = tmp_path / "sparad.csv"
    saved.write_bytes(text.getvalue().encode(encoding))
    result = import_review([saved], at(nasty_run(), tmp_path), ON)
    assert [o.problem for o in result.outcomes if o.problem] == []
    assert decided(tmp_path) == [p for p in EVERY if p[0] in plain]


def test_the_same_rows_are_the_same_bytes_and_tell_nothing_of_the_machine(tmp_path):
    one = export(at(nasty_run(), tmp_path / "a"), tmp_path / "a").read_bytes()
    other = export(at(nasty_run(), tmp_path / "b"), tmp_path / "b").read_bytes()
    assert one == other
    book = openpyxl.load_workbook(tmp_path / "a" / "review.xlsx")
    assert (book.properties.creator or "", book.properties.lastModifiedBy or "") == ("", "")
    assert os.fsencode(str(tmp_path)) not in one


def test_nothing_in_a_workbook_is_a_formula_or_a_link(tmp_path):
    for sheet in openpyxl.load_workbook(export(at(nasty_run(), tmp_path), tmp_path)).worksheets:
        for row in sheet.iter_rows():
            assert all(c.data_type != "f" and c.hyperlink is None for c in row)
