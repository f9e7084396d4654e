"""Two people on one project folder: each command ends as if it had been alone, or says who was first."""

from __future__ import annotations

import json
import os
import stat
import time
from pathlib import Path

import pytest

from codemerge.dry_run import Options, dry_run
from codemerge.errors import BadInputError
from codemerge.files.decisions import read_decisions
from codemerge.files.identifiers import read_identifiers
from codemerge.files.lock import project_lock
from codemerge.files.run_folder import damaged_files
from codemerge.rules.loader import load_project
from tests.trust_project import begin, ended, judged, leftovers, make_project, tables

# What a folder without working locks (some network shares) makes of the lock.
NO_LOCK = """
import contextlib, codemerge.files.lock as lock
lock.project_lock = lambda *a, **k: contextlib.nullcontext()
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A project with one finished run."""
    root = make_project(tmp_path_factory.mktemp("two") / "p")
    code, _, err = ended(begin("dry-run", root))
    assert code == 0, err
    return root


@pytest.mark.parametrize("before", ["", NO_LOCK], ids=["locked", "no lock to be had"])
def test_two_dry_runs_at_once_end_as_one(made, before):
    """Both end well, and the folder is a whole one: the same tables as alone."""
    alone = tables(made / "run")
    both = [begin("dry-run", made, before=before) for _ in range(2)]
    assert [ended(p)[0] for p in both] == [0, 0]
    assert tables(made / "run") == alone
    assert damaged_files(made / "run") == []
    assert leftovers(made) == []


@pytest.mark.parametrize("before", ["", NO_LOCK], ids=["locked", "no lock to be had"])
def test_two_imports_at_once_lose_nothing(made, before, tmp_path):
    """Every decision of both stands in the chain; without a lock perhaps as a fork, which is seen."""
    root = tmp_path / "p"
    _copy(made, root)
    files = [judged(root, name) for name in ("Eva Ek", "Ali Al")]
    both = [begin("review", "import", f, "-p", root, before=before) for f in files]
    assert [ended(p)[0] for p in both] == [0, 0]
    chain = read_decisions(root / "decisions")
    assert chain.problems == ()
    said = chain.decisions.group_by("reviewer").len().rows()
    assert sorted(n for n, _ in said) == ["Ali Al", "Eva Ek"]
    assert len({count for _, count in said}) == 1
    if not before:
        assert len(chain.heads) == 1
    assert leftovers(root) == []


def test_an_import_during_a_merge_is_before_it_or_after_it(made, tmp_path):
    """The merge delivers what the run said, or names the decisions that came in between."""
    root = tmp_path / "p"
    _copy(made, root)
    slow = "import codemerge.publish as p, time\nreal = p.run\np.run = lambda *a: (time.sleep(1.5), real(*a))[1]\n"
    merge = begin("merge", root, "-o", root / "out", before=slow)
    time.sleep(0.3)
    taken = begin("review", "import", judged(root, "Eva Ek"), "-p", root)
    (merged, _, said), (imported, _, _) = ended(merge), ended(taken)
    assert imported == 0
    assert read_decisions(root / "decisions").decisions.height > 0
    assert merged in (0, 1)
    if merged:
        assert "beslutsfilen" in said
        assert not (root / "out").exists()
    else:
        assert damaged_files(root / "out") == []
        assert read_identifiers(root / "identifiers.csv").height > 0


def test_a_merge_waits_for_whoever_is_writing(made, tmp_path):
    """As every other command does, before it says who holds the project."""
    root = tmp_path / "p"
    _copy(made, root)
    with project_lock(root):
        merge = begin("merge", root, "-o", root / "out")
        time.sleep(3)
    code, _, said = ended(merge)
    assert code == 0, said
    assert damaged_files(root / "out") == []


def test_a_ledger_that_grew_meanwhile_stops_the_merge(made, tmp_path):
    """Also where nothing locks: a code is never given twice."""
    root = tmp_path / "p"
    _copy(made, root)
    grows = NO_LOCK + (
        "import codemerge.publish as p\nreal = p.run\n"
        f"def run(*a):\n    made = real(*a)\n    open({str(root / 'identifiers.csv')!r}, 'w').write("
        "'entity,combined_code,region,code\\nsection,007,A,x\\n')\n    return made\np.run = run\n"
    )
    code, _, said = ended(begin("merge", root, "-o", root / "out", before=grows))
    assert code == 1
    assert "koderegistret" in said
    assert not (root / "out").exists()


def test_who_holds_the_project_is_told_with_age(made, monkeypatch):
    """The second run waits a little, then says who and since when, and writes nothing."""
    monkeypatch.setattr("codemerge.dry_run.LOCK_WAIT", 0.2)
    before = tables(made / "run")
    with project_lock(made), pytest.raises(BadInputError) as refused:
        dry_run(load_project(made), made / "run", Options("sv", "2026-11-22", tables_only=True))
    problem = refused.value.problems[0]
    assert problem.kind == "project.locked"
    assert str(os.getpid()) in str(problem.values["holder"])
    assert problem.values["age"] == "0 min"
    assert tables(made / "run") == before


def test_what_an_import_adds_while_a_run_reads_is_in_tables_and_summary_or_in_neither(
    made, tmp_path, monkeypatch
):
    """The summary names the decision files that were read, no others."""
    import codemerge.dry_run as work

    root = tmp_path / "p"
    _copy(made, root)
    real, calls = work.read_decisions, []

    def read(folder: Path):
        chain = real(folder)
        if not calls:
            calls.append(ended(begin("review", "import", judged(root, "Eva Ek"), "-p", root)))
        return chain

    monkeypatch.setattr(work, "read_decisions", read)
    finished = dry_run(load_project(root), root / "run2", Options("sv", "2026-11-22", tables_only=True))
    summary = json.loads((root / "run2" / "summary.json").read_text(encoding="utf-8"))
    assert len(summary["decisions"]) == 1
    assert finished.decisions.height > 0


@pytest.mark.skipif(os.name == "nt", reason="modes are those of POSIX")
def test_run_folders_follow_the_users_mask_and_personal_files_dont(tmp_path):
    """Colleagues on a share read the run folder, but no list of people."""
    root = make_project(tmp_path / "p")
    (root / "u.csv").write_text("Användar-id;Efternamn;Förnamn\nu1;Ek;Eva\n", encoding="utf-8")
    with (root / "codemerge.toml").open("a", encoding="utf-8") as file:
        file.write('[[source]]\nregion = "A"\nentity = "user"\npath = "u.csv"\n')
    before = os.umask(0o027)
    try:
        dry_run(load_project(root), root / "run", Options("sv", "2026-11-22", csv=True))
    finally:
        os.umask(before)
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in [root / "run", *(root / "run").rglob("*")]}
    assert modes["run"] == modes["tables"] == 0o750
    private = {name for name, mode in modes.items() if mode == 0o600}
    assert {"records_user.parquet", "combined_user.parquet", "records_user.csv"} <= private
    assert all("user" in name for name in private)
    assert modes["review.xlsx"] == modes["report.html"] == modes["mappings.parquet"] == 0o640


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the limit is one of POSIX")
def test_a_memory_limit_ends_in_words_and_leaves_what_stood(made):
    """An engine refused memory would abort: exit 2, the old run folder, nothing begun is left."""
    before = tables(made / "run")
    small = "import codemerge.resources as r\nr.bytes_of = lambda _: {size}"
    for size in (60_000_000, 20_000_000):  # outgrown, and refused by the system
        code, _, said = ended(begin("dry-run", made, "--memory-limit", "x", before=small.format(size=size)))
        assert code == 2
        assert "minnet räcker inte (x)" in said
    assert tables(made / "run") == before
    assert [n for n in leftovers(made) if "lock" not in n] == []
    assert ended(begin("dry-run", made, "--memory-limit", "1GB"))[0] == 0


def _copy(made: Path, root: Path) -> None:
    import shutil

    shutil.copytree(made, root)
