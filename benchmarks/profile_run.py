"""Shows where the time of one dry-run goes: seconds and CPU seconds per stage and entity, then by function.

python benchmarks/profile_run.py PROJECT [--tables-only] [--functions 40] [--json]
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import resource
import tempfile
import time
from itertools import pairwise
from pathlib import Path

BEGUN = time.perf_counter()


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


Stage = tuple[str, float, float, float]


def stages(project: Path, *, tables_only: bool) -> tuple[list[Stage], dict[str, int]]:
    """Run once; return stage, seconds, CPU seconds and peak megabytes so far, in order; and counts."""
    # As the command line does before anything is imported: the same allocator, the same threads.
    from codemerge.resources import tune

    tune()
    from codemerge.dry_run import Options, dry_run
    from codemerge.library import workers
    from codemerge.rules.loader import load_project

    workers.LANES = 1  # entities one after the other: else a stage's seconds are another one's too
    at = [("start and imports", BEGUN, 0.0, 0.0), ("rules", time.perf_counter(), cpu(), peak())]

    def step(stage: str, entity: str) -> None:
        at.append((f"{stage} {entity}".strip(), time.perf_counter(), cpu(), peak()))

    loaded = load_project(project)
    with tempfile.TemporaryDirectory() as folder:
        options = Options(language=loaded.language, today="2026-01-01", tables_only=tables_only)
        run = dry_run(loaded, Path(folder) / "run", options, step)
        at.append(("end", time.perf_counter(), cpu(), peak()))
    counts = {
        "records": sum(frame.height for frame in run.records.values()),
        "accounted": run.crosswalk["record_id"].n_unique(),
        "mappings": run.mappings.height,
        "conflicts": run.conflicts.height,
    }
    found = [
        (name, after[1] - wall, after[2] - used, after[3]) for (name, wall, used, _), after in pairwise(at)
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
        print(json.dumps({"counts": counts, "stages": [[name, used] for name, _, used, _ in found]}))
        return
    print("| stage | seconds | CPU seconds | peak MB so far |\n|---|---|---|---|")
    for name, wall, used, most in found:
        if max(wall, used) >= 0.02:
            print(f"| {name} | {wall:.2f} | {used:.2f} | {most:.0f} |")
    print(f"| total | {sum(f[1] for f in found):.2f} | {sum(f[2] for f in found):.2f} | {found[-1][3]:.0f} |")
    if profile:
        profile.disable()
        for order in ("tottime", "cumtime"):
            pstats.Stats(profile).sort_stats(order).print_stats(asked.functions)


if __name__ == "__main__":
    main()
