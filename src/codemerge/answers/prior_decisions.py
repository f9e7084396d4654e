"""Prior mappings as decisions of a named reviewer: what can be taken over, and what can't, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from codemerge.answers.run_tables import RunTables
from codemerge.library.identity import mapping_id
from codemerge.library.verdicts import pair_evidence
from codemerge.model import Relationship, Verdict, record_id
from codemerge.tables import DECISIONS, conform

TAKEN, DECIDED, UNKNOWN, OUTSIDE = "taken", "decided", "unknown_record", "outside"


@dataclass(frozen=True)
class Prior:
    """What became of the prior mappings.

    Args:
        said: DECISIONS to write (``decision_id`` empty: it is given when they are written).
        outcomes: the mappings' columns and ``outcome``: ``taken``; ``decided`` (somebody has judged
            the pair already: nothing is overruled); ``unknown_record`` (no such usable record);
            ``outside`` (not between two regions of the project).
    """

    said: pl.DataFrame
    outcomes: pl.DataFrame


def prior_decisions(prior: pl.DataFrame, run: RunTables, reviewer: str, on: str, source: str) -> Prior:
    """Judge each prior mapping and word those that can be taken as decisions.

    Args:
        prior: `files.prior_mappings.PRIOR`.
        run: the project's run: its records are what codes are checked against.
        reviewer: who takes them over.
        on: ISO date.
        source: the file's name; it stands in every note.
    """
    order = {region: n for n, region in enumerate(run.project.regions)}
    evidence = {
        name: text
        for frame in run.records.values()
        for name, text in frame.filter("usable").select("record_id", "evidence_hash").iter_rows()
    }
    decided = set(run.decisions["mapping_id"].drop_nulls().to_list())
    said: list[dict[str, Any]] = []
    outcomes: list[dict[str, Any]] = []
    for stated in prior.iter_rows(named=True):
        row = _oriented(stated, order)
        result = _result(row, order, evidence, decided)
        outcomes.append({**stated, "outcome": result})
        if result == TAKEN:
            said.append(_decision(row, evidence, reviewer, on, source))
            decided.add(said[-1]["mapping_id"])
    frame = conform(pl.DataFrame(said, infer_schema_length=None), DECISIONS) if said else DECISIONS.empty()
    return Prior(frame, pl.DataFrame(outcomes, schema={**prior.schema, "outcome": pl.String}))


def _oriented(row: dict[str, Any], order: dict[str, int]) -> dict[str, Any]:
    """Turn a mapping so that its left region stands first in the project."""
    if order.get(row["region_l"], 0) <= order.get(row["region_r"], 0):
        return dict(row)
    turned = {
        f"{name}_{a}": row[f"{name}_{b}"] for name in ("region", "code") for a, b in (("l", "r"), ("r", "l"))
    }
    return {**row, **turned, "relationship": Relationship(row["relationship"]).inverse().value}


def _names(row: dict[str, Any]) -> tuple[str, str]:
    left, right = (
        record_id(row["entity"], row[f"region_{s}"], row[f"code_{s}"]) if row[f"code_{s}"] else ""
        for s in ("l", "r")
    )
    return left, right


def _result(row: dict[str, Any], order: dict[str, int], evidence: dict[str, str], decided: set[str]) -> str:
    if not {row["region_l"], row["region_r"]} <= order.keys() or row["region_l"] == row["region_r"]:
        return OUTSIDE
    left, right = _names(row)
    if any(name and name not in evidence for name in (left, right)):
        return UNKNOWN
    return DECIDED if mapping_id(row["entity"], left, right) in decided else TAKEN


def _decision(
    row: dict[str, Any], evidence: dict[str, str], reviewer: str, on: str, source: str
) -> dict[str, Any]:
    left, right = _names(row)
    apart = row["relationship"] == Relationship.NOT_RELATED and left and right
    return {
        **{
            key: row[key]
            for key in ("entity", "region_l", "code_l", "region_r", "code_r", "relationship", "condition")
        },
        "mapping_id": mapping_id(row["entity"], left, right),
        "verdict": (Verdict.KEEP_BOTH if apart else Verdict.ACCEPT).value,
        "reviewer": reviewer,
        "decided_on": on,
        "note": f"{row['note']} ({source})" if row["note"] else source,
        "evidence": pair_evidence(evidence.get(left, ""), evidence.get(right, "")),
        "group": row["code_l"] if row["condition"] else None,
        "combine": "one" if row["condition"] else None,
    }
