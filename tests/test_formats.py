"""What an earlier version wrote is read by this one, or refused with what to do; never guessed at.

`tests/cases/formats/v1` was written by the first format and is never written again: synthetic
catalogs, one answered workbook, its decisions, the ledger of a merge, a run folder.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import openpyxl
import pytest

from codemerge import cli
from codemerge.files import combined_out, recode, run_folder, workbook_layout
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


def test_every_format_there_has_been_is_stored():
    """Whoever raises a number stores what the old format wrote, before it can't be written any more."""
    for number in (run_folder.FORMAT, combined_out.FORMAT, recode.FORMAT, int(workbook_layout.SCHEMA)):
        assert {f"v{n}" for n in range(1, number + 1)} <= {p.name for p in STORED.iterdir()}
    for folder in STORED.iterdir():
        manifest = json.loads((folder / "run" / "manifest.json").read_text(encoding="utf-8"))
        assert f"v{manifest['format']}" == folder.name
        meta = openpyxl.load_workbook(folder / "judged.xlsx")[workbook_layout.META]
        assert f"v{meta['B1'].value}" == folder.name
        assert {p.name for p in folder.iterdir()} >= {"codemerge.toml", "decisions", "identifiers.csv", "run"}


def test_a_workbook_of_a_newer_version_is_refused_whole(old, capfd):
    """Its rows may mean something that this version doesn't know of."""
    book = openpyxl.load_workbook(old / "judged.xlsx")
    book[workbook_layout.META]["B1"].value = str(int(workbook_layout.SCHEMA) + 1)
    book.save(old / "newer.xlsx")
    before = sorted((old / "decisions").iterdir())
    assert call("review", "import", old / "newer.xlsx", "-p", old, "--lang", "en") == 2
    assert "newer codemerge" in capfd.readouterr().err
    assert sorted((old / "decisions").iterdir()) == before


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
