"""How much of the machine a run may use; must be claimed before the engines are imported.

An engine that is refused memory ends its process at once (Rust aborts), so a limited run works in a
child process, and its parent is left to say in words what happened and to clear away what was begun.
"""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import click

_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}


_WATCHED = Path("/proc/self/statm").parent  # where the system tells what is resident (Linux)
_RESERVED = 4  # engines reserve several times what they use; only a wild allocation reaches this
_LOOK = 0.05  # seconds between two looks at the child
# How a process ends that was refused memory: aborted by an engine, killed by the system, or hit mid-air.
_STARVED = {"SIGABRT", "SIGKILL", "SIGSEGV", "SIGBUS", "SIGILL", "SIGTRAP"}


def tune() -> None:
    """Tell the engines, through the environment they read at import, how our work is parted."""
    # Array work is parted among our own threads (`library.workers`): others' would only wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # polars' allocator keeps freed memory for ten seconds; a run of many regions can't wait that long.
    # Given back too soon, it is asked for again page by page: half a second is enough, if what one
    # thread frees another may use (few arenas) and large pieces aren't given back at once.
    kept = "dirty_decay_ms:500,muzzy_decay_ms:0,narenas:2,oversize_threshold:0"
    os.environ.setdefault("_RJEM_MALLOC_CONF", kept)
    # What reads the rules looks through all that is installed for plugins of its own; none has a say here.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def claim(
    threads: int | None, memory_limit: str | None, ended: Callable[[int, bool], int] | None = None
) -> None:
    """Set the engines' thread and memory limits through the environment they read at import.

    Args:
        threads: most threads; None leaves each engine its default (all cores).
        memory_limit: e.g. ``2GB`` or ``800M``; the process refuses to grow above it.
        ended: told of the limited process's number, and whether it starved, when it has ended
            badly; clears away what it had begun and returns the exit code.

    Raises:
        click.BadParameter: the limit isn't a size.
    """
    if threads is not None:
        for name in ("POLARS_MAX_THREADS", "OMP_NUM_THREADS"):
            os.environ[name] = str(threads)
    if memory_limit is not None:
        size = bytes_of(memory_limit)
        os.environ["CODEMERGE_MEMORY_LIMIT"] = str(size)
        if ended and hasattr(os, "fork"):
            _work_in_child(ended, size)
        _hold_to(size * (_RESERVED if _WATCHED.is_dir() else 1))


def bytes_of(text: str) -> int:
    """Read a size such as ``2GB``, ``800M`` or ``1.5 g``.

    Raises:
        click.BadParameter: it isn't one.
    """
    found = re.fullmatch(r"\s*(\d+(?:[.,]\d+)?)\s*([kmgt]?)i?b?\s*", text.lower())
    if not found or (size := int(float(found[1].replace(",", ".")) * _UNITS[found[2]])) < 200_000_000:
        said = f"'{text}' is not a size of at least 200MB, like 2GB"
        raise click.BadParameter(said, param_hint="--memory-limit")
    return size


def _hold_to(size: int) -> None:
    """Let an allocation above the limit fail in this process, so that it ends in words."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_DATA, (size, resource.getrlimit(resource.RLIMIT_DATA)[1]))


def _work_in_child(ended: Callable[[int, bool], int], size: int) -> None:
    """Return in a child process; the parent ends it when it grows too large, and ends with it."""
    child = os.fork()
    if child == 0:
        return
    # at a terminal Ctrl-C reaches the child by itself
    alone = not os.isatty(2)
    signal.signal(signal.SIGTERM, lambda got, _frame: os.kill(child, got))
    signal.signal(signal.SIGINT, (lambda got, _frame: os.kill(child, got)) if alone else signal.SIG_IGN)
    done, status = 0, 0
    while not done:
        if _resident(child) > size:
            os.kill(child, signal.SIGKILL)  # whatever it was writing is old or new, never between
        done, status = os.waitpid(child, os.WNOHANG if _WATCHED.is_dir() else 0)
        if not done:
            time.sleep(_LOOK)
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        name = signal.Signals(-code).name
        code = ended(child, name in _STARVED)
    os._exit(code)  # what was opened before belongs to the child


def _resident(process: int) -> int:
    """Return how many bytes of a process are in memory; 0 where the system doesn't tell."""
    try:
        pages = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
