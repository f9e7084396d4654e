"""What an earlier version wrote is read by this one, or refused with what to do; never guessed at.

`tests/cases/formats/v1` was written by the first format and is never written again: synthetic
catalogs, one answered workbook, its decisions, the ledger of a merge, a run folder.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from codemerge import cli
from codemerge.files.decisions import read_decisions
from codemerge.files.identifiers import read_identifiers
from codemerge.files.run_folder import damaged_files, read_run
from codemerge.rules.loader import rules_of

STORED = Path(__file__).resolve().parent / "cases" / "formats"


@pytest.fixture(params=sorted(p.name for p in STORED.iterdir()))
def old(request, tmp_path) -> Path:
    """A copy of a stored project."""
    return Path(shutil.copytree(STORED / request.param, tmp_path / "p"))


def call(*args: object) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.main([str(a) for a in args])
    return int(ended.value.code or 0)


def test_what_format_1_wrote_is_read(old):
    """Decisions, ledger and run folder: whole, with every row."""
    chain = read_decisions(old / "decisions")
    assert chain.problems == ()
    assert set(chain.decisions["reviewer"]) == {"Eva Ek"}
    assert set(chain.decisions["verdict"]) == {"unsure"}
    assert read_identifiers(old / "identifiers.csv").height == 12
    assert damaged_files(old / "run") == []
    assert read_run(old / "run", rules_of).summary["format"] == 1
    assert call("review", "verify", "-p", old) == 0


def test_its_workbook_and_decisions_go_on_in_this_version(old):
    """The old workbook changes nothing twice; the next run takes decisions and ledger as they stand."""
    before = {p.name: p.read_bytes() for p in (old / "decisions").glob("*.csv")}
    assert call("review", "import", old / "judged.xlsx", "-p", old) in (0, 1)
    assert {n: (old / "decisions" / n).read_bytes() for n in before} == before
    ledger = read_identifiers(old / "identifiers.csv")
    assert call("dry-run", old, "--tables-only") in (0, 1)
    crosswalk = read_run(old / "run", rules_of).crosswalk
    kept = ledger.join(crosswalk, on=["entity", "region", "code", "combined_code"], how="semi")
    assert kept.height == ledger.height


def test_an_old_run_is_delivered_or_called_stale_with_a_reason(old, capfd):
    """Rules have changed since: the merge says so and writes nothing."""
    code = call("merge", old, "-o", old / "out")
    assert code in (0, 1)
    assert (old / "out").exists() == (code == 0)
    if code:
        assert capfd.readouterr().err.strip()


@pytest.mark.parametrize("what", ["run", "decisions", "ledger"])
def test_what_a_newer_version_wrote_is_refused_in_words(old, what, capfd):
    """Exit 2 (1 for `review verify`), no traceback, nothing touched."""
    if what == "run":
        manifest = json.loads((old / "run" / "manifest.json").read_text(encoding="utf-8"))
        (old / "run" / "manifest.json").write_text(json.dumps({**manifest, "format": 2}), encoding="utf-8")
        assert call("explain", "exam", "A:84080", "-r", old / "run") == 2
    elif what == "decisions":
        import hashlib

        data = b"# parents:\n# format: 2\nwho knows\n"
        name = f"000002-{hashlib.blake2b(data, digest_size=8).hexdigest()}.csv"
        (old / "decisions" / name).write_bytes(data)
        assert call("dry-run", old) == 2
        assert call("review", "verify", "-p", old) == 1
    else:
        (old / "identifiers.csv").write_text("format,2\n", encoding="utf-8")
        assert call("dry-run", old) == 2
    said = capfd.readouterr().err
    assert said.strip()
    assert "Traceback" not in said
