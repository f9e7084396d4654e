"""Who is asked what: one row per record and region with something to judge, and how it is worded."""

from __future__ import annotations

from dataclasses import replace

import openpyxl
import polars as pl
import pytest

from codemerge.answers.review_rows import review_rows
from codemerge.files.workbook_layout import mapping_columns
from codemerge.files.workbook_write import parts_of, split_parts
from codemerge.model import Relationship
from codemerge.tables import MAPPINGS, conform
from tests.review_world import mapping, records, run_of, shelf, small_run
from tests.workbook_desk import Desk, at, export, table


def asked(run, entity="shelf", language="sv") -> list[dict]:
    review = review_rows(run, language)
    return next(a.rows.to_dicts() for a in review.asked if a.entity.id == entity)


def test_rows_stand_in_the_order_they_help_most():
    rows = asked(small_run())
    assert [(r["code_l"], r["code_r"], r["blocking"]) for r in rows if r["state"] == "open"] == [
        ("", "@x", True),
        ("=1+1", "", True),
        ("007", "00123", False),
        ("1-2", "-12", False),
    ]


def test_a_certain_pair_is_done_and_an_unseen_right_record_has_a_row_of_its_own():
    rows = {(r["code_l"], r["code_r"]): r for r in asked(small_run())}
    assert rows["810E0", "1E5"]["state"] == "done"
    assert rows["", "@x"]["side"] == "r"
    assert ("", "TRUE") not in rows  # it stands as second suggestion, and no conflict names it


def test_difference_is_said_in_words_in_both_languages():
    rows = {r["code_l"]: r for r in asked(small_run())}
    assert rows["007"]["difference"] == "Kontrast: med ≠ utan"
    assert rows["1-2"]["difference"] == "Sida: höger sägs bara hos A"
    english = {r["code_l"]: r for r in asked(small_run(), language="en")}
    assert english["1-2"]["difference"] == "Sida: right is said by A only"
    assert rows["007"]["aspect_contrast"] == "med ≠ utan"
    assert rows["1-2"]["aspect_laterality"] == "höger / –"
    assert rows["007"]["aspect_modality"] == "DT"


def test_up_to_three_suggestions_are_numbered_and_unlikely_ones_left_out():
    s = shelf()
    frame = records(s, *({"region": r, "code": str(n), "label": f"sak {n}"} for r in "AB" for n in range(6)))
    said = [
        mapping("shelf", "A:1", f"B:{n}", rank=n + 1, confidence=c)
        for n, c in enumerate([0.3, 0.2, 0.1, 0.05, 0.0001])
    ]
    row = asked(run_of((s,), {"shelf": frame}, said))[0]
    assert row["suggestions"] == ["0", "1", "2"]
    assert row["suggestion_labels"] == ["sak 0", "sak 1", "sak 2"]


def test_candidates_below_the_pages_threshold_ask_nothing():
    s = shelf()
    frame = records(s, {"region": "A", "code": "1", "label": "x"}, {"region": "B", "code": "2", "label": "y"})
    run = run_of((s,), {"shelf": frame}, [mapping("shelf", "A:1", "B:2", confidence=0.1)])
    assert asked(run) == []
    assert review_rows(run, "sv").asked[0].rest == 1


def test_a_proposed_split_is_told_and_taken_by_choosing_it(tmp_path):
    class Splitting(Desk):
        @property
        def run(self):
            run = small_run()
            wide = {"relationship": Relationship.BROADER.value, "status": "review", "confidence": 0.5}
            said = pl.DataFrame(
                [
                    mapping(
                        "shelf", "A:1-2", "B:-12", **wide, justification="split:one:laterality=R not_certain"
                    ),
                    mapping("shelf", "A:1-2", "B:TRUE", **wide, justification="split:one:laterality=L"),
                ],
                schema_overrides=MAPPINGS.columns,
            )
            return at(replace(run, mappings=conform(said, MAPPINGS)), self.root)

    desk = Splitting(tmp_path)
    row = next(r for r in table(desk.book) if r.get("A kod") == "1-2")
    assert "föreslås delas upp: -12 ; laterality=R, TRUE ; laterality=L" in row["Varför"]
    desk.answer("1-2", {"Beslut": "Delas upp"}).send()
    assert [(d["code_r"], d["condition"]) for d in desk.decisions] == [
        ("-12", "laterality=R"),
        ("TRUE", "laterality=L"),
    ]


def test_a_row_asked_again_after_a_decision_is_a_new_row(tmp_path):
    desk = Desk(tmp_path)
    before = {r["A kod"]: r["Rad-id"] for r in table(desk.book) if r.get("A kod")}
    desk.answer("007", {"Beslut": "Osäker"}).send()
    after = {r["A kod"]: r["Rad-id"] for r in table(desk.write()) if r.get("A kod")}
    assert before["007"] != after["007"]
    assert before["1-2"] == after["1-2"]


def test_people_stand_in_a_workbook_of_their_own_and_nowhere_else(tmp_path):
    parts = parts_of(review_rows(small_run(), "sv"))
    assert [(p.name, [a.entity.id for a in p.asked]) for p in parts] == [
        ("", ["shelf"]),
        ("staff", ["staff"]),
    ]
    book = export(at(small_run(), tmp_path), tmp_path)
    assert "Anna Ek" not in str(table(book))
    assert "Anna Ek" in str(table(tmp_path / "review-staff.xlsx"))


def test_a_review_is_split_by_facet_and_by_profession():
    run = small_run()
    review = review_rows(run, "sv")
    by_facet = {p.name: sum(a.rows.height for a in p.asked) for p in split_parts(review, run, "modality")}
    assert by_facet == {"CT": 3, "MR": 1, "_": 1, "staff-_": 1}
    by_role = [p.name for p in split_parts(review, run, "role")]
    assert by_role == ["nobody", "radiologist", "staff-nobody"]
    assert sum(p.conflicts.height for p in split_parts(review, run, "role")) == review.conflicts.height


def test_three_regions_stand_on_one_sheet_with_the_regions_named(tmp_path):
    s = shelf()
    frame = records(s, *({"region": r, "code": f"{r}1", "label": "sak", "volume": 5} for r in "ABC"))
    said = [
        mapping("shelf", "A:A1", "B:B1", status="review", confidence=0.6),
        mapping("shelf", "A:A1", "C:C1", status="review", confidence=0.5),
        mapping("shelf", "B:B1", "C:C1", status="review", confidence=0.4),
    ]
    run = run_of((s,), {"shelf": frame}, said, regions=("A", "B", "C"))
    rows = table(export(at(run, tmp_path), tmp_path))
    assert [(r["Region 1"], r["Region 1 kod"], r["Region 2"], r["Region 2 kod"]) for r in rows] == [
        ("B", "B1", "C", "C1"),
        ("A", "A1", "C", "C1"),
        ("A", "A1", "B", "B1"),
    ]


@pytest.mark.parametrize(
    ("language", "headers"),
    [
        (
            "sv",
            [
                "Rad-id",
                "Beslut",
                "Samband",
                "Vald kod",
                "Gemensam benämning",
                "Kommentar",
                "Bedömare",
                "Roll",
            ],
        ),
        (
            "en",
            ["Row id", "Decision", "Relation", "Chosen code", "Common name", "Comment", "Reviewer", "Role"],
        ),
    ],
)
def test_headers_drop_downs_and_locks_are_as_the_contract_says(tmp_path, language, headers):
    book = openpyxl.load_workbook(export(at(small_run(), tmp_path), tmp_path, language))
    sheet = book.worksheets[1]
    head = [c.value for c in sheet[1]]
    assert [h for h in head if h in headers] == headers
    assert sheet.protection.sheet
    assert not sheet.protection.password
    open_columns = {
        c.value for c in sheet[1] if not sheet.column_dimensions[c.column_letter].protection.locked
    }
    assert open_columns == set(headers[1:])
    lists = [v for v in sheet.data_validations.dataValidation if v.type == "list"]
    assert len(lists) == 3  # decision, relation, role
    assert all(v.formula1.startswith("_lists!") for v in lists)
    assert book["_lists"].sheet_state == "hidden"
    assert sheet.freeze_panes == "D2"
    assert sheet.auto_filter.ref


def test_conflicts_that_a_row_asks_about_arent_asked_about_twice():
    review = review_rows(small_run(), "sv")
    assert review.conflicts["check"].to_list() == ["EXM-001"]


def test_columns_of_suggestions_that_nobody_has_are_left_out_also_where_there_is_no_row(tmp_path):
    run = at(small_run(), tmp_path)
    found = {a.entity.id: [c.title for c in mapping_columns(a, "sv")] for a in review_rows(run, "sv").asked}
    assert {"Förslag 1", "Förslag 2"} <= set(found["shelf"])
    assert "Förslag 3" not in found["shelf"]
    assert "Förslag 2" not in found["staff"]
    empty = review_rows(run, "sv").asked[0]
    none = replace(empty, rows=empty.rows.clear())
    assert "Förslag 1" in [c.title for c in mapping_columns(none, "sv")]
