"""Sites as two agencies list them (``sites_chicago``), matched n:m by a page; F1 over pairs.

python benchmarks/accuracy_sites.py --data FOLDER

Beside it what a user would script: name and address as one text, every pair above the threshold that
makes the measure look best on this very truth.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl

from matching import data_folder, match, page, pair_figures, rows, scripted

COLUMNS = {"code": "id", "label": "Site name", "address": "Address", "phone": "Phone"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    folder = data_folder(parser.parse_args().data) / "sites_chicago"
    left, right = (pl.read_csv(folder / f"{side}.csv", infer_schema=False) for side in ("left", "right"))
    entity = page("site_chicago")
    table = pl.concat([rows("A", left, COLUMNS, entity), rows("B", right, COLUMNS, entity)])
    found = match(table, entity, SimpleNamespace(facets={}, vocabulary=None))
    truth = set(pl.read_csv(folder / "gold.csv", infer_schema=False).select("left_id", "right_id").rows())
    for least in (0.3, 0.5, 0.7, 0.9):
        chosen = found.mappings.filter(pl.col("confidence") >= least)
        figures = pair_figures(set(chosen.select("code_l", "code_r").rows()), truth)
        print(f"confidence ≥ {least:<5}" + "  ".join(f"{k} {v:.4f}" for k, v in figures.items()))
    texts = [
        [f"{n or ''} {a or ''}" for n, a in t.select("Site name", "Address").iter_rows()]
        for t in (left, right)
    ]
    for name, score in scripted(*texts).items():
        best = max(
            (at_least(score, least, left, right, truth) for least in np.arange(0.5, 1.0, 0.05)), key=f1
        )
        print(f"{name:<20}" + "  ".join(f"{k} {v:.4f}" for k, v in best.items()))


def at_least(
    score: Any, least: float, left: pl.DataFrame, right: pl.DataFrame, truth: Any
) -> dict[str, float]:
    """Return the figures of every pair that scores this much."""
    at_l, at_r = np.nonzero(score >= least)
    return pair_figures(set(zip(left["id"].gather(at_l), right["id"].gather(at_r), strict=True)), truth)


def f1(figures: dict[str, float]) -> float:
    return figures["f1"]


if __name__ == "__main__":
    main()
