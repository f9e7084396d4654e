"""Sites as two agencies list them (``sites_chicago``), matched n:m by a page; F1 over pairs.

python benchmarks/accuracy_sites.py --data FOLDER
"""

from __future__ import annotations

import argparse
from pathlib import Path
from types import SimpleNamespace

import polars as pl

from matching import data_folder, match, page, pair_figures, rows

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


if __name__ == "__main__":
    main()
