"""Every kind of conflict has a case that must fire and a near miss that must not; cases are data."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from codemerge.library.checks import CHECKS
from codemerge.stages.check import check
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
    if kind not in {c.id for c in rules().checks}:
        pytest.fail(f"{kind} is no declared kind")
    found = check(world(case)).filter(check=kind)
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
