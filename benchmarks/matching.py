"""What the accuracy benchmarks share: a page matched over plain tables, and figures counted."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl

from codemerge.library.verdicts import current_decisions
from codemerge.rules.facets import load_vocabulary
from codemerge.rules.page import Entity
from codemerge.rules.project import Project
from codemerge.rules.shipped import shipped
from codemerge.stages.candidates import candidates
from codemerge.stages.cluster import cluster
from codemerge.stages.identify import identify
from codemerge.stages.normalise import normalise
from codemerge.stages.resolve import resolve
from codemerge.stages.score import SCORED, score
from codemerge.tables import DECISIONS

PAGES = Path(__file__).parent / "pages"


@dataclass(frozen=True)
class Matched:
    """Records, scored pairs, mappings and clusters of one benchmark run."""

    records: pl.DataFrame
    scored: pl.DataFrame
    mappings: pl.DataFrame
    clusters: pl.DataFrame


def data_folder(option: Path | None) -> Path:
    """Return the folder of data that isn't part of the project: an option, or CODEMERGE_DATA."""
    folder = option or (Path(os.environ["CODEMERGE_DATA"]) if "CODEMERGE_DATA" in os.environ else None)
    if folder is None:
        raise SystemExit("say where the data is: --data FOLDER or CODEMERGE_DATA")
    return folder


def page(name: str) -> Entity:
    """Read a benchmark's own page, or a shipped one."""
    own = PAGES / f"{name}.toml"
    file = own if own.is_file() else shipped("rules") / f"{name}.toml"
    return Entity.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))


def words() -> Any:
    """Read the shipped facets and vocabulary."""
    facets, vocabulary = load_vocabulary([shipped("rules")])
    return SimpleNamespace(facets=facets, vocabulary=vocabulary)


def rows(region: str, table: pl.DataFrame, columns: Mapping[str, str], entity: Entity) -> pl.DataFrame:
    """Give a plain table the columns a catalog's rows have; ``columns`` is field → column."""
    fields = [
        (
            table[columns[f.name]].cast(pl.String)
            if f.name in columns
            else pl.Series([None] * table.height, dtype=pl.String)
        )
        .replace("", None)
        .alias(f.name)
        for f in entity.field
    ]
    place = pl.DataFrame(
        {"region": [region] * table.height, "file": "x", "sheet": "", "line": range(table.height)},
        schema_overrides={"line": pl.Int64},
    )
    return pl.concat([place, pl.DataFrame(fields)], how="horizontal")


def match(table: pl.DataFrame, entity: Entity, rules: Any, regions: tuple[str, ...] = ("A", "B")) -> Matched:
    """Run the matching stages over rows of one entity."""
    project = Project(regions=regions)
    records, _ = identify(table, entity)
    records = normalise(records, entity, rules, project)
    scored = list(score(candidates(records, entity, project, {}), records, entity, rules))
    nobody = current_decisions(DECISIONS.empty(), records.select("record_id", "evidence_hash"))
    mappings = resolve(scored, records, entity, project, nobody)
    clusters, mappings, _ = cluster(mappings, records, entity, project)
    return Matched(
        records,
        pl.concat(s.pairs for s in scored) if scored else pl.DataFrame(schema=SCORED),
        mappings,
        clusters,
    )


def scripted(left: list[str], right: list[str]) -> dict[str, Any]:
    """Return what a user would script: similarity of every pair, 0–1, by each of the usual measures."""
    from rapidfuzz import fuzz, process

    from codemerge.library.grams import bundles, letters_of

    left, right = [t.lower() for t in left], [t.lower() for t in right]
    a, b = bundles(letters_of(pl.Series(left)), letters_of(pl.Series(right)))
    found: dict[str, Any] = {"letter_groups_tfidf": a @ b.T}
    for scorer in (fuzz.token_sort_ratio, fuzz.token_set_ratio, fuzz.WRatio):
        found[scorer.__name__] = process.cdist(left, right, scorer=scorer, workers=-1) / 100
    return found


def pair_figures(found: set[tuple[str, str]], truth: set[tuple[str, str]]) -> dict[str, float]:
    """Return precision, recall and F1 of a set of pairs."""
    right = len(found & truth)
    precision, recall = right / max(len(found), 1), right / max(len(truth), 1)
    return {
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / max(precision + recall, 1e-9),
    }
