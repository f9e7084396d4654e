"""What a run is a function of, and how it tells where it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from codemerge.errors import Problem
from codemerge.rules.loader import Rules
from codemerge.rules.project import Project

# Told the stage's name and the entity's id as work goes on, by either of two threads.
Step = Callable[[str, str], None]


def silent(_stage: str, _entity: str) -> None:
    """Tell nobody."""


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
