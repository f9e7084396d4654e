"""Run every declared check over a run's tables; what they find becomes conflicts, one per cause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches

import polars as pl

from codemerge.errors import BadInputError, Problem
from codemerge.library.checks import CHECKS, known_keys
from codemerge.library.checks.sandbox import run_sql
from codemerge.library.checks.world import FINDINGS, World, as_findings, nothing
from codemerge.library.identity import conflict_id, short_hash
from codemerge.library.privacy import mask
from codemerge.library.verdicts import clearing, current_conflict_decisions
from codemerge.model import Severity
from codemerge.rules.check import Check
from codemerge.rules.page import Entity
from codemerge.rules.titles import cause_in_words, field_title
from codemerge.rules.words import fill_in, say
from codemerge.tables import CONFLICTS, TEXTS, conform

__all__ = ["World", "check", "misdeclared", "settled"]

_RANK = {Severity.INFO: 0, Severity.WARNING: 1, Severity.BLOCKING: 2}
_SHOWN = 5  # values and records written out in a message; all of them stand in the lists


def check(world: World) -> pl.DataFrame:
    """Find every conflict.

    Args:
        world: the run's tables, what is declared, and the day waivers are compared with.

    Returns:
        CONFLICTS: one row per check, entity, field and cause, its rows listed and their annual
        volume summed. A waiver moves the rows it covers to ``waived``; rows that came later stay
        ``open`` in a row of their own with the same ``conflict_id``.
    """
    found: list[pl.DataFrame] = []
    first = [c for c in world.rules.checks if not c.given.get("unless_said")]
    last = [c for c in world.rules.checks if c.given.get("unless_said")]
    for declared in first:
        found += _conflicts_of(world, declared)
    said = settled(world, pl.concat(found)) if found else CONFLICTS.empty()
    after = replace(world, said=said)
    rest = [settled(world, c) for declared in last for c in _conflicts_of(after, declared)]
    return conform(pl.concat([said, *rest]), CONFLICTS)


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


def _conflicts_of(world: World, declared: Check) -> list[pl.DataFrame]:
    """Return the conflicts of one check, per entity it looks at; checks without findings give none."""
    pages = world.rules.entities
    entities = [pages[declared.entity]] if declared.entity in pages else list(pages.values())
    out = []
    for entity in entities:
        if declared.entity == "*" and entity.id in declared.given.get("not_entities", []):
            continue
        findings = _findings(world, declared, entity)
        if not findings.is_empty():
            out.append(_grouped(world, declared, entity, findings))
    return out


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


def _grouped(world: World, declared: Check, entity: Entity, findings: pl.DataFrame) -> pl.DataFrame:
    """Fold findings of one field and cause into one conflict and write its texts."""
    findings = _masked(findings.select(list(FINDINGS)), declared, entity)
    groups = (
        findings.group_by("field", "cause", maintain_order=True)
        .agg(
            pl.col("record_ids").explode(empty_as_null=True).drop_nulls().unique().sort(),
            pl.col("values").explode(empty_as_null=True).drop_nulls().unique().sort(),
            pl.col("detail").filter(pl.col("detail").fill_null("") != "").unique().sort().str.join("; "),
            pl.col("proposal").filter(pl.col("proposal").fill_null("") != "").unique().sort().str.join("; "),
            pl.col("lesser").all(),
        )
        .sort("field", "cause")
    )
    volumes = (
        groups.select("field", "cause", "record_ids")
        .explode("record_ids", empty_as_null=True)
        .join(world.volumes, left_on="record_ids", right_on="record_id", how="left")
        .group_by("field", "cause")
        .agg(pl.col("volume").sum().alias("annual_volume"))
    )
    groups = groups.join(volumes, on=["field", "cause"], how="left", maintain_order="left")
    full, overridden = _severity(world, declared, lesser=False)
    mild, _ = _severity(world, declared, lesser=True)
    texts = [
        _texts(world, declared, entity, row, overridden=overridden) for row in groups.iter_rows(named=True)
    ]
    return groups.with_columns(
        conflict_id=pl.Series([t[0] for t in texts], dtype=pl.String),
        message=pl.Series([t[1] for t in texts], dtype=pl.String),
        resolution=pl.Series([t[2] for t in texts], dtype=pl.String),
        check=pl.lit(declared.id),
        name=pl.lit(declared.name),
        severity=pl.when("lesser").then(pl.lit(mild)).otherwise(pl.lit(full)),
        entity=pl.lit(entity.id),
        owner=pl.lit(declared.owner or entity.owner),
        waivable=pl.lit(declared.waivable),
        status=pl.lit("open"),
    ).select(list(CONFLICTS.columns))


def _masked(findings: pl.DataFrame, declared: Check, entity: Entity) -> pl.DataFrame:
    """Hide what sensitive fields hold. The causes of our own verbs hold names of places, or hashes."""
    secret = [f.name for f in entity.field if f.sensitive]
    hidden = pl.col("field").str.split("+").list.set_intersection(pl.lit(secret, dtype=TEXTS)).list.len() > 0
    if not secret or not findings.select(hidden.any()).item():
        return findings
    empty = [pl.when(hidden).then(pl.lit("")).otherwise(c).alias(c) for c in ("detail", "proposal")]
    shown = pl.when(hidden).then(pl.lit([mask("x")], dtype=TEXTS)).otherwise("values").alias("values")
    if declared.sql is not None:
        hashed = pl.col("cause").map_elements(short_hash, return_dtype=pl.String)
        empty.append(pl.when(hidden).then(hashed).otherwise("cause").alias("cause"))
    return findings.with_columns(shown, *empty)


def _severity(world: World, declared: Check, *, lesser: bool) -> tuple[str, bool]:
    """Return the severity that holds, and whether the project says otherwise than the rules."""
    own = declared.severity
    override = None if declared.fixed else world.project.severity.get(declared.id)
    ruling = override or own
    if lesser and declared.lesser is not None:
        ruling = min(ruling, declared.lesser, key=_RANK.__getitem__)
    return str(ruling), override is not None and override != own


def _texts(
    world: World, declared: Check, entity: Entity, row: dict[str, object], *, overridden: bool
) -> tuple[str, str, str]:
    """Return the conflict's id, message and resolution."""
    language = world.project.language
    records, values = list(row["record_ids"]), list(row["values"])  # type: ignore[call-overload]
    field, regions = str(row["field"] or ""), world.project.regions
    filled = {
        "cause": cause_in_words(str(row["cause"]), field, entity, world.rules, regions, language),
        "field": field_title(field, entity, world.rules, language),
        "values": _some([str(v) for v in values], language),
        "count": len(records),
        "volume": row["annual_volume"],
        "records": _some([str(r).split("/", 1)[1] for r in records], language),
        "detail": row["detail"],
        "proposal": row["proposal"] or say("checks.no_proposal", language),
        "entity": entity.plural.say(language),
    }
    message = fill_in(declared.message.say(language), language, filled)
    if overridden:
        message += " " + say("checks.overridden", language, severity=declared.severity)
    resolution = fill_in(declared.resolution.say(language), language, filled)
    return conflict_id(declared.id, entity.id, str(row["field"]), str(row["cause"])), message, resolution


def _some(items: list[str], language: str) -> str:
    shown = ", ".join(items[:_SHOWN])
    return (
        shown
        if len(items) <= _SHOWN
        else shown + " " + say("checks.and_more", language, count=len(items) - _SHOWN)
    )


def settled(world: World, conflicts: pl.DataFrame) -> pl.DataFrame:
    """Let decisions on conflicts speak: what they cover is ``waived``, what came later stays open.

    Args:
        world: for the decisions, the checks and the day.
        conflicts: CONFLICTS, all open.

    Returns:
        The same, waived as far as decisions clear them.
    """
    rows = dict(zip(conflicts["conflict_id"].to_list(), conflicts["record_ids"].to_list(), strict=True))
    decided = current_conflict_decisions(world.decisions, rows).rename({"resolution": "said"})
    if decided.is_empty() or conflicts.is_empty():
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
    return pl.concat([untouched.select(list(CONFLICTS.columns)), *parts])


def _with_volume(world: World, conflicts: pl.DataFrame) -> pl.DataFrame:
    """Sum the volume again after the rows have been shared out."""
    volumes = (
        conflicts.select("conflict_id", "record_ids")
        .explode("record_ids", empty_as_null=True)
        .join(world.volumes, left_on="record_ids", right_on="record_id", how="left")
        .group_by("conflict_id")
        .agg(pl.col("volume").sum().alias("annual_volume"))
    )
    return (
        conflicts.drop("annual_volume")
        .join(volumes, on="conflict_id", how="left", maintain_order="left")
        .select(list(CONFLICTS.columns))
    )
