"""Times whole processes: seconds, CPU seconds and peak memory of each, the ways taking turns.

Other work on the machine stretches seconds far more than CPU seconds, and it changes from minute to
minute: the ways are run in turn, round by round, and only figures of the same rounds are compared.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple


class Timed(NamedTuple):
    """One process, its children included: seconds, CPU seconds, peak megabytes, exit code, last words."""

    wall: float
    cpu: float
    peak: float
    code: int
    told: str


def timed(command: Sequence[str | Path], accept: Sequence[int] = (0,)) -> Timed:
    """Run one process to its end.

    Args:
        command: program and arguments.
        accept: exit codes that are no failure (a dry-run that finds blocking conflicts exits 1).

    Raises:
        RuntimeError: it failed; its last words are in the message.
    """
    started = time.perf_counter()
    # Installed packages are compiled once; ours, run from a checkout, shouldn't be compiled at each start.
    environment = {name: told for name, told in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(
        [str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    )
    assert process.stdout
    told = process.stdout.read().decode("utf-8", "replace")
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.stderr
    if process.returncode not in accept:
        words = process.stderr.read().decode("utf-8", "replace")
        raise RuntimeError(f"{' '.join(map(str, command))}: exit {process.returncode}\n{words[-2000:]}")
    process.stderr.close()
    return Timed(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, process.returncode, told)


def in_turn(
    ways: Mapping[str, Sequence[str | Path]], rounds: int, accept: Sequence[int] = (0, 1)
) -> dict[str, list[Timed]]:
    """Run every way once a round."""
    found: dict[str, list[Timed]] = {name: [] for name in ways}
    for n in range(rounds):
        for name, command in ways.items():
            one = timed(command, accept)
            found[name].append(one)
            print(
                f"  {n + 1}/{rounds} {name}: {one.wall:.1f} s, CPU {one.cpu:.1f} s, {one.peak:.0f} MB",
                file=sys.stderr,
            )
    return found


def summary(runs: Sequence[Timed]) -> dict[str, Any]:
    """Return medians and spreads (least and most) of one way's runs."""
    out: dict[str, Any] = {"runs": len(runs)}
    for name in ("wall", "cpu", "peak"):
        values = [getattr(run, name) for run in runs]
        out[name] = round(statistics.median(values), 2)
        out[f"{name}_least"], out[f"{name}_most"] = round(min(values), 2), round(max(values), 2)
    return out
