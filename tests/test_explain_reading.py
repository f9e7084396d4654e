"""`explain` tells where each facet came from: a word, a column, a region's habit, or the rest."""

from __future__ import annotations

import polars as pl
import pytest

from codemerge.answers.read_as import read_as
from codemerge.library.parser import read_names
from codemerge.rules.loader import load_rules
from codemerge.rules.project import Project

ROWS = [
    {"region": "A", "label": "Knä dx", "side": None},
    {"region": "A", "label": "Knä sin", "side": None},
    {"region": "A", "label": "Båtben, hand", "side": "Höger"},
    {"region": "A", "label": "MRCP", "side": None},
]


@pytest.fixture(scope="module")
def told() -> dict[str, list[str]]:
    rules = load_rules()
    entity = max((e for e in rules.entities.values() if e.names == "label"), key=lambda e: len(e.facets))
    fields = {f.name: [None] * len(ROWS) for f in entity.field}
    table = pl.DataFrame(ROWS).with_columns(
        pl.Series(name, values, dtype=pl.String) for name, values in fields.items() if name not in ROWS[0]
    )
    habits = {"A": {"modality": "DX"}}
    declared = {f.name: f.facet for f in entity.field if f.facet}
    read = read_names(
        table, rules.vocabulary, entity.facets, text="label", declared=declared, defaults=habits
    )
    run = _Run(rules, Project(regions=("A",), region={"A": {"defaults": habits["A"]}}))
    return {row["label"]: list(read_as(run, entity, row, "sv")) for row in read.iter_rows(named=True)}


class _Run:
    """What `read_as` asks of a finished run."""

    def __init__(self, rules, project) -> None:
        self.rules, self.project = rules, project


def test_a_word_settled_by_its_region_s_other_names_is_told(told):
    assert "«dx» = sida Höger" in told["Knä dx"]
    assert "«sin» = sida Vänster" in told["Knä sin"]


def test_a_side_from_a_column_is_told_with_the_column(told):
    assert "Sida «Höger» = sida Höger" in told["Båtben, hand"]


def test_what_a_region_means_without_a_word_is_told_as_its_habit(told):
    assert any("A" in part and part.endswith("metod Röntgen") for part in told["Knä dx"])


def test_what_follows_from_a_word_is_told_by_that_word(told):
    assert "«MRCP» = metod MR" in told["MRCP"]
