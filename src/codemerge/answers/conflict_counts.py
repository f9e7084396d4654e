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
            pl.col("annual_volume").sum().alias("volume"),
            pl.col("owner").drop_nulls().unique().sort().alias("owners"),
            pl.col("way").sort().first(),
        )
        .to_dicts()
    )
    rows = [{**row, "title": check_title(basis, row["check"], row["name"])} for row in counted]
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


def pareto_facts(basis: Basis) -> list[dict[str, Any]]:
    """Rank the kinds of open blocking conflict by number, with the growing share of them all."""
    rows = [r for r in conflict_facts(basis) if r["severity"] == "blocking" and r["open"]]
    total = sum(r["open"] for r in rows)
    out, so_far = [], 0
    for row in rows:
        so_far += row["open"]
        out.append(
            {"check": row["check"], "title": row["title"], "open": row["open"], "share": so_far / total}
        )
    return out
