"""Each region gets its changes to print: old code, new code, name, from when; one sheet per profession."""

from __future__ import annotations

import openpyxl

from codemerge.answers.change_lists import change_list
from codemerge.files.change_books import write_change_books
from tests.small_runs import small_run


def test_every_change_of_a_region_stands_in_its_book_and_text_stays_text(tmp_path):
    run = small_run()
    written = write_change_books(run, tmp_path)
    assert [p.name for p in written] == ["changes_b.xlsx", "changes_a.xlsx"]
    for region, path in zip(run.project.regions, written, strict=True):
        rows = [
            row for sheet in openpyxl.load_workbook(path).worksheets for row in sheet.iter_rows(min_row=2)
        ]
        assert len(rows) == change_list(run, region, None).height
        assert all(cell.data_type != "f" for row in rows for cell in row)


def test_the_same_run_gives_the_same_bytes(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    one, other = (write_change_books(small_run(), tmp_path / n) for n in ("one", "other"))
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in other]
