"""Is it worth it: what works between the regions today, after a merge, and with two installations."""

from __future__ import annotations

from typing import Any

import polars as pl

from codemerge.answers.basis import Basis
from codemerge.answers.changes import person_facts
from codemerge.answers.effort import effort_facts
from codemerge.answers.goals import goal_facts, weighed
from codemerge.answers.senders import reader_facts

_SHARE, _COUNT, _HOURS = "share", "count", "hours"


def desirable_facts(basis: Basis) -> list[dict[str, Any]]:
    """Set today beside a common installation (every proposal taken) and two with a crosswalk.

    Returns:
        ``measure, kind`` (share of annual volume in both directions, count, hours) and ``today,
        after, apart``; None where it isn't measurable from lists of codes.
    """
    directions = goal_facts(basis)
    total = sum(d["volume"] for d in directions)
    if not total:
        return []
    same = sum(d["same_code"] for d in directions)
    one = sum(d["states"]["certain"]["volume"] + d["states"]["proposed"]["volume"] for d in directions)
    placed = _placed(directions)
    shared = reader_facts(basis)["shared"]
    together = sum(s["shared"] for s in shared) / total if shared else None
    twice = sum(p["several"] for p in person_facts(basis))
    return [
        _row("orders", _SHARE, same / total, _carried(basis), one / total),
        _row("priors", _SHARE, same / total, one / total, one / total),
        _row("places", _SHARE, None, placed, placed),
        _row("reading", _SHARE, 0.0, together, 0.0),
        _row("identities", _COUNT, twice, 0, twice),
        _row("work", _HOURS, 0.0, effort_facts(basis)["total"]["low"], _crosswalk_hours(basis)),
    ]


def _row(
    measure: str, kind: str, today: float | None, after: float | None, apart: float | None
) -> dict[str, Any]:
    return {"measure": measure, "kind": kind, "today": today, "after": after, "apart": apart}


def _placed(directions: list[dict[str, Any]]) -> float | None:
    """Return the share of volume that the other region has a room for, where it lists its rooms."""
    known = [d for d in directions if d["chain"][-1]["measured"]]
    total = sum(d["volume"] for d in known)
    return sum(d["placed"] for d in known) / total if total else None


def _carried(basis: Basis) -> float:
    """Return the share of the subject's volume that has a place in a common catalog."""
    mine = weighed(basis, basis.goals.subject).filter("active", "usable")
    total = int(mine["volume"].sum() or 0)
    kept = mine.filter(pl.col("carried").fill_null("") != "retired")
    return int(kept["volume"].sum() or 0) / total if total else 0.0


def _crosswalk_hours(basis: Basis) -> float:
    """Return the hours a crosswalk alone needs: the subject, its sections and its urgency."""
    section = basis.subject.field_named(basis.goals.sections) if basis.subject else None
    needed = {basis.goals.subject, basis.goals.urgency, section.references if section else None}
    return float(sum(r["hours"] for r in effort_facts(basis)["rows"] if r["entity"] in needed))
