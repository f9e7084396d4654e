"""Ways to choose, side by side: what each finished run would mean."""

from __future__ import annotations

from typing import Any

import polars as pl

from codemerge.answers.run_tables import RunTables
from codemerge.model import Carried, Relationship, Severity


def scenario(run: RunTables) -> dict[str, Any]:
    """Count what matters when choosing between runs of the same catalogs.

    Returns:
        ``blocking`` (open conflicts), ``warnings``, ``changed`` (codes that become another code)
        and ``volume`` (the annual volume they carry), ``changed_by_region``, ``review`` (records to
        review), ``withheld``, ``combined`` (combined records).
    """
    open_ = run.conflicts.filter(pl.col("status") == "open")
    volumes = [f.select("record_id", pl.col("volume").fill_null(0)) for f in run.records.values()]
    rows = run.crosswalk.join(pl.concat(volumes), on="record_id", how="left") if volumes else run.crosswalk
    own = (pl.col("relationship") == Relationship.EQUIVALENT) & (pl.col("group").fill_null("") == "")
    changed = rows.filter(
        own & pl.col("combined_code").is_not_null() & (pl.col("combined_code") != pl.col("code"))
    )
    by_region = dict(changed.group_by("region").len().iter_rows())
    return {
        "blocking": open_.filter(pl.col("severity") == Severity.BLOCKING).height,
        "warnings": open_.filter(pl.col("severity") == Severity.WARNING).height,
        "changed": changed.height,
        "volume": int(changed["volume"].sum() or 0) if "volume" in changed.columns else 0,
        "changed_by_region": {region: by_region.get(region, 0) for region in run.project.regions},
        "review": rows.filter(pl.col("status") == Carried.REVIEW)["record_id"].n_unique(),
        "withheld": rows.filter(pl.col("status") == Carried.WITHHELD)["record_id"].n_unique(),
        "combined": sum(frame.height for frame in run.combined.values()),
    }
