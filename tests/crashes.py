"""Commands killed or failed at any step on the disk, and what must hold afterwards.

Every write that Python makes below a folder is seen by an audit hook (open for writing, rename,
remove, make folder) and by the seam for what has no audit event (fsync, exchange of names); the
N-th one kills the process or fails. Engines' own writes go to files that Python made before.
"""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from codemerge.files.decisions import read_decisions
from codemerge.files.file_system import FileSystem
from codemerge.files.identifiers import read_identifiers
from codemerge.files.run_folder import damaged_files
from tests.trust_project import tables

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_EVENTS = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "shutil.copyfile"}


class Steps:
    """Counts the steps on the disk below a folder and does something at the N-th."""

    root: str = ""
    count: int = 0
    at: int = 0
    then: Callable[[], None] | None = None

    @classmethod
    def watch(cls, root: Path, at: int, then: Callable[[], None]) -> None:
        cls.root, cls.count, cls.at, cls.then = str(root), 0, at, then

    @classmethod
    def rest(cls) -> int:
        cls.then = None
        return cls.count

    @classmethod
    def step(cls) -> None:
        if cls.then is not None:
            cls.count += 1
            if cls.count == cls.at:
                cls.then()


def _audited(event: str, args: tuple[Any, ...]) -> None:
    if Steps.then is None or not (event == "open" or event in _EVENTS):
        return
    path = args[0]
    if not isinstance(path, str | bytes | os.PathLike) or not os.fsdecode(path).startswith(Steps.root):
        return
    if (
        event != "open"
        or (isinstance(args[2], int) and args[2] & _WRITES)
        or set(args[1] or "") & set("wax+")
    ):
        Steps.step()


def install() -> None:
    """Start watching; once per process, for an audit hook stays."""
    if getattr(Steps, "installed", False):
        return
    Steps.installed = True  # type: ignore[attr-defined] # set once
    sys.addaudithook(_audited)
    for name in ("sync", "sync_folder", "exchange"):
        real = getattr(FileSystem, name)

        def counted(self: FileSystem, *given: Any, _real: Any = real) -> Any:
            Steps.step()
            return _real(self, *given)

        setattr(FileSystem, name, counted)


def failing(number: int) -> Callable[[], None]:
    """Return a step that fails as the system would."""

    def fail() -> None:
        raise OSError(number, os.strerror(number))

    return fail


def killed() -> None:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def run_command(args: list[str]) -> int:
    """Run a command in this process, silently; return its exit code."""
    from codemerge.cli import main

    try:
        main(args)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def in_child(args: list[str], prepare: Callable[[], None], die_after: float | None = None) -> int:
    """Run a command in a forked process; return its exit code, negative when a signal ended it."""
    child = os.fork()
    if child == 0:
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        prepare()
        os._exit(run_command(args))
    if die_after is not None:
        time.sleep(die_after)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def apart(check: Callable[[], list[str]]) -> list[str]:
    """Ask in a forked process: engines that started threads here couldn't be forked any more."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            found = check()
        except BaseException as error:  # noqa: BLE001 - told to the parent, who fails
            found = [f"{type(error).__name__}: {error}"]
        os.write(writer, json.dumps(found).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as answer:
        data = answer.read()
    os.waitpid(child, 0)
    return list(json.loads(data))


class Project:
    """A project, its wanted end states, and what must hold at any time."""

    def __init__(self, root: Path, workbook: Path, ready: Path) -> None:
        self.root, self.workbook, self.ready = root, workbook, ready
        self.wanted = tables(root / "run")

    def commands(self) -> dict[str, list[str]]:
        root = str(self.root)
        return {
            "dry-run": ["dry-run", root],
            "import": ["review", "import", str(self.workbook), "-p", root],
            "merge": ["merge", root, "-o", f"{root}/out"],
        }

    def start(self, command: str) -> dict[str, Any]:
        """Bring the project to where a command begins; return what must not be lost."""
        shutil.rmtree(self.root)
        shutil.copytree(self.ready, self.root)
        if command == "merge" and random.random() < 0.5:  # noqa: S311 - half the time OUT and ledger stand already
            in_child(self.commands()["merge"], lambda: None)
        return self.state()

    def state(self) -> dict[str, Any]:
        decisions = self.root / "decisions"
        return {
            "decisions": {p.name: p.read_bytes() for p in decisions.glob("*.csv")}
            if decisions.is_dir()
            else {},
            "ledger": (self.root / "identifiers.csv").read_bytes()
            if (self.root / "identifiers.csv").exists()
            else b"",
        }

    def torn(self, before: dict[str, Any]) -> list[str]:
        """Return what is torn or lost; called after a death, before anything is cleaned."""
        return apart(lambda: self._torn(before))

    def _torn(self, before: dict[str, Any]) -> list[str]:
        wrong = []
        for name in ("run", "out"):
            folder = self.root / name
            if folder.exists() and (not (folder / "manifest.json").is_file() or damaged_files(folder)):
                wrong.append(f"{name} is torn")
        chain = read_decisions(self.root / "decisions")
        wrong += [p.kind for p in chain.problems]
        now = self.state()
        wrong += [f"{n} lost" for n, data in before["decisions"].items() if now["decisions"].get(n) != data]
        read_identifiers(self.root / "identifiers.csv")
        if not now["ledger"].startswith(before["ledger"]):
            wrong.append("ledger lost rows")
        return wrong

    def completes(self, command: str) -> list[str]:
        """Run the command again, undisturbed, and return what isn't as if nothing had happened."""
        code = in_child(self.commands()[command], lambda: None)
        wrong = [] if code == 0 else [f"exit {code} after"]
        if in_child(["review", "verify", "-p", str(self.root)], lambda: None):
            wrong.append("review verify fails")
        if command == "dry-run" and tables(self.root / "run") != self.wanted:
            wrong.append("other tables")
        if command == "merge" and damaged_files(self.root / "out"):
            wrong.append("out is damaged")
        if command == "import" and not list((self.root / "decisions").glob("*.csv")):
            wrong.append("no decision taken")
        return wrong


def prepared(folder: Path) -> Project:
    """Make a project with a run and an answered workbook."""
    from tests.trust_project import judged, make_project

    root = make_project(folder / "p")
    assert in_child(["dry-run", str(root)], lambda: None) == 0
    workbook = judged(root, "Eva Ek")
    ready = folder / "ready"
    shutil.copytree(root, ready)
    return Project(root, workbook, ready)


ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)
