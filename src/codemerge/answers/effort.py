"""How much work is left: rows to judge, hours by profession, as a range."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import polars as pl

from codemerge.answers.basis import Basis, once
from codemerge.rules.goals import Plan

_ABOUT_MAPPINGS = "MAP"
_LIMITS = (0, 10, 50, 100, 500)
_NUMBERS = (
    "conflict_minutes",
    "discussed",
    "meeting_minutes",
    "meeting_people",
    "week_hours",
    "freeze_weeks",
)


def reckoning(plan: Plan, effort: Mapping[str, Any]) -> Plan:
    """Put a project's ``[effort]`` in place of the shipped assumptions.

    Args:
        plan: the shipped ones.
        effort: the project's: one of the plan's numbers, ``pace`` with rows an hour, or an entity
            or owner directly with its rows an hour.
    """
    numbers = {k: float(v) for k, v in effort.items() if k in _NUMBERS}
    direct = {
        k: float(v) for k, v in effort.items() if k not in {*_NUMBERS, "pace"} and isinstance(v, int | float)
    }
    pace = {**plan.pace, **direct, **{k: float(v) for k, v in dict(effort.get("pace", {})).items()}}
    return plan.model_copy(update={**numbers, "pace": {k: v for k, v in pace.items() if v > 0}})


def pace_of(plan: Plan, entity: str, owner: str) -> float:
    """Return rows an hour: the entity's, else the owner's, else the default."""
    return plan.pace.get(entity) or plan.pace.get(owner) or plan.pace.get("default") or 60.0


@once
def rows_to_judge(basis: Basis) -> pl.DataFrame:
    """List what a person still has to look at, once each.

    Returns:
        ``entity, owner, kind, volume, most`` (the larger record's volume)``, regions``; kinds:
        ``review`` (proposed, not certain), ``confirm`` (certain, but carrying so much volume that a
        person says yes), ``alone`` (nothing proposed, and too much volume to stay so).
    """
    named = (
        basis.open.filter(pl.col("check").str.starts_with(_ABOUT_MAPPINGS))
        .select(pl.col("record_ids").alias("record_id"))
        .explode("record_id", empty_as_null=False)
        .unique()
    )
    waits = pl.col("status") == "review"
    confirm = (pl.col("status") == "auto") & (
        pl.col("record_l").is_in(named["record_id"].implode())
        | pl.col("record_r").is_in(named["record_id"].implode())
    )
    kind = pl.when(waits).then(pl.lit("review")).otherwise(pl.lit("confirm")).alias("kind")
    volume = (pl.col("volume_l") + pl.col("volume_r")).alias("volume")
    pairs = basis.chosen.filter(waits | confirm)
    seen = pl.concat([pairs["record_l"], pairs["record_r"]]).unique()
    alone = basis.standing.join(named, on="record_id", how="semi").filter(
        ~pl.col("record_id").is_in(seen.implode())
    )
    both = pl.concat_list("region_l", "region_r").alias("regions")
    rows = pl.concat(
        [
            pairs.select(
                "entity", kind, volume, pl.max_horizontal("volume_l", "volume_r").alias("most"), both
            ),
            alone.select(
                "entity",
                pl.lit("alone").alias("kind"),
                "volume",
                pl.col("volume").alias("most"),
                pl.concat_list("region").alias("regions"),
            ),
        ]
    )
    owners = {e.id: e.owner for e in basis.run.rules.entities.values()}
    owner = pl.col("entity").replace_strict(
        list(owners), list(owners.values()), default="", return_dtype=pl.String
    )
    return rows.with_columns(owner.alias("owner")).select(
        "entity", "owner", "kind", "volume", "most", "regions"
    )


@once
def effort_facts(basis: Basis) -> dict[str, Any]:
    """Reckon the hours left, by entity and by profession.

    Returns:
        ``rows`` (per entity: kinds, pace, hours for one reviewer), ``owners`` (rows, conflicts,
        ``low`` and ``high`` hours), ``limits`` (what is left to judge if records used so seldom
        needn't be: ``limit, rows, hours`` and ``share`` of the subject's volume unjudged), ``total``
        and the ``assumptions`` used. Low: one reviewer. High: two reviewers, and the meetings about
        what they disagree on.
    """
    plan = reckoning(basis.plan, basis.run.project.effort)
    rows = rows_to_judge(basis)
    counted: dict[str, dict[str, tuple[int, int]]] = {}
    for entity, kind, number, volume in (
        rows.group_by("entity", "kind").agg(pl.len(), pl.col("volume").sum()).iter_rows()
    ):
        counted.setdefault(entity, {})[kind] = (number, volume)
    by_entity = [
        _entity_effort(basis, plan, entity, counted[entity])
        for entity in basis.run.rules.entities
        if entity in counted
    ]
    owners = _owner_effort(basis, plan, by_entity)
    return {
        "rows": by_entity,
        "owners": owners,
        "limits": _limits(basis, plan, rows),
        "total": {k: sum(o[k] for o in owners) for k in ("rows", "conflicts", "low", "high")},
        "assumptions": {"pace": plan.pace, **{n: getattr(plan, n) for n in _NUMBERS}},
    }


def _limits(basis: Basis, plan: Plan, rows: pl.DataFrame) -> list[dict[str, Any]]:
    total = int(basis.of(basis.goals.subject)["volume"].sum() or 0)
    seldom = pl.col("kind") != "confirm"
    out = []
    for limit in _LIMITS:
        spared = rows.filter(seldom, pl.col("most") <= limit)
        left = rows.filter(~(seldom & (pl.col("most") <= limit))) if limit else rows
        skipped = (
            int(spared.filter(pl.col("entity") == basis.goals.subject)["volume"].sum() or 0) if limit else 0
        )
        counted = left.group_by("entity", "owner").len().iter_rows()
        hours = math.fsum(n / pace_of(plan, entity, owner) for entity, owner, n in counted)
        out.append(
            {"limit": limit, "rows": left.height, "hours": hours, "share": skipped / total if total else 0.0}
        )
    return out


def _entity_effort(
    basis: Basis, plan: Plan, entity: str, kinds: Mapping[str, tuple[int, int]]
) -> dict[str, Any]:
    """Tell an entity's work of what each kind counts: rows, volume."""
    rows = sum(number for number, _ in kinds.values())
    owner = basis.run.rules.entities[entity].owner
    pace = pace_of(plan, entity, owner)
    return {
        "entity": entity,
        "title": basis.title(entity),
        "owner": owner,
        "rows": rows,
        **{k: kinds.get(k, (0, 0))[0] for k in ("confirm", "review", "alone")},
        "volume": sum(volume for _, volume in kinds.values()),
        "pace": pace,
        "hours": rows / pace,
    }


def _owner_effort(basis: Basis, plan: Plan, by_entity: list[dict[str, Any]]) -> list[dict[str, Any]]:
    other = basis.blocking.filter(~pl.col("check").str.starts_with(_ABOUT_MAPPINGS))
    counts = dict(other.group_by(pl.col("owner").fill_null("")).len().iter_rows())
    out = []
    for owner in sorted({*counts, *(row["owner"] for row in by_entity)}):
        mine = [row for row in by_entity if row["owner"] == owner]
        rows, hours = sum(r["rows"] for r in mine), sum(r["hours"] for r in mine)
        conflicts = counts.get(owner, 0)
        out.append(
            {"owner": owner, "rows": rows, "conflicts": conflicts, **hours_of(plan, rows, hours, conflicts)}
        )
    return sorted(out, key=lambda o: (-o["high"], o["owner"]))


def hours_of(plan: Plan, rows: int, hours: float, conflicts: int) -> dict[str, float]:
    """Return ``low`` and ``high`` hours of some rows (``hours`` for one reviewer) and conflicts."""
    settle = conflicts * plan.conflict_minutes / 60
    meetings = rows * plan.discussed * plan.meeting_minutes / 60 * plan.meeting_people
    return {"low": hours + settle, "high": 2 * hours + settle + meetings}
