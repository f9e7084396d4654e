"""How far the review has come, how sure the automatic is, how far two people agree."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codemerge.answers.kappa import agreements, cohens_kappa
from codemerge.answers.report_facts import report_facts
from codemerge.answers.sampling import bounds, draw_sample, sample_size, upper_bound
from codemerge.answers.staleness import changed_decisions
from codemerge.answers.status import review_status, said
from codemerge.files.decisions import read_decisions
from codemerge.files.issued import find_issued
from codemerge.files.report import render
from tests.review_world import shelf, small_run
from tests.workbook_desk import Desk, table


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def test_status_counts_what_is_left_and_what_people_have_settled(desk):
    before = review_status(desk.run, read_decisions(desk.root / "decisions").decisions)
    assert [(e.entity, e.to_do, e.blocking) for e in before.entities] == [("shelf", 4, 2), ("staff", 1, 0)]
    assert (before.conflicts, before.left) == (1, 6)
    desk.answer("007", {"Beslut": "Godkänn förslag 1"}).send()
    after = review_status(small_run(), desk.run.decisions)
    assert (after.entities[0].to_do, after.entities[0].decided, after.behind) == (3, 1, 1)
    assert [(r.reviewer, r.decisions) for r in after.reviewers] == [("Anna", 1)]
    for language in ("sv", "en"):
        assert "{" not in said(after, language)


def test_a_change_since_is_shown_as_a_difference_and_classed(desk):
    desk.answer("007", {"Beslut": "Godkänn förslag 1"}).send()
    run = desk.run
    chain = read_decisions(desk.root / "decisions").decisions
    issued = find_issued(desk.root / "decisions", set(chain["row_id"].to_list()))
    assert changed_decisions(run, chain, issued).is_empty()
    moved = run.records["shelf"].with_columns(
        label=pl.when(pl.col("code") == "00123").then(pl.lit("CT buk utan kontrast")).otherwise("label"),
        evidence_hash=pl.when(pl.col("code") == "00123")
        .then(pl.lit("other-other"))
        .otherwise("evidence_hash"),
    )
    run.records["shelf"] = moved
    row = changed_decisions(run, chain, issued).row(0, named=True)
    assert (row["change"], row["stale"]) == ("meaning", True)
    assert (row["then"], row["now"]) == ("DT buk ~ CT buk", "DT buk ~ CT buk utan kontrast")


class Signing(Desk):
    """A desk where two must sign, and the first choice stands as resolve leaves it."""

    @property
    def run(self):
        """Suggestion 2 of 1-2 waits for its second signature, once anything is decided."""
        run = super().run
        if run.decisions.is_empty():
            return run
        of_row, second = pl.col("code_l") == "1-2", pl.col("code_r") == "TRUE"
        status = pl.when(of_row & second).then(pl.lit("review")).when(of_row).then(pl.lit("candidate"))
        return replace(run, mappings=run.mappings.with_columns(status=status.otherwise("status")))


def test_the_second_person_isnt_shown_what_the_first_has_said(tmp_path):
    desk = Signing(tmp_path, policy={"signoff": 2})
    desk.answer("1-2", {"Beslut": "Välj förslag 2", "Samband": "Samma"}).send()
    row = next(r for r in table(desk.write()) if r.get("A kod") == "1-2")
    assert "andra bedömare" in row["Varför"]
    assert "Anna" not in str(row)
    assert (row["Förslag 1"][:3], row["Förslag 2"][:4]) == ("-12", "TRUE")


def test_kappa_is_what_the_textbook_says():
    # J. Cohen's measure on the usual example: 20 and 15 agreed, 5 and 10 not.
    one = ["yes"] * 25 + ["no"] * 25
    other = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert cohens_kappa(one, other) == 0.4
    assert cohens_kappa(["a", "b"], ["a", "b"]) == 1.0
    assert cohens_kappa(["a", "a"], ["a", "a"]) is None


def test_agreement_is_counted_on_what_both_have_judged(desk):
    desk.answer("007", {"Beslut": "Godkänn förslag 1"}).send()
    desk.answer("007", {"Beslut": "Olika – behåll båda", "Bedömare": "Bo"}).send()
    found = agreements(desk.run.decisions)
    assert [(a.reviewers, a.both, a.agree) for a in found] == [(("Anna", "Bo"), 1, 0)]


@given(st.integers(1, 5000), st.sampled_from([0.005, 0.01, 0.05, 0.2]))
def test_a_clean_sample_of_the_size_asked_for_bounds_the_error_rate(population, limit):
    size = sample_size(population, limit)
    assert 1 <= size <= population
    assert upper_bound(population, size, 0) <= limit + 1e-9
    if size > 1:
        assert upper_bound(population, size - 1, 0) > limit


def test_the_bound_knows_the_rule_of_three_and_a_full_count():
    assert 0.0025 < upper_bound(1_000_000, 1000, 0) < 0.0031  # about 3/n
    assert upper_bound(100, 100, 2) == 0.02
    assert upper_bound(100, 0, 0) is None


def test_the_same_sample_is_drawn_each_time_and_in_any_order():
    run = small_run()
    one = draw_sample(run.mappings, shelf(), 0.05)
    other = draw_sample(run.mappings.sample(fraction=1.0, shuffle=True, seed=3), shelf(), 0.05)
    assert one["mapping_id"].to_list() == other["mapping_id"].to_list() != []


def test_a_person_who_overrules_the_automatic_shows_in_the_bound(desk):
    desk.answer("810E0", {"Beslut": "Olika – behåll båda"}).send()
    found = bounds(desk.run, desk.run.decisions)
    assert [(b.entity, b.automatic, b.checked, b.wrong, b.bound) for b in found] == [("shelf", 1, 1, 1, 1.0)]


def test_the_report_tells_the_bound_and_how_many_are_left_to_check(desk):
    facts = report_facts(desk.run, "sv")
    assert [(s["title"], s["checked"], s["bound"], s["left"]) for s in facts["sampling"]] == [
        ("Hyllor", 0, None, 1)
    ]
    assert "Ingen har kontrollerat något av det automatiska" in render(facts)
    desk.answer("810E0", {"Beslut": "Godkänn förslag 1"}).send()
    facts = report_facts(desk.run, "sv")
    assert [(s["checked"], s["wrong"], s["bound"], s["left"]) for s in facts["sampling"]] == [(1, 0, 0.0, 0)]
    assert "Hyllor: 1 av 1 automatiska" in render(facts)
