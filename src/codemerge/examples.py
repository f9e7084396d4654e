"""The examples that rules pages hold, run through the real stages."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from codemerge.library.pairs import Candidates
from codemerge.model import Relationship
from codemerge.rules.loader import Rules
from codemerge.rules.page import Entity, Example
from codemerge.rules.project import Project
from codemerge.stages.candidates import candidates
from codemerge.stages.identify import identify
from codemerge.stages.normalise import normalise
from codemerge.stages.score import score

_SAID = {
    Relationship.EQUIVALENT: "equivalent",
    Relationship.NARROWER: "narrower",
    Relationship.BROADER: "broader",
    Relationship.RELATED: "related",
    Relationship.NOT_RELATED: "different",
}
_LEFT, _RIGHT = "L", "R"


@dataclass(frozen=True)
class Tried:
    """One example and what came of it."""

    entity: str
    left: str
    right: str
    expected: str
    found: str


def try_examples(rules: Rules) -> list[Tried]:
    """Run every example of every page.

    Returns:
        One entry per example, in the pages' order; it holds where ``found == expected``.
    """
    return [
        tried
        for page in rules.entities.values()
        if page.example and page.names
        for tried in _of_page(page, rules)
    ]


def _of_page(page: Entity, rules: Rules) -> list[Tried]:
    project = Project(regions=(_LEFT, _RIGHT))
    named, _ = identify(_rows(page), page)
    records = normalise(named, page, rules, project)
    matching = page.matching.model_copy(update={"candidates": "all"})
    whole = candidates(records, page.model_copy(update={"matching": matching}), project, {})[0]
    row = {name: n for n, name in enumerate(records["record_id"].to_list())}
    out = []
    for n, example in enumerate(page.example):
        ends = [row[f"{page.id}/{side}/{n:04}"] for side in (_LEFT, _RIGHT)]
        pair = pl.DataFrame([ends], schema={"l": pl.UInt32, "r": pl.UInt32}, orient="row")
        scored = score([Candidates(_LEFT, _RIGHT, whole.rows_l, whole.rows_r, pair)], records, page, rules)
        out.append(_said(page, example, next(scored).pairs.row(0, named=True)))
    return out


def _rows(page: Entity) -> pl.DataFrame:
    """Return one row per side of each example, every other field empty."""
    rows = [
        {"region": side, "code": f"{n:04}", str(page.names): text, "file": page.id, "line": n}
        for n, e in enumerate(page.example)
        for side, text in ((_LEFT, e.left), (_RIGHT, e.right))
    ]
    columns = {
        "region": pl.String,
        **{f.name: pl.String for f in page.field},
        "file": pl.String,
        "sheet": pl.String,
        "line": pl.Int64,
    }
    return pl.DataFrame(rows, schema=columns)


def _said(page: Entity, example: Example, scored: dict[str, object]) -> Tried:
    relationship = _SAID[Relationship(str(scored["relationship"]))]
    if relationship == "equivalent" and scored["vetoes"]:
        relationship = "review"
    return Tried(page.id, example.left, example.right, example.expect, relationship)
