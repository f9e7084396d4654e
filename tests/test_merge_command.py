"""A merge delivers exactly what the run said, once; anything else is refused with its reasons."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from codemerge import BadInputError, RefusedError, merge, open_run, run_project
from codemerge.cli import cli
from codemerge.files.decisions import write_decisions
from codemerge.library.identity import mapping_id
from codemerge.tables import DECISIONS, conform

PROJECT = """
name = "tiny"
language = "en"
regions = ["RÖ", "RKL"]
export = { effective = "2027-03-01" }

[region.RKL]
prefix = "K"

[policy]
volume_limit = 100000
confirm_share = 0.0

[[source]]
region = "RÖ"
entity = "section"
path = "ro.csv"

[[source]]
region = "RKL"
entity = "section"
path = "rkl.csv"
"""
TODAY = "2026-11-22"


@pytest.fixture
def tiny(tmp_path) -> Path:
    (tmp_path / "codemerge.toml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "ro.csv").write_text(
        "Kod;Benämning\n007;Thorax\n810E0;Neuro\n=1+1;Mammografi\n", encoding="utf-8"
    )
    (tmp_path / "rkl.csv").write_text("Kod;Benämning\nT7;Thorax\n00123;Barn\nN1;Neuro\n", encoding="utf-8")
    return tmp_path


def run_of(tiny: Path):
    return run_project(tiny, tables_only=True, today=TODAY)


def read(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8").splitlines()))


def everything(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


def test_out_holds_catalogs_crosswalk_aliases_and_change_lists(tiny):
    """Codes exact, every field quoted, Parquet beside, hashes in the manifest."""
    run = run_of(tiny)
    merge(run, tiny / "out", today=TODAY)
    out = tiny / "out"

    codes = [row[0] for row in read(out / "combined_section.csv")][1:]
    assert codes == ["00123", "007", "810E0", "=1+1"]
    assert pl.read_parquet(out / "combined_section.parquet")["combined_code"].to_list() == codes
    assert (out / "crosswalk.csv").read_bytes().count(b'"section/RKL/00123"') == 1
    changes = {(row[0], row[2], row[4], row[8]) for row in read(out / "changes_rkl.csv")[1:]}
    assert ("change", "T7", "007", "2027-03-01") in changes
    assert ("add", "", "=1+1", "2027-03-01") in changes
    assert ["007", "RKL", "T7", "Thorax"] in [row[:4] for row in read(out / "aliases_section.csv")]
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert {f["name"] for f in manifest["files"]} == {p.name for p in out.iterdir()} - {"manifest.json"}


def test_merging_twice_changes_nothing(tiny):
    """Not a byte of OUT, not a row of the ledger; and the run with its own rows is the same run."""
    run = run_of(tiny)
    merge(run, tiny / "out", today=TODAY)
    ledger, out = (tiny / "identifiers.csv").read_bytes(), everything(tiny / "out")
    merge(run, tiny / "out", today=TODAY)

    assert (tiny / "identifiers.csv").read_bytes() == ledger
    assert everything(tiny / "out") == out
    assert run.diff(run_of(tiny)).same


def test_a_changed_source_makes_the_run_stale_and_is_named(tiny):
    """Exit 1, the file by name, nothing written."""
    run_of(tiny)
    with (tiny / "rkl.csv").open("a", encoding="utf-8") as file:
        file.write("X;Skelett\n")
    told = CliRunner().invoke(cli, ["merge", str(tiny), "-o", str(tiny / "out")])

    assert isinstance(told.exception, RefusedError)
    assert [(p.kind, p.values["found"]) for p in told.exception.problems] == [
        ("deliver.stale_source", "rkl.csv")
    ]
    assert not (tiny / "out").exists()
    assert not (tiny / "identifiers.csv").exists()


def test_rows_in_another_order_are_the_same_run(tiny):
    """A source saved again with its rows turned round delivers the same bytes."""
    run = run_of(tiny)
    (tiny / "rkl.csv").write_text("Kod;Benämning\nN1;Neuro\n00123;Barn\nT7;Thorax\n", encoding="utf-8")

    merge(run, tiny / "out", today=TODAY)


@pytest.mark.parametrize(
    ("setting", "key"),
    [("confirm_share = 0.0", "policy.confirm_share"), ('survivor = "RKL"', "policy.survivor")],
)
def test_a_changed_project_is_named_by_its_key(tiny, setting, key):
    """Whose codes survive is part of what was said; a key that changed nothing is no reason."""
    run = run_of(tiny)
    text = (
        PROJECT.replace("confirm_share = 0.0", "confirm_share = 0.0\n" + setting)
        if "survivor" in setting
        else PROJECT
    )
    (tiny / "codemerge.toml").write_text(text, encoding="utf-8")
    if "survivor" not in setting:
        merge(run, tiny / "out", today=TODAY)
        return
    with pytest.raises(RefusedError) as told:
        merge(run, tiny / "out", today=TODAY)
    assert [(p.kind, p.values["found"]) for p in told.value.problems] == [("deliver.stale_project", key)]


def test_a_new_decision_makes_the_run_stale(tiny):
    """The decision file is named."""
    run = run_of(tiny)
    row = {
        "entity": "section",
        "mapping_id": mapping_id("section", "section/RÖ/=1+1", ""),
        "region_l": "RÖ",
        "code_l": "=1+1",
        "region_r": "RKL",
        "code_r": "",
        "verdict": "retire",
        "reviewer": "Eva Ek",
        "decided_on": TODAY,
        "note": "ersatt",
    }
    path = write_decisions(tiny / "decisions", conform(pl.DataFrame([row]), DECISIONS))
    assert path is not None
    with pytest.raises(RefusedError) as told:
        merge(run, tiny / "out", today=TODAY)

    assert [(p.kind, p.values["found"]) for p in told.value.problems] == [
        ("deliver.stale_decisions", path.name)
    ]


def test_an_open_blocking_conflict_is_named(tiny):
    """One code for two sections: the merge says which conflict, whose it is, and writes nothing."""
    (tiny / "rkl.csv").write_text("Kod;Benämning\n007;Barn\n", encoding="utf-8")
    run = run_of(tiny)
    with pytest.raises(RefusedError) as told:
        merge(run, tiny / "out", today=TODAY)

    assert told.value.problems[0].values["check"] == "ORG-008"
    assert not (tiny / "out").exists()


def test_a_code_never_changes_when_a_region_comes(tiny):
    """A third region gets combined codes; those in the ledger stay."""
    merge(run_of(tiny), tiny / "out", today=TODAY)
    before = read(tiny / "identifiers.csv")
    third = (
        PROJECT.replace('["RÖ", "RKL"]', '["RJL", "RÖ", "RKL"]')
        + '\n[[source]]\nregion = "RJL"\nentity = "section"\npath = "rjl.csv"\n'
    )
    (tiny / "codemerge.toml").write_text(third, encoding="utf-8")
    (tiny / "rjl.csv").write_text("Kod;Benämning\nJ1;Thorax\nJ2;Buk\n", encoding="utf-8")
    made = run_of(tiny)
    merge(made, tiny / "out", today=TODAY)

    assert read(tiny / "identifiers.csv")[: len(before)] == before
    assert made.translate("section", ["J1", "T7"], "RJL")["target"].to_list()[0] == "007"


def test_out_never_replaces_what_is_not_ours(tiny):
    """A folder with other things in it is refused; the ledger may have grown, and the next merge goes on."""
    run = run_of(tiny)
    (tiny / "mine").mkdir()
    (tiny / "mine" / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(BadInputError):
        merge(run, tiny / "mine", today=TODAY)

    assert (tiny / "mine" / "letter.txt").read_text(encoding="utf-8") == "dear"
    merge(run, tiny / "out", today=TODAY)


def test_a_merge_killed_anywhere_leaves_old_or_new(tiny):
    """Killed between ledger and OUT, the next merge ends in the same place."""
    run = run_of(tiny)
    script = (
        "import os, codemerge.publish as p\n"
        "p.write_out = lambda *a: os._exit(9)\n"
        "from codemerge import merge, open_run\n"
        f"merge(open_run({str(tiny / 'run')!r}), {str(tiny / 'out')!r}, today={TODAY!r})\n"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 9
    ledger = (tiny / "identifiers.csv").read_bytes()
    assert not (tiny / "out").exists()
    merge(run, tiny / "out", today=TODAY)

    assert (tiny / "identifiers.csv").read_bytes() == ledger
    assert (tiny / "out" / "manifest.json").exists()


def test_translate_and_export_from_the_command_line(tiny):
    """Data on stdout, words on stderr; unmapped codes make exit code 1."""
    run_of(tiny)
    at = ["-r", str(tiny / "run"), "--from", "RKL", "--to", "combined"]
    good = CliRunner().invoke(cli, ["translate", "section", *at, "T7"])
    lost = CliRunner().invoke(cli, ["translate", "section", *at, "--json", "-"], input="T7\nnone\n")

    assert (good.exit_code, good.stdout) == (0, "T7\tequivalent\t007\tThorax\t\n")
    assert lost.exit_code == 1
    answers = [json.loads(line) for line in lost.stdout.splitlines()]
    assert [a["result"] for a in answers] == [True, False]
    assert answers[0]["match"][0]["concept"]["code"] == "007"
    assert "none (unknown)" in lost.stderr
    done = CliRunner().invoke(
        cli, ["export", "crosswalk", str(tiny / "run"), "-o", str(tiny / "safe.csv"), "--excel-safe"]
    )
    assert (done.exit_code, done.stdout) == (0, "")
    assert b'"\'=1+1"' in (tiny / "safe.csv").read_bytes()


def test_an_opened_run_is_the_run_that_was_written(tiny):
    """Through the folder and back, table by table."""
    assert run_of(tiny).diff(open_run(tiny / "run")).same


def test_diff_from_the_command_line_names_the_source(tiny):
    """Exit 1 and the cause beside every row; with the same run exit 0."""
    run_of(tiny)
    (tiny / "rkl.csv").write_text(
        "Kod;Benämning\nT7;Thorax\n00123;Barn\nN1;Neuroradiologi\n", encoding="utf-8"
    )
    run_project(tiny, tiny / "later", tables_only=True, today=TODAY)
    told = CliRunner().invoke(cli, ["diff", str(tiny / "run"), str(tiny / "later"), "--lang", "en"])
    same = CliRunner().invoke(cli, ["diff", str(tiny / "run"), str(tiny / "run")])
    facts = CliRunner().invoke(cli, ["diff", str(tiny / "run"), str(tiny / "later"), "--json"])

    assert (told.exit_code, same.exit_code, facts.exit_code) == (1, 0, 1)
    assert "section/RKL/N1 Name: Neuro → Neuroradiologi (because of source rkl.csv)" in told.stdout
    assert json.loads(facts.stdout)["inputs"] == [{"kind": "source", "name": "rkl.csv", "how": "changed"}]


def test_every_format_is_written_from_the_command_line(tiny):
    """Each FORMAT makes a file; nothing but the file, words on stderr."""
    run_of(tiny)
    for form in ("crosswalk", "conceptmap", "codesystem", "sssom", "stcm", "dicom", "sql"):
        done = CliRunner().invoke(cli, ["export", form, str(tiny / "run"), "-o", str(tiny / form)])
        assert (done.exit_code, done.stdout) == (0, ""), form
        assert (tiny / form).stat().st_size > 0, form


def test_recode_from_the_command_line(tiny):
    """Exit 1 while some code has no answer."""
    run_of(tiny)
    (tiny / "performed.csv").write_text("region,kod\nRKL,T7\nRKL,T7\nRKL,x\n", encoding="utf-8")
    call = ["recode", str(tiny / "performed.csv"), "-r", str(tiny / "run"), "-o", str(tiny / "recoded")]
    done = CliRunner().invoke(cli, [*call, "--entity", "section", "--json"])

    assert done.exit_code == 1
    assert json.loads(done.stdout)["by_status"] == {
        "recoded": {"codes": 1, "rows": 2},
        "unknown": {"codes": 1, "rows": 1},
    }


def test_verify_and_compare_from_the_command_line(tiny):
    """The combined catalogs load; the ways to choose stand side by side."""
    run_of(tiny)
    loads = CliRunner().invoke(cli, ["verify", str(tiny / "run")])
    ways = CliRunner().invoke(cli, ["compare", str(tiny), "--scenario", "survivor=RKL", "--json"])
    wrong = CliRunner().invoke(
        cli, ["compare", str(tiny), "--scenario", "survivor=XX", "--scenario", "nothing"]
    )

    assert loads.exit_code == 0, loads.output
    assert [s["name"] for s in json.loads(ways.stdout)["scenarios"]][1] == "survivor=RKL"
    assert [p.values["found"] for p in wrong.exception.problems] == ["survivor=XX", "nothing"]
