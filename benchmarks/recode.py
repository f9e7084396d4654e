"""Recodes a made-up archive of performed examinations, beside the bare DuckDB join-and-write.

Whole processes, interleaved, medians; peak resident memory of each. Writes one Markdown table.
The archive is synthetic: codes drawn by a Pareto law over several regions' catalogs, a share unknown.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl

from codemerge.answers.recode_map import RecodeMap, recode_map
from codemerge.files.recode import Archive, Machine, recode
from codemerge.rules.loader import load_rules
from codemerge.tables import CROSSWALK, conform

REGIONS = ("RÖ", "RKL", "RJL")
CODES = 5_000  # per region
MEMORY = "1500MB"


def crosswalk() -> pl.DataFrame:
    """Return a crosswalk of three regions: most codes lead somewhere, some are withheld or retired."""
    rows = []
    for at, region in enumerate(REGIONS):
        for n in range(CODES):
            status = "withheld" if n % 97 == 0 else "retired" if n % 89 == 0 else "auto"
            combined = f"{n:05d}" if status == "auto" else None
            code = f"{n:05d}" if at == 0 else f"{region[0]}{n:05d}"
            rows.append((f"e/{region}/{code}", "e", region, code, combined, "equivalent", status))
    names = ["record_id", "entity", "region", "code", "combined_code", "relationship", "status"]
    return conform(pl.DataFrame(rows, schema=names, orient="row"), CROSSWALK)


def write_archive(folder: Path, rows: int) -> None:
    """Write the archive as Parquet parts of ten million rows: day, region, code, minutes, accession."""
    folder.mkdir(parents=True)
    with duckdb.connect() as engine:
        engine.execute("SET preserve_insertion_order = false")
        engine.execute("SET memory_limit = '2GB'")
        for part, start in enumerate(range(0, rows, 10_000_000)):
            count = min(10_000_000, rows - start)
            engine.execute(
                f"""COPY (
                    SELECT ['RÖ', 'RKL', 'RJL'][1 + n % 3] AS region,
                        CASE n % 3 WHEN 0 THEN '' ELSE 'R' END || lpad(CAST(CAST(floor(least(
                            {CODES + 20}, 20 / pow(1e-6 + (hash(n) % 1000000) / 1e6, 0.6)
                        )) AS BIGINT) AS VARCHAR), 5, '0') AS code,
                        DATE '2015-01-01' + CAST(n % 3650 AS INTEGER) AS performed_on,
                        10 + n % 50 AS minutes, 'A' || CAST(n AS VARCHAR) AS accession
                    FROM range({start}, {start + count}) t(n)
                ) TO '{folder / f"part-{part:03d}.parquet"}' (FORMAT parquet, COMPRESSION zstd)"""
            )


def ours(archive: Path, out: Path) -> None:
    """Recode with codemerge."""
    rules = load_rules()
    page = next(e for e in rules.entities.values() if e.fields_with("usage", "annual_volume"))
    files = tuple(sorted(archive.glob("*.parquet")))
    recode(Archive(files, code_column="code"), joins(), page, "bench", out, Machine(memory=MEMORY))


def joins() -> RecodeMap:
    return recode_map(crosswalk(), "e")


def bare(archive: Path, out: Path) -> None:
    """Join and write with DuckDB, nothing else: no status, no counts, no hashes, no publishing."""
    out.mkdir()
    joins().whole.write_parquet(out / "map.parquet")
    with duckdb.connect() as engine:
        engine.execute(f"SET memory_limit = '{MEMORY}'")
        engine.execute("SET preserve_insertion_order = false")
        engine.execute(f"SET temp_directory = '{out / 'spill'}'")
        (out / "data").mkdir()
        engine.execute(
            f"COPY (SELECT a.*, m.combined_code, m.combined_relationship, 'bench' AS crosswalk_version"
            f" FROM read_parquet('{archive}/*.parquet') a LEFT JOIN read_parquet('{out}/map.parquet') m"
            f" ON a.region = m.region AND a.code = m.code)"
            f" TO '{out / 'data'}' (FORMAT parquet, COMPRESSION zstd, PER_THREAD_OUTPUT)"
        )


class Timed(NamedTuple):
    """One process: wall seconds, CPU seconds, peak megabytes."""

    wall: float
    cpu: float
    peak: float


def timed(way: str, archive: Path, out: Path) -> Timed:
    """Run one way as a process of its own."""
    shutil.rmtree(out, ignore_errors=True)
    command = [sys.executable, __file__, "--one", way, "--archive", archive, "--out", out]
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    wall = time.perf_counter() - started
    told = json.loads(done.stdout)
    return Timed(wall, told["cpu"], told["peak_mb"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work", type=Path, default=Path(os.environ.get("CODEMERGE_DATA", "build/recode")))
    parser.add_argument("--one", choices=["ours", "bare"])
    parser.add_argument("--archive", type=Path)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    if asked.one:
        {"ours": ours, "bare": bare}[asked.one](asked.archive, asked.out)
        used = resource.getrusage(resource.RUSAGE_SELF)
        print(json.dumps({"peak_mb": used.ru_maxrss / 1024, "cpu": used.ru_utime + used.ru_stime}))
        return
    archive = asked.work / f"archive-{asked.rows}"
    if not archive.is_dir():
        write_archive(archive, asked.rows)
    found: dict[str, list[Timed]] = {"ours": [], "bare": []}
    for _ in range(asked.rounds):
        for way, results in found.items():
            results.append(timed(way, archive, asked.work / way))
    wall = {way: statistics.median(r.wall for r in results) for way, results in found.items()}
    cpu = {way: statistics.median(r.cpu for r in results) for way, results in found.items()}
    summary = json.loads((asked.work / "ours" / "summary.json").read_text(encoding="utf-8"))
    title = f"{asked.rows:,} rows, median of {asked.rounds}"
    print(f"| {title} | seconds | CPU seconds | million rows/s | peak MB |")
    print("|---|---|---|---|---|")
    for way, results in found.items():
        peak = max(r.peak for r in results)
        print(
            f"| {way} | {wall[way]:.1f} | {cpu[way]:.1f} | {asked.rows / wall[way] / 1e6:.2f} | {peak:.0f} |"
        )
    print(
        f"\nspeed of ours over bare: {wall['bare'] / wall['ours']:.2f} (CPU {cpu['bare'] / cpu['ours']:.2f})"
    )
    print(f"rows in {summary['rows_in']:,} = rows out {summary['rows_out']:,}")
    print(f"by status: {summary['by_status']}")


if __name__ == "__main__":
    main()
