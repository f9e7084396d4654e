"""Decisions whose records have changed since: what they were given for, what stands there now.

``cosmetic`` (case, spaces, usage figures) is kept and noted; ``meaning`` and ``gone`` go back to a
person. Nothing is reused in silence on another meaning, and nothing is dropped.
"""

from __future__ import annotations

import polars as pl

from codemerge.answers.review_texts import label_field
from codemerge.answers.run_tables import RunTables
from codemerge.rules.signoff import decided_now
from codemerge.rules.words import say
from codemerge.tables import FLAG, TEXT, TEXTS, Contract

# then, now: the pair in words, ``DT buk ~ CT buk``; then is empty where what was shown is no longer kept.
CHANGED = Contract(
    {
        "mapping_id": TEXT,
        "entity": TEXT,
        "region_l": TEXT,
        "code_l": TEXT,
        "region_r": TEXT,
        "code_r": TEXT,
        "change": TEXT,
        "stale": FLAG,
        "verdict": TEXT,
        "reviewers": TEXTS,
        "decided_on": TEXT,
        "decision_id": TEXT,
        "then": TEXT,
        "now": TEXT,
    },
    ("entity", "region_l", "code_l", "region_r", "code_r", "mapping_id"),
)
_BETWEEN = " ~ "


def changed_decisions(run: RunTables, decisions: pl.DataFrame, issued: pl.DataFrame) -> pl.DataFrame:
    """List the standing decisions whose records aren't as they were shown.

    Args:
        run: the run whose records count as now.
        decisions: ``tables.DECISIONS`` in the order of the chain.
        issued: what the decisions' rows showed (``files.issued.ISSUED``), by ``row_id``.

    Returns:
        Columns `CHANGED`, one row per mapping, cosmetic changes included.
    """
    current = decided_now(decisions, run.records, run.project, run.rules)
    touched = current.filter(pl.col("change") != "")
    if touched.is_empty():
        return CHANGED.empty()
    rows = touched.join(decisions.select("decision_id", "row_id"), on="decision_id", how="left").unique(
        "mapping_id", keep="first", maintain_order=True
    )
    shown = {r["row_id"]: r for r in issued.iter_rows(named=True)}
    names = _names(run)
    then, now = [], []
    for row in rows.iter_rows(named=True):
        was = shown.get(row["row_id"])
        then.append(_shown(was, row) if was else "")
        now.append(
            _pair(
                *(
                    names.get(f"{row['entity']}/{row[f'region_{s}']}/{row[f'code_{s}']}", "")
                    for s in ("l", "r")
                )
            )
        )
    return (
        rows.with_columns(then=pl.Series(then, dtype=TEXT), now=pl.Series(now, dtype=TEXT))
        .select(list(CHANGED.columns))
        .sort(CHANGED.sort)
    )


def changed_words(changed: pl.DataFrame, language: str) -> dict[str, str]:
    """Return mapping_id → how its change is said: ``godkänd för DT buk, nu DT buk utan kontrast``."""
    return {
        row["mapping_id"]: say(
            f"workbook.text.{'gone' if row['change'] == 'gone' else 'stale'}",
            language,
            date=row["decided_on"] or "–",
            then=row["then"] or "–",
            now=row["now"] or "–",
        )
        for row in changed.filter("stale").iter_rows(named=True)
    }


def _names(run: RunTables) -> dict[str, str]:
    found: dict[str, str] = {}
    for entity, frame in run.records.items():
        label = label_field(run.rules.entities[entity])
        if label:
            found.update(frame.select("record_id", pl.col(label).fill_null("")).rows())
    return found


def _shown(was: dict[str, str], row: dict[str, str]) -> str:
    """Return the two names as they stood in the workbook that the decision was made in."""
    own, other = ("l", "r") if was["side"] == "l" else ("r", "l")
    labels = {own: was["own_label"], other: ""}
    for n in (1, 2, 3):
        if was[f"of_{n}"] == row[f"code_{other}"]:
            labels[other] = was[f"label_{n}"]
    return _pair(labels["l"], labels["r"])


def _pair(left: str, right: str) -> str:
    return _BETWEEN.join(dict.fromkeys(t for t in (left, right) if t))
