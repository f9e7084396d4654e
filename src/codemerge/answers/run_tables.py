"""A finished run, as the answers read it: every table of the run folder and what they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from codemerge.library.by_entity import by_entity
from codemerge.rules.project import Project
from codemerge.tables import CONFLICTS, CROSSWALK, DECISIONS, MAPPINGS, ORIGINS

if TYPE_CHECKING:
    from codemerge.rules.loader import Rules


@dataclass(frozen=True)
class RunTables:
    """The tables of one finished run; no file, no clock, nothing that can change.

    Args:
        project: the project as it was read.
        rules: the rule pack the run used.
        records: per entity, the records after normalisation (`tables.RECORD_HEAD`, the declared
            fields, `facet_<id>`, `tables.RECORD_TAIL`).
        combined: per entity, the combined catalog: ``combined_code``, ``cluster_id``, every
            declared field that isn't secret, ``members`` and ``<field>_from``.
        mappings, crosswalk, conflicts, decisions, origins: by the contracts in `codemerge.tables`.
        summary: what ``summary.json`` holds (verdict, inputs with path, sha256, rows and encoding,
            hash of the rule pack, timings); the numbers of the report never come from here.
        previous: the summary of the run before this one, if there was one.
    """

    project: Project
    rules: Rules
    records: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    combined: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    mappings: pl.DataFrame = field(default_factory=MAPPINGS.empty)
    crosswalk: pl.DataFrame = field(default_factory=CROSSWALK.empty)
    conflicts: pl.DataFrame = field(default_factory=CONFLICTS.empty)
    decisions: pl.DataFrame = field(default_factory=DECISIONS.empty)
    origins: pl.DataFrame = field(default_factory=ORIGINS.empty)
    summary: Mapping[str, Any] = field(default_factory=dict)
    previous: Mapping[str, Any] | None = None

    def mappings_of(self, entity: str) -> pl.DataFrame:
        """Return an entity's mappings: a part of the table, nothing is copied."""
        return self._mappings_of.get(entity, self.mappings.clear())

    @cached_property
    def _mappings_of(self) -> Mapping[str, pl.DataFrame]:
        return by_entity(self.mappings)
