"""What a finished run says on the terminal: the verdict, what stands in the way, what to type next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from codemerge.answers.run_tables import RunTables
from codemerge.library.numerals import number
from codemerge.model import Severity
from codemerge.rules.page import Entity
from codemerge.rules.words import owner_title, say

_TOP = 8


def summary_lines(run: RunTables, project: Path, folder: Path, language: str) -> Iterator[str]:
    """Yield the lines, verdict first and the next command last."""
    ready = run.summary["verdict"] == "ready"
    blocking = run.conflicts.filter((pl.col("severity") == Severity.BLOCKING) & (pl.col("status") == "open"))
    verdict = "ready" if ready else "blocked_one" if blocking.height == 1 else "blocked"
    yield say(f"terminal.run.{verdict}", language, count=blocking.height)
    if unmeasured := [e.plural.say(language) for e in _without_volume(run)]:
        yield say("terminal.run.no_volume", language, entities=", ".join(unmeasured))
    yield ""
    for entity in run.rules.entities.values():
        if entity.id in run.records:
            counts = run.summary["counts"][entity.id]
            mappings = counts["mappings"]
            yield say(
                "terminal.run.entity",
                language,
                plural=entity.plural.say(language),
                records=sum(counts["records"].values()),
                pairs=mappings.get("auto", 0),
                decided=mappings.get("accepted", 0) + mappings.get("rejected", 0),
                review=mappings.get("review", 0),
                combined=counts["combined"],
            )
    if not ready:
        yield ""
        yield say("terminal.run.top", language)
        yield from _causes(run, blocking, language)
    yield ""
    workbook, report = folder / "review.xlsx", folder / "report.html"
    if report.exists():
        yield say("terminal.run.files", language, report=report, workbook=workbook)
    out = (project if project.is_dir() else project.parent) / "out"
    books = [workbook, *sorted(folder.glob("review-*.xlsx"))]
    following = "next_merge" if ready else "next_review" if workbook.exists() else "next_workbooks"
    yield say(
        f"terminal.run.{following}",
        language,
        workbook=f" {say('terminal.run.and', language)} ".join(str(b) for b in books),
        workbooks=" ".join(str(b) for b in books),
        project=project,
        out=out,
    )


def _without_volume(run: RunTables) -> Iterator[Entity]:
    """Yield the entities that patients are booked on, and whose volumes nobody has given."""
    for entity in run.rules.entities.values():
        records = run.records.get(entity.id)
        if records is None or not (entity.names and entity.fields_with("usage", "bookings")):
            continue
        if entity.matching.candidates == "all" and not records["volume"].fill_null(0).sum():
            yield entity


def _causes(run: RunTables, blocking: pl.DataFrame, language: str) -> Iterator[str]:
    checks = {c.id: c for c in run.rules.checks}
    grouped = (
        blocking.group_by("check", "owner")
        .agg(pl.len(), pl.col("annual_volume").sum())
        .sort(["annual_volume", "len", "check"], descending=[True, True, False])
    )
    for check, owner, count, volume in grouped.head(_TOP).iter_rows():
        title = checks[check].title.say(language) if check in checks else check
        key = "terminal.run.cause_used" if volume else "terminal.run.cause"
        yield say(
            key,
            language,
            check=check,
            title=title,
            count=count,
            volume=number(volume or 0, language),
            owner=owner_title(language, owner),
        )
