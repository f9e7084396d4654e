"""Hard cases are data: every pair of names stands as the person who wrote it says it must."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from codemerge.library.pairs import Candidates, Scored
from codemerge.library.verdicts import CURRENT
from codemerge.model import Relationship
from codemerge.rules.loader import load_rules
from codemerge.rules.project import Project
from codemerge.stages.identify import identify
from codemerge.stages.normalise import normalise
from codemerge.stages.resolve import resolve
from codemerge.stages.score import score

CASES = Path(__file__).parent / "cases" / "pairs"
SAID = {"broader": Relationship.BROADER.value, "narrower": Relationship.NARROWER.value}
REGIONS = ("A", "B")


def cases(name: str) -> list[dict[str, str]]:
    with (CASES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def named(name: str) -> list:
    return [
        pytest.param(case, id=f"{case['left']} | {case.get('right') or case['parts']}")
        for case in cases(name)
    ]


@cache
def everything() -> tuple[dict[str, int], dict[str, int], pl.DataFrame]:
    """Every name of every case as two catalogs of their own, every pair of a case scored among them."""
    pairs = [(c["left"], c["right"]) for n in ("must_match", "must_not", "must_be_broader") for c in cases(n)]
    pairs += [(c["left"], part) for c in cases("must_be_split") for part in c["parts"].split("|")]
    rules = load_rules()
    entity = next(
        e
        for e in rules.entities.values()
        if e.names and e.matching.cardinality == "one-to-one" and len(e.facets) > 10
    )
    catalogs = {}
    numbers = []
    for side, region in enumerate(REGIONS):
        names = sorted({pair[side] for pair in pairs})
        rows = [
            {f.name: None for f in entity.field}
            | {"region": region, "code": f"{n:04}", entity.names: name, "file": "", "sheet": "", "line": n}
            for n, name in enumerate(names)
        ]
        catalogs[region] = pl.DataFrame(rows, schema_overrides={f.name: pl.String for f in entity.field})
        numbers.append({name: n for n, name in enumerate(names)})
    records, _ = identify(pl.concat([catalogs[r].select(catalogs["A"].columns) for r in REGIONS]), entity)
    records = normalise(records, entity, rules, Project(regions=REGIONS))
    size = len(numbers[0])
    wanted = pl.DataFrame(
        sorted({(numbers[0][a], size + numbers[1][b]) for a, b in pairs}),
        schema={"l": pl.UInt32, "r": pl.UInt32},
        orient="row",
    )
    rows_l, rows_r = (
        records.select(pl.arg_where(pl.col("region") == r)).to_series().to_numpy() for r in REGIONS
    )
    found = next(score([Candidates(*REGIONS, rows_l, rows_r, wanted)], records, entity, rules))
    pairs = found.pairs
    # The cases of one file are no catalog: that some read alike is no doubt of theirs.
    scored = Scored(
        pairs.with_columns(pl.col("vetoes").list.set_difference(["near_duplicate"])), found.evidence
    )
    resolved = resolve([scored], records, entity, Project(regions=REGIONS), CURRENT.empty())
    said = scored.told().join(
        resolved.with_columns(
            l=pl.col("code_l").cast(pl.UInt32), r=pl.col("code_r").cast(pl.UInt32) + size
        ).select("l", "r", "justification"),
        on=["l", "r"],
        how="left",
    )
    return numbers[0], {name: n + size for name, n in numbers[1].items()}, said


def judged(left: str, right: str) -> dict:
    lefts, rights, scored = everything()
    return scored.filter((pl.col("l") == lefts[left]) & (pl.col("r") == rights[right])).row(0, named=True)


@pytest.mark.parametrize("case", named("must_match"))
def test_names_of_one_examination_are_equivalent_and_nothing_forbids_it(case):
    """Two names of one examination may be accepted without a person."""
    found = judged(case["left"], case["right"])
    assert (found["relationship"], found["vetoes"]) == (Relationship.EQUIVALENT.value, []), case["why"]


@pytest.mark.parametrize("case", named("must_not"))
def test_two_examinations_are_never_accepted_automatically(case):
    """Two examinations, however alike their names, need a person."""
    found = judged(case["left"], case["right"])
    assert found["vetoes"], case["why"]


@pytest.mark.parametrize("case", named("must_be_broader"))
def test_one_says_more_than_the_other(case):
    """The relationship is told, and a person decides."""
    found = judged(case["left"], case["right"])
    assert found["relationship"] == SAID[case["relationship"]], (case["why"], found["vetoes"])
    assert found["vetoes"], case["why"]


@pytest.mark.parametrize("case", named("must_be_split"))
def test_a_split_is_proposed_with_what_combines_its_parts(case):
    """One code against its parts is proposed as a split: one of them, or all of them."""
    for part in case["parts"].split("|"):
        found = judged(case["left"], part)
        assert found["relationship"] == Relationship.BROADER.value, (case["why"], found["vetoes"])
        assert f"split:{case['combine']}:" in (found["justification"] or ""), (
            case["why"],
            found["justification"],
        )


def test_there_are_enough_hard_cases():
    """At least two hundred pairs, each with a sentence."""
    rows = [c for n in ("must_match", "must_not", "must_be_broader", "must_be_split") for c in cases(n)]
    assert len(rows) >= 200
    assert all(row["why"].endswith(".") for row in rows)
