"""A rough plan: what is to be done by whom, in which order, what it unblocks, who decides when."""

from __future__ import annotations

import math
from typing import Any

import polars as pl

from codemerge.answers.basis import Basis
from codemerge.answers.effort import effort_facts, hours_of, reckoning
from codemerge.answers.verdict import blocked_clusters
from codemerge.rules.goals import Activity, DecisionPoint, Plan


def plan_facts(basis: Basis) -> dict[str, Any]:
    """Lay out the open work.

    Returns:
        ``activities`` (in the declared order; those with nothing left are ``done``): owners,
        blocking conflicts, warnings, rows, hours, records and volume that are free once it and
        everything above it is done, first and last week; ``points``: decision points with what each
        needs; ``weeks`` in all, the freeze included.
    """
    plan = reckoning(basis.plan, basis.run.project.effort)
    homes = _homes(basis, plan.activity)
    activities = _activities(basis, plan, homes)
    _schedule(activities, plan)
    points = [_point(p, activities, basis.language) for p in plan.decision_point]
    last = max((a["end"] for a in activities), default=0)
    return {
        "activities": activities,
        "points": points,
        "weeks": last + math.ceil(plan.freeze_weeks),
        "freeze_weeks": plan.freeze_weeks,
    }


def _homes(basis: Basis, activities: tuple[Activity, ...]) -> dict[str, str]:
    """Return check → activity: the longest beginning that is declared."""
    out = {}
    for check in basis.open["check"].unique().sort().to_list():
        fits = [(len(start), a.id) for a in activities for start in a.checks if check.startswith(start)]
        out[check] = max(fits)[1] if fits else activities[-1].id
    return out


def _activities(basis: Basis, plan: Plan, homes: dict[str, str]) -> list[dict[str, Any]]:
    effort = effort_facts(basis)
    held = blocked_clusters(basis)
    placed = basis.open.with_columns(
        pl.col("check")
        .replace_strict(list(homes), list(homes.values()), default="", return_dtype=pl.String)
        .alias("home")
    )
    out: list[dict[str, Any]] = []
    cleared: list[str] = []
    for activity in plan.activity:
        mine = placed.filter(pl.col("home") == activity.id)
        blocking = mine.filter(pl.col("severity") == "blocking")
        cleared += [check for check, home in homes.items() if home == activity.id]
        free = held.filter(
            pl.col("checks").list.set_difference(pl.lit(cleared, dtype=pl.List(pl.String))).list.len() == 0
        )
        rows = effort["rows"] if activity.rows else []
        settled = 0 if activity.rows else blocking.height
        count = sum(r["rows"] for r in rows)
        owners = {*blocking["owner"].drop_nulls().to_list(), *(r["owner"] for r in rows)}
        out.append(
            {
                "activity": activity.id,
                "title": activity.title.say(basis.language),
                "needs": list(activity.needs),
                "owners": sorted(owners),
                "blocking": blocking.height,
                "warnings": mine.filter(pl.col("severity") == "warning").height,
                "rows": count,
                **hours_of(plan, count, sum(r["hours"] for r in rows), settled),
                "free_records": int(free["records"].sum() or 0),
                "free_volume": int(free["volume"].sum() or 0),
                "done": not blocking.height and not count,
            }
        )
    return out


def _schedule(activities: list[dict[str, Any]], plan: Plan) -> None:
    """Put weeks on the activities: each starts when what it needs is ready; owners work side by side."""
    ends: dict[str, int] = {}
    for activity in activities:
        begin = max((ends.get(n, 0) for n in activity["needs"]), default=0)
        people = max(len(activity["owners"]), 1)
        length = 0 if activity["done"] else max(1, math.ceil(activity["high"] / people / plan.week_hours))
        ends[activity["activity"]] = begin + length
        activity.update(begin=begin + 1 if length else begin, end=begin + length)


def _point(point: DecisionPoint, activities: list[dict[str, Any]], language: str) -> dict[str, Any]:
    needed = [a for a in activities if a["activity"] in point.needs]
    left = [a for a in needed if not a["done"]]
    return {
        "point": point.id,
        "title": point.title.say(language),
        "who": point.who.say(language),
        "needs": [
            {"title": a["title"], "blocking": a["blocking"], "rows": a["rows"], "done": a["done"]}
            for a in needed
        ],
        "open": len(left),
        "week": max((a["end"] for a in needed), default=0),
    }
