"""Writes two or more synthetic staff registers of one population, for linkage at scale, with truth.

    python benchmarks/generate_persons.py OUT --persons 500000 --regions 2 --overlap 0.5

Each register has the same six fields to link on: given_name, family_name, birth_date, personnummer, email
and title; beside them code, hsa_id (each register's own, as HSA gives one per catalog owner) and unit.
A share of people stands in a register and the one before it, with missing identity numbers, changed names,
slips of the keyboard and other addresses. OUT holds codemerge.toml, <region>/user.parquet, truth/user.csv.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).parent / "catalogs"))

from draw import Region, base36, regions, text
from full_people import TITLES, ascii_letters, people
from full_write import project, truth

MISSING = {"personnummer": 0.3, "email": 0.2, "birth_date": 0.02}
LETTERS = np.array(list("abcdefghijklmnopqrstuvwxyz"))


def slipped(rng: np.random.Generator, name: str, rate: float, rows: int) -> pl.Expr:
    """Return a name with, in a share of rows, a letter lost, doubled, changed or two letters swapped."""
    at = pl.lit(pl.Series(rng.integers(1, 6, rows))).clip(upper_bound=pl.col(name).str.len_chars() - 1)
    kind = pl.Series(np.where(rng.random(rows) < rate, rng.integers(0, 4, rows), 9))
    letter = pl.lit(pl.Series(LETTERS[rng.integers(0, len(LETTERS), rows)]))
    head, here = pl.col(name).str.slice(0, at), pl.col(name).str.slice(at, 1)
    tail, after, rest = (
        pl.col(name).str.slice(at + 1),
        pl.col(name).str.slice(at + 1, 1),
        pl.col(name).str.slice(at + 2),
    )
    wrong = {
        0: head + tail,
        1: head + here + here + tail,
        2: head + letter + tail,
        3: head + after + here + rest,
    }
    choice = pl.when(pl.lit(value=False)).then(pl.col(name))
    for number, text_of in wrong.items():
        choice = choice.when(pl.lit(kind) == number).then(text_of)
    return choice.otherwise(pl.col(name))


def register(pool: pl.DataFrame, region: Region, rng: np.random.Generator) -> pl.DataFrame:
    """Return a region's register of people of the pool: ``person`` is for the truth only."""
    rows = pool.height
    married = pl.lit(pl.Series(rng.random(rows) < 0.04))
    taken = pl.lit(pool["family_name"].sample(rows, shuffle=True, seed=int(rng.integers(1 << 30))))
    doubled = pl.lit(pl.Series(rng.random(rows) < 0.5))
    new_name = pl.when(doubled).then(pl.col("family_name") + "-" + taken).otherwise(taken)
    drawn = pool.with_columns(family_name=pl.when(married).then(new_name).otherwise("family_name"))
    drawn = drawn.with_columns(
        family_name=slipped(rng, "family_name", 0.03, rows),
        given_name=slipped(rng, "given_name", 0.02, rows),
        title=pl.col("title").replace_strict(dict(enumerate(TITLES)), return_dtype=pl.String),
    )
    serial = np.arange(rows)
    moved = pl.lit(pl.Series(rng.random(rows) < 0.5))
    own = pl.lit(f"@{region.short.lower()}.example")
    name = ascii_letters("given_name", 20) + pl.lit(".") + ascii_letters("family_name", 30)
    private = name + (pl.col("person") % 97).cast(pl.String) + pl.lit("@post.example")
    holes = {field: pl.lit(pl.Series(rng.random(rows) < share)) for field, share in MISSING.items()}
    return (
        drawn.with_columns(email=pl.when(moved).then(name + own).otherwise(private))
        .with_columns(pl.when(~hole).then(pl.col(field)).alias(field) for field, hole in holes.items())
        .select(
            pl.lit(f"{region.short}-" + text(serial + 1_000_000)).alias("code"),
            "family_name", "given_name", "personnummer", "birth_date", "email", "title", "person",
            hsa_id=pl.lit(f"SE{region.org}-" + base36(serial, 6)),
        )
        .sample(fraction=1.0, shuffle=True, seed=int(rng.integers(1 << 30)))
    )  # fmt: skip


def generate(folder: Path, found: list[Region], count: int, overlap: float, seed: int) -> None:
    """Write registers, project file and truth (pairs only: whoever stands in none has no counterpart)."""
    shared = int(count * overlap)
    pool = people(np.random.default_rng([seed, 0]), len(found) * count - (len(found) - 1) * shared)
    registers, sources = {}, []
    for n, region in enumerate(found):
        begin = n * (count - shared)
        rng = np.random.default_rng([seed, n + 1])
        registers[region.id] = register(pool[begin : begin + count], region, rng)
        path = f"{region.short.lower()}/user.parquet"
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        registers[region.id].drop("person").write_parquet(folder / path)
        sources.append((region, "user", path))
    (folder / "codemerge.toml").write_text(project(found, sources), encoding="utf-8")
    (folder / "truth").mkdir(exist_ok=True)
    pairs = truth({"user": registers}, found, "user", set()).filter(pl.col("right") != "")
    pairs.write_csv(folder / "truth" / "user.csv")


def main() -> None:
    """Read the arguments and write the registers."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--persons", type=int, default=500_000, help="in each register")
    parser.add_argument("--regions", type=int, default=2)
    parser.add_argument(
        "--overlap", type=float, default=0.5, help="share of a register that the next one has too"
    )
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    begun = time.perf_counter()
    found = regions(args.regions, [{"user": args.persons}] * args.regions)
    generate(args.out, found, args.persons, args.overlap, args.seed)
    print(f"{args.regions} × {args.persons} persons, {time.perf_counter() - begun:.1f} s")


if __name__ == "__main__":
    main()
