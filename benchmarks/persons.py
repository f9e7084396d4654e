"""Persons from Parquet files to clusters through the run's own stages, by benchmarks/pages/persons.toml; F1.

    python benchmarks/persons.py link PROJECT CLUSTERS.parquet
    python benchmarks/persons.py figures PROJECT CLUSTERS.parquet      ours, or a peer's, against the truth

CLUSTERS holds ``code, cluster_id``. Merging, checks and workbooks are left out: no peer does them.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from dataclasses import replace
from pathlib import Path

import polars as pl


def link(project_folder: Path, out: Path) -> None:
    from codemerge.dry_run import gather
    from codemerge.library.verdicts import current_decisions
    from codemerge.rules.loader import load_project, rules_of
    from codemerge.rules.page import Entity
    from codemerge.stages.candidates import candidates
    from codemerge.stages.cluster import cluster
    from codemerge.stages.conceal import conceal
    from codemerge.stages.identify import identify
    from codemerge.stages.normalise import normalise
    from codemerge.stages.resolve import resolve
    from codemerge.stages.score import score

    page = Entity.model_validate(
        tomllib.loads((Path(__file__).parent / "pages" / "persons.toml").read_text("utf-8"))
    )
    project = load_project(project_folder)
    entity = page.model_copy(update={"id": project.source[0].entity})
    rules = replace(rules_of(project), entities={entity.id: entity})
    inputs, _ = gather(project, rules, "2026-01-01")
    rows = conceal(inputs.rows[entity.id], entity)
    del inputs
    records, _ = identify(rows, entity)
    del rows
    records = normalise(records, entity, rules, project)
    scored = score(candidates(records, entity, project, {}), records, entity, rules)
    nobody = current_decisions(
        pl.DataFrame(schema=_decisions()), records.select("record_id", "evidence_hash")
    )
    clusters, _, _ = cluster(resolve(scored, records, entity, project, nobody), records, entity, project)
    clusters.join(records.select("record_id", "code"), on="record_id").select(
        "code", "cluster_id"
    ).write_parquet(out)


def _decisions() -> dict[str, pl.DataType]:
    from codemerge.tables import DECISIONS

    return dict(DECISIONS.empty().schema)


def figures(project_folder: Path, found: Path) -> dict[str, float]:
    """Return precision, recall and F1 of the pairs that clusters join across the two registers."""
    clusters = pl.read_parquet(found).select("code", "cluster_id")
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
