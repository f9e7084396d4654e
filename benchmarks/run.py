"""Runs the benchmarks beside their peers and writes docs/benchmarks.md from what was measured.

    python benchmarks/run.py [--only two_regions,persons,names,country,archive,accuracy] [--rounds 3]
    python benchmarks/run.py --only two_regions --sizes "full;every list"      with the script that looks all up
    python benchmarks/run.py --write-only       the page again, from benchmarks/results/*.json
    python benchmarks/run.py --check            exit 1 where a ratio is above benchmarks/budgets.toml

Whole processes take turns (`timing.in_turn`); ratios are of CPU seconds, medians of the same rounds: on a
machine that others use too, seconds tell more of the others. Peers that aren't installed are left out.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import platform
import shutil
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from report import page
from timing import Timed, in_turn, summary, timed

HERE = Path(__file__).parent
RESULTS = HERE / "results"
PYTHON = sys.executable
MACHINE = "2 cores, 24 GiB, Linux"
Wanted = Callable[[str], bool]
SIZES = {
    "realistic": [
        "--exams",
        "4000,2400",
        "--rooms",
        "250,120",
        "--users",
        "20000,10000",
        "--units",
        "8000,5000",
    ],
    "full": ["--exams", "5000", "--rooms", "2000", "--users", "20000", "--units", "10000"],
}
MOST_OF = {"recordlinkage": 500_000, "goldenmatch": 10_000}  # persons per register a peer is given
VERSIONS = (
    "codemerge", "polars", "duckdb", "rapidfuzz", "xlsxwriter", "pandas", "openpyxl", "splink", "string_grouper",
    "scikit-learn", "sparse_dot_topn", "recordlinkage", "goldenmatch",
)  # fmt: skip


def has(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def generated(work: Path, name: str, script: str, arguments: list[str]) -> Path:
    """Make a project's synthetic catalogs once."""
    folder = work / name
    if not (folder / "codemerge.toml").is_file():
        timed([PYTHON, HERE / script, folder, *arguments])
    return folder


def dry_run(project: Path, *further: str) -> list[str | Path]:
    return [PYTHON, "-m", "codemerge", "dry-run", project, *further]


def filled_cells(run: Path) -> int:
    from python_calamine import CalamineWorkbook

    books = [CalamineWorkbook.from_path(str(path)) for path in sorted(run.glob("*.xlsx"))]
    sheets = [book.get_sheet_by_name(name) for book in books for name in book.sheet_names]
    return sum(1 for sheet in sheets for row in sheet.to_python() for cell in row if cell != "")


def two_regions(work: Path, rounds: int, wanted: Wanted) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for size, arguments in ((s, a) for s, a in SIZES.items() if wanted(s)):
        project = generated(work, f"two-{size}", "generate.py", ["--regions", "2", *arguments])
        timed(dry_run(project), accept=(0, 1))
        script = [PYTHON, HERE / "peers" / "script.py", project, work / "script"]
        if wanted("every list") and not wanted(""):  # takes minutes: when asked for, and by itself
            both = {"codemerge dry-run": dry_run(project), "user's script": [*script, "--every-list"]}
            found = in_turn(both, 1)
            out[f"{size}, every list"] = {"ways": {name: summary(runs) for name, runs in found.items()}}
            continue
        cells = filled_cells(project / "run")
        ways: dict[str, list[str | Path]] = {
            "codemerge dry-run": dry_run(project),
            "floor": [PYTHON, HERE / "peers" / "floor.py", project, work / "floor", "--cells", str(cells)],
        }
        if has("pandas"):
            ways["user's script"] = script
        found = in_turn(ways, rounds)
        out[size] = {"cells": cells, "ways": {name: summary(runs) for name, runs in found.items()}}
    return out


def persons(work: Path, rounds: int, wanted: Wanted) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for count in (n for n in (10_000, 100_000, 500_000, 1_000_000) if wanted(f"{n:,}")):
        project = generated(work, f"persons-{count}", "generate_persons.py", ["--persons", str(count)])
        clusters = {"codemerge": work / "ours.parquet"}
        ways: dict[str, list[str | Path]] = {
            "codemerge": [PYTHON, HERE / "persons.py", "link", project, clusters["codemerge"]]
        }
        if has("splink"):
            clusters["Splink 5"] = work / "splink.parquet"
            ways["Splink 5"] = [PYTHON, HERE / "peers" / "splink_persons.py", project, clusters["Splink 5"]]
        for peer in ("recordlinkage", "goldenmatch"):
            if has(peer) and count <= MOST_OF[peer]:
                clusters[peer] = work / f"{peer}.parquet"
                ways[peer] = [PYTHON, HERE / "peers" / "persons_peers.py", peer, project, clusters[peer]]
        found = {name: summary(runs) for name, runs in in_turn(ways, rounds).items()}
        for name, path in clusters.items():
            found[name] |= json.loads(timed([PYTHON, HERE / "persons.py", "figures", project, path]).told)
        out[f"2 × {count:,}"] = {"ways": found}
    return out


def names(work: Path, rounds: int, wanted: Wanted) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for count in (n for n in (20_000, 100_000) if wanted(f"{n:,}")):
        source = work / f"names-{count}.parquet"
        if not source.is_file():
            timed([PYTHON, HERE / "names.py", "make", source, "--names", str(count)])
        few = min(count, 3_000)  # exact truth of a sample: all of 100 000 × 100 000 takes minutes
        timed([PYTHON, HERE / "names.py", "exact", source, work / "truth.parquet", "--sample", str(few)])
        ours = work / "found.parquet"
        ways: dict[str, list[str | Path]] = {
            "sparse candidates": [PYTHON, HERE / "names.py", "ours", source, ours]
        }
        if count <= 20_000:
            ways["every pair"] = [PYTHON, HERE / "names.py", "exact", source, work / "exact.parquet"]
        for peer in ("string_grouper", "sparse_dot_topn"):
            if has(peer):
                ways[peer] = [PYTHON, HERE / "peers" / "names_peers.py", peer, source, work / "peer.parquet"]
        found = {name: summary(runs) for name, runs in in_turn(ways, rounds).items()}
        told = timed([PYTHON, HERE / "names.py", "recall", ours, work / "truth.parquet"]).told
        found["sparse candidates"]["recall"] = round(float(told), 4)
        out[f"{count:,} × {count:,}"] = {"ways": found}
    return out


def country(work: Path, rounds: int, wanted: Wanted) -> dict[str, Any]:  # noqa: ARG001 - each once
    out: dict[str, Any] = {}
    for regions in (n for n in (2, 4, 8, 16, 21) if wanted(str(n))):
        project = generated(
            work, f"country-{regions}", "generate.py", ["--regions", str(regions), *SIZES["full"]]
        )
        whole: Timed = timed(dry_run(project, "--tables-only"), accept=(0, 1))
        one: Timed = timed([PYTHON, HERE / "profile_run.py", project, "--tables-only", "--json"])
        told = json.loads(one.told)
        stages = {name: round(used, 2) for name, used in told["stages"]}
        ways = {
            "codemerge dry-run --tables-only": summary([whole]),
            "one thing at a time, timed": summary([one]),
        }
        out[str(regions)] = {**told["counts"], "stages": stages, "ways": ways}
        print(
            f"  {regions} regions: {whole.wall:.0f} s, CPU {whole.cpu:.0f} s, {whole.peak:.0f} MB",
            file=sys.stderr,
        )
        shutil.rmtree(project)
    return out


def archive(work: Path, rounds: int, wanted: Wanted) -> dict[str, Any]:
    rows = 100_000_000 if wanted("100,000,000") else 20_000_000
    told = timed(
        [PYTHON, HERE / "recode.py", "--rows", str(rows), "--rounds", str(rounds), "--work", work / "recode"]
    ).told
    return {"table": told}


def accuracy(work: Path, rounds: int, wanted: Wanted) -> dict[str, Any]:  # noqa: ARG001 - small, the same
    return {"table": timed([PYTHON, HERE / "accuracy_fixtures.py"]).told}


SUITES = {
    "two_regions": two_regions, "persons": persons, "names": names, "country": country, "archive": archive,
    "accuracy": accuracy,
}  # fmt: skip


def versions() -> dict[str, str]:
    found = {"Python": platform.python_version()}
    for name in VERSIONS:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def over_budget(results: dict[str, Any]) -> list[str]:
    """Return a line for every measured ratio above what budgets.toml allows."""
    budgets = tomllib.loads((HERE / "budgets.toml").read_text(encoding="utf-8"))["ratio"]
    out = []
    for budget in budgets:
        ways = results.get(budget["suite"], {}).get("found", {}).get(budget["size"], {}).get("ways", {})
        if budget["of"] in ways and budget["to"] in ways:
            ratio = ways[budget["of"]][budget["measure"]] / ways[budget["to"]][budget["measure"]]
            if ratio > budget["most"]:
                out.append(f"{budget['suite']} {budget['size']}: {budget['of']} takes {ratio:.2f} × the"
                           f" {budget['measure']} of {budget['to']}, at most {budget['most']}")  # fmt: skip
    return out


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default=",".join(SUITES))
    parser.add_argument(
        "--sizes", default="", help="these sizes only, parted by semicolons; others' results stay"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work", type=Path, default=Path("build/bench"))
    parser.add_argument("--write-only", action="store_true")
    parser.add_argument("--check", action="store_true", help="compare with budgets.toml afterwards")
    asked = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    asked.work.mkdir(parents=True, exist_ok=True)
    sizes = set(asked.sizes.split(";")) - {""}
    for name in [] if asked.write_only else asked.only.split(","):
        print(name, file=sys.stderr)
        found = SUITES[name](asked.work, asked.rounds, lambda size: not sizes or size in sizes)
        file = RESULTS / f"{name}.json"
        if sizes and file.is_file():
            found = json.loads(file.read_text(encoding="utf-8"))["found"] | found
        told = {"machine": MACHINE, "versions": versions(), "found": found}
        file.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    results = {
        n: json.loads(p.read_text(encoding="utf-8")) for n in SUITES if (p := RESULTS / f"{n}.json").is_file()
    }
    (HERE.parent / "docs" / "benchmarks.md").write_text(page(results), encoding="utf-8")
    over = over_budget(results)
    print("\n".join(over), file=sys.stderr)
    return int(bool(over) and asked.check)


if __name__ == "__main__":
    raise SystemExit(main())
