"""Sign-off per class of risk and profession: who must say yes before a pair is obeyed."""

from __future__ import annotations

from dataclasses import replace

import openpyxl
import polars as pl
import pytest

from codemerge.answers.kappa import agreements
from codemerge.answers.review_rows import review_rows
from codemerge.answers.run_tables import RunTables
from codemerge.answers.status import review_status, said
from codemerge.errors import BadInputError
from codemerge.files.review_import import import_review
from codemerge.files.workbook_write import split_parts
from codemerge.rules.loader import load_project, load_rules, rules_of
from codemerge.rules.project import SignoffRule
from codemerge.rules.risk import Risk
from codemerge.rules.signoff import asked_of, decided_now, profession
from tests.review_world import small_run
from tests.workbook_desk import ON, Desk, table
from tests.workbook_desk import export as write

HIGH = Risk.model_validate(
    {"id": "high", "title": {"sv": "hög risk", "en": "high risk"}, "differs": ["contrast", "laterality"]}
)
BOTH = {"risk": "high", "roles": ["radiologist", "radiographer"]}
YES = {"Beslut": "Godkänn förslag 1", "Samband": "Samma"}


class Signing(Desk):
    """A desk whose project has rules of sign-off; 007 (contrast differs) is of high risk."""

    @property
    def run(self) -> RunTables:
        """The made-up run, with a class of risk."""
        run = super().run
        return replace(run, rules=replace(run.rules, risks=(HIGH,)))

    def standing(self, code: str) -> dict[str, object]:
        """What holds of a left record's code now."""
        run = self.run
        now = decided_now(run.decisions, run.records, run.project, run.rules)
        return now.filter(pl.col("code_l") == code).row(0, named=True)


def desk(tmp_path, *rules, **policy) -> Signing:
    """A desk with these rules."""
    return Signing(tmp_path, policy={"signoff_rule": list(rules), **policy})


def test_a_pair_of_the_class_stays_open_until_every_profession_has_said_yes(tmp_path):
    one = desk(tmp_path, BOTH)
    one.answer("007", {**YES, "Roll": "röntgensjuksköterska"}).send()
    half = one.standing("007")
    assert (half["status"], half["half_signed"], half["lacks"]) == ("review", True, ["radiologist"])
    one.answer("007", {**YES, "Roll": "Läkare", "Bedömare": "Bo"}).send()
    assert (one.standing("007")["status"], one.standing("007")["lacks"]) == ("accepted", [])


def test_two_of_one_profession_are_not_both_professions(tmp_path):
    one = desk(tmp_path, BOTH)
    for name in ("Anna", "Bo"):
        one.answer("007", {**YES, "Roll": "ssk", "Bedömare": name}).send()
    assert (one.standing("007")["status"], one.standing("007")["lacks"]) == ("review", ["radiologist"])


def test_one_person_isnt_two_professions(tmp_path):
    one = desk(tmp_path, BOTH)
    for role in ("ssk", "läkare"):
        one.answer("007", {**YES, "Roll": role}).send()
    assert one.standing("007")["lacks"] == ["radiographer"]


def test_a_pair_outside_the_class_needs_one_yes_as_before(tmp_path):
    one = desk(tmp_path, BOTH)
    one.answer("810E0", YES).send()
    assert one.standing("810E0")["status"] == "accepted"


def test_rules_of_an_entity_and_of_a_class_add_up(tmp_path):
    run = desk(tmp_path, BOTH, {"entity": "shelf", "people": 3}, {"entity": "staff", "people": 2}).run
    asked = asked_of(run.mappings, run.records, run.project, run.rules)
    found = {
        (r["entity"], r["code_l"]): (r["people"], r["roles"])
        for r in run.mappings.join(asked, on="mapping_id").iter_rows(named=True)
    }
    assert found["shelf", "007"] == (3, ["radiographer", "radiologist"])
    assert found["shelf", "810E0"] == (3, [])
    assert found["staff", "anna"] == (2, [])


def test_the_missing_profession_is_named_in_status_and_kappa_is_reported(tmp_path):
    one = desk(tmp_path, BOTH)
    one.answer("007", {**YES, "Roll": "ssk"}).send()
    status = review_status(one.run, one.run.decisions)
    assert status.entities[0].awaits == {"radiologist": 1}
    assert "väntar på ja från röntgenläkare (1)" in said(status, "sv")
    assert "awaits a yes from radiologist (1)" in said(status, "en")
    one.answer("007", {**YES, "Roll": "röntgenläkare", "Bedömare": "Bo"}).send()
    one.answer("810E0", YES).send()
    one.answer("810E0", {"Beslut": "Olika – behåll båda", "Bedömare": "Bo"}).send()
    assert [(a.both, a.agree, a.kappa) for a in agreements(one.run.decisions)] == [(2, 1, 0.0)]


def test_the_workbook_says_whose_yes_is_needed_and_nobodys_answer(tmp_path):
    one = desk(tmp_path, BOTH)
    before = next(r for r in table(one.book) if r.get("A kod") == "007")
    assert "Kräver ja från röntgensjuksköterska, röntgenläkare (hög risk)" in before["Varför"]
    one.answer("007", {**YES, "Roll": "ssk"}).send()
    after = next(r for r in table(one.write()) if r.get("A kod") == "007")
    assert "Väntar på ja från röntgenläkare" in after["Varför"]
    assert "Anna" not in str(after)


def test_split_by_role_a_row_goes_to_those_it_waits_for(tmp_path):
    one = desk(tmp_path, BOTH)
    write(one.run, tmp_path / "by_role", split="role")
    books = {p.stem for p in (tmp_path / "by_role").glob("*.xlsx")}
    held = {
        name: {r.get("A kod") for r in table(tmp_path / "by_role" / f"{name}.xlsx")} for name in sorted(books)
    }
    with_it = {name for name, codes in held.items() if "007" in codes}
    assert with_it == {"review-radiologist", "review-radiographer"}


def test_split_by_role_one_profession_has_one_workbook_whatever_the_rules_call_it(tmp_path):
    one = desk(tmp_path)
    conflicts = one.run.conflicts
    named = pl.concat(
        conflicts.with_columns(owner=pl.lit(owner), conflict_id=pl.lit(owner), check=pl.lit("EXM-001"))
        for owner in ("radiographer", "röntgensjuksköterska", "RADIOGRAPHER")
    )
    parts = split_parts(review_rows(replace(one.run, conflicts=named), "sv"), one.run, "role")
    assert [p.name for p in parts if p.conflicts.height] == ["radiographer"]


def test_a_row_that_was_handed_over_says_to_whom_and_goes_into_their_workbook(tmp_path):
    one = Desk(tmp_path)
    answer = {"Beslut": "Lämnar vidare till", "Roll": "Fysiker", "Kommentar": "vilken vinkel?"}
    one.answer("1-2", answer).send()
    row = next(r for r in table(one.write()) if r.get("A kod") == "1-2")
    assert "Lämnad till Fysiker av Anna 2026-11-22: vilken vinkel?" in row["Varför"]
    parts = split_parts(review_rows(one.run, "sv"), one.run, "role")
    held = {p.name: {c for a in p.asked for c in a.rows["code_l"].to_list()} for p in parts}
    assert {name for name, codes in held.items() if "1-2" in codes} == {"physicist"}


@pytest.mark.parametrize("word", ["Röntgenläkare", " radiolog ", "RADIOLOGIST", "läkare"])
def test_a_profession_is_known_by_any_of_its_words(word):
    assert profession(word) == "radiologist"


def test_a_word_nobody_knows_counts_as_itself():
    assert profession("Strålskydds  expert") == "strålskydds expert"


def test_a_rule_that_asks_for_nothing_or_for_an_unknown_class_is_refused(tmp_path):
    with pytest.raises(ValueError, match="people, roles"):
        SignoffRule.model_validate({"risk": "high"})
    (tmp_path / "codemerge.toml").write_text(
        'regions = ["A", "B"]\n[[policy.signoff_rule]]\nrisk = "hgih"\nentity = "exma"\npeople = 2\n'
    )
    with pytest.raises(BadInputError) as refused:
        rules_of(load_project(tmp_path))
    told = {(p.kind, p.values["nearest"]) for p in refused.value.problems}
    assert told == {("project.unknown_risk", "high"), ("project.unknown_entity", "exam")}


def test_a_pack_replaces_a_class_of_risk_and_a_misspelt_facet_is_told(tmp_path):
    (tmp_path / "risks").mkdir()
    page = tmp_path / "risks" / "own.toml"
    page.write_text('[[risk]]\nid = "high"\ntitle = { sv = "a", en = "b" }\nvolume_above = 5\n')
    assert [r.volume_above for r in load_rules([tmp_path]).risks if r.id == "high"] == [5]
    page.write_text('[[risk]]\nid = "high"\ntitle = { sv = "a", en = "b" }\ndiffers = ["latreality"]\n')
    with pytest.raises(BadInputError) as refused:
        load_rules([tmp_path])
    assert [(p.kind, p.values["found"]) for p in refused.value.problems] == [
        ("project.unknown_facet", "latreality")
    ]


def test_an_import_tells_when_the_role_that_is_waited_for_isnt_given(tmp_path):
    one = desk(tmp_path, BOTH)
    done = one.answer("007", YES).send()
    assert [n.kind for n in done.notes if n.kind == "review.role_missing"]
    assert "röntgensjuksköterska" in done.text("sv")
    done = import_review([one.book], one.run, ON, role="läkare")
    assert not [n.kind for n in done.notes if n.kind == "review.role_missing"]
    assert one.standing("007")["lacks"] == ["radiographer"]


def test_the_read_me_tells_of_several_reviewers_only_where_the_project_asks_for_them(tmp_path):
    for rules, told in (([], False), ([BOTH], True)):
        place = tmp_path / str(told)
        place.mkdir()
        book = openpyxl.load_workbook(desk(place, *rules).book)
        text = " ".join(str(c.value) for row in book.worksheets[0].iter_rows() for c in row)
        assert ("yrke i Roll" in text) is told


def test_a_run_without_rules_of_sign_off_asks_one_yes():
    run = small_run()
    assert asked_of(run.mappings, run.records, run.project, run.rules).is_empty()
