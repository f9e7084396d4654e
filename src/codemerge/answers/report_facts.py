"""Everything the report shows, as one plain value: the page and its JSON are both made of it."""

from __future__ import annotations

from typing import Any

from codemerge.answers.basis import Basis, basis_of
from codemerge.answers.changes import dependent_facts, person_facts, place_facts, rename_facts
from codemerge.answers.conflict_counts import conflict_facts, owner_facts, pareto_facts
from codemerge.answers.coverage import coverage_facts, curve_facts, decided_by, progress_facts
from codemerge.answers.desirable import desirable_facts
from codemerge.answers.detail import continuity_facts, detail_facts, flow_facts
from codemerge.answers.effort import effort_facts
from codemerge.answers.goals import goal_facts
from codemerge.answers.growth import region_facts, since_facts
from codemerge.answers.plan import plan_facts
from codemerge.answers.questions import question_facts
from codemerge.answers.run_tables import RunTables
from codemerge.answers.sampling import sampling_facts
from codemerge.answers.scenarios import recommendation, scenario_facts
from codemerge.answers.senders import reader_facts, sender_facts, urgency_facts
from codemerge.answers.source_quality import quality_facts, unknown_words
from codemerge.answers.verdict import cause_facts, collision_facts, verdict_facts

_INPUT = ("path", "sheet", "rows", "encoding", "sha256")


def report_facts(run: RunTables, language: str | None = None) -> dict[str, Any]:
    """Count everything the report shows.

    Args:
        run: a finished run's tables.
        language: ``sv`` or ``en``; the project's when left out.

    Returns:
        A dictionary of plain values (what ``--json`` prints), one key per part of the report.
    """
    basis = basis_of(run, language or run.project.language)
    scenarios = scenario_facts(basis)
    facts = {
        "language": basis.language,
        "project": _project(basis),
        "verdict": verdict_facts(basis),
        "causes": cause_facts(basis),
        "collisions": collision_facts(basis),
        "desirable": desirable_facts(basis),
        "goals": goal_facts(basis),
        "senders": sender_facts(basis),
        "urgency": urgency_facts(basis),
        "reading": reader_facts(basis),
        "coverage": coverage_facts(basis),
        "curve": curve_facts(basis),
        "flow": flow_facts(basis),
        "conflicts": conflict_facts(basis),
        "owners": owner_facts(basis),
        "pareto": pareto_facts(basis),
        "detail": detail_facts(basis),
        "continuity": continuity_facts(basis),
        "renames": rename_facts(basis),
        "places": place_facts(basis),
        "persons": person_facts(basis),
        "dependents": dependent_facts(basis),
        "quality": quality_facts(basis),
        "unknown_words": unknown_words(basis),
        "effort": effort_facts(basis),
        "plan": plan_facts(basis),
        "progress": progress_facts(basis),
        "decided_by": decided_by(basis),
        "sampling": sampling_facts(basis),
        "scenarios": scenarios,
        "recommendation": recommendation(scenarios),
        "growth": region_facts(basis),
        "since": since_facts(basis),
        "provenance": _provenance(basis),
    }
    return {**facts, "questions": question_facts(facts)}


def _project(basis: Basis) -> dict[str, Any]:
    project = basis.run.project
    regions = [{"id": r, "title": project.about(r).title or r} for r in project.regions]
    return {
        "name": project.name,
        "regions": regions,
        "subject": basis.title(basis.goals.subject),
        "weighed": basis.weighed,
    }


def _provenance(basis: Basis) -> dict[str, Any]:
    summary = basis.run.summary
    return {
        "inputs": [{key: i.get(key) for key in _INPUT} for i in summary.get("inputs", [])],
        "rules_hash": basis.run.rules.hash,
        "version": summary.get("codemerge", ""),
        "decisions": basis.run.decisions.height,
    }
