"""A courteous lock on a project: two runs at once are told of each other.

It saves double work and nothing more. Correctness never depends on it: decision files are
immutable, folders are published whole, and a stale lock may be deleted at any time.
"""

from __future__ import annotations

import getpass
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import SoftFileLock, Timeout

from codemerge.errors import BadInputError, Problem

NAME = ".codemerge.lock"
_HOLDER = ".codemerge.lock.json"
LOCK_WAIT = 30.0  # seconds for another command to finish writing; one that can't wait longer says who it is
_DEAD_AFTER = 12 * 3600  # no run takes so long; a process on this machine is asked for directly


@contextmanager
def project_lock(root: Path, wait: float = 0.0, now: Callable[[], float] = time.time) -> Iterator[None]:
    """Hold a project while something is written to it.

    Args:
        root: the project's folder.
        wait: seconds to wait for another run to end.
        now: the clock, for the age that is told.

    Raises:
        BadInputError: another run holds it (``project.locked``, with holder, process and age). A
            folder where nothing can be created is not locked, and nothing is said.
    """
    lock = SoftFileLock(str(root / NAME), timeout=wait)
    holder = root / _HOLDER
    _break_dead(root / NAME, holder, now())
    try:
        lock.acquire()
    except Timeout:
        raise BadInputError([_locked(root, holder, now())]) from None
    except OSError:  # a read-only folder: whatever is written goes elsewhere
        yield
        return
    try:
        _sign(holder, now())
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _sign(holder: Path, at: float) -> None:
    who = {"account": _user(), "host": socket.gethostname(), "pid": os.getpid(), "since": at}
    holder.write_text(json.dumps(who), encoding="utf-8")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account without a name, as in containers
        return "?"


def _read(holder: Path) -> dict[str, object]:
    try:
        read = json.loads(holder.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}


def _break_dead(lock: Path, holder: Path, at: float) -> None:
    """Remove the lock of a run that is known to be dead: its process is gone, or it is ages old."""
    who = _read(holder)
    if not lock.exists() or not who:
        return
    since, pid = who.get("since"), who.get("pid")
    # from the future, too: a clock that was wrong, here or there, must not lock a project for years
    old = isinstance(since, int | float) and abs(at - since) > _DEAD_AFTER
    here = who.get("host") == socket.gethostname() and isinstance(pid, int)
    if old or (here and isinstance(pid, int) and not _alive(pid)):
        holder.unlink(missing_ok=True)
        lock.unlink(missing_ok=True)


def _alive(pid: int) -> bool:
    if os.name == "nt":  # signal 0 would end the process there
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _locked(root: Path, holder: Path, at: float) -> Problem:
    who = _read(holder)
    since = who.get("since")
    age = f"{max(0, int(at - since)) // 60} min" if isinstance(since, int | float) else "?"
    name = f"{who.get('account', '?')} @ {who.get('host', '?')}, pid {who.get('pid', '?')}"
    return Problem("project.locked", root.name, values={"holder": name, "age": age, "file": NAME})
