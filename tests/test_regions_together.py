"""Pairs of regions weighed and resolved together give what each pair of regions gives by itself."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

from codemerge.library.verdicts import CURRENT
from codemerge.rules.loader import load_rules
from codemerge.rules.page import Entity
from codemerge.rules.project import Project
from codemerge.stages import candidates as finding
from codemerge.stages import score as scoring
from codemerge.stages.identify import identify
from codemerge.stages.normalise import normalise
from codemerge.stages.resolve import resolve
from codemerge.tables import MAPPINGS, conform, spelled_out

CASES = Path(__file__).parent / "cases" / "pairs"
REGIONS = ("C", "A", "D", "B")  # not in the order of their names: records are
RULES = load_rules()
PAGES = [page for page in RULES.entities.values() if page.names and page.matching.candidates == "all"]


def names() -> list[str]:
    """Wholes and their parts, names that match and such as don't."""
    with (CASES / "must_be_split.csv").open(encoding="utf-8", newline="") as file:
        split = [text for row in csv.DictReader(file) for text in (row["left"], *row["parts"].split("|"))]
    with (CASES / "must_match.csv").open(encoding="utf-8", newline="") as file:
        alike = [row[side] for row in csv.DictReader(file) for side in ("left", "right")]
    return [*split[:40], *alike[:40]]


def records_of(page: Entity) -> pl.DataFrame:
    """Every region gets three names of four, others than its neighbour; some of them twice."""
    rows = [
        {f.name: None for f in page.field}
        | {"region": region, "code": f"{n:03}", page.names: text, "file": "", "sheet": "", "line": n}
        for at, region in enumerate(REGIONS)
        for n, text in enumerate([*names(), *names()[:5]])
        if (n + at) % 4
    ]
    table = pl.DataFrame(rows, schema_overrides={f.name: pl.String for f in page.field})
    named, _ = identify(table, page)
    return normalise(named, page, RULES, Project(regions=REGIONS))


def with_keys(page: Entity) -> Entity:
    """The same page, its candidates found by keys."""
    blocks = [[f"{page.names}:first_word"], [f"{page.names}:last_word"]]
    return page.model_copy(
        update={"matching": page.matching.model_copy(update={"candidates": "blocks", "blocks": blocks})}
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)
@pytest.mark.parametrize("cardinality", ["one-to-one", "many-to-one", "many-to-many"])
@pytest.mark.parametrize("by_key", [False, True])
def test_regions_together_or_one_by_one(monkeypatch, page, cardinality, by_key):
    """Weights, vetoes, ranks, choices, proposals and waterfalls of a pair of regions are its own."""
    page = page.model_copy(update={"matching": page.matching.model_copy(update={"cardinality": cardinality})})
    page = with_keys(page) if by_key else page
    records, project = records_of(page), Project(regions=REGIONS)

    def resolved(found: list) -> pl.DataFrame:
        scored = scoring.score(found, records, page, RULES)
        return resolve(scored, records, page, project, CURRENT.empty()).with_columns(spelled_out())

    found = finding.candidates(records, page, project, {})
    alone = conform(pl.concat([resolved([one]) for one in found]), MAPPINGS).with_columns(spelled_out())
    assert alone.height > 100
    assert len(page.facets) < 10 or alone["justification"].str.contains("split:").any()
    for short, together in ((0, 50_000), (1_000_000, 0), (1_000_000, 50_000)):
        monkeypatch.setattr(finding, "_SHORT", short)
        monkeypatch.setattr(scoring, "_TOGETHER", together)
        assert resolved(finding.candidates(records, page, project, {})).equals(alone)
