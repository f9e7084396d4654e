"""Finds the ten most alike of many names: sparse token candidates, then SIMD `ratio`; or exactly, every pair.

    python benchmarks/names.py make OUT.parquet --names 100000       two columns of synthetic names
    python benchmarks/names.py ours NAMES.parquet FOUND.parquet      sparse: rare words, then ratio
    python benchmarks/names.py exact NAMES.parquet FOUND.parquet     every pair, by tiles
    python benchmarks/names.py recall FOUND.parquet EXACT.parquet    share of best pairs found

FOUND holds ``l, r, similarity`` (rows from 0, 0–100 of sorted-token `ratio`), ten per left name at most.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import polars as pl

TOP = 10
MOST = 150  # names a key may stand in and still be looked up
PARTS = 8


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


def sorted_tokens(names: pl.Series) -> pl.Series:
    return names.str.to_lowercase().str.split(" ").list.sort().list.join(" ").str.slice(0, 64)


def candidates(left: pl.Series, right: pl.Series) -> pl.DataFrame:
    """Return pairs that share a rare word, or two words' beginnings or ends: a slip spares one of them."""
    a, b = _keys(left), _keys(right)
    often = pl.concat([a, b]).group_by("w").len().filter(pl.col("len") <= MOST).select("w")
    a, b = a.join(often, on="w", how="semi"), b.join(often, on="w", how="semi")
    found = []
    for part in range(PARTS):  # by key, so that memory stays flat
        mine = pl.col("w") % PARTS == part
        found.append(a.filter(mine).join(b.filter(mine), on="w", suffix="_r").select(l="n", r="n_r").unique())
    return pl.concat(found).unique()


def _keys(names: pl.Series) -> pl.DataFrame:
    words = pl.DataFrame({"n": np.arange(len(names), dtype=np.uint32), "w": names.str.split(" ")}).explode(
        "w"
    )
    words = words.filter(pl.col("w").str.len_chars() > 2).with_columns(at=pl.int_range(pl.len()).over("n"))
    keys = [words.select("n", pl.col("w").hash(seed=1))]
    for n, part in enumerate((pl.col("w").str.head(4), pl.col("w").str.tail(4))):
        short = words.select("n", part.hash(seed=2 + n).alias("w")).unique()
        two = short.join(short, on="n", suffix="_r").filter(pl.col("w") < pl.col("w_r"))
        keys.append(two.select("n", (pl.col("w") ^ (pl.col("w_r") * 3)).alias("w")))
    return pl.concat(keys).unique()


def ours(names: pl.DataFrame) -> pl.DataFrame:
    from rapidfuzz import fuzz, process

    left, right = sorted_tokens(names["left"]), sorted_tokens(names["right"])
    pairs = candidates(left, right).sort("l", "r")
    parts = []
    for start in range(0, pairs.height, 2_000_000):  # texts of a part at a time
        part = pairs.slice(start, 2_000_000)
        texts = [side.gather(part[n]).to_list() for side, n in ((left, "l"), (right, "r"))]
        score = process.cpdist(*texts, scorer=fuzz.ratio, dtype=np.uint8, score_cutoff=60, workers=-1)
        scored = part.with_columns(pl.Series("similarity", score))
        parts.append(scored.filter(pl.col("similarity") > 0))
    best = pl.concat(parts).sort("l", "similarity", "r", descending=[False, True, False])
    return best.group_by("l", maintain_order=True).head(TOP)


def exact(left_names: pl.Series, right_names: pl.Series) -> pl.DataFrame:
    from rapidfuzz import fuzz, process

    left, right = sorted_tokens(left_names).to_list(), sorted_tokens(right_names).to_list()
    parts = []
    for start in range(0, len(left), 500):
        tile = process.cdist(left[start : start + 500], right, scorer=fuzz.ratio, dtype=np.uint8, workers=-1)
        best = np.argpartition(tile, len(right) - TOP, axis=1)[:, -TOP:]
        rows = np.repeat(np.arange(start, start + len(tile)), TOP)
        parts.append(
            pl.DataFrame(
                {"l": rows, "r": best.ravel(), "similarity": np.take_along_axis(tile, best, 1).ravel()}
            )
        )
    return pl.concat(parts)


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
