"""Finds answers that were filled down: many acceptances of weak suggestions, by one person in one file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import polars as pl

from codemerge.answers.review_texts import LIKELY
from codemerge.answers.run_tables import RunTables
from codemerge.files.review_judge import Said
from codemerge.files.review_ledger import Ledger
from codemerge.files.review_parse import Wrong
from codemerge.files.workbook_read import ReturnedRow
from codemerge.model import Verdict


class Judged(NamedTuple):
    """One returned row, whose it is, and what it states or why it can't be taken."""

    row: ReturnedRow
    reviewer: str
    said: list[Said] | Wrong


def filled_down(
    judged: Sequence[Judged],
    run: RunTables,
    ledger: Ledger,
    meant: Mapping[str, Mapping[str, str]],
    limit: int | None,
) -> dict[str, Wrong]:
    """Return the rows to refuse because one person accepted more weak suggestions in a file than may be.

    Args:
        judged: the rows, each once.
        run: its confidence is what makes a suggestion weak (Svag, Oklar).
        ledger: what was said before doesn't count again.
        meant: what each row id meant.
        limit: so many may be; None: any number.

    Returns:
        Row id → why it is refused; the file's other rows are taken.
    """
    if limit is None:
        return {}
    said = {
        one["mapping_id"]
        for j in judged
        if not isinstance(j.said, Wrong)
        for one in j.said
        if one["verdict"] == Verdict.ACCEPT.value and one["code_l"] and one["code_r"]
    }
    if len(said) <= limit:
        return {}
    doubted = run.mappings.filter((pl.col("confidence") < LIKELY) & pl.col("mapping_id").is_in(list(said)))
    weak = set(doubted["mapping_id"].to_list())
    rows = [
        j
        for j in judged
        if not isinstance(j.said, Wrong)
        and any(one["mapping_id"] in weak and one["verdict"] == Verdict.ACCEPT.value for one in j.said)
        and not ledger.stands(j.said, meant[j.row.row_id], j.reviewer)
    ]
    counts = Counter((j.row.file, j.reviewer) for j in rows)
    return {
        j.row.row_id: Wrong("review.bulk", "decision", {"count": n, "expected": limit, "reviewer": _name(j)})
        for j in rows
        if (n := counts[j.row.file, j.reviewer]) > limit
    }


def _name(judged: Judged) -> str:
    return judged.said[0]["reviewer"] if isinstance(judged.said, list) else judged.reviewer
