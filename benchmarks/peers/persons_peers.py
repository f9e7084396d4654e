"""Two registers of persons by recordlinkage or goldenmatch.

    python benchmarks/peers/persons_peers.py {recordlinkage,goldenmatch} PROJECT CLUSTERS.parquet

recordlinkage: the four blocks of ours, its documented comparisons, its unsupervised Fellegi–Sunter (ECM).
goldenmatch: names and birth date weighed alike, blocked by birth date, threshold 0.85.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from plain_catalogs import sources

FIELDS = ["code", "given_name", "family_name", "birth_date", "personnummer", "email", "title"]


def by_recordlinkage(left: Path, right: Path) -> list[tuple[str, str]]:
    import pandas as pd
    import recordlinkage

    one, other = (pd.read_parquet(path, columns=FIELDS).set_index("code") for path in (left, right))
    indexer = recordlinkage.Index()
    for block in ("personnummer", "email", ["given_name", "birth_date"], ["family_name", "birth_date"]):
        indexer.block(block)
    compare = recordlinkage.Compare()
    for field in ("given_name", "family_name"):
        compare.string(field, field, method="jarowinkler", threshold=0.9, label=field)
    for field in ("birth_date", "personnummer", "email", "title"):
        compare.exact(field, field, label=field)
    agree = compare.compute(indexer.index(one, other), one, other)
    return [(str(a), str(b)) for a, b in recordlinkage.ECMClassifier().fit_predict(agree)]


def by_goldenmatch(left: Path, right: Path) -> list[tuple[str, str]]:
    import goldenmatch
    import polars as pl

    one, other = (pl.read_parquet(path, columns=FIELDS) for path in (left, right))
    found: Any = goldenmatch.match_df(
        one, other, fuzzy={"family_name": 0.85, "given_name": 0.85, "birth_date": 0.9},
        blocking=["birth_date"], threshold=0.85,
    ).matched  # fmt: skip
    table = found.select(["target_code", "ref_code"]).to_pydict()
    return list(zip(table["target_code"], table["ref_code"], strict=True))


WAYS = {"recordlinkage": by_recordlinkage, "goldenmatch": by_goldenmatch}


def main() -> None:
    import polars as pl

    way, project, out = sys.argv[1:]
    (_, _, left), (_, _, right) = sources(Path(project))
    pairs = WAYS[way](Path(left), Path(right))
    members = [(code, a) for a, b in pairs for code in (a, b)]
    pl.DataFrame(members, schema=["code", "cluster_id"], orient="row").unique().write_parquet(out)


if __name__ == "__main__":
    main()
