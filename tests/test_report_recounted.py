"""Every number of the report, counted again from the tables of a real run, row by row in plain Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import permutations
from typing import Any

import pytest

from codemerge.answers.report_facts import report_facts
from codemerge.answers.run_tables import RunTables
from codemerge.dry_run import gather
from codemerge.files.report import render
from codemerge.pipeline import run
from codemerge.rules.goals import load_goals
from codemerge.rules.loader import load_project, rules_of
from codemerge.rules.shipped import shipped

GOALS = load_goals()
SUBJECT = GOALS.subject
CHOSEN = {"accepted", "auto", "review"}


@pytest.fixture(scope="module", params=["two-regions.toml", "codemerge.toml"])
def finished(request) -> RunTables:
    project = load_project(shipped("fixtures") / request.param)
    inputs, _ = gather(project, rules_of(project), "2026-01-01")
    return run(inputs)


@pytest.fixture(scope="module")
def facts(finished) -> dict[str, Any]:
    return report_facts(finished, "sv")


@pytest.fixture(scope="module")
def records(finished) -> dict[str, dict[str, Any]]:
    """Every record by its name."""
    return {r["record_id"]: r for frame in finished.records.values() for r in frame.iter_rows(named=True)}


@pytest.fixture(scope="module")
def chosen(finished, records) -> list[dict[str, Any]]:
    """Pairs chosen or proposed, with their two records."""
    names = {(r["entity"], r["region"], r["code"]): r for r in records.values() if r["usable"]}
    pairs = []
    for m in finished.mappings.iter_rows(named=True):
        if m["status"] in CHOSEN and m["code_l"] and m["code_r"]:
            left, right = (names.get((m["entity"], m[f"region_{s}"], m[f"code_{s}"])) for s in "lr")
            if left and right:
                pairs.append({**m, "l": left, "r": right})
    return pairs


def blocking(finished: RunTables) -> list[dict[str, Any]]:
    return [
        c
        for c in finished.conflicts.iter_rows(named=True)
        if c["severity"] == "blocking" and c["status"] == "open"
    ]


def volume(rows: Any) -> int:
    return sum(r["volume"] or 0 for r in rows)


def test_the_verdict(finished, facts, records):
    open_ = blocking(finished)
    said = facts["verdict"]

    assert said["blocking"] == len(open_) == sum(w["conflicts"] for w in said["ways"].values())
    assert said["records"] == len(records)
    held = {c["record_id"] for c in finished.crosswalk.iter_rows(named=True) if c["status"] == "withheld"}
    assert said["withheld"] == len(held)
    assert said["withheld_volume"] == volume(records[n] for n in held if records[n]["entity"] == SUBJECT)


def test_the_causes_and_what_they_free(finished, facts, records):
    cluster = {
        c["record_id"]: c["cluster_id"] or c["record_id"]
        for c in finished.crosswalk.sort("cluster_id", descending=True, nulls_last=True).iter_rows(named=True)
    }
    holds, members = defaultdict(set), defaultdict(set)
    for name in records:
        members[cluster[name]].add(name)
    for c in blocking(finished):
        for name in c["record_ids"]:
            if name in records:
                holds[cluster[name]].add(c["check"])
    cleared: set[str] = set()
    for cause in facts["causes"]:
        cleared.add(cause["check"])
        named = {n for c in blocking(finished) if c["check"] == cause["check"] for n in c["record_ids"]}
        assert cause["records"] == len(named)
        assert cause["alone_records"] == sum(
            len(members[k]) for k, v in holds.items() if v == {cause["check"]}
        )
        assert cause["total_records"] == sum(len(members[k]) for k, v in holds.items() if v <= cleared)


def test_coverage_adds_up_to_every_record(facts, records):
    for row in facts["coverage"]:
        mine = [r for r in records.values() if (r["entity"], r["region"]) == (row["entity"], row["region"])]
        assert row["records"] == len(mine) == sum(p["records"] for p in row["parts"].values())
        assert row["volume"] == volume(mine) == sum(p["volume"] for p in row["parts"].values())
        assert row["parts"]["unusable"]["records"] == sum(not r["usable"] for r in mine)
    assert sum(row["records"] for row in facts["coverage"]) == len(records)


def test_the_curve(facts, records):
    for row in facts["curve"]:
        volumes = sorted(
            (
                r["volume"]
                for r in records.values()
                if r["entity"] == SUBJECT and r["region"] == row["region"] and r["volume"]
            ),
            reverse=True,
        )
        assert row["volume"] == sum(volumes)
        for point in row["points"]:
            assert point["share"] == pytest.approx(sum(volumes[: point["rank"]]) / sum(volumes))


def test_how_a_referral_fares_in_each_direction(facts, records, chosen):
    no = {"N", "Nej", "0", "No", "False"}
    for said in facts["goals"]:
        mine = [
            r
            for r in records.values()
            if r["entity"] == SUBJECT and r["region"] == said["start"] and r["active"] and r["usable"]
        ]
        equals, sure, other = Counter(), Counter(), Counter()
        for pair in chosen:
            if pair["entity"] != SUBJECT:
                continue
            for here, there in (("l", "r"), ("r", "l")):
                if (pair[here]["region"], pair[there]["region"]) == (said["start"], said["goal"]):
                    name = pair[here]["record_id"]
                    other[name] += 1
                    equals[name] += pair["relationship"] == "equivalent"
                    sure[name] += pair["relationship"] == "equivalent" and pair["status"] != "review"
        one = [r for r in mine if equals[r["record_id"]] == 1]
        assert said["volume"] == volume(mine)
        assert said["states"]["none"]["volume"] == volume(r for r in mine if not other[r["record_id"]])
        assert said["states"]["certain"]["volume"] == volume(r for r in one if sure[r["record_id"]] == 1)
        assert said["states"]["proposed"]["volume"] == volume(r for r in one if sure[r["record_id"]] != 1)
        assert sum(s["records"] for s in said["states"].values()) == len(mine)
        assert said["chain"][0]["volume"] == volume(r for r in mine if (r["orderable"] or "") not in no)
        for by in ("by_modality", "by_sections"):
            assert sum(g["volume"] for g in said[by]) == said["volume"]
    assert len(facts["goals"]) == len(list(permutations({r["region"] for r in records.values()}, 2)))


def test_units_by_region(facts, records):
    units = [
        r for r in records.values() if r["entity"] == GOALS.senders.entity and r["active"] and r["usable"]
    ]
    for region in {r["region"] for r in units}:
        rows = [s for s in facts["senders"] if s["region"] == region]
        assert sum(s["units"] for s in rows) == sum(u["region"] == region for u in units)
        assert sum(s["volume"] for s in rows) == volume(u for u in units if u["region"] == region)
        assert all(s["both"] <= min(s["named"], s["routed"]) for s in rows)


def test_conflicts_by_kind_and_owner(finished, facts, records):
    all_ = list(finished.conflicts.iter_rows(named=True))
    for row in facts["conflicts"]:
        mine = [c for c in all_ if (c["check"], c["severity"]) == (row["check"], row["severity"])]
        named = {n for c in mine for n in c["record_ids"]}
        assert row["open"] == sum(c["status"] == "open" for c in mine)
        assert row["records"] == len(named)
        assert row["volume"] == volume(
            records[n] for n in named if n in records and records[n]["entity"] == SUBJECT
        )
    assert sum(r["open"] + r["waived"] for r in facts["conflicts"]) == len(all_)
    assert sum(o["blocking"] for o in facts["owners"]) == len(blocking(finished))
    assert not facts["pareto"] or facts["pareto"][-1]["share"] == 1.0


def test_detail_lost(facts, chosen):
    for said in facts["detail"]:
        mine = []
        for p in chosen:
            for here, there, wider in (
                ("l", "r", "source-is-narrower-than-target"),
                ("r", "l", "source-is-broader-than-target"),
            ):
                if p["entity"] == SUBJECT and (p[here]["region"], p[there]["region"]) == (
                    said["start"],
                    said["goal"],
                ):
                    mine.append((p, here, p["relationship"] == wider))
        assert said["pairs"] == len(mine)
        assert said["narrower"]["pairs"] == sum(wide for _, _, wide in mine)
        assert said["narrower"]["volume"] == volume(p[here] for p, here, wide in mine if wide)


def test_continuity(facts, chosen):
    for said in facts["continuity"]:
        pairs = [
            p
            for p in chosen
            if p["entity"] == SUBJECT
            and p["relationship"] == "equivalent"
            and (p["region_l"], p["region_r"]) == (said["left"], said["right"])
        ]
        values = [tuple((p[s][said["field"]] or "").strip() for s in "lr") for p in pairs]
        assert said["pairs"] == len(pairs)
        assert said["same"] == sum(a == b != "" for a, b in values)
        assert said["differ"] == sum("" != a != b != "" for a, b in values)


def test_what_changes_for_staff(finished, facts, records):
    codes: dict[str, str] = {}
    for c in finished.crosswalk.sort("combined_code", nulls_last=True).iter_rows(named=True):
        codes.setdefault(c["record_id"], c["combined_code"] or "")
    for row in facts["renames"]:
        mine = [r for r in records.values() if (r["entity"], r["region"]) == (row["entity"], row["region"])]
        assert row["records"] == len(mine)
        assert row["settled"] == sum(
            bool(codes[r["record_id"]]) and codes[r["record_id"]] != r["code"] for r in mine
        )
    totals = {s["name"]: s["subject_codes"] for s in facts["scenarios"]}
    policy = finished.project.policy.survivor_of(SUBJECT)
    assert sum(r["changed"] for r in facts["renames"] if r["entity"] == SUBJECT) == totals[policy]


def test_persons(facts, records):
    for row in facts["persons"]:
        mine = [r for r in records.values() if r["entity"] == row["entity"]]
        assert sum(row["accounts"].values()) == len(mine)
        assert row["several"] <= row["persons"] <= len(mine)


def test_effort_and_plan(finished, facts, chosen):
    waiting = sum(p["status"] == "review" for p in chosen)
    effort = facts["effort"]

    assert sum(r["review"] for r in effort["rows"]) == waiting
    assert effort["total"]["rows"] == sum(r["confirm"] + r["review"] + r["alone"] for r in effort["rows"])
    assert effort["total"]["conflicts"] == sum(not c["check"].startswith("MAP") for c in blocking(finished))
    assert effort["total"]["low"] == pytest.approx(
        effort["total"]["rows"] / 60 + effort["total"]["conflicts"] * 10 / 60
    )
    assert sum(a["blocking"] for a in facts["plan"]["activities"]) == len(blocking(finished))
    assert facts["plan"]["activities"][-1]["free_records"] == max(
        (c["total_records"] for c in facts["causes"]), default=0
    )


def test_the_quality_of_each_register(facts, records):
    for row in facts["quality"]:
        mine = [r for r in records.values() if (r["entity"], r["region"]) == (row["entity"], row["region"])]
        assert (row["records"], row["unusable"]) == (len(mine), sum(not r["usable"] for r in mine))
        assert row["inactive"] == sum(not r["active"] for r in mine)


def test_no_person_stands_in_the_page(finished, facts, records):
    """No value of a sensitive field, and no account, is anywhere in the report."""
    text = render(facts)
    plain = (shipped("rules") / "words" / "report.toml").read_text(encoding="utf-8")
    for page in finished.rules.entities.values():
        if not page.sensitive:
            continue
        fields = [f.name for f in page.field if f.sensitive and not f.secret]
        said = {str(r[f]) for r in records.values() if r["entity"] == page.id for f in fields if r.get(f)}
        ordinary = {value for value in said if value in plain}  # a shared account is called Röntgen
        assert not {value for value in said - ordinary if len(value) > 5 and value in text}


def test_both_pages_render_and_are_small(finished):
    for language in ("sv", "en"):
        assert len(render(report_facts(finished, language)).encode()) < 500_000
