"""The fixtures: three synthetic regions, made by a script that always writes the same bytes."""

from __future__ import annotations

import csv
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from codemerge.model import Relationship
from codemerge.rules.page import Entity
from codemerge.rules.project import Project

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures"
TRUTHS = sorted((FIXTURES / "truth").glob("*.csv"))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", ["codemerge.toml", "two-regions.toml"])
def test_the_project_files_are_valid_and_name_files_that_exist(name: str) -> None:
    project = Project.model_validate(tomllib.loads((FIXTURES / name).read_text(encoding="utf-8")))
    assert all((FIXTURES / source.path).is_file() for source in project.source)
    per_region = Counter(source.region for source in project.source)
    assert set(per_region) == set(project.regions)
    assert len(set(per_region.values())) == 1


def test_the_script_writes_the_same_bytes_again(tmp_path: Path) -> None:
    script = ROOT / "benchmarks" / "catalogs" / "fixtures.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True, timeout=60)
    written = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert len(written) > 40
    for path in written:
        assert (tmp_path / path).read_bytes() == (FIXTURES / path).read_bytes(), path


@pytest.mark.parametrize("truth", TRUTHS, ids=[path.stem for path in TRUTHS])
def test_truth_speaks_the_closed_set_of_relationships(truth: Path) -> None:
    for row in rows(truth):
        assert bool(row["right"]) == bool(row["relationship"])
        assert not row["relationship"] or Relationship(row["relationship"])


def test_every_pair_of_regions_has_forty_equivalent_examinations_and_some_that_are_not() -> None:
    found = Counter(
        (r["left_region"], r["right_region"], r["relationship"]) for r in rows(FIXTURES / "truth/exam.csv")
    )
    for pair in (("RÖ", "RKL"), ("RÖ", "RJL"), ("RKL", "RJL")):
        assert found[*pair, Relationship.EQUIVALENT] >= 40
        assert found[*pair, Relationship.NARROWER] and found[*pair, Relationship.BROADER]
        assert found[*pair, ""]


def test_the_collisions_that_matter_most_are_seeded() -> None:
    seeded = Counter(row["check"] for row in rows(FIXTURES / "expected_conflicts.csv"))
    for check in ("EXM-001", "ROM-001", "ROM-003", "USR-002", "USR-003", "ORG-001", "CAT-001", "CAT-011"):
        assert seeded[check] == 1, check


def test_a_page_is_known_for_every_source() -> None:
    project = tomllib.loads((FIXTURES / "codemerge.toml").read_text(encoding="utf-8"))
    for source in project["source"]:
        page = ROOT / "rules" / f"{source['entity']}.toml"
        assert Entity.model_validate(tomllib.loads(page.read_text(encoding="utf-8"))).id == source["entity"]
