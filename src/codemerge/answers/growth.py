"""What a region more costs, and what changed since the run before."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import polars as pl

from codemerge.answers.basis import Basis
from codemerge.answers.coverage import with_part
from codemerge.answers.effort import effort_facts, pace_of, reckoning, rows_to_judge
from codemerge.model import Carried, Status

_COMPARED = (Status.ACCEPTED.value, Status.AUTO.value, Status.REVIEW.value, Status.REJECTED.value)


def region_facts(basis: Basis) -> dict[str, Any]:
    """Say what the last region of three or more brings, or what a third would cost.

    Returns:
        ``present``; if so ``region``, per entity its records, how many find a place in what the
        others share (``placed``), wait for review, or stand alone, its blocking conflicts, the
        ``rows`` to judge because of it and their ``hours``, and
        ``reopened``: earlier decisions between the other regions that no longer stand. If not,
        an ``estimate`` from what this pair needed: rows and hours for a region of the same size.
    """
    regions = basis.run.project.regions
    if len(regions) < 3:
        return {"present": False, "estimate": _estimate(basis)}
    last, earlier = regions[-1], list(regions[:-1])
    parted = with_part(basis).filter(pl.col("region") == last)
    entities = []
    for entity in basis.run.rules.entities:
        mine = parted.filter(pl.col("entity") == entity)
        if mine.height:
            entities.append(
                {
                    "entity": entity,
                    "title": basis.title(entity),
                    "records": mine.height,
                    "volume": int(mine["volume"].sum()),
                    "placed": mine.filter(pl.col("part").is_in(["accepted", "auto"])).height,
                    "review": mine.filter(pl.col("part") == "review").height,
                    "alone": mine.filter(~pl.col("part").is_in(["accepted", "auto", "review"])).height,
                }
            )
    return {
        "present": True,
        "region": last,
        "entities": entities,
        "blocking": _blocking_of(basis, last),
        **_work_of(basis, last),
        "reopened": _reopened(basis, earlier),
        "settled": _settled(basis, earlier),
    }


def _blocking_of(basis: Basis, region: str) -> int:
    mine = basis.standing.filter(pl.col("region") == region).select("record_id")
    named = basis.blocking.select("conflict_id", pl.col("record_ids").alias("record_id")).explode(
        "record_id", empty_as_null=False
    )
    return named.join(mine, on="record_id", how="semi")["conflict_id"].n_unique()


def _work_of(basis: Basis, region: str) -> dict[str, float]:
    """Return the rows to judge that a region takes part in, and their hours for one reviewer."""
    plan = reckoning(basis.plan, basis.run.project.effort)
    mine = rows_to_judge(basis).filter(pl.col("regions").list.contains(region))
    counted = mine.group_by("entity", "owner").len().iter_rows()
    return {
        "rows": mine.height,
        "hours": math.fsum(n / pace_of(plan, entity, owner) for entity, owner, n in counted),
    }


def _settled(basis: Basis, earlier: list[str]) -> int:
    return _decided(basis, earlier).height


def _decided(basis: Basis, earlier: list[str]) -> pl.DataFrame:
    decided = pl.col("decision_id").fill_null("") != ""
    return basis.run.mappings.filter(
        decided, pl.col("region_l").is_in(earlier), pl.col("region_r").is_in([*earlier, ""])
    )


def _reopened(basis: Basis, earlier: list[str]) -> int:
    """Count decided pairs of the earlier regions that are back to be reviewed."""
    return _decided(basis, earlier).filter(pl.col("status").is_in(["review", "candidate"])).height


def _estimate(basis: Basis) -> dict[str, Any]:
    """Take the smaller region of this pair as a measure of a third."""
    plan = reckoning(basis.plan, basis.run.project.effort)
    effort = effort_facts(basis)
    rows = sum(r["rows"] for r in effort["rows"])
    hours = sum(r["rows"] / pace_of(plan, r["entity"], r["owner"]) for r in effort["rows"])
    return {"rows": rows, "hours": hours, "conflicts": basis.blocking.height}


def since_facts(basis: Basis) -> dict[str, Any] | None:
    """Compare with the run before: a few numbers, and which inputs differ.

    Returns:
        ``numbers: [{name, before, now}]`` that differ and ``inputs: [{path, change}]``
        (``new``, ``gone``, ``changed``), ``rules`` and ``decisions`` (changed or not); None without
        a run before.
    """
    before = basis.run.previous
    if before is None:
        return None
    was, now = _before(before), _now(basis)
    numbers = [{"name": k, "before": was[k], "now": n} for k, n in now.items() if k in was and was[k] != n]
    return {
        "numbers": numbers,
        "inputs": _inputs(before.get("inputs", []), basis.run.summary.get("inputs", [])),
        "rules": before.get("rules") != basis.run.rules.hash,
        "decisions": before.get("decisions", {}) != basis.run.summary.get("decisions", {}),
    }


def _before(summary: Mapping[str, Any]) -> dict[str, int]:
    """Take the same numbers out of an earlier summary; what it doesn't hold is left out."""
    counts, coverage = summary.get("counts", {}), summary.get("coverage", {})
    out = {"records": sum(n for c in counts.values() for n in c["records"].values())}
    for status in _COMPARED:
        out[status] = sum(c["mappings"].get(status, 0) for c in counts.values())
    out["withheld"] = sum(
        parts.get(Carried.WITHHELD.value, {}).get("rows", 0)
        for regions in coverage.values()
        for parts in regions.values()
    )
    out["blocking"] = summary.get("conflicts", {}).get("blocking", 0)
    return out


def _now(basis: Basis) -> dict[str, int]:
    status = basis.run.mappings["status"]
    return {
        "records": basis.standing.height,
        **{s: int((status == s).sum()) for s in _COMPARED},
        "withheld": basis.standing.filter(pl.col("carried") == Carried.WITHHELD.value).height,
        "blocking": basis.blocking.height,
    }


def _inputs(before: list[dict[str, Any]], now: list[dict[str, Any]]) -> list[dict[str, str]]:
    was, here = ({i["path"]: i.get("sha256", "") for i in some} for some in (before, now))
    out = [{"path": p, "change": "new" if p not in was else "changed"} for p in here if was.get(p) != here[p]]
    return sorted(
        out + [{"path": p, "change": "gone"} for p in was if p not in here], key=lambda i: i["path"]
    )
