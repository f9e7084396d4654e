"""Clusters of one entity's records and nothing beside them: registers of millions, without a run folder.

The same stages as a dry-run, on a page of one's own, and none of what only people read: no
waterfalls, no names for mappings, no conflicts. Decisions aren't read; what would go to a person
stays apart.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from codemerge.files.sources import read_catalogs
from codemerge.library.verdicts import CURRENT
from codemerge.library.vocabulary import Vocabulary
from codemerge.rules.check import Target
from codemerge.rules.columns import Columns
from codemerge.rules.loader import Rules
from codemerge.rules.page import Entity, Words
from codemerge.rules.project import Project
from codemerge.stages.candidates import candidates
from codemerge.stages.cluster import cluster
from codemerge.stages.conceal import conceal
from codemerge.stages.identify import identify
from codemerge.stages.normalise import normalise
from codemerge.stages.resolve import resolve
from codemerge.stages.score import score


def link(project: Project, page: Entity, rules: Rules | None = None) -> pl.DataFrame:
    """Find which records of a project's catalogs are the same, by one page.

    Args:
        project: regions and sources; only those of the page's entity are read.
        page: the entity's page, the shipped one or one's own.
        rules: facets and vocabulary, for a page whose names are read; None: no word is known.

    Returns:
        ``record_id, cluster_id`` of every record in a cluster of two or more, sorted by ``record_id``.
        A cluster bears the name of its first record.

    Raises:
        BadInputError: every problem of every file.
    """
    known = replace(rules or _NO_WORDS, entities={page.id: page})
    own = project.model_copy(update={"source": tuple(s for s in project.source if s.entity == page.id)})
    records, _ = identify(conceal(read_catalogs(own, known).rows.pop(page.id), page), page)
    records = normalise(records, page, known, project, explained=False)
    columns = Columns(records, page)
    scored = score(candidates(records, page, project, {}, columns), records, page, known, columns)
    mappings = resolve(scored, records, page, project, CURRENT.empty(), explained=False)
    clusters, _, _ = cluster(mappings, records, page, project, explained=False)
    return clusters


_NO_WORDS = Rules(
    entities={},
    facets={},
    vocabulary=Vocabulary((), {}, {}),
    checks=(),
    target=Target(name=Words(sv="", en="")),
    hash="",
)
