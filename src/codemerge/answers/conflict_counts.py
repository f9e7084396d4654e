"""The conflicts counted: by cause, by owner, and where most of them come from."""

from __future__ import annotations

from typing import Any

import polars as pl

from codemerge.answers.basis import Basis
from codemerge.answers.verdict import check_title, with_way

_ORDER = {"blocking": 0, "warning": 1, "info": 2}


def conflict_facts(basis: Basis) -> list[dict[str, Any]]:
    """Count open and waived conflicts per check and severity, the most severe and largest first.

    Returns:
        ``check, title, severity, owner, way, open, waived, records, volume``.
    """
    all_ = basis.run.conflicts
    if not all_.height:
        return []
    counted = (
        with_way(all_, basis.goals.ways)
        .group_by("check", "name", "severity")
        .agg(
            (pl.col("status") == "open").sum().alias("open"),
            (pl.col("status") != "open").sum().alias("waived"),
            pl.col("record_ids").explode(empty_as_null=False).n_unique().alias("records"),
            pl.col("owner").drop_nulls().unique().sort().alias("owners"),
            pl.col("way").sort().first(),
        )
        .to_dicts()
    )
    volumes = _subject_volumes(basis, all_)
    rows = [
        {
            **row,
            "title": check_title(basis, row["check"], row["name"]),
            "volume": volumes.get((row["check"], row["severity"]), 0),
        }
        for row in counted
    ]
    return sorted(rows, key=lambda r: (_ORDER.get(r["severity"], 9), -r["open"], r["check"]))


def owner_facts(basis: Basis) -> list[dict[str, Any]]:
    """Count the open conflicts of each owner by severity.

    Returns:
        ``owner, blocking, warning, info, records``, the one with most blocking first.
    """
    counted = basis.open.group_by(pl.col("owner").fill_null("")).agg(
        *[(pl.col("severity") == s).sum().alias(s) for s in _ORDER],
        pl.col("record_ids").explode(empty_as_null=False).n_unique().alias("records"),
    )
    return sorted(counted.to_dicts(), key=lambda r: (-r["blocking"], -r["warning"], r["owner"]))


def _subject_volumes(basis: Basis, conflicts: pl.DataFrame) -> dict[tuple[str, str], int]:
    """Return the subject's annual volume that each kind concerns, every record once."""
    subject = basis.of(basis.goals.subject).select("record_id", "volume")
    named = conflicts.select("check", "severity", pl.col("record_ids").alias("record_id"))
    once = named.explode("record_id", empty_as_null=False).unique()
    summed = once.join(subject, on="record_id").group_by("check", "severity").agg(pl.col("volume").sum())
    return {(check, severity): volume for check, severity, volume in summed.iter_rows()}


def pareto_facts(basis: Basis) -> list[dict[str, Any]]:
    """Rank the kinds of open blocking conflict by the records they concern.

    Returns:
        ``check, title, open, records`` and ``share``: of all records that any of them concerns,
        those that this kind and everything above it concern.
    """
    named = basis.blocking.select("check", "name", "conflict_id", pl.col("record_ids").alias("record_id"))
    each = named.explode("record_id", empty_as_null=False)
    counted = each.group_by("check", "name").agg(
        pl.col("conflict_id").n_unique().alias("open"), pl.col("record_id").unique().alias("ids")
    )
    ranked = counted.with_columns(pl.col("ids").list.len().alias("records"))
    total = each["record_id"].n_unique()
    out, seen = [], set[str]()
    for row in ranked.sort(["records", "check"], descending=[True, False]).to_dicts():
        seen.update(row.pop("ids"))
        title = check_title(basis, row["check"], row.pop("name"))
        out.append({**row, "title": title, "share": len(seen) / total})
    return out
