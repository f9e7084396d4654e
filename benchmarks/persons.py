"""Persons from Parquet files to clusters through the run's own stages, by benchmarks/pages/persons.toml; F1.

    python benchmarks/persons.py link PROJECT CLUSTERS.parquet
    python benchmarks/persons.py figures PROJECT CLUSTERS.parquet      ours, or a peer's, against the truth

CLUSTERS holds ``code`` (ours: ``record_id``) and ``cluster_id``. Merging, checks and workbooks are left out: no
peer does them.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from pathlib import Path

import polars as pl


def link(project_folder: Path, out: Path) -> None:
    from codemerge import linkage
    from codemerge.rules.loader import load_project
    from codemerge.rules.page import Entity

    page = Entity.model_validate(
        tomllib.loads((Path(__file__).parent / "pages" / "persons.toml").read_text("utf-8"))
    )
    project = load_project(project_folder)
    linkage.link(project, page.model_copy(update={"id": project.source[0].entity})).write_parquet(out)


def figures(project_folder: Path, found: Path) -> dict[str, float]:
    """Return precision, recall and F1 of the pairs that clusters join across the two registers."""
    clusters = pl.read_parquet(found)
    if "code" not in clusters.columns:
        name = pl.col("record_id").str.splitn("/", 3).struct.field("field_2")
        clusters = clusters.with_columns(code=name)
    clusters = clusters.select("code", "cluster_id")
    truth = pl.read_csv(project_folder / "truth" / "user.csv", infer_schema=False)
    side = set(truth["left"].str.split("-").list.first().unique())
    left = clusters.filter(pl.col("code").str.split("-").list.first().is_in(list(side)))
    right = clusters.filter(~pl.col("code").str.split("-").list.first().is_in(list(side)))
    pairs = left.join(right, on="cluster_id", suffix="_r").select(left="code", right="code_r").unique()
    both = pairs.join(truth, on=["left", "right"], how="semi").height
    precision, recall = both / max(pairs.height, 1), both / truth.height
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / max(precision + recall, 1e-9), 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("way", choices=["link", "figures"])
    parser.add_argument("project", type=Path)
    parser.add_argument("clusters", type=Path)
    asked = parser.parse_args()
    if asked.way == "link":
        link(asked.project, asked.clusters)
    else:
        print(json.dumps(figures(asked.project, asked.clusters)))


if __name__ == "__main__":
    main()
