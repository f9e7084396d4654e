"""Translations in the shape of FHIR's ``$translate``: ``result`` and ``match``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from codemerge.library.conditions import parse_condition


def as_translate(found: pl.DataFrame, labels: Mapping[str, str], system: str) -> Iterator[dict[str, Any]]:
    """Yield one answer per code asked.

    Args:
        found: `answers.translate.translate`.
        labels: texts of the target's codes.
        system: canonical address of the target's code system.

    Yields:
        ``code, result`` and ``match``: a list of ``relationship, concept, status`` and, where one of
        several applies, ``dependsOn`` and ``condition``; without a match ``message`` says why.
    """
    for (code,), rows in found.group_by("code", maintain_order=True):
        answers = [r for r in rows.iter_rows(named=True) if r["target"] is not None]
        out: dict[str, Any] = {"code": code, "result": bool(answers)}
        if answers:
            out["match"] = [_match(row, labels, system) for row in answers]
        else:
            out["message"] = rows["status"][0] or "unknown"
        yield out


def _match(row: dict[str, Any], labels: Mapping[str, str], system: str) -> dict[str, Any]:
    concept = {"system": system, "code": row["target"]}
    if display := labels.get(row["target"]):
        concept["display"] = display
    out: dict[str, Any] = {"relationship": row["relationship"], "concept": concept, "status": row["status"]}
    if row["condition"]:
        out["condition"] = row["condition"]
        pairs = parse_condition(row["condition"])
        if pairs:
            out["dependsOn"] = [{"attribute": a, "value": v} for a, v in pairs]
    if row["combine"]:
        out["combine"] = row["combine"]
    return out
