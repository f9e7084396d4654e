"""What chosen pairs with a given posterior turn out to be: the ``calibration`` line of the exam page.

Chosen pairs of the three US hospital pairs whose names were read, and of the bundled example, are
put in order of their posterior, and the share that is right is made rising (pool adjacent violators,
Ayer et al., Ann. Math. Stat. 26, 1955).

    python benchmarks/accuracy_calibrate.py --data FOLDER
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from accuracy_us_hospitals import COLUMNS, READ
from matching import data_folder, match, page, rows, words

POINTS = (0.02, 0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95, 0.99, 1.0)
CHOSEN = pl.col("status").is_in(["auto", "review"]) & (pl.col("margin") > 0)


def hospitals(folder: Path, entity: Any, rules: Any) -> list[tuple[float, bool]]:
    """Return posterior and truth of every chosen pair of the hospitals."""
    out = []
    for name in READ:
        left, right = (
            pl.read_csv(folder / name / f"{side}.csv", infer_schema=False) for side in ("left", "right")
        )
        gold = pl.read_csv(folder / name / "gold.csv", infer_schema=False).select("left_id", "right_id")
        one = pl.read_csv(folder / name / "gold_1to1.csv", infer_schema=False).select("left_id", "right_id")
        table = pl.concat([rows("A", left, COLUMNS, entity), rows("B", right, COLUMNS, entity)])
        found = match(table, entity, rules).mappings.filter(
            CHOSEN & pl.col("code_l").is_in(one["left_id"].implode())
        )
        true = set(gold.rows()) | set(one.rows())
        out += [(c, (a, b) in true) for a, b, c in found.select("code_l", "code_r", "confidence").rows()]
    return out


def rising(said: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return the share that is right as a function that never falls."""
    blocks: list[list[float]] = []
    for value in right[np.argsort(said, kind="stable")]:
        blocks.append([float(value), 1.0])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            total, count = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += count
    return np.concatenate([np.full(int(count), total / count) for total, count in blocks])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    folder = data_folder(parser.parse_args().data) / "us_hospitals"
    exam = page("exam")
    raw = exam.model_copy(update={"matching": exam.matching.model_copy(update={"calibration": ()})})
    pairs = hospitals(folder, raw, words())
    said, right = (np.array(column, dtype=np.float64) for column in zip(*pairs, strict=True))
    shares = rising(said, right)
    at = np.sort(said)
    print(f"{len(said)} chosen pairs, {right.mean():.3f} right")
    found = [(p, round(float(shares[np.abs(at - p) <= max(0.02, p * 0.05)].mean()), 3)) for p in POINTS
             if (np.abs(at - p) <= max(0.02, p * 0.05)).any()]  # fmt: skip
    print("calibration = [[0.0, 0.0], " + ", ".join(f"[{p}, {s}]" for p, s in found) + "]")


if __name__ == "__main__":
    main()
