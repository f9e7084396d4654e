"""Shows where one dry-run's time and memory go: per stage and entity, then by function.

Memory is what is resident: the most within a stage (looked at a hundred times a second where the
system tells; else the process's peak so far) and what is still held when it ends.

python benchmarks/profile_run.py PROJECT [--tables-only] [--functions 40] [--json]
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import resource
import tempfile
import threading
import time
from itertools import pairwise
from pathlib import Path

BEGUN = time.perf_counter()


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


_RESIDENT = Path("/proc/self/statm")


def resident() -> float:
    if not _RESIDENT.is_file():
        return peak()
    return int(_RESIDENT.read_text(encoding="ascii").split()[1]) * resource.getpagesize() / 2**20


class Most:
    """The most megabytes resident since last asked."""

    def __init__(self) -> None:
        self.seen = 0.0
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while True:
            self.seen = max(self.seen, resident())
            time.sleep(0.01)

    def taken(self) -> float:
        """Return the most megabytes held since this was last asked."""
        now = resident()
        most, self.seen = max(self.seen, now), now
        return most


Stage = tuple[str, float, float, float, float]


def stages(project: Path, *, tables_only: bool) -> tuple[list[Stage], dict[str, int]]:
    """Run once; return stage, seconds, CPU seconds, most megabytes in it and at its end; and counts."""
    # As the command line does before anything is imported: the same allocator, the same threads.
    from codemerge.resources import tune

    tune()
    from codemerge.dry_run import Options, dry_run
    from codemerge.library import workers
    from codemerge.rules.loader import load_project

    workers.LANES = 1  # entities one after the other: else a stage's seconds are another one's too
    most = Most()
    at = [("start and imports", BEGUN, 0.0, 0.0, 0.0)]

    def begin(name: str) -> None:
        at.append((name, time.perf_counter(), cpu(), most.taken(), resident()))

    def step(stage: str, entity: str) -> None:
        begin(f"{stage} {entity}".strip())

    begin("rules")

    loaded = load_project(project)
    with tempfile.TemporaryDirectory() as folder:
        options = Options(language=loaded.language, today="2026-01-01", tables_only=tables_only)
        run = dry_run(loaded, Path(folder) / "run", options, step)
        begin("end")
    counts = {
        "records": sum(frame.height for frame in run.records.values()),
        "accounted": run.crosswalk["record_id"].n_unique(),
        "mappings": run.mappings.height,
        "conflicts": run.conflicts.height,
    }
    found = [
        (name, after[1] - wall, after[2] - used, after[3], after[4])
        for (name, wall, used, _, _), after in pairwise(at)
    ]
    return found, counts


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("project", type=Path)
    parser.add_argument("--tables-only", action="store_true")
    parser.add_argument("--functions", type=int, default=0, help="show so many functions by own time")
    parser.add_argument("--json", action="store_true", help="stages and counts as JSON")
    asked = parser.parse_args()
    profile = cProfile.Profile() if asked.functions else None
    if profile:
        profile.enable()
    found, counts = stages(asked.project, tables_only=asked.tables_only)
    if asked.json:
        print(json.dumps({"counts": counts, "stages": [[stage[0], stage[2]] for stage in found]}))
        return
    print("| stage | seconds | CPU seconds | most MB | MB at end |\n|---|---|---|---|---|")
    for name, wall, used, most, held in found:
        if max(wall, used) >= 0.02:
            print(f"| {name} | {wall:.2f} | {used:.2f} | {most:.0f} | {held:.0f} |")
    print(f"| total | {sum(f[1] for f in found):.2f} | {sum(f[2] for f in found):.2f} | {peak():.0f} | |")
    if profile:
        profile.disable()
        for order in ("tottime", "cumtime"):
            pstats.Stats(profile).sort_stats(order).print_stats(asked.functions)


if __name__ == "__main__":
    main()
