"""Times every check, and the load of what is ready, on full-size synthetic catalogs.

    python benchmarks/checks.py [--exams 5000 --rooms 2000 --users 20000 --units 10000] [--database URL]

Prints seconds: all checks together (best of three), the slowest kinds, and the load into DuckDB and,
where a URL is given, PostgreSQL. A catalog without seeded conflicts must be ready and load whole.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl

from codemerge import pipeline
from codemerge.answers.run_tables import RunTables
from codemerge.answers.verify import lay_out, verify
from codemerge.dry_run import gather
from codemerge.files.schema import load
from codemerge.library.checks.world import World
from codemerge.rules.loader import load_project, rules_of
from codemerge.stages.check import check

BUDGET = 1.5


def worlds(folder: Path) -> tuple[World, RunTables]:
    """Run the catalogs once and keep what the checks were given."""
    project = load_project(folder)
    policy = project.policy.model_copy(update={"confirm_share": 0.0, "volume_limit": 10**9})
    project = project.model_copy(update={"policy": policy})
    inputs, _ = gather(project, rules_of(project), "2026-01-01")
    seen: list[World] = []

    def looked_at(world: World) -> pl.DataFrame:
        seen.append(replace(world, combined=dict(world.combined), memo={}))
        return check(world)

    pipeline.check = looked_at
    done = pipeline.run(inputs)
    return seen[0], done


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, size in (("exams", 5000), ("rooms", 2000), ("users", 20_000), ("units", 10_000)):
        parser.add_argument(f"--{name}", type=int, default=size)
    parser.add_argument("--database", default=None)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sizes = [t for n in ("exams", "rooms", "users", "units") for t in (f"--{n}", str(getattr(asked, n)))]
        here = Path(__file__).parent
        subprocess.run([sys.executable, here / "generate.py", folder, "--regions", "2", *sizes], check=True)
        world, done = worlds(Path(folder))
        times = [_seconds(lambda: check(replace(world, memo={}))) for _ in range(3)]
        print(f"all checks: {min(times):.2f} s (budget {BUDGET})")
        for seconds, name in sorted(_each(world), reverse=True)[:8]:
            print(f"  {name}: {seconds:.3f} s")
        blocking = done.conflicts.filter((pl.col("severity") == "blocking") & (pl.col("status") == "open"))
        print(f"blocking: {blocking.height}")
        for url in (None, asked.database) if asked.database else (None,):
            start = time.perf_counter()
            refused, loaded = load(lambda dialect: lay_out(done.combined, done.rules, dialect), url)
            count = verify(done.combined, done.rules, refused).height
            spent = time.perf_counter() - start
            where = "PostgreSQL" if url else "DuckDB"
            print(f"{where}: {sum(loaded.values())} rows in {spent:.2f} s, {count} violations")


def _each(world: World) -> list[tuple[float, str]]:
    shared = replace(world, memo={})
    return [
        (_seconds(lambda c=c: check(replace(shared, rules=replace(world.rules, checks=(c,))))), c.id)
        for c in world.rules.checks
    ]


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
