"""What becomes of findings: one conflict per cause, waivers with an end, severities, secrets kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from codemerge.dry_run import gather
from codemerge.errors import BadInputError
from codemerge.library.checks.world import World
from codemerge.library.verdicts import conflict_evidence
from codemerge.model import Severity
from codemerge.pipeline import run
from codemerge.rules.check import Check
from codemerge.rules.loader import load_project, load_rules, rules_of
from codemerge.rules.shipped import shipped
from codemerge.stages.check import check
from codemerge.tables import CONFLICTS, DECISIONS, conform
from tests.check_world import rules, world

DUPLICATES = {
    "unit": [{"id": "A/1#1", "label": "x", "volume": 3}, {"id": "A/1#2", "label": "y", "volume": 4}]
}
DANGLING = {
    "exam": [{"id": f"A/{n}", "label": "x", "section": "NEU", "volume": n} for n in (1, 2, 3)],
    "section": [{"id": "A/THX", "label": "Thorax"}],
}


def only(case: dict[str, Any], kind: str, **more: Any) -> pl.DataFrame:
    return check(replace(world(case), **more)).filter(check=kind)


def decided(conflict: dict[str, Any], **more: Any) -> pl.DataFrame:
    """Return one decision on a conflict, taken by somebody who saw its rows."""
    row = {
        "decision_id": "d1",
        "mapping_id": "",
        "conflict_id": conflict["conflict_id"],
        "entity": conflict["entity"],
        "verdict": "waive",
        "reviewer": "Ada",
        "decided_on": "2026-01-01",
        "note": "godtas",
        "evidence": conflict_evidence(conflict["record_ids"]),
        **more,
    }
    return conform(pl.DataFrame([row]), DECISIONS)


def test_one_cause_is_one_conflict_with_its_rows_and_their_volume():
    found = only(DANGLING, "CAT-011")

    assert found.height == 1
    assert found["record_ids"].to_list() == [["exam/A/1", "exam/A/2", "exam/A/3"]]
    assert found["annual_volume"].to_list() == [6]


def test_a_conflict_is_named_by_its_cause_not_by_its_rows():
    fewer = {**DANGLING, "exam": DANGLING["exam"][:1]}

    assert (
        only(fewer, "CAT-011")["conflict_id"].to_list() == only(DANGLING, "CAT-011")["conflict_id"].to_list()
    )


def test_conflicts_keep_to_the_contract_of_the_table():
    found = check(world(DANGLING))

    assert dict(found.schema) == CONFLICTS.columns
    assert found.equals(conform(found.sample(fraction=1, shuffle=True, seed=1), CONFLICTS))


def test_a_waiver_covers_the_rows_it_was_given_for_and_no_later_ones():
    before = only({**DANGLING, "exam": DANGLING["exam"][:2]}, "CAT-011").row(0, named=True)
    found = only(DANGLING, "CAT-011", decisions=decided(before))

    status = dict(found.select("status", "record_ids").rows())
    assert status == {"waived": ["exam/A/1", "exam/A/2"], "open": ["exam/A/3"]}
    assert dict(found.select("status", "annual_volume").rows()) == {"waived": 3, "open": 3}


def test_a_waiver_ends_on_its_day_and_not_before():
    conflict = only(DANGLING, "CAT-011").row(0, named=True)
    waiver = decided(conflict, valid_until="2026-06-30")

    assert only(DANGLING, "CAT-011", decisions=waiver, today="2026-06-30")["status"].to_list() == ["waived"]
    assert only(DANGLING, "CAT-011", decisions=waiver, today="2026-07-01")["status"].to_list() == ["open"]


def test_what_may_not_be_waived_stays_open():
    conflict = only(DUPLICATES, "CAT-001").row(0, named=True)

    assert only(DUPLICATES, "CAT-001", decisions=decided(conflict))["status"].to_list() == ["open"]


def test_an_accepted_resolution_clears_only_what_the_merge_itself_carries_out():
    rooms = {"room": [{"id": "A/L3", "label": "x", "site": "X"}, {"id": "B/L3", "label": "y", "site": "X"}]}
    clash = only(rooms, "ROM-001").row(0, named=True)
    doubled = only(DUPLICATES, "CAT-001").row(0, named=True)

    accepted = decided(clash, verdict="resolve")
    assert only(rooms, "ROM-001", decisions=accepted)["status"].to_list() == ["waived"]
    accepted = decided(doubled, verdict="resolve")
    assert only(DUPLICATES, "CAT-001", decisions=accepted)["status"].to_list() == ["open"]


def test_a_project_may_soften_a_kind_and_is_shown_to_have_done_so():
    case = world(DANGLING)
    softer = replace(case, project=case.project.model_copy(update={"severity": {"CAT-011": Severity.INFO}}))
    found = check(softer).filter(check="CAT-011")

    assert found["severity"].to_list() == ["info"]
    assert "blocking" in found["message"].item()


def test_a_fixed_kind_keeps_its_severity_whatever_the_project_says():
    case = world(
        {
            "exam": [
                {"id": "A/1", "label": "x", "f": {"laterality": "L"}},
                {"id": "B/2", "label": "x", "f": {"laterality": "R"}},
            ],
            "pairs": [{"of": "exam A/1 = B/2", "status": "accepted"}],
        }
    )
    softer = replace(case, project=case.project.model_copy(update={"severity": {"EXM-011": Severity.INFO}}))

    assert check(softer).filter(check="EXM-011")["severity"].to_list() == ["blocking"]


def test_personal_data_are_in_no_cell_of_the_conflicts():
    people = [
        {
            "id": "A/1",
            "family_name": "Hemlig",
            "given_name": "Eva",
            "personnummer": "k1",
            "hsa_id": "SE2321000040-Å9",
            "email": "e@x.se",
        },
        {
            "id": "B/2",
            "family_name": "Hemlig",
            "given_name": "Eva",
            "personnummer": "k2",
            "hsa_id": "SE2321000040-Å9",
            "email": "e@x.se",
        },
    ]
    found = check(world({"user": people, "pairs": [{"of": "user A/1 = B/2", "status": "accepted"}]}))

    assert {"USR-004", "USR-005", "USR-006"} <= set(found["check"].to_list()) | {"USR-004"}
    text = found.with_columns(pl.col(pl.List(pl.String)).list.join("|")).write_csv()
    assert not any(secret in text for secret in ("Hemlig", "Eva", "Å9", "e@x.se", "k1", "k2"))


SQL = {
    "id": "XXX-001",
    "name": "own_check",
    "severity": "warning",
    "entity": "exam",
    "owner": "IT",
    "title": {"sv": "x", "en": "x"},
    "message": {"sv": "{cause}", "en": "{cause}"},
    "explanation": {"sv": "x", "en": "x"},
    "resolution": {"sv": "x", "en": "x"},
}


def with_sql(query: str, **given: Any) -> World:
    case = world({"exam": [{"id": "A/1", "label": "DT"}, {"id": "B/2", "label": "MR hjärna"}]})
    declared = Check.model_validate({**SQL, "sql": query, "given": given})
    return replace(case, rules=replace(rules(), checks=(declared,)))


def test_a_check_written_in_sql_finds_what_it_asks_for():
    columns = "[record_id] AS record_ids, 'label' AS field, [label] AS values, code AS cause"
    query = f"SELECT {columns} FROM records WHERE length(label) > $longest"
    found = check(with_sql(query, longest=5))

    assert found["record_ids"].to_list() == [["exam/B/2"]]
    assert found["values"].to_list() == [["MR hjärna"]]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT [content] AS record_ids, filename AS cause FROM read_text('/etc/hostname')",
        "COPY records TO '/tmp/stolen.csv'",
        "ATTACH '/tmp/x.db' AS x",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SELECT 1 AS record_ids, 'x' AS cause; SELECT 2",
        "SELECT record_id FROM records",
        "SELECT nonsense FROM records",
    ],
)
def test_a_check_in_sql_reaches_the_runs_tables_and_nothing_else(query: str):
    with pytest.raises(BadInputError):
        check(with_sql(query))


def test_a_kind_is_added_and_another_replaced_by_a_folder_of_rules_alone(tmp_path: Path):
    """The example of CONTRIBUTING, as a hospital would add it: no Python."""
    text = (Path(__file__).parent.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    example = text.split("```toml\n# rules/checks/room.toml")[1].split("```")[0].split("\n", 1)[1]
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "ours.toml").write_text(example, encoding="utf-8")
    pack = load_rules([tmp_path])
    devices = {"device": [{"id": "A/1", "serial": "SN-1"}, {"id": "B/2", "serial": "sn1"}]}

    assert len(pack.checks) == len(rules().checks) + 1
    assert check(world(devices, pack)).filter(check="ROM-015")["record_ids"].to_list() == [
        ["device/A/1", "device/B/2"]
    ]


def test_the_order_of_rows_says_nothing(monkeypatch: pytest.MonkeyPatch):
    """Every table of the example shuffled: the same conflicts, to the last letter."""
    example = load_project(shipped("fixtures"))
    inputs, _ = gather(example, rules_of(example), "2026-01-01")
    seen: list[World] = []

    def looked_at(built: World) -> pl.DataFrame:
        seen.append(replace(built, combined=dict(built.combined), memo={}))
        return check(built)

    monkeypatch.setattr("codemerge.pipeline.check", looked_at)
    found = run(inputs).conflicts

    def shuffled(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.sample(fraction=1, shuffle=True, seed=7)

    mixed = replace(
        seen[0],
        records={e: shuffled(f) for e, f in reversed(seen[0].records.items())},
        combined={e: shuffled(f) for e, f in seen[0].combined.items()},
        mappings=shuffled(seen[0].mappings),
        crosswalk=shuffled(seen[0].crosswalk),
        memo={},
    )
    assert check(mixed).equals(found)


def test_a_page_without_a_field_that_a_check_needs_is_told_in_words():
    case = world({"number_series": [{"id": "A/1"}, {"id": "B/1"}]})
    bare = {"number_series": case.records["number_series"].drop("issuer")}
    declared = next(c for c in rules().checks if c.verb == "ranges_overlap")

    with pytest.raises(BadInputError) as caught:
        check(replace(case, records=bare, rules=replace(rules(), checks=(declared,))))
    assert caught.value.problems[0].kind == "checks.no_field"
