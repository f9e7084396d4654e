"""The script a user would write today: pandas, `process.extractOne` row by row, openpyxl.

For each entity: match left labels to right ones by rapidfuzz's default scorer for people who read
its first example (`extractOne`, WRatio), write one sheet of codes, names and scores. Accounts and
units are merged on name: extractOne over 20 000 × 20 000 names takes minutes. With
``--every-list`` they are looked up row by row too, as one who only knows that example would.

    python benchmarks/peers/script.py PROJECT OUT [--rows N] [--every-list]

``--rows`` limits how many left examinations are looked up (a sample, for a full run takes minutes);
the line printed at the end says how many seconds those took, and how many there are in all.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import pandas as pd
from rapidfuzz import process

sys.path.insert(0, str(Path(__file__).parent))

from plain_catalogs import encoding, header_line, sources

FUZZY = ("exam", "room")
LISTS = (*FUZZY, "unit", "user", "section", "role", "priority")


def read(path: Path) -> pd.DataFrame:
    skip, delimiter = header_line(path)
    return pd.read_csv(
        path, sep=delimiter, skiprows=skip, dtype=str, encoding=encoding(path), keep_default_na=False,
        on_bad_lines="skip",
    )  # fmt: skip


def looked_up(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    rows = []
    names = right.iloc[:, 1].tolist()
    for _, row in left.iterrows():
        found = process.extractOne(row.iloc[1], names)
        rows.append([row.iloc[0], row.iloc[1], right.iloc[found[2], 0], found[0], found[1]])
    return pd.DataFrame(rows, columns=["code", "name", "suggestion", "its name", "score"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--rows", type=int, default=0)
    parser.add_argument("--every-list", action="store_true", help="look accounts and units up too")
    asked = parser.parse_args()
    tables: dict[str, list[pd.DataFrame]] = {}
    for _, entity, path in sources(asked.project):
        tables.setdefault(entity, []).append(read(path))
    asked.out.mkdir(parents=True, exist_ok=True)
    with pd.ExcelWriter(asked.out / "script.xlsx", engine="openpyxl") as book:
        for entity, (left, right, *_) in tables.items():
            started = time.perf_counter()
            if entity in (LISTS if asked.every_list else FUZZY):
                few = left.head(asked.rows) if asked.rows else left
                found = looked_up(few, right)
                print(f"{entity} {len(few)} {len(left)} {time.perf_counter() - started:.2f}")
            else:
                key = left.columns[min(1, left.shape[1] - 1)]
                found = (
                    left.merge(right, how="left", on=key, suffixes=("", " right")) if key in right else left
                )
                found = found.drop_duplicates(left.columns[0])
            found.to_excel(book, sheet_name=entity, index=False)


if __name__ == "__main__":
    main()
