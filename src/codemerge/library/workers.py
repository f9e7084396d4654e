"""How many threads our own work may use, and how independent work is shared among them."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Thread
from typing import TypeVar

from codemerge.errors import interrupted

_T = TypeVar("_T")
LANES = 2  # each holds its own tables while it works: more would cost memory, and one task outweighs the rest


def threads() -> int:
    """Return what ``--threads`` said (`codemerge.resources.claim`), else the number of cores.

    Results never depend on it: work is parted the same way whoever does it.
    """
    said = os.environ.get("POLARS_MAX_THREADS", "")
    return int(said) if said.isdigit() and int(said) else os.cpu_count() or 1


def side_by_side(tasks: Sequence[Callable[[], _T]], *, patient: bool = False) -> list[_T]:
    """Do pieces of work that don't need each other, two at a time where there are threads for it.

    The engines leave Python alone while they compute, so that two stages of many small steps fill
    two cores better than each of them would. The caller's thread works too: it is the one that can
    be interrupted, so the longest piece belongs first.

    Args:
        tasks: begun in this order.
        patient: an interruption, too, waits for what runs beside (it writes where its caller clears away).

    Returns:
        What each returned, in the order of the tasks.

    Raises:
        Exception: what the first of the tasks that failed raised; no further one is begun, and those
            that run are waited for.
        KeyboardInterrupt: before all others, and at once unless ``patient``.
    """
    if not tasks:
        return []
    waiting = deque(enumerate(tasks))
    first = waiting.popleft()  # the caller's own
    done: dict[int, _T] = {}
    failed: dict[int, BaseException] = {}
    beside: list[Thread] = []

    def do(n: int, task: Callable[[], _T]) -> None:
        try:
            done[n] = task()
        except BaseException as error:  # noqa: BLE001 - told by whoever waits, an engine's panic too
            failed[n] = error

    def lane() -> None:
        while waiting and not failed:
            with suppress(IndexError):  # the other lane took the last one in between
                do(*waiting.popleft())

    try:
        for _ in range(min(LANES, threads(), len(tasks)) - 1):
            thread = Thread(target=lane, daemon=True)
            with suppress(RuntimeError):  # no thread is to be had: the caller's does it all
                thread.start()
                beside.append(thread)
        do(*first)
        lane()
        for error in list(failed.values()):
            if interrupted(error):
                raise error
        _join(beside)
    except BaseException:
        waiting.clear()
        if patient:
            _join(beside)
        raise
    if failed:
        raise failed[min(failed)]
    return [done[n] for n in range(len(tasks))]


def _join(beside: Sequence[Thread]) -> None:
    for thread in beside:
        thread.join()
