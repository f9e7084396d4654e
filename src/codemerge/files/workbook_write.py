"""Writes review workbooks whole or not at all, the same bytes each time, and keeps what was issued."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from codemerge.answers.review_asked import Asked, Review
from codemerge.answers.review_rows import review_rows
from codemerge.answers.review_texts import label_field
from codemerge.answers.run_tables import RunTables
from codemerge.answers.staleness import changed_decisions, changed_words
from codemerge.files.atomic import write_atomically
from codemerge.files.issued import find_issued, issued_rows, write_issued
from codemerge.files.workbook_layout import SCHEMA
from codemerge.files.workbook_sheets import Sheets
from codemerge.library.verdicts import standing
from codemerge.rules.signoff import profession
from codemerge.rules.words import say
from codemerge.tables import TEXTS

_MADE = datetime.datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed date, so that the same rows are the same bytes
_BY_PROFESSION = "role"


@dataclass(frozen=True)
class Part:
    """One workbook: sheets of some entities, and conflicts.

    Args:
        name: what is added to the file's name; empty for the general workbook.
        asked: entities with their rows.
        conflicts: rows of ``review_asked.ASKED_CONFLICTS``.
        sensitive: it holds personal data.
    """

    name: str
    asked: tuple[Asked, ...]
    conflicts: pl.DataFrame
    sensitive: bool = False

    @property
    def empty(self) -> bool:
        """Say whether there is nothing to judge or show in it."""
        return not self.conflicts.height and not any(a.rows.height for a in self.asked)


def write_workbooks(run: RunTables, place: Path, language: str, split: str | None = None) -> list[Path]:
    """Write every workbook of a run, and what their rows mean under the project's decisions.

    Args:
        run: a finished run.
        place: a folder (``review.xlsx`` is written there) or the general workbook's file name.
        language: ``sv`` or ``en``.
        split: a field or facet (one workbook per value), or ``role`` (one per profession).

    Returns:
        The files written: the general one first, then one per sensitive entity (``…-<entity>.xlsx``)
        or per value of ``split``. The general one is written even when it asks nothing.
    """
    file = place if place.suffix == ".xlsx" else place / say("workbook.file.general", language)
    decisions = run.project.root / run.project.policy.decisions
    shown = find_issued(decisions, set(standing(run.decisions)["row_id"].drop_nulls().to_list()))
    changed = changed_words(changed_decisions(run, run.decisions, shown), language)
    review = review_rows(run, language, changed)
    parts = split_parts(review, run, split) if split else parts_of(review)
    written = []
    for part in parts:
        name = f"{file.stem}-{part.name}.xlsx" if part.name else file.name
        issued = ""
        if not part.empty:
            issued = write_issued(decisions, issued_rows(part.asked, part.conflicts), private=part.sensitive)
        write_workbook(file.with_name(name), part, run, language, issued)
        written.append(file.with_name(name))
    return written


def parts_of(review: Review) -> list[Part]:
    """Divide a review into workbooks: one in general, and one of its own per sensitive entity."""
    secret = [a for a in review.asked if a.entity.sensitive]
    hidden = pl.col("entity").is_in([a.entity.id for a in secret])
    general = Part(
        "", tuple(a for a in review.asked if not a.entity.sensitive), review.conflicts.filter(~hidden)
    )
    own = [
        Part(a.entity.id, (a,), review.conflicts.filter(pl.col("entity") == a.entity.id), sensitive=True)
        for a in secret
    ]
    return [general, *(p for p in own if not p.empty)]


def split_parts(review: Review, run: RunTables, field: str) -> list[Part]:
    """Divide a review by the value of a field or facet of the record asked about, or by profession.

    What has no such field stands together in one more workbook; sensitive entities keep their own.
    """
    found: dict[tuple[str, bool], tuple[list[Asked], list[pl.DataFrame]]] = {}
    owners = {a.entity.id: a.entity.owner for a in review.asked}
    for asked in review.asked:
        valued = asked.rows.with_columns(_values(asked, run, field).alias("_part")).explode("_part")
        for (value,), rows in valued.group_by("_part", maintain_order=True):
            name = f"{asked.entity.id}-{value}" if asked.entity.sensitive else str(value)
            place = found.setdefault((name, asked.entity.sensitive), ([], []))
            place[0].append(replace(asked, rows=rows.drop("_part"), rest=0))
    sensitive = {a.entity.id for a in review.asked if a.entity.sensitive}
    for (entity, owner), rows in review.conflicts.group_by("entity", "owner", maintain_order=True):
        decides = profession(str(owner or owners.get(str(entity), "")))
        by_owner = _safe(decides) if field == _BY_PROFESSION else "_"
        name = f"{entity}-{by_owner}" if entity in sensitive else by_owner
        found.setdefault((name, entity in sensitive), ([], []))[1].append(rows)
    return [
        Part(name, tuple(asked), pl.concat(conflicts) if conflicts else review.conflicts.clear(), hidden)
        for (name, hidden), (asked, conflicts) in sorted(found.items(), key=lambda item: item[0])
    ]


def _values(asked: Asked, run: RunTables, field: str) -> pl.Series:
    """Return what each row is split by, fit for file names; ``_`` where there is nothing.

    By profession a row goes to each whose yes it waits for, else to the entity's owner.
    """
    rows = asked.rows
    if field == _BY_PROFESSION:
        roles = [waited or [asked.entity.owner] for waited in rows["lacks"].to_list()]
        named = [sorted({_safe(profession(role)) for role in some}) for some in roles]
        return pl.Series("split", named, dtype=TEXTS)
    records = run.records[asked.entity.id]
    declared = asked.entity.field_named(field)
    if f"facet_{field}" in records.columns:
        value = pl.col(f"facet_{field}").list.join("+")
    elif declared and field in records.columns and not declared.sensitive:
        value = pl.col(field)
    else:
        return pl.Series("split", [["_"]] * rows.height, dtype=TEXTS)
    known = dict(records.select("record_id", value.fill_null("")).rows())
    own = rows.select(pl.when(pl.col("side") == "l").then("record_l").otherwise("record_r")).to_series()
    return pl.Series("split", [[_safe(known.get(name, ""))] for name in own.to_list()], dtype=TEXTS)


def _safe(text: str) -> str:
    """Return a text as part of a file name: letters, digits, plus and hyphen."""
    kept = "".join(c if c.isalnum() or c in "+-" else "_" for c in text.strip())
    return kept.strip("_")[:40] or "_"


def write_workbook(path: Path, part: Part, run: RunTables, language: str, issued: str) -> None:
    """Write one workbook.

    Args:
        path: where to; an older one is replaced.
        part: what it holds.
        run: for the project's name and the target's limits.
        language: ``sv`` or ``en``.
        issued: name of the file that keeps what its rows mean (`issued.write_issued`).
    """
    name = run.project.name
    longest, policy = _longest(part, run), run.project.policy
    signed = policy.signoff > 1 or bool(policy.signoff_rule)

    def write(temporary: Path) -> None:
        from codemerge.files.xlsx_book import Book

        # in memory: the library's own temporary files would hold the sheets outside the project
        typed = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        with Book(str(temporary), {"in_memory": True, **typed}) as book:
            book.set_properties({"title": say("workbook.file.title", language, name=name), "created": _MADE})
            book.set_custom_property("codemerge", f"{SCHEMA} {issued}")
            Sheets(book, language, longest, signed=signed).write(part.asked, part.conflicts, name, issued)

    write_atomically(path, write, private=part.sensitive)


def _longest(part: Part, run: RunTables) -> Mapping[str, int]:
    """Return the longest common name the target accepts, by entity; 0: not limited."""
    found = {}
    for asked in part.asked:
        limit = run.rules.target.of(asked.entity.id, label_field(asked.entity) or "")
        found[asked.entity.id] = (limit.length or 0) if limit else 0
    return found
