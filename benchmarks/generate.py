"""Writes full-size synthetic catalogs of any number of regions, with truth and seeded conflicts.

    python benchmarks/generate.py OUT --regions 2 --exams 5000 --rooms 2000 --users 20000 --units 10000
    python benchmarks/generate.py OUT --regions 2 --exams 4000,2400 --rooms 250,120 --users 20000,10000 \
        --units 8000,5000 --conflicts 50

A size is one number for all regions or one for each, parted by commas. Same arguments, same bytes.
OUT holds codemerge.toml, a folder per region, truth/<entity>.csv and injected.csv (check, entity, codes).
"""

from __future__ import annotations

import argparse
import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).parent / "catalogs"))

import full_places as places
from draw import Frames, Region, regions
from full_conflicts import KINDS, Seeder, seed_all
from full_exams import region_exams, universe
from full_people import people, region_users
from full_write import SAME, truth, write, writes

SIZES = {"exam": 5000, "room": 2000, "user": 20_000, "unit": 10_000}
SHARED_UNITS = 0.1


def catalogs(found: list[Region], seed: int, both: float) -> Frames:
    """Return every entity of every region.

    Args:
        found: the regions with their sizes.
        seed: of all that is drawn; each region draws from a generator of its own.
        both: share of a region's people who work in the region before it too.
    """
    world_rng = np.random.default_rng([seed, 0])
    world = universe(world_rng, max(region.sizes["exam"] for region in found) * 5 // 4)
    shared = [
        int(both * min(region.sizes["user"], before.sizes["user"])) for before, region in pairwise(found)
    ]
    pool = people(world_rng, sum(region.sizes["user"] for region in found) - sum(shared))
    frames: Frames = {}
    start, own = 0, {}
    for n, region in enumerate(found):
        rng = np.random.default_rng([seed, n + 1])
        overlap = shared[n - 1] if n else 0
        begin = start - overlap
        start = begin + region.sizes["user"]
        own[region.id] = places.units(region, rng)
        homes = places.sites(region)
        labs = places.rooms(region, rng, homes)
        exams = region_exams(world, region, rng)
        listed = own[region.id]
        performing = listed.filter(pl.col("kind") == "performing")["code"]
        users = region_users(pool[begin:start], region, rng, performing)
        if n:
            others = places.neighbours(region, own[found[n - 1].id], rng, SHARED_UNITS)
            listed = pl.concat([listed.head(listed.height - others.height), others])
        tables = places.small_lists(region) | {
            "site": homes, "unit": listed, "room": labs, "device": places.devices(region, labs),
            "exam": exams, "user": users, "exam_room": places.exam_rooms(exams, labs, rng),
            "user_role": users.select(user="code", role="role", unit="unit"),
            "order_item": places.order_items(exams, region),
        }  # fmt: skip
        for entity, table in tables.items():
            frames.setdefault(entity, {})[region.id] = table
    return frames


def generate(folder: Path, found: list[Region], args: argparse.Namespace) -> None:
    """Write catalogs, project file, truth and the list of what was seeded."""
    sound = catalogs(found, args.seed, args.both)
    seeder = Seeder(sound, found, np.random.default_rng([args.seed, 999]), writes)
    frames, injected = seed_all(seeder, args.conflicts, args.kinds.split(",") if args.kinds else list(KINDS))
    folder.mkdir(parents=True, exist_ok=True)
    write(folder, frames, found, args.format)
    injected.write_csv(folder / "injected.csv")
    (folder / "truth").mkdir(exist_ok=True)
    for entity in SAME:
        spoiled = injected.filter(pl.col("entity") == entity)["codes"].str.split(" ").explode()
        truth(sound, found, entity, set(spoiled)).write_csv(folder / "truth" / f"{entity}.csv")


def sizes(args: argparse.Namespace) -> list[dict[str, int]]:
    """Return each region's sizes."""
    given = {entity: [int(n) for n in str(getattr(args, f"{entity}s")).split(",")] for entity in SIZES}
    return [
        {entity: numbers[n % len(numbers)] for entity, numbers in given.items()} for n in range(args.regions)
    ]


def main() -> None:
    """Read the arguments and write the catalogs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--regions", type=int, default=2)
    for entity, size in SIZES.items():
        parser.add_argument(f"--{entity}s", default=str(size), help=f"records per region (default {size})")
    parser.add_argument(
        "--both", type=float, default=0.02, help="share of people with accounts in two regions"
    )
    parser.add_argument("--conflicts", type=int, default=0, help="how many to seed")
    parser.add_argument(
        "--kinds", default="", help=f"of these kinds, parted by commas (default all: {', '.join(KINDS)})"
    )
    parser.add_argument("--format", choices=["csv", "parquet"], default="csv")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    begun = time.perf_counter()
    found = regions(args.regions, sizes(args))
    generate(args.out, found, args)
    records = sum(sum(region.sizes.values()) for region in found)
    print(f"{len(found)} regions, {records} records (links not counted), {time.perf_counter() - begun:.1f} s")


if __name__ == "__main__":
    main()
