"""Answers on a run small enough to count by hand: every number is written out here."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from codemerge.answers.basis import basis_of
from codemerge.answers.changes import dependent_facts, person_facts, place_facts, rename_facts
from codemerge.answers.conflict_counts import conflict_facts, owner_facts, pareto_facts
from codemerge.answers.coverage import coverage_facts, curve_facts, decided_by, progress_facts
from codemerge.answers.desirable import desirable_facts
from codemerge.answers.detail import continuity_facts, detail_facts, flow_facts
from codemerge.answers.effort import effort_facts, pace_of, reckoning, rows_to_judge
from codemerge.answers.goals import goal_facts
from codemerge.answers.growth import region_facts, since_facts
from codemerge.answers.plan import plan_facts
from codemerge.answers.report_facts import report_facts
from codemerge.answers.scenarios import compare_facts, recommendation, scenario_facts
from codemerge.answers.senders import reader_facts, sender_facts, urgency_facts
from codemerge.answers.source_quality import quality_facts
from codemerge.answers.survivors import members
from codemerge.answers.verdict import cause_facts, collision_facts, verdict_facts, way_of
from codemerge.files.report import render
from codemerge.rules.goals import load_plan
from tests.report_world import CONFLICTS_FOUND, conflict, project, world


@pytest.fixture
def basis():
    return basis_of(world(), "en")


def one(rows, **wanted):
    """Return the only row that says all of this."""
    (found,) = [r for r in rows if all(r[k] == v for k, v in wanted.items())]
    return found


def test_the_verdict_tells_decisions_from_work(basis):
    verdict = verdict_facts(basis)

    assert verdict["state"] == "conditional"
    assert {way: v["conflicts"] for way, v in verdict["ways"].items()} == {
        "decision": 3,
        "work": 2,
        "none": 0,
    }
    assert (verdict["withheld"], verdict["withheld_volume"]) == (4, 900 + 10 + 500 + 5)


def test_nothing_open_is_possible():
    assert verdict_facts(basis_of(world(conflicts=CONFLICTS_FOUND[-1:]), "sv"))["state"] == "possible"


def test_a_block_without_resolution_that_may_not_be_waived_has_no_way_out():
    stuck = conflict("EXM-001", "exam", "exam/A/4", resolution="", waivable=False)

    assert verdict_facts(basis_of(world(conflicts=[stuck]), "sv"))["state"] == "stuck"


@pytest.mark.parametrize(
    ("check", "way"), [("EXM-001", "decision"), ("EXM-020", "work"), ("ZZZ-001", "decision")]
)
def test_the_longest_beginning_says_what_a_check_asks_for(check, way):
    assert way_of(check, {"EXM": "decision", "EXM-020": "work"}) == way


def test_a_cause_frees_what_nothing_else_holds(basis):
    """Exam 1 of both regions hangs on MAP-001 alone; A's 4 hangs on EXM-001 as well."""
    causes = cause_facts(basis)

    assert one(causes, check="MAP-001")["alone_records"] == 2
    assert one(causes, check="EXM-001")["alone_records"] == 1
    assert max(c["total_records"] for c in causes) == 2 + 2 + 2 + 2  # exams 1 and 4, rooms DT1, persons anka
    assert max(c["total_volume"] for c in causes) == 1400 + 15


def test_collisions_come_worst_first_and_hide_persons(basis):
    found = collision_facts(basis)

    assert [c["check"] for c in found] == ["EXM-001", "USR-003", "ROM-001"]
    assert found[1]["message"] == ""
    assert found[1]["hidden"]


def test_at_most_three_of_a_kind_while_there_are_others():
    many = [conflict("EXM-001", "exam", f"exam/A/{n}", annual_volume=n) for n in range(12)]
    basis = basis_of(world(conflicts=[*many, *CONFLICTS_FOUND[3:5]]), "sv")

    assert [c["check"] for c in collision_facts(basis, most=5)] == ["EXM-001"] * 3 + ["USR-003", "ROM-001"]
    assert len(collision_facts(basis)) == 10


def test_coverage_counts_records_and_volume(basis):
    left = one(coverage_facts(basis), entity="exam", region="A")

    parts = {p: (c["records"], c["volume"]) for p, c in left["parts"].items() if c["records"]}
    assert parts == {
        "auto": (1, 900),
        "review": (1, 60),
        "accepted": (1, 30),
        "alone": (1, 10),
        "untouched": (1, 0),
    }
    assert left["withheld"] == {"records": 2, "volume": 910}


def test_few_codes_carry_the_volume(basis):
    left = one(curve_facts(basis), region="A")

    assert (left["codes"], left["volume"]) == (4, 1000)
    assert {n["share"]: n["codes"] for n in left["needed"]} == {0.5: 1, 0.8: 1, 0.9: 1, 0.99: 3}


def test_a_referral_is_followed_step_by_step(basis):
    """Of A's 1000: 990 may be ordered, all of them have a counterpart, 960 exactly one, 900 a room."""
    there = one(goal_facts(basis), start="A", goal="B")

    assert [(s["step"], s["volume"]) for s in there["chain"]] == [
        ("orderable", 990),
        ("understood", 990),
        ("one_code", 960),
        ("placed", 900),
    ]
    assert {s: v["volume"] for s, v in there["states"].items()} == {
        "certain": 900,
        "proposed": 60,
        "question": 30,
        "none": 10,
    }
    assert there["same_code"] == 900
    assert {g["title"]: g["volume"] for g in there["by_modality"]} == {"CT": 960, "MR": 40, "US": 0}
    assert {g["title"]: g["volume"] for g in there["by_sections"]} == {
        "S1 Sektion S1": 960,
        "S2 Sektion S2": 40,
    }


def test_a_region_that_lists_no_rooms_is_not_measured(basis):
    """A has no links between examinations and rooms: nothing is claimed of rooms there."""
    assert one(goal_facts(basis), start="B", goal="A")["chain"][-1]["measured"] is False


def test_answers_find_their_way_only_with_a_valid_id_and_one_route(basis):
    own, private = one(sender_facts(basis), kind="own"), one(sender_facts(basis), kind="private")

    assert (own["units"], own["both"], own["both_volume"], own["volume"]) == (2, 1, 60, 90)
    assert (private["units"], private["named"], private["both"]) == (1, 1, 0)


def test_priorities_and_sections_are_followed_both_ways(basis):
    assert one(urgency_facts(basis), start="A") == {
        "start": "A",
        "goal": "B",
        "records": 2,
        "one": 1,
        "certain": 1,
    }
    reading = reader_facts(basis)
    assert one(reading["shared"], start="A") == {"start": "A", "goal": "B", "volume": 1000, "shared": 960}
    assert reading["readers"] == [
        {"region": "A", "readers": 1, "accounts": 2},
        {"region": "B", "readers": 0, "accounts": 1},
    ]
    assert reading["per_section"] is False


def test_today_after_and_apart(basis):
    rows = {r["measure"]: r for r in desirable_facts(basis)}

    assert rows["orders"]["today"] == pytest.approx((900 + 500) / 1565)
    assert rows["orders"]["apart"] == pytest.approx((960 + 540) / 1565)
    assert rows["orders"]["after"] == 1.0
    assert (rows["identities"]["today"], rows["identities"]["after"]) == (1, 0)


def test_conflicts_are_counted_by_kind_and_owner(basis):
    assert one(conflict_facts(basis), check="ROM-001")["waived"] == 1
    assert one(conflict_facts(basis), check="MAP-001")["open"] == 2
    assert one(owner_facts(basis), owner="IT")["blocking"] == 1
    assert pareto_facts(basis)[0]["share"] == pytest.approx(2 / 7)  # of seven records, A's 4 twice
    assert pareto_facts(basis)[-1]["share"] == 1.0


def test_detail_is_lost_in_one_direction_and_asked_for_in_the_other(basis):
    there, back = detail_facts(basis)

    assert (there["pairs"], there["narrower"], there["broader"]["pairs"]) == (
        3,
        {"pairs": 1, "volume": 30},
        0,
    )
    assert (back["narrower"]["pairs"], back["broader"]) == (0, {"pairs": 1, "volume": 20})
    assert [(f["field"], f["pairs"], f["volume"]) for f in there["facets"]] == [("contrast", 1, 30)]
    assert back["facets"] == []


def test_statistics_are_compared_over_equal_pairs(basis):
    """Pairs 1–1 and 2–20 have the same first digit, hence the same dose category."""
    dose = one(continuity_facts(basis), field="dosreg")

    assert (dose["pairs"], dose["same"], dose["differ"]) == (2, 2, 0)


def test_flow_ends_nowhere_without_a_counterpart(basis):
    (pair,) = flow_facts(basis)

    assert {(f["from"], f["to"]): f["volume"] for f in pair["flows"]} == {
        ("CT", "CT"): 960,
        ("MR", "MR"): 30,
        ("MR", None): 10,
        ("US", None): 0,
    }
    assert pair["names"]["CT"] == "CT"


def test_changes_count_what_people_must_learn(basis):
    """B's 20 becomes 2 if the proposal is taken; B's 4 needs a code of its own; both still wait."""
    right = one(rename_facts(basis), entity="exam", region="B")

    assert (right["changed"], right["changed_volume"], right["carrying"]) == (2, 45, 2)
    assert (right["settled"], right["waiting"]) == (1, 2)
    assert place_facts(basis)["found"] == 1
    assert place_facts(basis)["rows"][0]["resolution"] == "Byt kod"
    assert one(person_facts(basis), entity="user")["several"] == 1
    assert one(dependent_facts(basis), region="B")["touched"] == 1


def test_only_equal_pairs_share_a_code(basis):
    """Equal pairs, sure or proposed, join; a narrower one (3–30) doesn't, nor do persons."""
    groups = {frozenset(rows["record_id"]) for _, rows in members(basis).group_by("cluster")}

    assert {g for g in groups if len(g) > 1} == {
        frozenset({"exam/A/1", "exam/B/1"}),
        frozenset({"exam/A/2", "exam/B/20"}),
        frozenset({"section/A/S1", "section/B/S1"}),
        frozenset({"priority/A/1", "priority/B/1"}),
    }


def test_scenarios_name_the_cheapest_way():
    rows = {s["name"]: s for s in scenario_facts(basis_of(world(), "en"))}

    assert (rows["A"]["subject_codes"], rows["A"]["volume"]) == (
        2,
        40 + 5,
    )  # 20 becomes 2; B's other 4 needs a new one
    assert (rows["B"]["subject_codes"], rows["B"]["volume"]) == (2, 60 + 10)
    assert rows["A"]["chosen"]
    assert recommendation(list(rows.values()))["name"] == "A"


def test_compare_takes_the_numbers_of_each_run(basis):
    facts = compare_facts({"survivor=A": basis, "survivor=B": basis})

    assert [s["name"] for s in facts["scenarios"]] == ["survivor=A", "survivor=B"]
    assert facts["scenarios"][0]["blocking"] == 5


def test_rows_to_judge_are_counted_once(basis):
    """2–20 waits for review; 1–1 is certain, but common enough to be confirmed; A's 4 stands alone."""
    assert sorted(rows_to_judge(basis).select("kind", "volume").rows()) == [
        ("alone", 10),
        ("confirm", 1400),
        ("review", 100),
    ]
    effort = effort_facts(basis)
    assert effort["total"]["rows"] == 3
    limits = {row["limit"]: (row["rows"], row["share"]) for row in effort["limits"]}
    assert limits[0] == (3, 0.0)
    assert limits[10] == (2, pytest.approx(10 / 1565))  # A's 4 may wait
    assert limits[500] == (1, pytest.approx(110 / 1565))  # 1–1 is confirmed whatever the limit
    assert one(effort["rows"], entity="exam")["hours"] == pytest.approx(3 / 60)
    assert effort["total"]["low"] < effort["total"]["high"]


def test_a_project_sets_its_own_pace():
    plan = reckoning(load_plan(), {"exam": 30, "pace": {"radiologist": 20}, "week_hours": 2})

    assert (
        pace_of(plan, "exam", "radiologist"),
        pace_of(plan, "room", "radiologist"),
        pace_of(plan, "room", "IT"),
    ) == (30, 20, 60)
    assert plan.week_hours == 2


def test_the_plan_frees_everything_in_the_end(basis):
    plan = plan_facts(basis)

    assert plan["activities"][-1]["free_records"] == 8
    assert next(a["begin"] for a in plan["activities"] if not a["done"]) == 1
    assert plan["weeks"] >= max(a["end"] for a in plan["activities"])
    assert [p["open"] for p in plan["points"] if p["point"] == "start"] == [0]


def test_quality_is_told_per_register(basis):
    left = one(quality_facts(basis), entity="unit", region="A")

    assert (left["records"], left["missing"], left["unusable"], left["unused"]) == (3, 0, 0, 0)
    assert left["filled"] == pytest.approx((3 + 3 + 2 + 3) / 12)


def test_progress_and_professions_without_names(basis):
    mine = one(progress_facts(basis), entity="exam")

    assert (mine["decided"], mine["left"], mine["automatic"]) == (3, 2, 2)
    assert decided_by(basis) == [{"owner": "radiologist", "decisions": 2, "reviewers": 1}]


def test_a_third_region_is_estimated_until_it_is_there(basis):
    assert region_facts(basis)["estimate"]["rows"] == 3
    three = region_facts(basis_of(world(project=project(regions=("A", "C", "B"))), "sv"))
    assert (three["region"], three["blocking"], three["reopened"]) == ("B", 3, 0)
    assert (three["rows"], three["hours"]) == (2, pytest.approx(2 / 60))


def test_what_changed_since_the_run_before(basis):
    assert since_facts(basis) is None
    before = {
        "counts": {"exam": {"records": {"A": 4}, "mappings": {"auto": 4, "review": 1}}},
        "coverage": {},
        "conflicts": {"blocking": 9},
        "rules": "other",
        "decisions": {},
        "inputs": [{"path": "a.csv", "sha256": "bb"}, {"path": "old.csv", "sha256": "cc"}],
    }
    since = since_facts(basis_of(replace(world(), previous=before), "sv"))

    assert one(since["numbers"], name="blocking") == {"name": "blocking", "before": 9, "now": 5}
    assert since["inputs"] == [{"path": "a.csv", "change": "changed"}, {"path": "old.csv", "change": "gone"}]
    assert since["rules"]


def test_without_volumes_every_code_counts_as_one():
    """A region that counts nothing still learns how many codes have a counterpart, and is told so."""
    run = world()
    bare = replace(
        run, records={e: f.with_columns(volume=pl.lit(0, pl.Int64)) for e, f in run.records.items()}
    )
    facts = report_facts(bare, "sv")

    assert facts["project"]["weighed"] is False
    assert one(facts["goals"], start="A", goal="B")["states"]["certain"] == {"records": 1, "volume": 1}
    assert facts["curve"] == []
    assert "Registren anger ingen årsvolym" in render(facts)
