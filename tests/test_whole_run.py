"""A whole run on the bundled example: nothing lost, the same bytes whatever the circumstances."""

from __future__ import annotations

import csv
import hashlib
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codemerge.files import run_folder
from codemerge.rules.shipped import shipped
from codemerge.tables import MAPPINGS, aligned, conform

EXAMPLE = shipped("fixtures")


def run_example(folder: Path, **circumstances: str) -> Path:
    """Dry-run a project folder in a process of its own; return its run folder."""
    env = {**os.environ, **circumstances}
    result = subprocess.run(
        [sys.executable, "-m", "codemerge", "dry-run", str(folder), "--tables-only", *circumstances.get("ARGS", "").split()],
        capture_output=True, text=True, env=env, cwd=circumstances.get("CWD"), check=False,
    )  # fmt: skip
    assert result.returncode in (0, 1), result.stderr
    return folder / "run"


def hashes(run: Path) -> dict[str, str]:
    """Return the hash of every table but origins, which says where rows stood."""
    return {
        p.stem: hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted((run / "tables").glob("*.parquet"))
        if p.stem != "origins"
    }


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, copied and run once."""
    folder = tmp_path_factory.mktemp("example") / "project"
    shutil.copytree(EXAMPLE, folder)
    run_example(folder)
    return folder


def test_every_input_record_stands_in_the_crosswalk(example):
    """Every record of every entity, and no other."""
    tables = example / "run" / "tables"
    crosswalk = set(pl.read_parquet(tables / "crosswalk.parquet")["record_id"])
    records = {
        name
        for path in tables.glob("records_*.parquet")
        for name in pl.read_parquet(path, columns=["record_id"])["record_id"]
    }
    origins = set(pl.read_parquet(tables / "origins.parquet")["record_id"])

    assert crosswalk == records == origins


@pytest.mark.parametrize(
    "circumstances",
    [
        {"PYTHONHASHSEED": "7"},
        {"ARGS": "--threads 1"},
        {"LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Tokyo"},
        {"CWD": "/"},
    ],
    ids=["hash seed", "one thread", "locale and time zone", "working directory"],
)
def test_circumstances_change_no_byte(example, tmp_path, circumstances):
    """Not the hash seed, the threads, the locale, nor where the command was typed."""
    shutil.copytree(EXAMPLE, tmp_path / "project")

    assert hashes(run_example(tmp_path / "project", **circumstances)) == hashes(example / "run")


def test_the_order_of_rows_changes_no_byte(example, tmp_path):
    """Every plain CSV of the example with its rows shuffled."""
    folder = tmp_path / "project"
    shutil.copytree(EXAMPLE, folder)
    shuffled = [path for path in sorted((folder / "ro").glob("*.csv")) if shuffle(path)]
    assert shuffled

    assert hashes(run_example(folder)) == hashes(example / "run")


def shuffle(path: Path) -> bool:
    """Shuffle the rows of a cp1252 catalog whose every row is one line of the header's width."""
    lines = path.read_bytes().decode("cp1252").splitlines(keepends=True)
    widths = {len(row) for row in csv.reader(lines, delimiter=";")}
    if len(widths) != 1 or '"' in "".join(lines):
        return False
    rows = lines[1:]
    random.Random(5).shuffle(rows)  # noqa: S311 - any shuffle will do
    path.write_bytes("".join([lines[0], *rows]).encode("cp1252"))
    return True


def test_mappings_too_many_for_memory_are_written_in_parts_and_read_back_the_same(
    example, tmp_path, monkeypatch
):
    """A country's waterfalls are spelled out some at a time; nothing is lost, doubled or left behind."""
    mappings = conform(pl.read_parquet(example / "run" / "tables" / "mappings.parquet"), MAPPINGS)
    at_once, in_parts = tmp_path / "at_once.parquet", tmp_path / "in_parts.parquet"
    run_folder.write_parquet(mappings, at_once, private=False)
    monkeypatch.setattr(run_folder, "_PART", mappings.height // 7)
    run_folder.write_parquet(mappings, in_parts, private=False)
    assert pl.read_parquet(in_parts).equals(pl.read_parquet(at_once))
    assert sorted(p.name for p in tmp_path.iterdir()) == [at_once.name, in_parts.name]


def test_no_personal_number_is_ever_written(example):
    """The numbers in the staff catalogs are in no byte of the run folder."""
    numbers = set()
    for path in (p for p in EXAMPLE.rglob("*") if p.suffix in {".csv", ".txt"}):
        data = path.read_bytes()
        for encoding in ("utf-8", "utf-16", "cp1252"):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            numbers |= {
                n.replace("-", "")[-10:] for n in re.findall(r"\b(?:19|20)?\d\d[01]\d{3}-\d{4}\b", text)
            }
    assert len(numbers) > 10
    written = b"".join(p.read_bytes() for p in (example / "run").rglob("*") if p.is_file())
    tables = "".join(
        str(pl.read_parquet(p).to_dicts()) for p in (example / "run" / "tables").glob("*.parquet")
    )
    found = [n for n in numbers if n in tables or n.encode() in written or f"{n[:6]}-{n[6:]}" in tables]
    assert found == []


MADE_UP = """
id = "trolley"
order = 5
name = { sv = "Vagn", en = "Trolley" }
plural = { sv = "Vagnar", en = "Trolleys" }
owner = "IT"
names = "label"

[[field]]
name = "code"
title = { sv = "Vagnkod", en = "Trolley code" }
type = "code"
required = true
aliases = ["vagnkod"]

[[field]]
name = "label"
title = { sv = "Vagnnamn", en = "Trolley name" }
aliases = ["vagnnamn"]

[matching]
candidates = "all"
ending = "folded"
accept = 0.5
margin = 0.0

[[comparison]]
of = "label"
title = { sv = "Namn", en = "Name" }
levels = [{ when = "same", m = 0.9, rarity = true }, { when = "differs", m = 0.1, veto = true }]
"""


def test_a_made_up_entity_and_a_third_region_need_no_code(tmp_path):
    """An entity nobody has heard of, from a page in a rule pack, over three regions."""
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "trolley.toml").write_text(MADE_UP, encoding="utf-8")
    project = 'name = "x"\nregions = ["A", "B", "C"]\n[policy]\nrules = ["pack/"]\n'
    for n, region in enumerate("ABC"):
        (tmp_path / f"{region}.csv").write_text(
            f"Vagnkod;Vagnnamn\n{n}1;grå vagn\n{n}2;egen {region}\n", encoding="utf-8"
        )
        project += f'[[source]]\nregion = "{region}"\nentity = "trolley"\npath = "{region}.csv"\n'
    (tmp_path / "codemerge.toml").write_text(project, encoding="utf-8")

    tables = run_example(tmp_path) / "tables"

    combined = pl.read_parquet(tables / "combined_trolley.parquet")
    grey = combined.filter(pl.col("label") == "grå vagn")
    crosswalk = pl.read_parquet(tables / "crosswalk.parquet")
    assert crosswalk.height == 6
    assert grey["members"].to_list() == [["trolley/A/01", "trolley/B/11", "trolley/C/21"]]


@given(st.lists(st.lists(st.integers(0, 9), max_size=4), min_size=1, max_size=5))
def test_tables_put_together_lie_in_the_same_pieces(parts):
    """Whatever pieces its columns lay in, a table holds the same cells, and no look at some copies the rest."""
    frames = [
        pl.DataFrame({"n": part}, schema={"n": pl.Int64}).with_columns(of=pl.lit("x")) for part in parts
    ]
    whole = pl.concat(frames, rechunk=False).with_columns(
        twice=pl.Series([v * 2 for p in parts for v in p], dtype=pl.Int64)
    )
    found = aligned(whole)
    assert found.equals(whole)
    assert len({tuple(column.chunk_lengths()) for column in found.get_columns()}) == 1
