"""Whose codes survive: what each way to choose would change, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from codemerge.answers.basis import Basis
from codemerge.answers.changes import dependent_facts, rename_facts, touched
from codemerge.answers.effort import effort_facts
from codemerge.answers.survivors import NEITHER, VOLUME, changed_by, contested
from codemerge.answers.verdict import verdict_facts


def scenario_facts(basis: Basis) -> list[dict[str, Any]]:
    """Reckon every way to choose surviving codes from one run's clusters.

    Every proposal counts as taken (`survivors.changed_by` says how a code is chosen). What is joined
    and what blocks are the same in every scenario; only codes differ. Exact numbers for another policy
    come from a run of its own.

    Returns:
        Per scenario: ``name, codes`` (that change), ``volume`` (annual volume they carry),
        ``by_region``, ``by_entity``, ``dependents`` (what must be rewritten), ``chosen``.
    """
    regions = basis.run.project.regions
    policy = basis.run.project.policy.survivor_of(basis.goals.subject) or regions[0]
    grouped = contested(basis)
    out = []
    for name in [*regions, VOLUME, NEITHER]:
        changed = changed_by(grouped, name, regions)
        out.append(
            {
                "name": name,
                "chosen": name == policy,
                "codes": changed.height,
                **_counted(basis, changed),
            }
        )
    return out


def _counted(basis: Basis, changed: pl.DataFrame) -> dict[str, Any]:
    subject = changed.filter(pl.col("entity") == basis.goals.subject)
    counted = dict(changed.group_by("entity").len().iter_rows())
    named = {e: counted.get(e, 0) for e in basis.run.rules.entities}
    return {
        "subject_codes": subject.height,
        "volume": int(subject["volume"].sum() or 0),
        "by_region": {r: subject.filter(pl.col("region") == r).height for r in basis.run.project.regions},
        "by_entity": {e: n for e, n in named.items() if basis.of(e).height},
        "dependents": touched(basis, subject).height,
    }


def recommendation(scenarios: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Choose the scenario that changes least of daily work: annual volume first, then codes.

    Returns:
        ``name, volume, codes`` of the best and of the ``second``; None without scenarios.
    """
    ranked = sorted(scenarios, key=lambda s: (s["volume"], s["codes"], s["name"]))
    if not ranked:
        return None
    second = ranked[1] if len(ranked) > 1 else ranked[0]
    keep = ("name", "volume", "codes")
    return {**{k: ranked[0][k] for k in keep}, "second": {k: second[k] for k in keep}}


def run_facts(name: str, basis: Basis) -> dict[str, Any]:
    """Say what a run of its own came to, for ``compare``.

    Args:
        name: the scenario, as the user wrote it, e.g. ``survivor=volume``.
        basis: that run.

    Returns:
        ``name, codes`` (that change once every proposal is taken), ``volume`` (the subject's, that
        they carry), ``by_region, by_entity, dependents``, and of the run as it stands ``blocking,
        warnings, withheld, rows`` (to judge), ``combined`` (records), ``state``.
    """
    renamed, verdict = rename_facts(basis), verdict_facts(basis)
    subject = [r for r in renamed if r["entity"] == basis.goals.subject]
    return {
        "name": name,
        "codes": sum(r["changed"] for r in renamed),
        "subject_codes": sum(r["changed"] for r in subject),
        "volume": sum(r["changed_volume"] for r in subject),
        "by_region": {r["region"]: r["changed"] for r in subject},
        "by_entity": {
            e: sum(r["changed"] for r in renamed if r["entity"] == e)
            for e in {r["entity"]: 1 for r in renamed}
        },
        "dependents": sum(r["touched"] for r in dependent_facts(basis)),
        "blocking": verdict["blocking"],
        "warnings": verdict["warnings"],
        "withheld": verdict["withheld"],
        "rows": effort_facts(basis)["total"]["rows"],
        "combined": sum(frame.height for frame in basis.run.combined.values()),
        "state": verdict["state"],
    }


def compare_facts(runs: Mapping[str, Basis]) -> dict[str, Any]:
    """Set finished runs side by side.

    Args:
        runs: scenario, as the user wrote it → its run.

    Returns:
        ``scenarios`` (`run_facts` of each, in the order given) and ``recommendation``.
    """
    scenarios = [run_facts(name, basis) for name, basis in runs.items()]
    return {"scenarios": scenarios, "recommendation": recommendation(scenarios)}
