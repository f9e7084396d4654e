"""Clocks jump, run backwards and stand in other zones; nothing that is written follows them but the day of a decision."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest

from codemerge import cli
from codemerge.errors import BadInputError
from codemerge.files.decisions import read_decisions
from codemerge.files.lock import project_lock
from codemerge.library.verdicts import standing
from tests.trust_project import judged, leftovers, make_project

DAY = 24 * 3600
LOCK = ".codemerge.lock"


def call(*args: object) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.main([str(a) for a in args])
    return int(ended.value.code or 0)


def at(monkeypatch: pytest.MonkeyPatch, seconds: float, zone: str) -> None:
    """Set this process's clock and time zone."""
    monkeypatch.setenv("TZ", zone)
    if hasattr(time, "tzset"):
        time.tzset()
    monkeypatch.setattr(time, "time", lambda: seconds)
    day = time.strftime("%Y-%m-%d", time.gmtime(seconds))
    for module in ("work", "review", "deliver"):
        monkeypatch.setattr(f"codemerge.cli.{module}.today", lambda: day)


def written(root: Path) -> dict[str, bytes]:
    """Return every file of a run and what it issued; of the summary all but the seconds it took."""
    found = {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}
    summary = json.loads(found.pop("run/summary.json"))
    manifest = json.loads(found.pop("run/manifest.json"))
    summary["timings"] = None
    files = [f for f in manifest["files"] if f["name"] != "summary.json"]
    return found | {"summary": json.dumps(summary).encode(), "manifest": json.dumps(files).encode()}


@pytest.fixture(autouse=True)
def zone_back(monkeypatch):
    """Whatever zone a test sets, the next one has its own."""
    yield
    monkeypatch.undo()
    if hasattr(time, "tzset"):
        time.tzset()


def test_a_run_is_the_same_bytes_on_any_day_and_in_any_zone(tmp_path, monkeypatch):
    """1970, the last hour of summer time, after 2038: tables, workbooks, report, ids."""
    seen = []
    for seconds, zone in ((0.0, "Asia/Tokyo"), (1793494800.0, "Europe/Stockholm"), (4102444800.0, "UTC")):
        root = make_project(tmp_path / "p")
        at(monkeypatch, seconds, zone)
        assert call("dry-run", root) in (0, 1)
        seen.append(written(root))
        assert call("dry-run", root) in (0, 1)  # also in the place of one made at another time
        shutil.rmtree(root)
        monkeypatch.undo()
    assert seen[0].keys() == seen[1].keys() == seen[2].keys()
    assert [name for name in seen[0] if not seen[0][name] == seen[1][name] == seen[2][name]] == []


def test_the_last_answer_stands_though_the_clock_went_back(tmp_path, monkeypatch):
    """Decisions follow each other by the chain, not by the day they carry."""
    root = make_project(tmp_path / "p")
    assert call("dry-run", root) in (0, 1)
    first, second = judged(root, "Eva", "Osäker"), tmp_path / "again.xlsx"
    judged(root, "Eva", "Olika – behåll båda").rename(second)
    first = judged(root, "Eva", "Osäker")
    at(monkeypatch, 1893456000.0, "UTC")
    assert call("review", "import", first, "-p", root) in (0, 1)
    at(monkeypatch, 1893456000.0 - 3650 * DAY, "UTC")
    assert call("review", "import", second, "-p", root) in (0, 1)
    chain = read_decisions(root / "decisions")
    assert chain.problems == ()
    assert sorted(set(chain.decisions["decided_on"])) == ["2020-01-04", "2030-01-01"]
    ruling = standing(chain.decisions)
    assert set(ruling.filter(decided_on="2020-01-04")["verdict"]) == {"keep_both"}
    twice = set(chain.decisions.filter(decided_on="2020-01-04")["mapping_id"])
    assert not twice & set(ruling.filter(decided_on="2030-01-01")["mapping_id"])


def test_a_lock_from_the_future_stands_as_little_as_an_old_one(tmp_path):
    """A machine whose clock was wrong left it on a share; nobody there can be asked."""
    now = 1_800_000_000.0
    for since, free in (
        (now - 3600, False),
        (now + 3600, False),
        (now - 2 * DAY, True),
        (now + 2 * DAY, True),
    ):
        (tmp_path / LOCK).write_text("4711\nanother-host\n", encoding="utf-8")
        holder = {"account": "eva", "host": "another-host", "pid": 4711, "since": since}
        (tmp_path / f"{LOCK}.json").write_text(json.dumps(holder), encoding="utf-8")
        if free:
            with project_lock(tmp_path, now=lambda: now):
                pass
            assert leftovers(tmp_path) == []
        else:
            with pytest.raises(BadInputError) as refused, project_lock(tmp_path, now=lambda: now):
                pass
            assert refused.value.problems[0].kind == "project.locked"
            assert "eva" in str(refused.value.problems[0].values["holder"])
        for name in leftovers(tmp_path):
            (tmp_path / name).unlink()
