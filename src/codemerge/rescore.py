"""One pair weighed again, against the frequencies of its whole catalogs."""

from __future__ import annotations

from typing import Any

import polars as pl

from codemerge.answers.run_tables import RunTables
from codemerge.library.pairs import Candidates
from codemerge.rules.page import Entity
from codemerge.stages.candidates import candidates
from codemerge.stages.score import score


def score_pair(run: RunTables, entity: Entity, first: str, second: str) -> dict[str, Any] | None:
    """Weigh one pair against the frequencies of its whole catalogs, for a pair the run didn't keep.

    Args:
        run: a finished run; its tables hold no secret field, so neither does this weight.
        entity: the page.
        first: name of a record.
        second: name of another.

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
    found = next(score([one], records, entity, run.rules), None)
    if found is None:
        return None
    return {"justification": "", "status": "candidate", **found.told().row(0, named=True)}
