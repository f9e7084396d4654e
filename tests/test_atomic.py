"""A file or folder is the whole old one or the whole new one, wherever the disk fails."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from codemerge.errors import BadInputError
from codemerge.files.atomic import KEPT, publish_folder, recover, write_atomically, write_bytes, write_text
from codemerge.files.file_system import FileSystem
from codemerge.files.lock import project_lock

STEPS = ("create", "sync", "sync_folder", "replace", "rename", "exchange", "remove", "remove_folder", "copy")


class FailingDisk(FileSystem):
    """A disk whose N-th step fails; ``swaps`` False: one that can't exchange names."""

    def __init__(self, fail_at: int, *, swaps: bool = True, dies: bool = False) -> None:
        self.fail_at, self.swaps, self.dies, self.steps = fail_at, swaps, dies, 0

    def _step(self, name: str, *given: Any) -> Any:
        self.steps += 1
        if self.steps == self.fail_at or (self.dies and self.steps > self.fail_at):
            raise OSError(errno.EIO, "made to fail")
        if name == "exchange" and not self.swaps:
            return False
        return getattr(FileSystem, name)(self, *given)

    def wait(self, seconds: float) -> None:
        """Waits for nobody."""


for step in STEPS:
    setattr(FailingDisk, step, lambda self, *given, _name=step: self._step(_name, *given))


def finished(folder: Path, text: str) -> Path:
    """Build a folder as a run does: a file, and a manifest last."""
    folder.mkdir()
    (folder / "tables").mkdir()
    (folder / "tables" / "a.txt").write_text(text, encoding="utf-8")
    digest = sha256(text.encode()).hexdigest()
    manifest = {"format": 1, "files": [{"name": "tables/a.txt", "size": len(text), "sha256": digest}]}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def content(folder: Path) -> str:
    assert (folder / "manifest.json").is_file()
    return (folder / "tables" / "a.txt").read_text(encoding="utf-8")


def leftovers(folder: Path) -> list[str]:
    return [p.name for p in folder.iterdir() if p.name.startswith(".")]


def test_a_file_is_old_or_new_whichever_step_fails(tmp_path):
    path = tmp_path / "a.csv"
    for fail_at in range(1, 20):
        path.write_text("old", encoding="utf-8")
        disk = FailingDisk(fail_at)
        try:
            write_bytes(path, b"new", files=disk)
        except BadInputError as error:
            kind = error.problems[0].kind
            assert path.read_text(encoding="utf-8") == ("new" if kind == "project.not_durable" else "old")
        else:
            assert path.read_text(encoding="utf-8") == "new"
            break
    assert fail_at == 5  # create, sync, replace and sync_folder can fail
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("dies", [False, True], ids=["one step fails", "the power goes"])
@pytest.mark.parametrize("swaps", [True, False], ids=["names can be exchanged", "two renames"])
def test_a_folder_is_old_or_new_whichever_step_fails(tmp_path, swaps, dies):
    """After the next start, that is: a crash between two renames is finished then."""
    for fail_at in range(1, 60):
        place = tmp_path / str(fail_at)
        place.mkdir()
        final = finished(place / "run", "old")
        (final / "review.xlsx").write_bytes(b"somebody's work")
        staged = finished(place / ".run.codemerge-x", "new")
        disk = FailingDisk(fail_at, swaps=swaps, dies=dies)
        try:
            publish_folder(staged, final, files=disk)
        except BadInputError as error:
            kind = error.problems[0].kind
            recover(final)
            assert content(final) == ("new" if kind == "project.not_durable" else "old")
        else:
            assert content(final) == "new"
        kept = list(final.rglob("review*.xlsx"))
        assert [p.read_bytes() for p in kept] == [b"somebody's work"]
        if disk.steps < fail_at:
            break
    assert fail_at > 8


def test_the_first_run_folder_appears_whole(tmp_path):
    publish_folder(finished(tmp_path / "staged", "new"), tmp_path / "run")
    assert content(tmp_path / "run") == "new"
    (tmp_path / "empty").mkdir()
    publish_folder(finished(tmp_path / "staged", "new"), tmp_path / "empty")
    assert content(tmp_path / "empty") == "new"
    assert not (tmp_path / "staged").exists()


def test_what_people_changed_in_a_run_folder_is_kept_and_stays_kept(tmp_path):
    final = finished(tmp_path / "run", "one")
    (final / "notes.txt").write_text("mine", encoding="utf-8")
    (final / "tables" / "a.txt").write_text("edited", encoding="utf-8")
    (final / "~$review.xlsx").write_text("clutter", encoding="utf-8")
    for text in ("two", "three"):
        publish_folder(finished(tmp_path / "staged", text), final)
    kept = [p.read_text(encoding="utf-8") for p in (final / KEPT).rglob("*.txt")]
    assert sorted(kept) == ["edited", "mine"]
    assert content(final) == "three"
    assert not list(final.rglob("~$*"))


@pytest.mark.parametrize("what", ["a user's folder", "a file", "a link", "a broken manifest"])
def test_nothing_but_a_run_folder_is_ever_replaced(tmp_path, what):
    final = tmp_path / "run"
    if what == "a file":
        final.write_text("mine", encoding="utf-8")
    elif what == "a link":
        (tmp_path / "elsewhere").mkdir()
        final.symlink_to(tmp_path / "elsewhere")
    else:
        final.mkdir()
        name = "manifest.json" if what == "a broken manifest" else "thesis.docx"
        (final / name).write_text("mine", encoding="utf-8")
    with pytest.raises(BadInputError) as refused:
        publish_folder(finished(tmp_path / "staged", "new"), final)
    assert refused.value.problems[0].kind == "project.not_a_run_folder"
    assert final.exists()
    if final.is_dir() and not final.is_symlink():
        assert [p.read_text(encoding="utf-8") for p in final.iterdir()] == ["mine"]


def test_a_locked_target_is_tried_again_and_then_named(tmp_path):
    """As on Windows, where a virus scanner or Excel holds a file for a while."""

    class Held(FileSystem):
        retries = 3

        def __init__(self, times: int) -> None:
            self.times = times

        def replace(self, source: Path, target: Path) -> None:
            self.times -= 1
            if self.times >= 0:
                raise PermissionError(errno.EACCES, "in use")
            super().replace(source, target)

        def wait(self, seconds: float) -> None:
            assert seconds <= 1

    path = tmp_path / "a.xlsx"
    write_text(path, "old", files=Held(0))
    write_text(path, "new", files=Held(3))
    assert path.read_text(encoding="utf-8") == "new"
    with pytest.raises(BadInputError) as refused:
        write_text(path, "newer", files=Held(9))
    assert refused.value.problems[0].kind == "project.file_in_use"
    assert path.read_text(encoding="utf-8") == "new"


@pytest.mark.parametrize("whole", [False, True], ids=["a file", "a run folder"])
def test_who_has_the_workbook_open_is_named(tmp_path, whole):
    """Fault 43: Excel writes its user's name into a file beside the workbook."""

    class Held(FileSystem):
        def replace(self, source: Path, target: Path) -> None:
            raise PermissionError(errno.EACCES, "in use", str(source), None, str(target))

        def exchange(self, one: Path, other: Path) -> bool:
            raise PermissionError(errno.EACCES, "in use", str(one), None, str(other))

    final = finished(tmp_path / "run", "old")
    (final / "review.xlsx").write_bytes(b"old")
    (final / "~$review.xlsx").write_bytes(b"\x04Anna" + b" " * 50)
    with pytest.raises(BadInputError) as refused:
        if whole:
            publish_folder(finished(tmp_path / "staged", "new"), final, files=Held())
        else:
            write_bytes(final / "review.xlsx", b"new", files=Held())
    problem = refused.value.problems[0]
    assert (problem.kind, problem.values["found"]) == ("project.file_in_use", "Excel, Anna")
    assert content(final) == "old"


def test_a_full_disk_is_said_and_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("old", encoding="utf-8")

    def fill(temporary: Path) -> None:
        temporary.write_text("ne", encoding="utf-8")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(BadInputError) as refused:
        write_atomically(path, fill)
    assert refused.value.problems[0].kind == "project.disk_full"
    assert path.read_text(encoding="utf-8") == "old"
    assert leftovers(tmp_path) == []


def test_any_other_fault_while_writing_leaves_nothing_behind(tmp_path):
    def fail(temporary: Path) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "a.csv", fail)
    assert list(tmp_path.iterdir()) == []


def test_own_leftovers_of_dead_runs_are_swept_and_nothing_else(tmp_path):
    old, fresh, other = (tmp_path / n for n in (".codemerge-1-a", ".codemerge-2-a", ".other-tmp"))
    for path in (old, fresh, other):
        path.write_text("", encoding="utf-8")
    long_ago = time.time() - 2 * 24 * 3600
    os.utime(old, (long_ago, long_ago))
    os.utime(other, (long_ago, long_ago))
    write_text(tmp_path / "a.csv", "x")
    assert sorted(leftovers(tmp_path)) == [".codemerge-2-a", ".other-tmp"]


@pytest.mark.skipif(os.name == "nt", reason="POSIX file modes")
def test_personal_data_is_written_for_its_owner_only(tmp_path):
    write_text(tmp_path / "a.csv", "x", private=True)
    assert (tmp_path / "a.csv").stat().st_mode & 0o077 == 0


def test_killed_at_any_moment_the_file_is_whole(tmp_path):
    path = tmp_path / "a.txt"
    code = (
        "import sys\nfrom pathlib import Path\nfrom codemerge.files.atomic import write_text\n"
        "n = 0\nwhile True:\n    n += 1\n    write_text(Path(sys.argv[1]), f'{n:09d}' * 20000)\n"
    )
    for wait in (0.02, 0.05, 0.11):
        run = subprocess.Popen([sys.executable, "-c", code, str(path)])
        started = time.time()
        while not path.exists() and time.time() - started < 20:
            time.sleep(0.01)
        time.sleep(wait)
        run.kill()
        run.wait()
        text = path.read_text(encoding="utf-8")
        assert len(text) == 180_000
        assert text == text[:9] * 20_000


def test_two_runs_on_one_project_are_told_of_each_other(tmp_path):
    with project_lock(tmp_path, now=lambda: 0.0):
        with pytest.raises(BadInputError) as refused, project_lock(tmp_path, now=lambda: 180.0):
            pass
        problem = refused.value.problems[0]
        assert problem.kind == "project.locked"
        assert problem.values["age"] == "3 min"
        assert f"pid {os.getpid()}" in str(problem.values["holder"])
    with project_lock(tmp_path):
        pass
    assert leftovers(tmp_path) == []


def test_the_lock_of_a_dead_run_stands_in_nobodys_way(tmp_path):
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom codemerge.files.lock import project_lock\n"
        "with project_lock(Path(sys.argv[1])):\n    os._exit(9)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert leftovers(tmp_path) != []
    with project_lock(tmp_path):
        pass
