"""Every kind of conflict has a case that must fire and a near miss that must not; cases are data."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from codemerge.answers.catalogue import checks_page
from codemerge.errors import BadInputError
from codemerge.library.checks import CHECKS
from codemerge.stages.check import check, misdeclared
from tests.check_world import rules, world

CASES = Path(__file__).parent / "cases" / "checks"


def _cases() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.toml")):
        for kind, cases in tomllib.loads(path.read_text(encoding="utf-8")).items():
            found += [pytest.param(kind, case, id=f"{kind}: {case['says']}") for case in cases]
    return found


ALL = _cases()


@pytest.mark.parametrize(("kind", "case"), ALL)
def test_a_case_fires_as_it_says(kind: str, case: dict[str, Any]):
    declared = next(c for c in rules().checks if c.id == kind)
    # Only a kind that keeps silent where another has spoken needs the others beside it.
    wanted_checks = rules().checks if declared.given.get("unless_said") else (declared,)
    found = check(world(case, replace(rules(), checks=wanted_checks))).filter(check=kind)
    causes = [sorted(ids) for ids in found["record_ids"].to_list()]
    wanted = case.get("finds", [])
    wanted = [sorted(ids if isinstance(ids, list) else ids.split()) for ids in wanted]

    assert sorted(causes) == sorted(wanted), found.select("cause", "record_ids", "message").rows()
    if "severity" in case:
        assert set(found["severity"].to_list()) == {case["severity"]}
    if "proposal" in case:
        assert case["proposal"] in " ".join(found["resolution"].to_list())


def test_every_kind_has_a_case_that_fires_and_a_near_miss():
    declared = {c.id for c in rules().checks}
    fires = {p.values[0] for p in ALL if "finds" in p.values[1]}
    near = {p.values[0] for p in ALL if "finds" not in p.values[1]}

    assert declared - fires == set(), "no case that fires"
    assert declared - near == set(), "no near miss"


def test_every_verb_is_used_by_a_kind_and_every_kind_names_a_verb():
    used = {c.verb for c in rules().checks}

    assert used == set(CHECKS)


def test_the_page_of_conflicts_is_what_the_rules_say():
    """Run ``make docs`` when this fails: docs/checks.md is written from rules/checks."""
    root = Path(__file__).parent.parent
    page = checks_page(rules(), (root / "rules" / "checks" / "out_of_reach.toml").read_text(encoding="utf-8"))

    assert (root / "docs" / "checks.md").read_text(encoding="utf-8") == page


def test_every_text_of_a_kind_can_be_filled_in():
    known = dict.fromkeys(
        ["cause", "field", "values", "count", "volume", "records", "detail", "proposal", "entity"], "x"
    )
    for declared in rules().checks:
        for text in (declared.message, declared.resolution):
            for language in ("sv", "en"):
                assert text.say(language).format_map(known)
        assert "{" not in declared.explanation.sv + declared.explanation.en, declared.id


def test_wrong_side_wrong_modality_identity_and_personal_data_can_neither_be_waived_nor_softened():
    fixed = {c.id for c in rules().checks if c.fixed}

    assert {"EXM-009", "EXM-011", "USR-002", "USR-003", "USR-005", "GOV-001"} <= fixed
    assert not any(
        c.waivable for c in rules().checks if c.id in {"EXM-009", "EXM-011", "USR-002", "USR-003", "GOV-001"}
    )


def test_a_misspelt_verb_or_key_is_told_before_any_work_is_done():
    first = next(c for c in rules().checks if c.verb == "same_code")
    wrong = [first.model_copy(update={"verb": "same_cod"}), first.model_copy(update={"given": {"facet": []}})]

    found = [(p.kind, p.values["found"], p.values["nearest"]) for p in misdeclared(wrong)]
    assert found == [("checks.no_verb", "same_cod", "same_code"), ("checks.no_key", "facet", "facets")]
    assert misdeclared(rules().checks) == []


def test_a_key_that_a_verb_needs_and_is_not_given_is_told_in_words():
    declared = next(c for c in rules().checks if c.verb == "ranges_overlap").model_copy(
        update={"given": {"kind": "x"}}
    )
    case = {"number_series": [{"id": "A/1"}, {"id": "B/1"}]}

    with pytest.raises(BadInputError) as caught:
        check(world(case, replace(rules(), checks=(declared,))))
    assert caught.value.problems[0].kind == "checks.key_missing"


@pytest.mark.parametrize(
    "given", [{"fields": ["code"]}, {"fields": ["label"], "differs": ["region", "code"]}]
)
def test_a_check_of_ones_own_may_ask_for_the_columns_every_record_has(given: dict[str, Any]):
    """A kind that compares codes or regions, which no shipped one does, finds two records and doesn't fail."""
    shipped = next(c for c in rules().checks if c.verb == "same_value")
    own = shipped.model_copy(update={"given": given, "entity": "room", "sql": None})
    rows = [{"id": f"{region}/1", "label": "Lab 1"} for region in "AB"]
    if "differs" in given:
        rows[1]["id"] = "B/2"

    found = check(world({"room": rows}, replace(rules(), checks=(own,))))

    assert found["record_ids"].list.len().to_list() == [2]
