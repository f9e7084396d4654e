"""Seeds conflicts in generated catalogs and counts which are found: recall and precision.

    python benchmarks/conflicts.py [--seeds 10] [--size 2000] [--conflicts 56]

A seeded conflict is found when an open conflict of its check names all its records. A blocking conflict
that no seed explains is surplus, apart from what people have not decided yet (MAP-001, MAP-006) and what
one region's habits make of the whole (EXM-010).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import polars as pl

UNDECIDED = {"MAP-001", "MAP-006", "EXM-010"}


def names(record_ids: list[str]) -> set[str]:
    """Return ``REGION:CODE`` of records, without the number of a code that stands twice."""
    return {":".join(name.split("/", 2)[1:]).partition("#")[0] for name in record_ids}


def one(folder: Path, seed: int, size: int, conflicts: int) -> tuple[list[str], list[str], int, int]:
    """Generate, run and compare once; return what was missed, what was surplus, and both totals."""
    here = Path(__file__).parent
    sizes = [text for entity in ("exams", "rooms", "users", "units") for text in (f"--{entity}", str(size))]
    seeded = ["--conflicts", str(conflicts), "--seed", str(seed), "--format", "parquet"]
    subprocess.run(
        [sys.executable, here / "generate.py", folder, *sizes, *seeded], check=True, capture_output=True
    )
    command = [
        sys.executable,
        "-m",
        "codemerge",
        "--quiet",
        "dry-run",
        folder,
        "-o",
        folder / "run",
        "--tables-only",
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 1:
        raise SystemExit(f"seed {seed}: exit {done.returncode}\n{done.stderr[-2000:]}")
    wanted = [
        (row["check"], set(row["codes"].split())) for row in pl.read_csv(folder / "injected.csv").to_dicts()
    ]
    found = [
        (row["check"], names(row["record_ids"]), row["severity"])
        for row in pl.read_parquet(folder / "run/tables/conflicts.parquet").to_dicts()
    ]
    missed = [
        f"{c} {sorted(w)}" for c, w in wanted if not any(c == check and w <= told for check, told, _ in found)
    ]
    blocking = [(c, told) for c, told, severity in found if severity == "blocking" and c not in UNDECIDED]
    surplus = [
        f"{c} {sorted(told)[:4]}" for c, told in blocking if not any(c == k and w <= told for k, w in wanted)
    ]
    return missed, surplus, len(wanted), len(blocking)


def main() -> None:
    """Run every seed and print the totals."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--size", type=int, default=2000, help="records per region and entity")
    parser.add_argument("--conflicts", type=int, default=66)
    args = parser.parse_args()
    seeded = missed = blocking = surplus = 0
    for seed in range(1, args.seeds + 1):
        with tempfile.TemporaryDirectory() as folder:
            lost, extra, wanted, told = one(Path(folder), seed, args.size, args.conflicts)
        told_well = f"{wanted - len(lost)} of {wanted} found"
        print(f"seed {seed}: {told_well}, {len(extra)} of {told} blocking unexplained")
        for line in [*(f"  missed {text}" for text in lost), *(f"  surplus {text}" for text in extra)]:
            print(line)
        seeded, missed = seeded + wanted, missed + len(lost)
        blocking, surplus = blocking + told, surplus + len(extra)
    print(f"recall {1 - missed / seeded:.4f}, precision {1 - surplus / max(blocking, 1):.4f}")


if __name__ == "__main__":
    main()
