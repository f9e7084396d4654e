"""What people write in the workbook becomes decisions; what can't be understood is said, never guessed."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from codemerge.errors import BadInputError
from codemerge.files.review_import import Imported
from tests.workbook_desk import ON, Desk, export, fill, table


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def kinds(result: Imported) -> list[str]:
    return [o.problem.kind for o in result.outcomes if o.problem]


def test_an_untouched_workbook_says_nothing(desk):
    result = desk.send()
    assert (result.outcomes, result.written, result.exit_code) == ((), None, 0)
    assert result.blank == 6


def test_an_accepted_suggestion_is_kept_with_name_day_and_evidence(desk):
    result = desk.answer("007", {"Beslut": "Godkänn förslag 1", "Gemensam benämning": "DT buk"}).send()
    assert (result.count("taken"), result.exit_code) == (1, 0)
    said = desk.decisions[0]
    assert (said["code_l"], said["code_r"], said["verdict"], said["relationship"]) == (
        "007",
        "00123",
        "accept",
        "equivalent",
    )
    assert (said["reviewer"], said["decided_on"], said["common_name"]) == ("Anna", ON, "DT buk")
    assert "-" in said["evidence"]


def test_importing_twice_changes_nothing(desk):
    desk.answer("007", {"Beslut": "Godkänn förslag 1"}).send()
    before = desk.decisions
    again = desk.send()
    assert (again.count("unchanged"), again.written) == (1, None)
    assert desk.decisions == before


ANSWERS = tomllib.loads((Path(__file__).parent / "cases" / "review_answers.toml").read_text(encoding="utf-8"))
VERDICTS = [(c["code"], c["answers"], tuple(c["says"])) for c in ANSWERS["taken"]]
REFUSALS = [
    (c["code"], {k: v or None for k, v in c["answers"].items()}, c["kind"]) for c in ANSWERS["refused"]
]


@pytest.mark.parametrize(("code", "answers", "expected"), VERDICTS, ids=lambda v: str(v)[:50])
def test_every_choice_means_what_the_contract_says(desk, code, answers, expected):
    result = desk.answer(code, answers).send()
    assert kinds(result) == []
    said = desk.decisions[0]
    assert (said["code_r"], said["verdict"], said["relationship"]) == expected


def test_a_split_becomes_several_rows_of_one_group_with_their_conditions(desk):
    desk.answer(
        "1-2", {"Beslut": "Delas upp", "Vald kod": "-12 ; höger\nTRUE | DT knä vänster ; left"}
    ).send()
    said = desk.decisions
    assert [(d["code_r"], d["combine"], d["condition"]) for d in said] == [
        ("-12", "one", "laterality=R"),
        ("TRUE", "one", "laterality=L"),
    ]
    assert len({d["group"] for d in said}) == 1
    assert {d["relationship"] for d in said} == {"source-is-broader-than-target"}


@pytest.mark.parametrize(("code", "answers", "kind"), REFUSALS, ids=[r[2] for r in REFUSALS])
def test_what_cant_be_understood_is_refused_by_name_and_the_rest_is_taken(desk, code, answers, kind):
    desk.answer("1-2", {"Beslut": "Godkänn förslag 1"})
    result = desk.answer(code, answers).send()
    assert kinds(result) == [kind]
    assert (result.count("taken"), result.exit_code, len(desk.decisions)) == (1, 1, 1)
    for language in ("sv", "en"):
        assert "{" not in result.text(language).replace("{region}", "!")


def test_a_locked_code_that_lost_its_zeros_is_ignored_and_told(desk):
    result = desk.answer("007", {"Beslut": "Godkänn förslag 1", "A kod": 7}).send()
    assert result.count("taken") == 1
    assert [n.kind for n in result.notes] == ["review.cells_ignored"]
    assert desk.decisions[0]["code_l"] == "007"


def test_conflicts_are_decided_on_their_own_sheet(desk):
    where = {"Kontroll": "EXM-001"}
    fill(desk.book, where, {"Beslut": "Godta undantag", "Bedömare": "Bo"})
    assert kinds(desk.send()) == ["review.no_reason"]
    fill(desk.book, where, {"Motivering": "räcker till nyår", "Gäller t.o.m.": "2026-12-31"})
    assert kinds(desk.send()) == []
    said = desk.decisions[0]
    assert (said["conflict_id"], said["verdict"], said["valid_until"], said["note"]) == (
        "c1",
        "waive",
        "2026-12-31",
        "räcker till nyår",
    )
    fill(desk.book, where, {"Beslut": "Rättas i källan", "Ansvarig": "Bo", "Klart senast": "i morgon"})
    assert kinds(desk.send()) == ["review.bad_date"]


def test_a_code_that_resembles_none_is_told_without_a_nearest_one_and_the_region_is_named(desk):
    done = desk.answer("007", {"Beslut": "Annan kod (ange)", "Vald kod": "zzzzzz"}).send()
    assert kinds(done) == ["review.unlike_any_code"]
    assert "i B" in done.text("sv")
    desk.answer("007", {"Beslut": "Annan kod (ange)", "Vald kod": "00123 | MR knä"})
    assert "koden 00123 i B heter inte MR knä" in desk.send().text("sv")


def test_the_right_ones_code_broader_is_the_left_ones_narrower_and_needs_no_comment(desk):
    desk.answer("007", {"Beslut": "Godkänn förslag 1", "Samband": "B:s kod vidare"})
    assert kinds(desk.send()) == []
    assert desk.decisions[0]["relationship"] == "source-is-narrower-than-target"


def test_a_workbook_of_one_section_doesnt_miss_the_rows_of_the_others(desk, tmp_path):
    export(desk.run, tmp_path / "parts", split="modality")
    part = tmp_path / "parts" / "review-MR.xlsx"
    fill(part, {"A kod": "810E0"}, {"Beslut": "Godkänn förslag 1", "Bedömare": "Bo"})
    done = desk.send(part)
    assert (done.count("taken"), [n.kind for n in done.notes]) == (1, [])


def test_a_changed_mind_withdraws_the_earlier_decision_and_keeps_both_in_the_chain(desk):
    desk.answer("1-2", {"Beslut": "Godkänn förslag 1"}).send()
    desk.answer("1-2", {"Beslut": "Välj förslag 2", "Samband": "Samma"}).send()
    assert [(d["code_r"], d["verdict"]) for d in desk.decisions] == [
        ("-12", "accept"),
        ("-12", "withdraw"),
        ("TRUE", "accept"),
    ]


def test_withdrawing_takes_back_ones_own_and_twice_is_once(desk):
    desk.answer("007", {"Beslut": "Godkänn förslag 1"}).send()
    desk.answer("007", {"Beslut": "Ångra"}).send()
    again = desk.send()
    assert [d["verdict"] for d in desk.decisions] == ["accept", "withdraw"]
    assert again.count("unchanged") == 1


def test_an_old_workbook_never_overrules_a_newer_answer_of_the_same_person(desk):
    old = desk.book.rename(desk.book.with_name("gammal.xlsx"))
    desk.book = desk.write()
    desk.answer("007", {"Beslut": "Godkänn förslag 1"}).send()
    desk.book = desk.write()
    desk.answer("007", {"Beslut": "Olika – behåll båda"}).send()
    desk.book = old
    desk.answer("007", {"Beslut": "Osäker"})
    assert kinds(desk.send()) == ["review.overtaken"]


def test_a_file_imported_before_doesnt_bring_back_what_was_withdrawn(desk):
    desk.answer("007", {"Beslut": "Godkänn förslag 1"}).send()
    old = desk.book.rename(desk.book.with_name("gammal.xlsx"))
    desk.book = desk.write()
    desk.answer("007", {"Beslut": "Ångra"}).send()
    assert kinds(desk.send(old)) == ["review.overtaken"]
    assert [d["verdict"] for d in desk.decisions] == ["accept", "withdraw"]


def test_one_person_cant_make_one_code_the_same_as_two(desk):
    desk.answer("007", {"Beslut": "Godkänn förslag 1"})
    result = desk.answer(
        "1-2", {"Beslut": "Annan kod (ange)", "Vald kod": "00123", "Samband": "Samma"}
    ).send()
    assert kinds(result) == ["review.already_used"]


def test_a_personnummer_in_a_comment_is_masked(desk):
    result = desk.answer("007", {"Beslut": "Osäker", "Kommentar": "se 19121212-1212"}).send()
    assert desk.decisions[0]["note"] == "se •••••"
    assert [n.kind for n in result.notes] == ["review.person_masked"]


def test_a_comment_that_no_cell_can_hold_is_refused_by_row(desk, tmp_path):
    """It couldn't be shown again in the next workbook."""
    row = next(r for r in table(desk.book) if r["A kod"] == "007")
    told = {"Rad-id": row["Rad-id"], "Beslut": "Osäker", "Bedömare": "Eva", "Kommentar": "k" * 32_768}
    sent = tmp_path / "long.csv"
    sent.write_text(";".join(told) + "\n" + ";".join(told.values()) + "\n", encoding="utf-8")
    result = desk.send(sent)
    assert kinds(result) == ["review.text_too_long"]
    assert desk.decisions == []


def test_case_and_blanks_dont_make_two_people_of_one(desk):
    desk.answer("007", {"Beslut": "Godkänn förslag 1"}).send()
    desk.answer("1-2", {"Beslut": "Godkänn förslag 1", "Bedömare": " ANNA "}).send()
    assert {d["reviewer"] for d in desk.decisions} == {"Anna"}


def test_people_have_a_workbook_and_words_of_their_own(desk):
    desk.book = desk.book.with_name("review-staff.xlsx")
    desk.answer("anna", {"Beslut": "Samma person"}).send()
    assert (desk.decisions[0]["verdict"], desk.decisions[0]["relationship"]) == ("accept", "equivalent")


def test_a_workbook_of_another_project_is_refused_whole(desk, tmp_path):
    other = Desk(tmp_path / "other")
    shutil.rmtree(other.root / "decisions")
    with pytest.raises(BadInputError) as wrong:
        other.send(desk.answer("007", {"Beslut": "Osäker"}).book)
    assert [p.kind for p in wrong.value.problems] == ["review.foreign_workbook"]
