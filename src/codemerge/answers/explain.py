"""Why two records were matched or not, and where a record went: the waterfall, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from codemerge.answers.read_as import read_as
from codemerge.answers.run_tables import RunTables
from codemerge.model import Status, record_id
from codemerge.rules.page import Entity
from codemerge.rules.reasons import reasons
from codemerge.rules.titles import doubt_in_words
from codemerge.rules.words import say

_MOST = 5


def explain_record(run: RunTables, entity: Entity, record: str, language: str) -> Iterator[str]:
    """Yield what is known of one record: its words, its place, its best candidates, its conflicts.

    Args:
        run: a finished run.
        entity: the page.
        record: the record's name, ``entity/region/code``.
        language: ``sv`` or ``en``.
    """
    row = _row(run, entity, record)
    yield from _described(run, entity, row, language)
    yield from _origins(run, record, language)
    for placed in run.crosswalk.filter(pl.col("record_id") == record).iter_rows(named=True):
        code = placed["combined_code"] or say("explain.no_code", language)
        yield say("explain.where", language, combined=code, status=placed["status"])
    for other in run.project.regions:
        if other != row["region"]:
            yield from _candidates(run, entity, row, other, language)
    yield from _conflicts(run, [record], language)


def explain_pair(
    run: RunTables, entity: Entity, left: str, right: str, scored: Mapping[str, Any] | None, language: str
) -> Iterator[str]:
    """Yield why a pair stands as it does.

    Args:
        run: a finished run.
        entity: the page.
        left: a record's name.
        right: another's, in any order.
        scored: a mapping computed now, for a pair that the run didn't keep; None if it was never
            compared (the reason is then said).
        language: ``sv`` or ``en``.
    """
    first, second = sorted((left, right), key=lambda name: _order(run, name))
    rows = [_row(run, entity, name) for name in (first, second)]
    for row in rows:
        yield from _described(run, entity, row, language)
    kept = mapping_of(run, rows[0], rows[1])
    mapping = kept or scored
    yield ""
    if mapping is None:
        yield say("explain.not_compared", language, reason=_reason(entity, rows, language))
        return
    if kept is None:
        yield say("explain.no_mapping", language)
    yield from _waterfall(run, entity, mapping, language)
    yield ""
    yield _verdict(mapping, rows, entity, language)
    yield from _conflicts(run, [first, second], language)


def mapping_of(run: RunTables, left: Mapping[str, Any], right: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the mapping the run kept of two records, left before right."""
    found = run.mappings.filter(
        (pl.col("entity") == left["entity"])
        & (pl.col("region_l") == left["region"])
        & (pl.col("code_l") == _name(left))
        & (pl.col("region_r") == right["region"])
        & (pl.col("code_r") == _name(right))
    )
    return found.row(0, named=True) if found.height else None


def _name(row: Mapping[str, Any]) -> str:
    return str(row["record_id"]).split("/", 2)[2]


def _order(run: RunTables, name: str) -> int:
    region = name.split("/", 2)[1]
    return run.project.regions.index(region) if region in run.project.regions else len(run.project.regions)


def _row(run: RunTables, entity: Entity, record: str) -> dict[str, Any]:
    return run.records[entity.id].row(by_predicate=pl.col("record_id") == record, named=True)


def _label(entity: Entity, row: Mapping[str, Any]) -> str:
    """Return the text a record is shown by; nothing of a sensitive entity but its code."""
    shown = entity.names or ("label" if entity.field_named("label") else None)
    if entity.sensitive or shown is None:
        return ""
    return str(row.get(shown) or "")


def _described(run: RunTables, entity: Entity, row: Mapping[str, Any], language: str) -> Iterator[str]:
    yield say("explain.record", language, record=row["record_id"], label=_label(entity, row))
    if entity.names and row[entity.names]:
        parts = list(read_as(run, entity, row, language))
        yield say("explain.read", language, parts=", ".join(parts) or say("explain.nothing", language))
        for kind, key in (("unknown", "unread"), ("ambiguous", "unsure")):
            if row[kind]:
                told = [doubt_in_words(word, run.rules, language) for word in row[kind]]
                yield say(f"explain.{key}", language, words=", ".join(told))


def _origins(run: RunTables, record: str, language: str) -> Iterator[str]:
    for origin in run.origins.filter(pl.col("record_id") == record).iter_rows(named=True):
        yield say("explain.origin", language, file=origin["file"], line=origin["line"])


def _candidates(
    run: RunTables, entity: Entity, row: Mapping[str, Any], other: str, language: str
) -> Iterator[str]:
    near, far = ("l", "r") if _order(run, row["record_id"]) < run.project.regions.index(other) else ("r", "l")
    found = run.mappings.filter(
        (pl.col("entity") == entity.id)
        & (pl.col(f"region_{near}") == row["region"])
        & (pl.col(f"code_{near}") == _name(row))
        & (pl.col(f"region_{far}") == other)
        & (pl.col(f"code_{far}") != "")
    ).sort("match_weight", descending=True)
    if found.is_empty():
        yield say("explain.no_best", language, region=other)
        return
    yield say("explain.best", language)
    for rank, mapping in enumerate(found.head(_MOST).iter_rows(named=True), 1):
        name = record_id(entity.id, other, mapping[f"code_{far}"])
        yield say(
            "explain.candidate",
            language,
            rank=rank,
            record=name,
            label=_label(entity, _row(run, entity, name)),
            weight=_number(mapping["match_weight"], language),
            confidence=_number(mapping["confidence"], language, 3),
            status=mapping["status"],
        )


def _waterfall(run: RunTables, entity: Entity, mapping: Mapping[str, Any], language: str) -> Iterator[str]:
    for step in mapping["evidence"] or []:
        text = say("explain.start", language)
        if step["level"]:
            text = say(
                "explain.step",
                language,
                field=_title(entity, step["field"], language),
                level=_level(step["level"], language),
                values=_values(run, step, language),
            )
        yield f"  {_number(step['weight'], language, sign=True):>8}  {text}"
    yield f"  {_number(mapping['match_weight'], language, sign=True):>8}  {say('explain.sum', language)}"
    yield "            " + say(
        "explain.certain",
        language,
        confidence=_number(mapping["confidence"], language, 3),
        margin=_number(mapping["margin"], language),
    )


def _values(run: RunTables, step: Mapping[str, Any], language: str) -> str:
    """Return both sides in words; a fingerprint of the whole name says nothing to people."""
    sides = [step[side] or "" for side in ("left", "right")]
    if not any(sides) or any("|" in side for side in sides):
        return ""
    words = [
        ", ".join(
            run.rules.vocabulary.title(step["field"], part.strip(), language) for part in side.split("+")
        )
        for side in sides
    ]
    nothing = say("explain.nothing", language)
    return say("explain.values", language, left=words[0] or nothing, right=words[1] or nothing)


def _title(entity: Entity, name: str, language: str) -> str:
    for comparison in entity.comparison:
        if comparison.of == name:
            return comparison.title.say(language)
    field = entity.field_named(name)
    return field.title.say(language) if field else _level(name, language)


def _level(name: str, language: str) -> str:
    try:
        return say(f"explain.level.{name}", language)
    except KeyError:
        return name  # a comparator of a later rule pack, whose name has to do


def _number(value: float | None, language: str, digits: int = 1, *, sign: bool = False) -> str:
    if value is None:
        return "–"
    text = f"{value:+.{digits}f}" if sign else f"{value:.{digits}f}"
    return text if language == "en" else text.replace(".", ",")


def _verdict(mapping: Mapping[str, Any], rows: list[dict[str, Any]], entity: Entity, language: str) -> str:
    said = mapping["relationship"]  # nothing where a person was unsure
    relation = said and say(
        f"explain.relationship.{said}",
        language,
        left=f"{rows[0]['region']}:{_name(rows[0])}",
        right=f"{rows[1]['region']}:{_name(rows[1])}",
    )
    why = reasons(mapping["justification"], entity, language)
    status = mapping["status"] or Status.CANDIDATE.value
    return say(f"explain.verdict.{status}", language, why="; ".join(why)) + (f" ({relation})" if said else "")


def _reason(entity: Entity, rows: list[dict[str, Any]], language: str) -> str:
    if rows[0]["region"] == rows[1]["region"]:
        return say("explain.reason.same_region", language)
    if not all(row["usable"] for row in rows):
        return say("explain.reason.unusable", language)
    if entity.matching.candidates == "none":
        return say("explain.reason.never", language)
    blocks = " / ".join("+".join(block) for block in entity.matching.blocks)
    return say("explain.reason.no_block", language, blocks=blocks)


def _conflicts(run: RunTables, records: list[str], language: str) -> Iterator[str]:
    touching = run.conflicts.filter(
        pl.any_horizontal(pl.col("record_ids").list.contains(name) for name in records)
        & (pl.col("status") == "open")
    )
    if touching.is_empty():
        return
    yield ""
    yield say("explain.conflicts", language)
    for check, message in touching.select("check", "message").iter_rows():
        yield say("explain.conflict", language, check=check, message=message)
