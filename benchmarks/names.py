"""Finds the ten most alike of many names by the engine's own verbs: sparse candidates, or every pair by SIMD.

    python benchmarks/names.py make OUT.parquet --names 100000       two columns of synthetic names
    python benchmarks/names.py ours NAMES.parquet FOUND.parquet      `sparse.most_alike`
    python benchmarks/names.py exact NAMES.parquet FOUND.parquet     every pair, by tiles
    python benchmarks/names.py recall FOUND.parquet EXACT.parquet    share of best pairs found

FOUND holds ``l, r, similarity`` (rows from 0, 0–100 of sorted-token `ratio`), ten per left name at most.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import polars as pl

from codemerge.library import sparse
from codemerge.library.cleaners import clean_values

TOP = 10


def make(out: Path, count: int) -> None:
    """Write names of synthetic organisations; the right ones are the left ones, misspelt and shuffled."""
    rng = np.random.default_rng(1)
    heads = [
        "berg",
        "dal",
        "ström",
        "ek",
        "lind",
        "sjö",
        "kvist",
        "gren",
        "fors",
        "holm",
        "sten",
        "ö",
        "vik",
        "ås",
        "mark",
    ]
    tails = [
        "en",
        "a",
        "by",
        "torp",
        "sta",
        "hult",
        "lund",
        "näs",
        "vad",
        "rud",
        "ryd",
        "köping",
        "inge",
        "um",
        "ala",
    ]
    starts = [
        "s",
        "k",
        "v",
        "t",
        "br",
        "gr",
        "h",
        "m",
        "n",
        "fl",
        "sv",
        "tr",
        "l",
        "r",
        "b",
        "d",
        "kl",
        "st",
        "p",
        "f",
    ]
    places = np.array([a + b + c for a in starts for b in heads for c in tails])
    kinds = np.array([
        "vårdcentral", "röntgenmottagning", "barnklinik", "rehab", "ortopedmottagning", "jourcentral", "familjecentral",
        "psykiatrimottagning", "hudklinik", "ögonmottagning", "kirurgavdelning", "medicinavdelning", "laboratorium",
        "kvinnoklinik", "tandklinik", "hälsocentral",
    ])  # fmt: skip
    wards = np.array(
        [*(f"avd {n}" for n in range(1, 60)), "norra", "södra", "östra", "västra", "nya", "gamla"]
    )
    words = [places[rng.integers(0, len(places), count)], kinds[rng.integers(0, len(kinds), count)],
             places[rng.integers(0, len(places), count)], wards[rng.integers(0, len(wards), count)]]  # fmt: skip
    left = [" ".join(w) for w in zip(*words, strict=True)]
    right = [_misspelt(name, rng) for name in left]
    order = rng.permutation(count)
    pl.DataFrame({"left": left, "right": [right[n] for n in order]}).write_parquet(out)


def _misspelt(name: str, rng: np.random.Generator) -> str:
    letters = list(name)
    for _ in range(rng.integers(0, 3)):
        letters[rng.integers(0, len(letters))] = "aeiorst"[rng.integers(0, 7)]
    words = "".join(letters).split()
    rng.shuffle(words)
    return " ".join(words)


def cleaned_names(names: pl.Series) -> pl.Series:
    """Return names as a page's ``sorted_words`` and ``short`` make them comparable."""
    return clean_values(names, ("sorted_words", "short"))


def ours(names: pl.DataFrame) -> pl.DataFrame:
    return sparse.most_alike(cleaned_names(names["left"]), cleaned_names(names["right"]), top=TOP)


def exact(left: pl.Series, right: pl.Series) -> pl.DataFrame:
    return sparse.all_alike(cleaned_names(left), cleaned_names(right), top=TOP)


def recall(found: pl.DataFrame, truth: pl.DataFrame, least: int = 85) -> float:
    """Return the share of left names with an exact best of ``least`` or more whose best was found."""
    best = truth.group_by("l").agg(pl.col("similarity").max().alias("best")).filter(pl.col("best") >= least)
    mine = found.group_by("l").agg(pl.col("similarity").max().alias("mine"))
    joined = best.with_columns(pl.col("l").cast(pl.Int64)).join(
        mine.with_columns(pl.col("l").cast(pl.Int64)), on="l", how="left"
    )
    return float(joined.select((pl.col("mine") == pl.col("best")).fill_null(value=False).mean()).item())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("way", choices=["make", "ours", "exact", "recall"])
    parser.add_argument("first", type=Path)
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("--names", type=int, default=100_000)
    parser.add_argument("--sample", type=int, default=0, help="look up so many left names only")
    asked = parser.parse_args()
    if asked.way == "make":
        make(asked.first, asked.names)
        return
    names = pl.read_parquet(asked.first)
    if asked.way == "recall":
        print(recall(names, pl.read_parquet(asked.out)))
        return
    found = (
        ours(names)
        if asked.way == "ours"
        else exact(names["left"].head(asked.sample or names.height), names["right"])
    )
    found.write_parquet(asked.out)
    print(found.height)


if __name__ == "__main__":
    main()
