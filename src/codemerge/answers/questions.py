"""The questions the study was asked, each with the few numbers that answer it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def question_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Pick, from everything counted, what answers each question of the study.

    Args:
        facts: the other parts of `report_facts`.

    Returns:
        ``possible, desirable, takes, more, goals``: plain numbers; None where nothing was measured.
    """
    goals = facts["goals"]
    volume = sum(d["volume"] for d in goals)
    one = sum(d["states"]["certain"]["volume"] + d["states"]["proposed"]["volume"] for d in goals)
    shared = facts["reading"]["shared"]
    desirable = {row["measure"]: row for row in facts["desirable"]}
    subject = [r for r in facts["renames"] if r["title"] == facts["project"]["subject"]]
    return {
        "possible": {"state": facts["verdict"]["state"], **_ways(facts["verdict"]["ways"])},
        "desirable": desirable.get("orders"),
        "takes": {
            **facts["effort"]["total"],
            "weeks": facts["plan"]["weeks"],
            "changed": sum(r["changed"] for r in subject),
            "carrying": sum(r["carrying"] for r in subject),
        },
        "more": _more(facts["growth"]),
        "goals": {
            "patients": _share(one, volume),
            "senders": _routed(facts["senders"], None),
            "own": _routed(facts["senders"], "own"),
            "private": _routed(facts["senders"], "private"),
            "readers": _share(sum(s["shared"] for s in shared), sum(s["volume"] for s in shared)),
        },
    }


def _ways(ways: Mapping[str, Any]) -> dict[str, int]:
    return {way: counts["conflicts"] for way, counts in ways.items()}


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _routed(senders: list[dict[str, Any]], kind: str | None) -> float | None:
    """Return the share of units (by volume, where it is known) whose answers find their way."""
    mine = [s for s in senders if kind is None or s["kind"] == kind]
    weighed = sum(s["volume"] for s in mine) > 0
    part, whole = ("both_volume", "volume") if weighed else ("both", "units")
    return _share(sum(s[part] for s in mine), sum(s[whole] for s in mine))


def _more(growth: Mapping[str, Any]) -> dict[str, Any]:
    if not growth["present"]:
        return {"present": False, **growth["estimate"]}
    records = sum(e["records"] for e in growth["entities"])
    return {
        "present": True,
        "region": growth["region"],
        "records": records,
        "placed": sum(e["placed"] for e in growth["entities"]),
        "review": sum(e["review"] for e in growth["entities"]),
        "rows": growth["rows"],
        "hours": growth["hours"],
        "blocking": growth["blocking"],
        "reopened": growth["reopened"],
        "settled": growth["settled"],
    }
