"""The page to read: the order of all work.

catalogs → records → facets → candidate pairs → scored pairs → mappings → clusters → combined
records and crosswalk → conflicts → what is withheld. People and files stand only at the doors:
this module opens no file and reads no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

import polars as pl

from codemerge.answers.run_tables import RunTables
from codemerge.inputs import Inputs, Step, silent
from codemerge.library.workers import side_by_side
from codemerge.rules.columns import Columns
from codemerge.rules.page import Entity
from codemerge.rules.signoff import decided_now
from codemerge.stages.assign import assign
from codemerge.stages.candidates import candidates
from codemerge.stages.check import World, check
from codemerge.stages.cluster import cluster
from codemerge.stages.conceal import conceal
from codemerge.stages.crosswalk import blocked, crosswalk, set_aside, withhold
from codemerge.stages.cut import cut
from codemerge.stages.identify import hide_references, identify, protected
from codemerge.stages.merge import common_names, follow_key, merge, rewrite
from codemerge.stages.normalise import normalise
from codemerge.stages.resolve import resolve
from codemerge.stages.score import score
from codemerge.tables import CROSSWALK, MAPPINGS, ORIGINS, together

_T = TypeVar("_T")


def run(inputs: Inputs, step: Step = silent) -> RunTables:
    """Do all the work once.

    Args:
        inputs: catalogs, rules, decisions, identifiers.
        step: told of each stage as it starts.

    Returns:
        The finished tables; `summary` is left to the door that writes the run folder.
    """
    project, rules = inputs.project, inputs.rules
    entities = [e for e in rules.entities.values() if e.id in inputs.rows]

    records, origins = _records(entities, inputs, step)
    inputs = replace(inputs, rows={})  # what the readers gave is done with, and nobody else holds it

    decided = decided_now(inputs.decisions, records, project, rules)
    clusters: dict[str, pl.DataFrame] = {}

    def matched(entity: Entity) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return clusters and mappings; what was needed to find them ends here."""
        step("match", entity.id)
        own, mine = records[entity.id], decided.filter(pl.col("entity") == entity.id)
        columns = Columns(own, entity)
        scored = score(candidates(own, entity, project, clusters, columns), own, entity, rules, columns)
        joined, mapped, _ = cluster(resolve(scored, own, entity, project, mine), own, entity, project)
        return joined, mapped

    links = [e for e in entities if e.matching.candidates == "key"]  # told by what their ends became
    pairs = _of_each([e for e in entities if e not in links], matched)
    clusters.update((name, joined) for name, (joined, _) in pairs.items())
    for entity in links:
        clusters[entity.id], _ = pairs[entity.id] = matched(entity)
    mappings = {e.id: pairs.pop(e.id)[1] for e in entities}

    step("merge", "")
    placed, combined, rows = _merged(entities, records, mappings, clusters, decided, inputs)

    step("check", "")
    finished = RunTables(
        project=project,
        rules=rules,
        records=records,
        combined=combined,
        mappings=together(mappings, MAPPINGS),
        decisions=inputs.decisions,
        origins=together(origins, ORIGINS),
    )
    del mappings, origins  # held once
    conflicts = check(
        World(
            records=records,
            mappings=finished.mappings,
            crosswalk=together(rows, CROSSWALK),
            combined=combined,
            decisions=inputs.decisions,
            origins=finished.origins,
            project=project,
            rules=rules,
            notes=inputs.notes,
            today=inputs.today,
        )
    )
    stopped = blocked(conflicts)
    gone: dict[str, pl.Series] = {}
    for entity in entities:
        whole = combined[entity.id]["combined_code"]
        rows[entity.id], combined[entity.id] = withhold(
            rows[entity.id], combined[entity.id], placed[entity.id], stopped
        )
        left = combined[entity.id]["combined_code"]
        gone[entity.id] = (
            whole.clear() if len(left) == len(whole) else whole.filter(~whole.is_in(left.implode()))
        )
    for entity in entities:
        rows[entity.id], combined[entity.id] = cut(
            rows[entity.id], combined[entity.id], placed[entity.id], entity, gone
        )
    return replace(finished, crosswalk=together(rows, CROSSWALK), conflicts=conflicts)


def _records(
    entities: list[Entity], inputs: Inputs, step: Step
) -> tuple[dict[str, pl.DataFrame], dict[str, pl.DataFrame]]:
    """Name and normalise what the readers gave; return the records of each entity, and their origins."""
    rows_of = {e.id: conceal(inputs.rows[e.id], e) for e in entities}
    hidden = {e.id: protected(rows_of[e.id], e) for e in entities}

    def normalised(entity: Entity) -> tuple[pl.DataFrame, pl.DataFrame]:
        step("normalise", entity.id)
        rows = hide_references(rows_of.pop(entity.id), entity, hidden)
        named, places = identify(rows, entity)
        return normalise(named, entity, inputs.rules, inputs.project), places

    made = _of_each(entities, normalised)
    records = {name: own for name, (own, _) in made.items()}
    origins = {name: places for name, (_, places) in made.items()}
    return records, origins


def _of_each(entities: Sequence[Entity], work: Callable[[Entity], _T]) -> dict[str, _T]:
    """Work on every entity by itself, those of which most is compared first."""
    longest = sorted(entities, key=lambda e: -len(e.comparison))
    found = dict(zip((e.id for e in longest), side_by_side([partial(work, e) for e in longest]), strict=True))
    return {e.id: found[e.id] for e in entities}


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
        names = common_names(mine, own)
        combined[entity.id] = merge(pointed, placed[entity.id], names, entity)
        rows[entity.id] = crosswalk(
            own, placed[entity.id], aside[entity.id], mappings[entity.id], mine, entity
        )
    return placed, combined, rows
