"""Real radiology names of ten US hospitals (``us_hospitals``), matched by the shipped rules alone.

    python benchmarks/accuracy_us_hospitals.py --data FOLDER [--peers]

Top-1 and top-5 count left rows of ``gold_1to1.csv``; an automatic mapping of such a row is wrong
where the pair isn't in ``gold.csv`` or ``gold_1to1.csv``. Two pairs were never read by anybody
while the vocabulary was made; their figures stand last.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from codemerge.evaluate import share
from matching import data_folder, match, page, rows, scripted, words

READ = (
    "cedars_sinai_ca__keck_usc_ca",
    "college_long_beach_ca__chomp_monterey_ca",
    "los_robles_ca__uh_beachwood_oh",
)
UNREAD = ("hahnemann_pa__kennestone_ga", "oroville_ca__lenoir_nc")
COLUMNS = {"code": "id", "label": "description"}


def measured(folder: Path, rules: Any, entity: Any) -> dict[str, float]:
    """Match one pair of hospitals and count."""
    left, right = (pl.read_csv(folder / f"{side}.csv", infer_schema=False) for side in ("left", "right"))
    gold = pl.read_csv(folder / "gold.csv", infer_schema=False).select("left_id", "right_id")
    one = pl.read_csv(folder / "gold_1to1.csv", infer_schema=False).select("left_id", "right_id")
    start = time.perf_counter()
    table = pl.concat([rows("A", left, COLUMNS, entity), rows("B", right, COLUMNS, entity)])
    found = match(table, entity, rules).mappings
    took = time.perf_counter() - start
    true = set(gold.rows()) | set(one.rows())
    picked = pl.col("status").is_in(["auto", "review"])
    of_gold = found.join(one.rename({"left_id": "code_l", "right_id": "truth"}), on="code_l")
    ranked = of_gold.sort(~picked, "rank", "code_r").group_by("code_l", maintain_order=True)
    first = ranked.agg((pl.col("code_r") == pl.col("truth")).first())
    five = ranked.agg(((pl.col("code_r") == pl.col("truth")) & (picked | (pl.col("rank") <= 5))).any())
    automatic = of_gold.filter(pl.col("status") == "auto").select("code_l", "code_r").rows()
    return {
        "n": one.height,
        "top1": int(first["code_r"].sum()),
        "top5": int(five["code_r"].sum()),
        "automatic": len(automatic),
        "right": sum(pair in true for pair in automatic),
        "seconds": took,
    }


def peers(folder: Path) -> dict[str, float]:
    """Return top-1 of what a user would script: the best score per left row."""
    left, right = (pl.read_csv(folder / f"{side}.csv", infer_schema=False) for side in ("left", "right"))
    one = dict(pl.read_csv(folder / "gold_1to1.csv", infer_schema=False).select("left_id", "right_id").rows())
    asked = left.filter(pl.col("id").is_in(list(one)))
    truth = pl.Series([one[i] for i in asked["id"]])
    found = scripted(asked["description"].to_list(), right["description"].fill_null("").to_list())
    best = {name: right["id"].gather(np.argmax(score, axis=1)) for name, score in found.items()}
    return {name: float((chosen == truth).mean() or 0.0) for name, chosen in best.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--peers", action="store_true", help="rapidfuzz scorers on the same rows")
    options = parser.parse_args()
    folder = data_folder(options.data) / "us_hospitals"
    entity, rules = page("exam"), words()
    sums = dict.fromkeys(("n", "top1", "top5", "automatic", "right"), 0.0)
    means = []
    for name in (*READ, *UNREAD):
        found = measured(folder / name, rules, entity)
        means.append(found["top1"] / found["n"])
        sums = {key: sums[key] + found[key] for key in sums}
        beside = "  ".join(f"{k} {v:.3f}" for k, v in peers(folder / name).items()) if options.peers else ""
        print(
            f"{name:<42} n {found['n']:>3}  top-1 {found['top1'] / found['n']:.3f}"
            f"  top-5 {found['top5'] / found['n']:.3f}  automatic {found['automatic'] / found['n']:.3f}"
            f" right {found['right'] / max(found['automatic'], 1):.3f}"
            f"  {found['seconds']:.2f} s  {beside}"
        )
    read, unread = np.mean(means[: len(READ)]), np.mean(means[len(READ) :])
    print(f"mean top-1 {np.mean(means):.3f} (read {read:.3f}, unread {unread:.3f})")
    for label, right, of in (
        ("top-1", "top1", "n"),
        ("top-5", "top5", "n"),
        ("automatic, right", "right", "automatic"),
        ("coverage", "automatic", "n"),
    ):
        s = share(int(sums[right]), int(sums[of]))
        print(f"{label:<18} {s.share:.3f}  ({s.low:.3f}–{s.high:.3f}), {s.right} of {s.of}")


if __name__ == "__main__":
    main()
