"""What a user types and what comes back: exit codes, words, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PLAIN = {k: v for k, v in os.environ.items() if k not in {"LANG", "LC_ALL", "CODEMERGE_LANG"}}

EXAMS_A = "Kod;Benämning;Antal\n84080;DT buk med kontrast;900\n81000;DT hjärna utan kontrast;100\n"
EXAMS_B = "Kod;Benämning;Antal\n840800;CT buk m kontr;700\n810000;CT hjärna u kontr;300\n"
PROJECT = """
name = "Prov"
regions = ["A", "B"]
[[source]]
region = "A"
entity = "exam"
path = "a.csv"
[[source]]
region = "B"
entity = "exam"
path = "b.csv"
"""


def codemerge(*args: object, **more: object) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    env = {**PLAIN, **more.pop("env", {})}  # type: ignore[dict-item] # a test's own variables
    return subprocess.run(
        [sys.executable, "-m", "codemerge", *map(str, args)],
        capture_output=True, text=True, encoding="utf-8", env=env, check=False, **more,  # type: ignore[call-overload] # as above
    )  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of two small exam catalogs."""
    (tmp_path / "a.csv").write_text(EXAMS_A, encoding="utf-8")
    (tmp_path / "b.csv").write_text(EXAMS_B, encoding="utf-8")
    (tmp_path / "codemerge.toml").write_text(PROJECT, encoding="utf-8")
    return tmp_path


def refused(result: subprocess.CompletedProcess[str], *said: str) -> None:
    """Check that a call was refused in words: exit 2, no traceback, each piece said."""
    assert result.returncode == 2, result.stderr
    assert "Traceback" not in result.stderr
    for piece in said:
        assert piece in result.stderr


def test_a_project_that_can_be_read_passes_check_and_writes_nothing(project):
    before = sorted(p.name for p in project.iterdir())

    result = codemerge("check", project)

    assert result.returncode == 0, result.stderr
    assert sorted(p.name for p in project.iterdir()) == before


def test_a_dry_run_ends_in_a_verdict_and_the_next_command(project):
    result = codemerge("dry-run", project)

    assert result.returncode == 1, result.stderr
    assert result.stdout.startswith("STOPP")
    assert "codemerge review import" in result.stdout.splitlines()[-1]
    for name in ("summary.json", "report.html", "review.xlsx", "manifest.json", "tables/mappings.parquet"):
        assert (project / "run" / name).is_file()


def test_a_dry_run_is_ready_when_nobody_must_be_asked(project):
    text = PROJECT + "[policy]\nconfirm_share = 0\nvolume_limit = 1000000\n"
    (project / "codemerge.toml").write_text(text, encoding="utf-8")

    result = codemerge("dry-run", project, "--tables-only", "--lang", "en")

    assert result.returncode == 0, result.stdout
    assert result.stdout.startswith("READY")
    assert not (project / "run" / "report.html").exists()


def test_json_is_the_only_thing_on_stdout(project):
    result = codemerge("dry-run", project, "--json", "--tables-only")

    assert json.loads(result.stdout)["verdict"] == "blocked"


def test_quiet_says_nothing_but_the_exit_code(project):
    result = codemerge("dry-run", project, "--tables-only", "--quiet")

    assert (result.returncode, result.stdout, result.stderr) == (1, "", "")


def test_a_missing_project_is_said(tmp_path):
    refused(codemerge("dry-run", tmp_path / "nowhere"), "codemerge.toml")


def test_a_missing_source_is_said(project):
    (project / "b.csv").unlink()
    refused(codemerge("dry-run", project), "b.csv")


def test_an_unknown_entity_is_said_with_the_nearest(project):
    (project / "codemerge.toml").write_text(PROJECT.replace('"exam"', '"exma"'), encoding="utf-8")
    refused(codemerge("dry-run", project), "exma", "exam")


def test_a_misspelt_key_is_said_with_line_and_the_nearest(project):
    (project / "codemerge.toml").write_text(PROJECT + "[policy]\nsinoff = 2\n", encoding="utf-8")
    refused(codemerge("check", project), "codemerge.toml:13", "sinoff", "signoff")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a column that can't be found", "Nummer;Antal\n1;2\n", "a.csv"),
        ("a duplicate header", "Kod;Benämning;Kod\n1;x;2\n", "Kod"),
        ("an empty file", "", "a.csv"),
        ("a short row", "Kod;Benämning;Antal\n1;x;2\n2;y\n", "a.csv:3"),
    ],
)
def test_a_damaged_catalog_is_said_by_place(project, name, text, said):
    (project / "a.csv").write_text(text, encoding="utf-8")
    refused(codemerge("dry-run", project), said)
    assert not (project / "run").exists()


def test_a_binary_file_named_csv_is_said(project):
    (project / "a.csv").write_bytes(bytes(range(256)) * 20)
    refused(codemerge("dry-run", project), "a.csv")


def test_every_problem_is_told_at_once(project):
    (project / "a.csv").write_text("Kod;Benämning\n1\n2;y\n3\n", encoding="utf-8")
    (project / "b.csv").unlink()
    refused(codemerge("check", project), "a.csv:2", "a.csv:4", "b.csv")


def test_an_unknown_command_is_answered_with_the_nearest():
    refused(codemerge("dryrun"), "dry-run")


def test_messages_come_in_the_project_s_language(project):
    (project / "codemerge.toml").write_text(PROJECT + "[policy]\nsinoff = 2\n", encoding="utf-8")
    swedish = codemerge("check", project).stderr
    english = codemerge("check", project, "--lang", "en").stderr

    assert "menas" in swedish
    assert "did you mean" in english


def test_explain_shows_the_waterfall_of_a_pair_and_of_one_that_was_never_chosen(project):
    assert codemerge("dry-run", project, "--tables-only").returncode == 1

    chosen = codemerge("explain", "exam", "A:84080", "B:840800", "-r", project / "run")
    other = codemerge("explain", "exam", "A:84080", "B:810000", "-r", project / "run")
    alone = codemerge("explain", "exam", "A:84080", "-r", project / "run")

    assert (chosen.returncode, other.returncode, alone.returncode) == (0, 0, 0), chosen.stderr + other.stderr
    assert "DT buk med kontrast" in chosen.stdout
    assert "OLIKA" in other.stdout
    assert "840800" in alone.stdout
    refused(codemerge("explain", "exam", "A:8408", "-r", project / "run"), "A:84080")


def test_a_protective_wall_turns_our_faults_into_one_line_and_a_file_without_data(project, tmp_path):
    code = (
        "import sys\n"
        "import codemerge.dry_run\n"
        "def broken(*a, **k): raise RuntimeError('19121212-1212')\n"
        "codemerge.dry_run.dry_run = broken\n"
        "from codemerge.cli import main\n"
        f"main(['dry-run', {str(project)!r}])\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**PLAIN, "TMPDIR": str(tmp_path)},
        check=False,
    )

    assert result.returncode == 70
    assert "Traceback" not in result.stderr
    report = next(tmp_path.glob("codemerge-bug-*")).read_text(encoding="utf-8")
    assert "RuntimeError" in report
    assert "1212" not in report + result.stderr
