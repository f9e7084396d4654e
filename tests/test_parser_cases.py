"""Hard names, one a row of ``tests/cases/names.csv``: adding one needs no Python."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from codemerge.library.parser import read_name
from codemerge.library.vocabulary import Vocabulary
from codemerge.rules.facets import load_vocabulary

ROOT = Path(__file__).parents[1]
CASES = list(csv.DictReader((ROOT / "tests/cases/names.csv").read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary([ROOT / "rules"])[1]


def _pairs(cell: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in cell.split(";") if part)


@pytest.mark.parametrize("case", CASES, ids=[f"{c['name']} [{c['declared']}]" for c in CASES])
def test_a_hard_name_says_what_its_row_expects(case: dict[str, str], vocabulary: Vocabulary) -> None:
    """Every facet named in the row has exactly those concepts; nothing in it is unknown."""
    reading = read_name(case["name"], vocabulary, **_pairs(case["declared"]))
    lists = {"ambiguous": reading.ambiguous, "corrected": reading.corrected}
    for facet, wanted in _pairs(case["expected"]).items():
        found = lists[facet] if facet in lists else reading.facets.get(facet, [])
        assert found == sorted(filter(None, wanted.split("|"))), f"{facet}: {case['sentence']}"
    assert not reading.unknown, case["sentence"]


def test_there_are_two_hundred_hard_names() -> None:
    """The list is long, and each row says in a sentence why it is hard."""
    assert len(CASES) >= 200
    assert all(case["sentence"].endswith(".") for case in CASES)
