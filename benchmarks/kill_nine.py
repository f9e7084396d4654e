"""Kill dry-run, import and merge at random moments; nothing may be torn or lost, and the next run completes.

Half the moments are random times, half random steps on the disk (so that the short time of writing
is hit). With ``--sweep`` every step on the disk fails once: full, broken or forbidden in turn.

    python benchmarks/kill_nine.py --times 200
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests import crashes


def kill(project: crashes.Project, times: int, seed: int) -> int:
    """Kill so many times; print what was seen, return how often something was wrong."""
    random.seed(seed)
    lengths, steps, seen, bad = {}, {}, Counter[str](), 0
    for command in project.commands():
        project.start(command)
        begun = time.perf_counter()
        crashes.in_child(project.commands()[command], lambda: None)
        lengths[command] = time.perf_counter() - begun
        steps[command] = steps_of(project, command)
    for n in range(times):
        command = ("dry-run", "import", "merge")[n % 3]
        before = project.start(command)
        if n % 2:
            at = random.randint(1, steps[command])
            code = crashes.in_child(
                project.commands()[command],
                lambda at=at: crashes.Steps.watch(project.root, at, crashes.killed),
            )
        else:
            code = crashes.in_child(
                project.commands()[command], lambda: None, random.uniform(0, lengths[command])
            )
        wrong = project.torn(before) + project.completes(command)
        seen[f"{command}: {'killed' if code < 0 else 'ended first'}"] += 1
        bad += bool(wrong)
        if wrong:
            print(f"{n}: {command}: {wrong}")
    print(dict(sorted(seen.items())), f"wrong: {bad} of {times}")
    return bad


def steps_of(project: crashes.Project, command: str) -> int:
    """Return how many steps on the disk a command makes."""
    project.start(command)
    at = project.root.parent / "steps"

    def report() -> None:
        crashes.Steps.watch(project.root, -1, lambda: None)
        real = os._exit

        def told(code: int) -> None:
            at.write_text(str(crashes.Steps.count), encoding="utf-8")
            real(code)

        os._exit = told  # type: ignore[assignment] # the count leaves the child with its end

    crashes.in_child(project.commands()[command], report)
    return int(at.read_text(encoding="utf-8"))


def some(project: crashes.Project, command: str, times: int) -> int:
    """Kill at some steps of a command and let others fail; return how often something was wrong."""
    total, bad, tried = steps_of(project, command), 0, 0
    for n in range(times):
        at = 1 + (2 * n + 1) * (total - 1) // (2 * times)
        then = crashes.killed if n % 2 else crashes.failing(crashes.ERRORS[at % len(crashes.ERRORS)])
        before = project.start(command)
        crashes.in_child(
            project.commands()[command],
            lambda at=at, then=then: crashes.Steps.watch(project.root, at, then),
        )
        wrong = project.torn(before) + project.completes(command)
        tried, bad = tried + 1, bad + bool(wrong)
        if wrong:
            print(f"{command}: step {at} of {total}: {wrong}")
    print(f"wrong: {bad} of {tried}")
    return bad


def end_of(project: crashes.Project, command: str, steps: int) -> int:
    """Kill at each of the last steps of a command, where all is written and little is left to do."""
    total, bad = steps_of(project, command), 0
    for at in range(max(1, total - steps + 1), total + 1):
        before = project.start(command)
        crashes.in_child(
            project.commands()[command],
            lambda at=at: crashes.Steps.watch(project.root, at, crashes.killed),
        )
        wrong = project.torn(before) + project.completes(command)
        bad += bool(wrong)
        if wrong:
            print(f"{command}: killed at step {at} of {total}: {wrong}", flush=True)
    print(
        f"{command}: killed at each of the last {min(steps, total)} of {total} steps; wrong: {bad}",
        flush=True,
    )
    return bad


def sweep(project: crashes.Project) -> int:
    """Let every step fail once, with the errors in turn; return how often something was wrong."""
    bad = tried = 0
    for command in project.commands():
        total = steps_of(project, command)
        for at in range(1, total + 1):
            number = crashes.ERRORS[at % len(crashes.ERRORS)]
            before = project.start(command)
            code = crashes.in_child(
                project.commands()[command],
                lambda at=at, number=number: crashes.Steps.watch(project.root, at, crashes.failing(number)),
            )
            wrong = project.torn(before) + ([] if code in (0, 2) else [f"exit {code}"])
            wrong += project.completes(command)
            tried, bad = tried + 1, bad + bool(wrong)
            if wrong:
                print(f"{command}: step {at} of {total}, error {number}: exit {code}: {wrong}", flush=True)
        print(f"{command}: {total} steps failed", flush=True)
    print(f"wrong: {bad} of {tried}")
    return bad


def main() -> None:
    """Read the options and run."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--times", type=int, default=200)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--sweep", action="store_true")
    options.add_argument(
        "--some", type=int, default=0, help="only so many steps of each command, killed and failed"
    )
    options.add_argument(
        "--end", type=int, default=0, help="kill at each of so many last steps of each command"
    )
    asked = options.parse_args()
    # imported before forking, so that a child begins at once; engines start no thread until used
    import codemerge.cli.review
    import codemerge.dry_run
    import codemerge.files.report
    import codemerge.files.workbook_write
    import codemerge.publish  # noqa: F401 - as above

    with tempfile.TemporaryDirectory() as folder:
        project = crashes.prepared(Path(folder))
        crashes.install()
        bad = kill(project, asked.times, asked.seed) if asked.times else 0
        bad += sweep(project) if asked.sweep else 0
        bad += sum(end_of(project, c, asked.end) for c in project.commands()) if asked.end else 0
        bad += sum(some(project, c, asked.some) for c in project.commands()) if asked.some else 0
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
