"""What a decision on a conflict clears, what it only keeps, and how that is told."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from codemerge.answers.review_rows import review_rows
from codemerge.answers.run_tables import RunTables
from codemerge.answers.status import review_status
from codemerge.files.review_import import Imported
from codemerge.library.checks.world import World
from codemerge.rules.loader import load_rules
from codemerge.stages.check import settled
from tests.review_world import small_run
from tests.workbook_desk import Desk, fill, table

ASKED = ("EXM-001", "ROM-003", "EXM-010")
CHECKS = tuple(c for c in load_rules().checks if c.id in ASKED)


class Clashing(Desk):
    """A desk with one conflict of each kind: the merge settles it, only the source does, a principle does."""

    @property
    def run(self) -> RunTables:
        """The made-up run with three conflicts of the shipped kinds."""
        run = super().run
        one = run.conflicts.filter(pl.col("check") == "EXM-001")
        rows = [
            one.with_columns(check=pl.lit(c), conflict_id=pl.lit(c), waivable=pl.lit(value=False))
            for c in ASKED
        ]
        return replace(run, rules=replace(run.rules, checks=CHECKS), conflicts=pl.concat(rows))


def kinds(result: Imported) -> list[str]:
    return [o.problem.kind for o in result.outcomes if o.problem]


def test_what_cant_be_waived_is_refused_before_anything_else_is_asked_for(tmp_path):
    desk = Clashing(tmp_path)
    fill(desk.book, {"Kontroll": "EXM-001"}, {"Beslut": "Godta undantag", "Bedömare": "Bo"})
    assert kinds(desk.send()) == ["review.not_waivable"]


def left_open(run, decisions):
    """The conflicts' checks that these decisions don't clear."""
    world = World(project=run.project, rules=run.rules, records=run.records, decisions=decisions)
    return settled(world, run.conflicts).filter(pl.col("status") == "open")["check"].to_list()


def test_an_accepted_resolution_clears_what_the_merge_carries_out_and_nothing_else(tmp_path):
    desk = Clashing(tmp_path)
    for check in ("EXM-001", "ROM-003"):
        fill(desk.book, {"Kontroll": check}, {"Beslut": "Godkänn lösning", "Bedömare": "Bo"})
    done = desk.send()
    assert [(n.kind, n.values["found"]) for n in done.notes if n.kind == "review.not_cleared"] == [
        ("review.not_cleared", "ROM-003")
    ]
    assert left_open(desk.run, desk.run.decisions) == ["ROM-003", "EXM-010"]
    assert review_status(desk.run, desk.run.decisions).conflicts == 2
    row = next(r for r in table(desk.write()) if r.get("Kontroll") == "ROM-003")
    assert row["Tidigare beslut"] == "Godkänn lösning (Bo 2026-11-22)"
    assert "källan" in row["Löses av"]


def test_own_words_are_kept_as_a_plan_and_clear_only_where_a_principle_is_asked_for(tmp_path):
    desk = Clashing(tmp_path)
    for check in ("EXM-001", "EXM-010"):
        answer = {"Beslut": "Annan lösning", "Motivering": "vi gör på vårt sätt", "Bedömare": "Bo"}
        fill(desk.book, {"Kontroll": check}, answer)
    done = desk.send()
    assert [n.values["found"] for n in done.notes if n.kind == "review.not_cleared"] == ["EXM-001"]
    assert left_open(desk.run, desk.run.decisions) == ["EXM-001", "ROM-003"]
    row = next(r for r in table(desk.write()) if r.get("Kontroll") == "EXM-001")
    assert row["Tidigare beslut"] == "Annan lösning (Bo 2026-11-22); vi gör på vårt sätt"


def test_fields_and_facets_are_called_by_their_titles_in_the_language_asked_for():
    run = small_run()
    named = run.conflicts.with_columns(field=pl.lit("laterality+mapping"), check=pl.lit("EXM-001"))
    for language, title in (("sv", "Sida + Koppling"), ("en", "Sida + Mapping")):
        asked = review_rows(replace(run, conflicts=named), language).conflicts
        assert set(asked["field_title"].to_list()) == {title}
