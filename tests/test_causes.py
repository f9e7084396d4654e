"""Root causes: few decisions that clear much, and the mapping that makes three regions disagree."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from codemerge.answers.causes import _smallest, culprits, decisions_needed
from codemerge.stages.check import check
from tests.check_world import rules, world

SIDES = {
    "exam": [
        {"id": f"A/{n}", "label": f"x {side}", "volume": 10, "f": {"body_part": part, "laterality": side}}
        for n, (part, side) in enumerate([("knee", "R"), ("knee", "L"), ("hand", "R"), ("hand", "L")])
    ]
    + [
        {"id": f"B/{n}", "label": "y", "volume": 5, "side_asked": "J", "f": {"body_part": part}}
        for n, part in enumerate(["knee", "hand", "hand"], start=10)
    ]
}


def test_one_policy_on_sides_clears_every_row_it_concerns():
    found = check(world(SIDES))
    needed = decisions_needed(found, rules().checks, world(SIDES).volumes)

    first = needed.row(0, named=True)
    assert first["check"] == "EXM-010"
    assert first["annual_volume"] == 4 * 10 + 3 * 5
    assert len(first["clears"]) == found.filter(severity="blocking").height
    assert needed.height == 1


def test_a_conflict_that_nothing_else_clears_needs_its_own_decision():
    case = {"room": [{"id": "A/L3", "label": "x", "site": "X"}, {"id": "B/L3", "label": "y", "site": "Y"}]}
    found = check(world(case)).filter(check="ROM-001")

    assert decisions_needed(found, rules().checks, world(case).volumes)["check"].to_list() == ["ROM-001"]


@given(st.dictionaries(st.sampled_from("abcdefg"), st.frozensets(st.sampled_from("abcdefg"))))
def test_the_chosen_decisions_clear_everything_and_none_is_needless(links: dict[str, frozenset[str]]):
    covers = {name: frozenset({name, *(o for o in others if o in links)}) for name, others in links.items()}
    chosen = _smallest(covers)

    def cleared(names: list[str]) -> set[str]:
        return {c for n in names for c in covers[n]}

    assert cleared(chosen) == set(covers)
    assert all(cleared([c for c in chosen if c != n]) != set(covers) for n in chosen)


def test_the_weak_mapping_in_a_chain_is_the_culprit():
    case = {
        "exam": [{"id": f"{r}/{n}", "label": "x"} for r in "ABC" for n in (1, 2)],
        "pairs": [
            {"of": "exam A/1 = B/1", "confidence": 0.999},
            {"of": "exam B/1 = C/1", "confidence": 0.91},
            {"of": "exam A/1 = C/1", "status": "rejected"},
        ],
    }
    built = world(case)
    found = culprits(check(built).filter(check="EXM-033"), built.mappings)
    weak = built.mappings.filter(pl.col("region_l") == "B")["mapping_id"].to_list()

    assert found["mapping_id"].to_list() == weak
