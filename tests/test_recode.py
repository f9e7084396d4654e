"""An archive is recoded beside its own columns; every row stays; what can't be answered is counted."""

from __future__ import annotations

import json

import polars as pl
import pytest

from codemerge.answers.recode_map import recode_map
from codemerge.errors import BadInputError
from codemerge.files.recode import Archive, Machine, recode
from tests.conftest import page
from tests.small_runs import BROADER, small_run

PERFORMED = [
    ("B", "K7", "L", 1),
    ("A", "007", "L", 2),
    ("B", "K0", "L", 3),
    ("B", "K0", "R", 4),
    ("B", "K0", None, 5),
    ("A", "5", None, 6),
    ("B", "no such", None, 7),
    ("A", "K7", None, 8),
]
NAMES = ["region", "Kod", "side", "n"]


@pytest.fixture(scope="module")
def joins():
    return recode_map(small_run().crosswalk, "gadget")


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "performed.parquet"
    pl.DataFrame(PERFORMED, schema=NAMES, orient="row").write_parquet(path)
    return path


def recoded(archive: Archive, joins, tmp_path) -> tuple[dict, pl.DataFrame]:
    summary = recode(archive, joins, page(), "v1", tmp_path / "out", Machine(threads=2))
    return summary, pl.read_parquet(sorted((tmp_path / "out" / "data").rglob("*.parquet"))).sort("n")


def test_performed_codes_stay_and_the_combined_one_stands_beside(archive, joins, tmp_path):
    """Where the archive carries the side, a split is answered; where not, the row is flagged."""
    summary, out = recoded(Archive((archive,)), joins, tmp_path)

    assert out.select(NAMES).rows() == PERFORMED
    assert out.select("combined_code", "combined_relationship", "recode_status").rows() == [
        ("007", "equivalent", "recoded"),
        ("007", "equivalent", "recoded"),
        ("007", BROADER, "recoded"),
        ("810E0", BROADER, "recoded"),
        (None, None, "split"),
        (None, None, "retired"),
        (None, None, "unknown"),
        (None, None, "unknown"),
    ]
    assert out["crosswalk_version"].unique().to_list() == ["v1"]
    assert (summary["rows_in"], summary["rows_out"]) == (8, 8)


def test_what_was_not_answered_is_listed(archive, joins, tmp_path):
    """unmapped.csv and flagged.csv say region, code, why, rows, and what would have chosen."""
    recoded(Archive((archive,)), joins, tmp_path)
    read = lambda name: pl.read_csv(tmp_path / "out" / name, infer_schema=False).rows()  # noqa: E731

    assert set(read("unmapped.csv")) == {
        ("A", "5", "retired", "1"),
        ("B", "no such", "unknown", "1"),
        ("A", "K7", "unknown", "1"),
    }
    assert read("flagged.csv") == [("B", "K0", "split", "1", "side")]
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["by_status"]["recoded"] == {
        "codes": 3,
        "rows": 4,
    }


def test_csv_in_one_region_partitioned(joins, tmp_path):
    """A CSV keeps every text as it is; --region says whose codes they are."""
    path = tmp_path / "a.csv"
    path.write_text('Kod,n,year\n"007",1,2025\n"=1+1",2,2026\n', encoding="utf-8")
    summary, out = recoded(Archive((path,), region="A", partition_by="year"), joins, tmp_path)

    assert out["combined_code"].to_list() == ["007", "=1+1"]
    assert sorted(p.name for p in (tmp_path / "out" / "data").iterdir()) == ["year=2025", "year=2026"]
    assert summary["by_status"] == {"recoded": {"codes": 2, "rows": 2}}


def test_an_archive_that_cannot_be_trusted_is_refused_with_every_reason(joins, tmp_path):
    """Numbers for codes, no region, a column of ours there already: all told, nothing written."""
    path = tmp_path / "bad.parquet"
    pl.DataFrame({"kod": [7], "combined_code": ["x"]}).write_parquet(path)
    with pytest.raises(BadInputError) as told:
        recode(Archive((path,)), joins, page(), "v1", tmp_path / "out", Machine())

    assert {p.kind for p in told.value.problems} == {
        "deliver.archive_region",
        "deliver.archive_taken",
        "deliver.archive_number",
    }
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_no_archive_is_named(joins, tmp_path):
    """Damage is told in words."""
    path = tmp_path / "torn.parquet"
    path.write_bytes(b"PAR1 torn")
    with pytest.raises(BadInputError) as told:
        recode(Archive((path,)), joins, page(), "v1", tmp_path / "out", Machine())

    assert told.value.problems[0].kind == "deliver.archive_unreadable"


def test_the_archives_own_words_for_a_side_are_told(joins, tmp_path):
    """Sida says H and V where the condition says R and L."""
    path = tmp_path / "a.csv"
    path.write_text("region,Kod,n,Sida\nB,K0,1,V\nB,K0,2,H\nB,K0,3,\n", encoding="utf-8")
    own = Archive((path,), attributes=(("side", "Sida"),), values=(("side", "V", "L"), ("side", "H", "R")))
    _, out = recoded(own, joins, tmp_path)

    assert out["combined_code"].to_list() == ["007", "810E0", None]
    assert out["Sida"].to_list() == ["V", "H", None]
