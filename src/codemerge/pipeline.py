"""The page to read: the order of all work.

catalogs → records → facets → candidate pairs → scored pairs → mappings → clusters → combined
records and crosswalk → conflicts → what is withheld. People and files stand only at the doors:
this module opens no file and reads no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from codemerge.answers.run_tables import RunTables
from codemerge.errors import Problem
from codemerge.library.pairs import Candidates
from codemerge.library.verdicts import current_decisions
from codemerge.rules.loader import Rules
from codemerge.rules.page import Entity
from codemerge.rules.project import Project
from codemerge.stages.assign import assign
from codemerge.stages.candidates import candidates
from codemerge.stages.check import World, check
from codemerge.stages.cluster import cluster
from codemerge.stages.conceal import conceal
from codemerge.stages.crosswalk import crosswalk, set_aside, withhold
from codemerge.stages.identify import hide_references, identify, protected
from codemerge.stages.merge import follow_key, merge, rewrite
from codemerge.stages.normalise import normalise
from codemerge.stages.resolve import resolve
from codemerge.stages.score import score
from codemerge.tables import CROSSWALK, MAPPINGS, ORIGINS, Contract, conform

Step = Callable[[str, str], None]  # told the stage's name and the entity's id as work goes on


@dataclass(frozen=True)
class Inputs:
    """The four things a run is a function of, and the day it is asked for.

    Args:
        rows: per entity, every row of every catalog (`files.sources`).
        notes: what the readers saw and could live with.
        decisions: the decisions in the order of their chain.
        identifiers: the ledger of combined codes.
        project, rules: what is declared.
        today: ISO date that waivers' end dates are compared with; nothing else depends on it.
    """

    rows: Mapping[str, pl.DataFrame]
    notes: tuple[Problem, ...]
    decisions: pl.DataFrame
    identifiers: pl.DataFrame
    project: Project
    rules: Rules
    today: str


def run(inputs: Inputs, step: Step = lambda stage, entity: None) -> RunTables:
    """Do all the work once.

    Args:
        inputs: catalogs, rules, decisions, identifiers.
        step: told of each stage as it starts.

    Returns:
        The finished tables; `summary` is left to the door that writes the run folder.
    """
    project, rules = inputs.project, inputs.rules
    entities = [e for e in rules.entities.values() if e.id in inputs.rows]

    rows_of = {e.id: conceal(inputs.rows[e.id], e) for e in entities}
    hidden = {e.id: protected(rows_of[e.id], e) for e in entities}
    records: dict[str, pl.DataFrame] = {}
    origins: list[pl.DataFrame] = []
    for entity in entities:
        step("normalise", entity.id)
        named, places = identify(hide_references(rows_of[entity.id], entity, hidden), entity)
        records[entity.id] = normalise(named, entity, rules, project)
        origins.append(places)

    evidence = pl.concat([r.select("record_id", "evidence_hash") for r in records.values()])
    decided = current_decisions(inputs.decisions, evidence, project.policy.signoff)

    mappings: dict[str, pl.DataFrame] = {}
    clusters: dict[str, pl.DataFrame] = {}
    refused: list[pl.DataFrame] = []
    for entity in entities:
        step("match", entity.id)
        own, mine = records[entity.id], decided.filter(pl.col("entity") == entity.id)
        pairs = candidates(own, entity, project, clusters)
        scored = score(pairs, own, entity, rules)
        resolved = resolve(scored, own, entity, project, mine)
        clusters[entity.id], mappings[entity.id], edges = cluster(resolved, own, entity, project)
        refused.append(edges)

    step("merge", "")
    placed, combined, rows = _merged(entities, records, mappings, clusters, decided, inputs)

    step("check", "")
    world = World(
        records=records,
        mappings=_all(mappings.values(), MAPPINGS),
        crosswalk=_all(rows.values(), CROSSWALK),
        combined=combined,
        decisions=inputs.decisions,
        origins=_all(origins, ORIGINS),
        project=project,
        rules=rules,
        notes=inputs.notes,
        today=inputs.today,
    )
    conflicts = check(world)
    for entity in entities:
        rows[entity.id], combined[entity.id] = withhold(
            rows[entity.id], combined[entity.id], placed[entity.id], conflicts
        )
    return RunTables(
        project=project,
        rules=rules,
        records=records,
        combined=combined,
        mappings=world.mappings,
        crosswalk=_all(rows.values(), CROSSWALK),
        conflicts=conflicts,
        decisions=inputs.decisions,
        origins=world.origins,
    )


def _merged(
    entities: list[Entity],
    records: Mapping[str, pl.DataFrame],
    mappings: Mapping[str, pl.DataFrame],
    clusters: Mapping[str, pl.DataFrame],
    decided: pl.DataFrame,
    inputs: Inputs,
) -> tuple[dict[str, pl.DataFrame], dict[str, pl.DataFrame], dict[str, pl.DataFrame]]:
    """Give every record its place, rewrite references once all places exist, fold the values."""
    aside = {
        e.id: set_aside(mappings[e.id], decided.filter(pl.col("entity") == e.id), records[e.id])
        for e in entities
    }
    placed = {
        e.id: assign(
            records[e.id],
            clusters[e.id],
            inputs.identifiers,
            aside[e.id],
            e,
            inputs.project,
            inputs.rules.target,
        )
        for e in entities
    }
    combined: dict[str, pl.DataFrame] = {}
    rows: dict[str, pl.DataFrame] = {}
    for entity in entities:
        own, mine = records[entity.id], decided.filter(pl.col("entity") == entity.id)
        pointed = rewrite(own, entity, placed)
        if entity.key:
            placed[entity.id] = follow_key(pointed, placed[entity.id], entity)
        names = _common_names(mine, own)
        combined[entity.id] = merge(pointed, placed[entity.id], names, entity)
        rows[entity.id] = crosswalk(
            own, placed[entity.id], aside[entity.id], mappings[entity.id], mine, entity
        )
    return placed, combined, rows


def _common_names(decided: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Return ``record_id, common_name`` for names people agreed on, either side of the pair."""
    named = decided.filter((pl.col("common_name").fill_null("") != "") & (pl.col("status") == "accepted"))
    sides = [
        named.select(pl.col(f"region_{s}").alias("region"), pl.col(f"code_{s}").alias("code"), "common_name")
        for s in ("l", "r")
    ]
    return (
        pl.concat(sides)
        .join(records.select("record_id", "region", "code"), on=["region", "code"])
        .select("record_id", "common_name")
    )


def _all(frames: Iterable[pl.DataFrame], contract: Contract) -> pl.DataFrame:
    held = [f for f in frames if not f.is_empty()]
    return conform(pl.concat(held, how="diagonal_relaxed"), contract) if held else contract.empty()


def score_pair(run: RunTables, entity: Entity, first: str, second: str) -> dict[str, Any] | None:
    """Weigh one pair against the frequencies of its whole catalogs, for a pair the run didn't keep.

    Args:
        run: a finished run; its tables hold no secret field, so neither does this weight.
        entity: the page.
        first, second: names of two records.

    Returns:
        The best mapping row of the pair (`stages.score.SCORED`, as a dict), or None where two such
        records are never compared.
    """
    records, project = run.records[entity.id], run.project
    names = records["record_id"].to_list()
    rows = sorted(
        (names.index(n) for n in (first, second)), key=lambda n: project.regions.index(records["region"][n])
    )
    left, right = (records["region"][n] for n in rows)
    if left == right or entity.matching.candidates == "none" or not all(records["usable"][n] for n in rows):
        return None
    whole = candidates(
        records,
        entity.model_copy(update={"matching": entity.matching.model_copy(update={"candidates": "all"})}),
        project,
        {},
    )
    between = next(c for c in whole if (c.left, c.right) == (left, right))
    pair = pl.DataFrame({"l": [rows[0]], "r": [rows[1]]}, schema={"l": pl.UInt32, "r": pl.UInt32})
    one = Candidates(left, right, between.rows_l, between.rows_r, pair)
    found = score([one], records, entity, run.rules)
    return {"justification": "", "status": "candidate", **found.row(0, named=True)} if found.height else None
