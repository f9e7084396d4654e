"""What is remarked of an import as a whole: nothing is refused for it, and nothing goes unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import polars as pl

from codemerge.answers.review_signing import roles_in_words
from codemerge.answers.run_tables import RunTables
from codemerge.errors import Problem
from codemerge.files.issued import issued_with
from codemerge.files.workbook_read import ReturnedFile
from codemerge.library.verdicts import clearing
from codemerge.model import Verdict
from codemerge.rules.signoff import asked_of, profession
from codemerge.tables import DECISIONS

_LISTED = 8


def missing(returned: Iterable[ReturnedFile], folder: Path) -> list[Problem]:
    """Note rows that were issued with a workbook and didn't come back: not judged, never rejected."""
    notes = []
    for file in returned:
        came = {r.row_id for r in file.rows}
        gone = sorted(set(issued_with(folder, came)) - came)
        if gone:
            shown = ", ".join(gone[:_LISTED]) + (" …" if len(gone) > _LISTED else "")
            notes.append(
                Problem("review.rows_missing", file.file, values={"count": len(gone), "found": shown})
            )
    return notes


def awaiting(said: Sequence[Mapping[str, str]], run: RunTables, language: str) -> list[Problem]:
    """Note decisions on pairs that ask for professions, made by somebody who hasn't said she is one."""
    rows = pl.DataFrame(said, schema=DECISIONS.columns).filter(pl.col("mapping_id") != "")
    rows = rows.filter(~pl.col("verdict").is_in([Verdict.UNSURE.value, Verdict.WITHDRAW.value]))
    asked = asked_of(rows.unique("mapping_id"), run.records, run.project, run.rules)
    waits: set[str] = set()
    count = 0
    for role, roles in rows.join(asked, on="mapping_id").select("role", "roles").rows():
        if roles and profession(role or "") not in roles:
            count, waits = count + 1, waits | set(roles)
    if not count:
        return []
    named = roles_in_words(sorted(waits), language)
    return [Problem("review.role_missing", run.project.name, values={"count": count, "expected": named})]


def not_cleared(said: Sequence[Mapping[str, str]], run: RunTables) -> list[Problem]:
    """Note resolutions that are kept and clear nothing: only cured data or another decision does."""
    made = pl.DataFrame(said, schema=DECISIONS.columns).filter(pl.col("verdict") == Verdict.RESOLVE.value)
    rows = run.conflicts.select("conflict_id", "check", "waivable").join(
        made.select("conflict_id", "verdict", "note", "valid_until", said="resolution"), on="conflict_id"
    )
    clears = [c.id for c in run.rules.checks if c.settled_by_resolution]
    worded = [c.id for c in run.rules.checks if c.settled_in_words]
    left = rows.filter(~clearing(clears, worded, "")).unique("conflict_id")["check"]
    if left.is_empty():
        return []
    named = ", ".join(left.unique().sort().to_list())
    return [Problem("review.not_cleared", run.project.name, values={"count": left.len(), "found": named})]
