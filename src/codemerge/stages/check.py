"""Run every declared check over a run's tables; what they find becomes conflicts, one per cause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

import numpy as np
import polars as pl

from codemerge.errors import BadInputError, Problem
from codemerge.library.checks import CHECKS, known_keys
from codemerge.library.checks.sandbox import run_sql
from codemerge.library.checks.world import World, as_findings, nothing
from codemerge.library.identity import conflict_id, short_hash
from codemerge.library.privacy import mask
from codemerge.library.verdicts import clearing, current_conflict_decisions
from codemerge.model import Severity
from codemerge.rules.check import Check
from codemerge.rules.page import Entity
from codemerge.rules.titles import cause_in_words, field_title
from codemerge.rules.words import fill_in, say
from codemerge.tables import CONFLICTS, FLAG, TEXT, TEXTS, conform

__all__ = ["World", "check", "misdeclared", "settled"]

_RANK = {Severity.INFO: 0, Severity.WARNING: 1, Severity.BLOCKING: 2}
_SHOWN = 5  # values and records written out in a message; all of them stand in the lists
_AT_ONCE = 250_000  # findings folded together
_LISTS = ("record_ids", "values")
_TOLD = (
    "conflict_id", "check", "name", "severity", "entity", "cause", "owner", "message", "resolution",
    "waivable", "status",
)  # fmt: skip


def check(world: World) -> pl.DataFrame:
    """Find every conflict.

    Args:
        world: the run's tables, what is declared, and the day waivers are compared with.

    Returns:
        CONFLICTS: one row per check, entity, field and cause, its rows listed and their annual
        volume summed. A waiver moves the rows it covers to ``waived``; rows that came later stay
        ``open`` in a row of their own with the same ``conflict_id``.
    """
    first = [c for c in world.rules.checks if not c.given.get("unless_said")]
    last = [c for c in world.rules.checks if c.given.get("unless_said")]
    said = settled(world, _conflicts(world, first))
    rest = settled(world, _conflicts(replace(world, said=said), last))
    return conform(pl.concat([said, rest]), CONFLICTS)


def misdeclared(checks: Iterable[Check]) -> list[Problem]:
    """Return a problem for each verb, or key given to one, that nobody has written."""
    found = []
    for declared in checks:
        if declared.verb is None:
            continue
        if declared.verb not in CHECKS:
            found.append(_unknown("checks.no_verb", declared, "verb", declared.verb, CHECKS))
            continue
        known = known_keys(declared.verb)
        found += [
            _unknown("checks.no_key", declared, f"given.{key}", key, known)
            for key in sorted(set(declared.given) - known)
        ]
    return found


def _unknown(kind: str, declared: Check, column: str, found: str, known: Iterable[str]) -> Problem:
    near = next(iter(get_close_matches(found, sorted(known), 1)), "-")
    return Problem(kind, f"checks/{declared.id}", column=column, values={"found": found, "nearest": near})


@dataclass(frozen=True)
class _Found:
    """What one check found in one entity."""

    declared: Check
    entity: Entity
    findings: pl.DataFrame


def _conflicts(world: World, checks: Iterable[Check]) -> pl.DataFrame:
    """Return the conflicts of checks, all open."""
    held: list[_Found] = []
    out: list[pl.DataFrame] = []
    for found in _everything_found(world, checks):
        held.append(found)
        if sum(f.findings.height for f in held) > _AT_ONCE:
            out.append(_grouped(world, held))
            held = []
    if held:
        out.append(_grouped(world, held))
    return pl.concat(out) if out else CONFLICTS.empty()


def _everything_found(world: World, checks: Iterable[Check]) -> Iterator[_Found]:
    """Yield what each check finds in each entity it looks at, where it finds anything."""
    pages = world.rules.entities
    for declared in checks:
        for entity in [pages[declared.entity]] if declared.entity in pages else list(pages.values()):
            if declared.entity == "*" and entity.id in declared.given.get("not_entities", []):
                continue
            findings = _findings(world, declared, entity)
            if not findings.is_empty():
                yield _Found(declared, entity, findings)


def _findings(world: World, declared: Check, entity: Entity) -> pl.DataFrame:
    if declared.sql is not None:
        return as_findings(run_sql(declared.sql, world, entity.id, declared.given))
    frame, verb = world.of(entity.id), str(declared.verb)
    if frame is None:
        return nothing()
    try:
        return CHECKS[verb](world, declared, entity)
    except pl.exceptions.ColumnNotFoundError as error:
        # A page of the project's own that lacks a field: its check must be replaced too, not skipped.
        found = str(error).splitlines()[0][:200]
        raise BadInputError(
            [
                Problem(
                    "checks.no_field", f"checks/{declared.id}", values={"found": found, "entity": entity.id}
                )
            ]
        ) from None
    except KeyError as error:
        key = str(error.args[0]) if error.args else ""
        if key not in known_keys(verb) or key in declared.given:
            raise
        column = f"given.{key}"
        raise BadInputError(
            [Problem("checks.key_missing", f"checks/{declared.id}", column=column, values={"found": key})]
        ) from None


def _grouped(world: World, held: Sequence[_Found]) -> pl.DataFrame:
    """Fold findings of one check, entity, field and cause into one conflict and write its texts."""
    number = np.repeat(np.arange(len(held), dtype=np.uint32), [f.findings.height for f in held])
    rows = pl.concat([f.findings for f in held]).hstack([pl.Series("_of", number)])
    said = [pl.col(c).filter(pl.col(c).fill_null("") != "") for c in ("detail", "proposal")]
    groups = rows.group_by("_of", "field", "cause").agg(
        *(pl.col(c).explode(empty_as_null=True).drop_nulls().unique().sort() for c in _LISTS),
        *(text.unique().sort().str.join("; ") for text in said),
        pl.col("lesser").all(),
    )
    groups = _with_volume(world, groups)
    shown = groups.select(
        "_of", "field", "cause", "detail", "proposal", "lesser", "annual_volume",
        *(pl.col(c).list.head(_SHOWN) for c in _LISTS),
        *(pl.col(c).list.len().alias(f"_all_{c}") for c in _LISTS),
    )  # fmt: skip
    told = [_told(world, held[row["_of"]], row) for row in shown.iter_rows(named=True)]
    hidden = pl.Series([t.pop("hidden") for t in told], dtype=FLAG)
    masked = pl.when(hidden).then(pl.lit([mask("x")], dtype=TEXTS)).otherwise("values").alias("values")
    texts = pl.DataFrame(told, schema=dict.fromkeys(_TOLD, TEXT) | {"waivable": FLAG})
    kept = groups.select("record_ids", "field", masked if hidden.any() else "values", "annual_volume")
    return kept.hstack(texts).select(list(CONFLICTS.columns))


def _told(world: World, found: _Found, row: dict[str, Any]) -> dict[str, Any]:
    """Return what is said of one conflict, and whether what its records hold is hidden.

    The causes of our own verbs hold names of places, or hashes: only a query's may say too much.
    """
    declared, entity = found.declared, found.entity
    hidden = any(f.sensitive and f.name in str(row["field"]).split("+") for f in entity.field)
    if hidden:
        cause = row["cause"]
        hashed = cause if cause is None or declared.sql is None else short_hash(cause)
        row = row | {"cause": hashed, "detail": "", "proposal": "", "values": [mask("x")], "_all_values": 1}
    severity, overridden = _severity(world, declared, lesser=row["lesser"])
    message, resolution = _texts(world, declared, entity, row, overridden=overridden)
    return {
        "conflict_id": conflict_id(declared.id, entity.id, str(row["field"]), str(row["cause"])),
        "check": declared.id,
        "name": declared.name,
        "severity": severity,
        "entity": entity.id,
        "cause": row["cause"],
        "owner": declared.owner or entity.owner,
        "message": message,
        "resolution": resolution,
        "waivable": declared.waivable,
        "status": "open",
        "hidden": hidden,
    }


def _severity(world: World, declared: Check, *, lesser: bool) -> tuple[str, bool]:
    """Return the severity that holds, and whether the project says otherwise than the rules."""
    own = declared.severity
    override = None if declared.fixed else world.project.severity.get(declared.id)
    ruling = override or own
    if lesser and declared.lesser is not None:
        ruling = min(ruling, declared.lesser, key=_RANK.__getitem__)
    return str(ruling), override is not None and override != own


def _texts(
    world: World, declared: Check, entity: Entity, row: dict[str, Any], *, overridden: bool
) -> tuple[str, str]:
    """Return the conflict's message and resolution."""
    language = world.project.language
    field, regions = str(row["field"] or ""), world.project.regions
    records = [name.split("/", 1)[1] for name in row["record_ids"]]
    filled = {
        "cause": cause_in_words(str(row["cause"]), field, entity, world.rules, regions, language),
        "field": field_title(field, entity, world.rules, language),
        "values": _some(row["values"], row["_all_values"], language),
        "count": row["_all_record_ids"],
        "volume": row["annual_volume"],
        "records": _some(records, row["_all_record_ids"], language),
        "detail": row["detail"],
        "proposal": row["proposal"] or say("checks.no_proposal", language),
        "entity": entity.plural.say(language),
    }
    message = fill_in(declared.message.say(language), language, filled)
    if overridden:
        message += " " + say("checks.overridden", language, severity=declared.severity)
    return message, fill_in(declared.resolution.say(language), language, filled)


def _some(shown: list[str], count: int, language: str) -> str:
    """List the first of so many."""
    first = ", ".join(shown)
    return first if count <= _SHOWN else first + " " + say("checks.and_more", language, count=count - _SHOWN)


def settled(world: World, conflicts: pl.DataFrame) -> pl.DataFrame:
    """Let decisions on conflicts speak: what they cover is ``waived``, what came later stays open.

    Args:
        world: for the decisions, the checks and the day.
        conflicts: CONFLICTS, all open.

    Returns:
        The same, waived as far as decisions clear them.
    """
    if conflicts.is_empty() or not (world.decisions["conflict_id"].fill_null("") != "").any():
        return conflicts
    rows = dict(zip(conflicts["conflict_id"].to_list(), conflicts["record_ids"].to_list(), strict=True))
    decided = current_conflict_decisions(world.decisions, rows).rename({"resolution": "said"})
    if decided.is_empty():
        return conflicts
    clears = sorted(c.id for c in world.rules.checks if c.settled_by_resolution)
    worded = sorted(c.id for c in world.rules.checks if c.settled_in_words)
    joined = conflicts.join(
        decided.select("conflict_id", "verdict", "said", "note", "valid_until", "open_record_ids"),
        on="conflict_id",
        how="left",
        maintain_order="left",
    ).with_columns(_holds=clearing(clears, worded, world.today))
    untouched = joined.filter(~pl.col("_holds"))
    waived = joined.filter("_holds").with_columns(
        status=pl.lit("waived"),
        record_ids=pl.col("record_ids").list.set_difference("open_record_ids").list.sort(),
    )
    later = joined.filter(pl.col("_holds") & (pl.col("open_record_ids").list.len() > 0)).with_columns(
        record_ids=pl.col("open_record_ids").list.sort()
    )
    parts = [_with_volume(world, part) for part in (waived, later)]
    return pl.concat([part.select(list(CONFLICTS.columns)) for part in (untouched, *parts)])


def _with_volume(world: World, conflicts: pl.DataFrame) -> pl.DataFrame:
    """Sum the annual volume of each conflict's records, as they have been shared out."""
    numbered = conflicts.with_row_index("_n")
    volumes = (
        numbered.select("_n", pl.col("record_ids").alias("record_id"))
        .explode("record_id", empty_as_null=True)
        .join(world.volumes, on="record_id")
        .group_by("_n")
        .agg(pl.col("volume").sum().alias("annual_volume"))
    )
    return (
        numbered.select(pl.exclude("annual_volume"))
        .join(volumes, on="_n", how="left", maintain_order="left")
        .with_columns(pl.col("annual_volume").fill_null(0))
    )
