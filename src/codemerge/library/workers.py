"""How many threads our own work may use, and how independent work is shared among them."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Sequence
from threading import Thread
from typing import TypeVar

_T = TypeVar("_T")
LANES = 2  # each holds its own tables while it works: more would cost memory, and one task outweighs the rest


def threads() -> int:
    """Return what ``--threads`` said (`codemerge.resources.claim`), else the number of cores.

    Results never depend on it: work is parted the same way whoever does it.
    """
    said = os.environ.get("POLARS_MAX_THREADS", "")
    return int(said) if said.isdigit() and int(said) else os.cpu_count() or 1


def side_by_side(tasks: Sequence[Callable[[], _T]]) -> list[_T]:
    """Do pieces of work that don't need each other, two at a time where there are threads for it.

    The engines leave Python alone while they compute, so that two stages of many small steps fill
    two cores better than each of them would. The caller's thread works too: it is the one that can
    be interrupted, so the longest piece belongs first.

    Args:
        tasks: begun in this order.

    Returns:
        What each returned, in the order of the tasks.

    Raises:
        Exception: what a task raised; no further one is begun, and those that run are waited for.
        KeyboardInterrupt: at once; what runs beside is left to itself.
    """
    waiting = deque(enumerate(tasks))
    done: dict[int, _T] = {}
    failed: list[BaseException] = []

    def lane() -> None:
        while waiting and not failed:
            try:
                n, task = waiting.popleft()
            except IndexError:  # the other lane took the last one in between
                return
            try:
                done[n] = task()
            except BaseException as error:  # noqa: BLE001 - told by whoever waits, an engine's panic too
                failed.append(error)
                return

    beside = [Thread(target=lane, daemon=True) for _ in range(min(LANES, threads(), len(tasks)) - 1)]
    for thread in beside:
        thread.start()
    lane()
    if failed and isinstance(failed[0], KeyboardInterrupt):
        raise failed[0]
    for thread in beside:
        thread.join()
    if failed:
        raise failed[0]
    return [done[n] for n in range(len(tasks))]
