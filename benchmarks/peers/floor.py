"""The floor: what anything that reads, compares and writes the same must do at least.

Reads a project's files with polars, compares every pair of examination names with one SIMD `ratio`,
joins each entity once on its label, and writes workbooks with as many filled text cells as ours.

    python benchmarks/peers/floor.py PROJECT OUT --cells N
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import polars as pl
import xlsxwriter
from rapidfuzz import fuzz, process

sys.path.insert(0, str(Path(__file__).parent))

from plain_catalogs import encoding, header_line, sources

COLUMNS = 12


def read(path: Path) -> pl.DataFrame:
    skip, delimiter = header_line(path)
    text = path.read_bytes().decode(encoding(path)).encode()
    return pl.read_csv(
        text,
        separator=delimiter,
        skip_rows=skip,
        infer_schema=False,
        quote_char=None,
        truncate_ragged_lines=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--cells", type=int, required=True, help="filled cells in all workbooks")
    asked = parser.parse_args()
    tables: dict[str, list[pl.DataFrame]] = {}
    for _, entity, path in sources(asked.project):
        tables.setdefault(entity, []).append(read(path))
    left, right = (t[t.columns[1]].fill_null("").str.to_lowercase().to_list() for t in tables["exam"][:2])
    best = np.empty(len(left), dtype=np.int64)
    for start in range(0, len(left), 1000):
        tile = process.cdist(left[start : start + 1000], right, scorer=fuzz.ratio, dtype=np.uint8, workers=-1)
        best[start : start + 1000] = tile.argmax(axis=1)
    for first, second, *_ in tables.values():
        key = first.columns[min(1, first.width - 1)]
        first.join(second, left_on=key, right_on=second.columns[min(1, second.width - 1)], how="left")
    texts = [name for column in tables["unit"][0].iter_columns() for name in column.fill_null("-").to_list()]
    asked.out.mkdir(parents=True, exist_ok=True)
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(asked.out / "floor.xlsx"), options) as book:
        sheet = book.add_worksheet()
        for n in range(asked.cells):
            sheet.write_string(n // COLUMNS, n % COLUMNS, texts[n % len(texts)])


if __name__ == "__main__":
    main()
