"""The open conflicts as people are asked about them: what clears each, and what was said before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from codemerge.answers.review_asked import ASKED_CONFLICTS, Asked
from codemerge.answers.run_tables import RunTables
from codemerge.library.identity import short_hash
from codemerge.library.verdicts import conflicts_evidence, current_conflict_decisions
from codemerge.model import Severity, Verdict
from codemerge.rules.check import Check
from codemerge.rules.titles import field_title
from codemerge.rules.words import say
from codemerge.tables import TEXT, WHOLE

_SEVERITY_ORDER = {Severity.BLOCKING.value: 0, Severity.WARNING.value: 1, Severity.INFO.value: 2}
_ROWS = "MAP-"  # checks whose conflicts are decided on the rows of the entities' own sheets
_SAID = ("note", "owner", "due", "valid_until")


def asked_conflicts(
    run: RunTables, conflicts: pl.DataFrame, asked: Iterable[Asked], start: int, language: str
) -> pl.DataFrame:
    """Return the open conflicts a person can do something about in the conflicts sheet.

    MAP conflicts whose every record has a row of its own are decided there, and left out here.

    Args:
        run: for the decisions, the rules and what fields are called.
        conflicts: the open ones.
        asked: the entities' rows.
        start: number of the first.
        language: ``sv`` or ``en``.

    Returns:
        Columns `ASKED_CONFLICTS`: blocking first, then annual volume.
    """
    shown = [c for a in asked for s in ("record_l", "record_r") for c in a.rows[s].to_list()]
    elsewhere = (
        pl.col("check").str.starts_with(_ROWS)
        & pl.col("record_ids").list.eval(pl.element().is_in(list(set(shown)))).list.all()
    )
    said = run.decisions.filter(pl.col("conflict_id").fill_null("") != "")
    last = said.group_by("conflict_id", maintain_order=True).agg(after=pl.col("decision_id").last())
    kept = (
        conflicts.filter(~elsewhere)
        .join(last, on="conflict_id", how="left", maintain_order="left")
        .with_columns(pl.col("after").fill_null(""))
        .with_columns(
            order=pl.col("severity").replace_strict(_SEVERITY_ORDER, default=3, return_dtype=pl.Int64)
        )
        .sort(["order", "annual_volume", "check", "conflict_id"], descending=[False, True, False, False])
    )
    evidence = conflicts_evidence(kept["record_ids"].to_list())
    names = [
        f"{n:06d}-{short_hash(*row, size=5)}"
        for n, row in enumerate(zip(kept["conflict_id"], evidence, kept["after"], strict=True), start)
    ]
    return kept.with_columns(
        row_id=pl.Series(names, dtype=TEXT),
        number=pl.int_range(start, start + kept.height, dtype=WHOLE),
        evidence=pl.Series(evidence, dtype=TEXT),
        field_title=_titles(run, kept, language),
        cleared_by=_ways_out(run, kept, language),
        earlier=_earlier(run, kept, language),
    ).select(pl.col(n).cast(t) for n, t in ASKED_CONFLICTS.columns.items())


def _titles(run: RunTables, kept: pl.DataFrame, language: str) -> pl.Series:
    """Name the field a conflict is about, in the language asked for."""
    pages = run.rules.entities
    told = [
        field_title(field, pages.get(entity), run.rules, language)
        for entity, field in kept.select("entity", pl.col("field").fill_null("")).rows()
    ]
    return pl.Series(told, dtype=TEXT)


def _ways_out(run: RunTables, kept: pl.DataFrame, language: str) -> pl.Series:
    """Say what clears a conflict: a choice in this sheet, decisions on rows, or cured data."""
    checks = {c.id: c for c in run.rules.checks}
    told = [
        say(f"workbook.clears.{way_out(checks.get(check), check)}", language)
        for check in kept["check"].to_list()
    ]
    return pl.Series(told, dtype=TEXT)


def way_out(declared: Check | None, check: str) -> str:
    """Return the key of what clears a check's conflicts: ``words``, ``accept``, ``rows`` or ``source``."""
    if declared is not None and declared.settled_in_words:
        return "words"
    if declared is not None and declared.settled_by_resolution:
        return "accept"
    return "rows" if check.startswith(_ROWS) else "source"


def _earlier(run: RunTables, kept: pl.DataFrame, language: str) -> pl.Series:
    """Tell what was decided of a conflict before, by whom, and that it is open all the same."""
    rows = dict(kept.select("conflict_id", "record_ids").rows())
    decided = current_conflict_decisions(run.decisions, rows).rows(named=True)
    known = {row["conflict_id"]: _told(row, language) for row in decided}
    return pl.Series([known.get(name, "") for name in kept["conflict_id"].to_list()], dtype=TEXT)


def _told(row: Mapping[str, str], language: str) -> str:
    choice = {Verdict.RESOLVE.value: "resolve", Verdict.WAIVE.value: "waive"}.get(
        row["verdict"], "fix_source"
    )
    if row["resolution"] and (row["verdict"] == Verdict.UNSURE.value or row["resolution"] == row["note"]):
        choice = "other"
    head = f"{say(f'workbook.conflict.{choice}', language)} ({row['reviewer']} {row['decided_on']})"
    more = [
        f"{say(f'workbook.said.{key}', language)}: {row[key]}" if key != "note" else row[key]
        for key in _SAID
        if row[key]
    ]
    return "; ".join([head, *more])
