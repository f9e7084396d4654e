"""What is exported of a run: which entities and regions, with the texts that may leave it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import polars as pl

from codemerge.answers.crosswalk_version import crosswalk_version
from codemerge.answers.run_tables import RunTables
from codemerge.errors import BadInputError, Problem
from codemerge.library.privacy import redact
from codemerge.model import Relationship
from codemerge.rules.export import COMBINED, Names
from codemerge.rules.goals import load_goals
from codemerge.rules.page import Entity
from codemerge.rules.toml_lines import nearest

LABEL = "label"  # a field of every entity, by contract


@dataclass(frozen=True)
class Selection:
    """One export: a run, narrowed.

    Args:
        run: the finished run.
        names: addresses of its code systems.
        entities, regions: what was asked for. Sensitive entities, and links to them, only when
            asked for by name.
        version: of the crosswalk.
        skipped: sensitive entities left out because nobody named them.
    """

    run: RunTables
    names: Names
    entities: tuple[Entity, ...]
    regions: tuple[str, ...]
    version: str
    skipped: tuple[str, ...] = ()

    def with_codes(self) -> Selection:
        """Return it without links: a pair of codes is no concept, unless it was asked for by name."""
        if len(self.entities) == 1:
            return self
        return replace(self, entities=tuple(e for e in self.entities if not e.key))

    def labels(self, entity: Entity, region: str) -> dict[str, str]:
        """Return code → text of a region's records or of ``combined``; none where texts are personal."""
        field = entity.field_named(LABEL)
        if field is None or field.sensitive:
            return {}
        if region == COMBINED:
            frame = self.run.combined[entity.id].select("combined_code", LABEL)
        else:
            frame = self.run.records[entity.id].filter(pl.col("region") == region).select("code", LABEL)
        return {code: text for code, text in frame.iter_rows() if code and text and text.strip()}

    def notes(self, entity: Entity) -> Mapping[tuple[str, str, str, str], str]:
        """Return what reviewers said of pairs that aren't equivalent, personal numbers masked.

        Keys are ``region, code, other region, other code``, both ways round.
        """
        key = ["entity", "region_l", "code_l", "region_r", "code_r"]
        said = (
            self.run.decisions.filter(
                (pl.col("entity") == entity.id)
                & (pl.col("note").fill_null("").str.strip_chars() != "")
                & (pl.col("relationship").fill_null("") != Relationship.EQUIVALENT)
            )
            .unique(key, keep="last", maintain_order=True)
            .select(*(pl.col(k).fill_null("") for k in key[1:]), "note")
        )
        out = {}
        for region_l, code_l, region_r, code_r, note in said.iter_rows():
            out[region_l, code_l, region_r, code_r] = out[region_r, code_r, region_l, code_l] = redact(note)
        return out


def select(run: RunTables, entity: str | None = None, region: str | None = None) -> Selection:
    """Narrow a run to what an export is to hold.

    Raises:
        BadInputError: no such entity or region in the run, or a wrong ``[export]`` table.
    """
    problems = []
    if entity is not None and entity not in run.records:
        problems.append(unknown("project.unknown_entity", entity, run.records))
    if region is not None and region not in run.project.regions:
        problems.append(unknown("deliver.unknown_region", region, run.project.regions))
    if problems:
        raise BadInputError(problems)
    pages = [run.rules.entities[e] for e in run.rules.entities if e in run.records]
    personal = {p.id for p in pages if p.sensitive}
    personal |= {p.id for p in pages if p.key and any(f.references in personal for f in p.references)}
    taken = [p for p in pages if (p.id == entity if entity else p.id not in personal)]
    return Selection(
        run=run,
        names=Names(run.project),
        entities=tuple(taken),
        regions=(region,) if region else run.project.regions,
        version=crosswalk_version(run.crosswalk),
        skipped=tuple(p.id for p in pages if p.id in personal and entity is None),
    )


def performed(run: RunTables) -> str:
    """Return the entity whose codes an archive of performed work holds: the one with an annual volume.

    Raises:
        BadInputError: the run has none.
    """
    counted = [
        e.id
        for e in run.rules.entities.values()
        if e.id in run.records and e.fields_with("usage", "annual_volume")
    ]
    if not counted:
        raise BadInputError([Problem("deliver.no_entity")])
    subject = load_goals().subject
    return subject if subject in counted else counted[0]


def unknown(kind: str, found: str, known: Iterable[str]) -> Problem:
    """Word a name that isn't known, with those that are and the nearest of them."""
    names = list(known)
    values = {
        "found": found,
        "expected": ", ".join(names),
        "nearest": nearest(found, names) or ", ".join(names),
    }
    return Problem(kind, values=values)
