"""The bundled example against its truth, every entity: what `codemerge evaluate` prints.

python benchmarks/accuracy_fixtures.py [PROJECT]

Beside the names' own entity: right counterpart first by what a user would script over the same names.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl

from codemerge.answers.run_tables import RunTables
from codemerge.evaluate import evaluate, read_truth, said
from codemerge.files.sources import read_catalogs
from codemerge.inputs import Inputs
from codemerge.pipeline import run
from codemerge.rules.loader import load_project, rules_of
from codemerge.rules.page import Entity
from codemerge.rules.shipped import shipped
from codemerge.tables import DECISIONS, IDENTIFIERS
from matching import scripted


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else shipped("fixtures")
    project = load_project(folder)
    rules = rules_of(project)
    read = read_catalogs(project, rules)
    found = run(
        Inputs(
            rows=read.rows,
            notes=tuple(read.notes),
            decisions=DECISIONS.empty(),
            identifiers=IDENTIFIERS.empty(),
            project=project,
            rules=rules,
            today="2026-01-01",
        )
    )
    for file in sorted((folder / "truth").glob("*.csv")):
        entity = rules.entities[file.stem]
        truth = read_truth(file, found, entity)
        print(said(evaluate(found, entity, truth), "en"), end="\n\n")
        if entity.names and entity.facets:
            print("  ".join(f"{k} {v:.3f}" for k, v in peers(found, entity, truth).items()), end="\n\n")


def peers(found: RunTables, entity: Entity, truth: pl.DataFrame) -> dict[str, float]:
    """Return, per scripted measure, how often the best right name is the true counterpart."""
    one = truth.filter("known", pl.col("relationship") == "equivalent", pl.col("code_r") != "")
    names = found.records[entity.id].select(
        "region", "code", pl.col(str(entity.names)).fill_null("").alias("name")
    )
    right: dict[str, int] = {}
    for (of_l, of_r), pairs in one.group_by("region_l", "region_r", maintain_order=True):
        left = pairs.join(
            names.filter(pl.col("region") == of_l), left_on="code_l", right_on="code", how="inner"
        )
        other = names.filter(pl.col("region") == of_r)
        if left.is_empty() or other.is_empty():
            continue
        for name, score in scripted(left["name"].to_list(), other["name"].to_list()).items():
            hits = other["code"].gather(np.argmax(score, axis=1)) == left["code_r"]
            right[name] = right.get(name, 0) + int(hits.sum())
    return {name: count / max(one.height, 1) for name, count in right.items()}


if __name__ == "__main__":
    main()
