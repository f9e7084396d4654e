"""What few decisions would clear everything that blocks, and which mappings make regions disagree."""

from __future__ import annotations

from typing import Any

import polars as pl

from codemerge.answers.causes import culprits, decisions_needed
from codemerge.answers.run_tables import RunTables

_TOLD = 50  # decisions written out; the number of all of them is told


def root_causes(run: RunTables) -> dict[str, Any]:
    """Return the smallest set of decisions, those that free most annual volume first.

    Returns:
        ``total``: how many decisions clear all that blocks; ``conflicts``: how many conflicts that
        is; ``decisions``: check, entity, cause, owner, conflicts cleared, rows and annual volume of
        the first of them; ``take_back``: the fewest mappings whose withdrawal ends every
        contradiction between three regions.
    """
    volumes = [f.select("record_id", pl.col("volume").fill_null(0)) for f in run.records.values()]
    known = (
        pl.concat(volumes) if volumes else pl.DataFrame(schema={"record_id": pl.String, "volume": pl.Int64})
    )
    needed = decisions_needed(run.conflicts, run.rules.checks, known)
    chains = {c.id for c in run.rules.checks if c.verb == "contradiction"}
    apart = run.conflicts.filter(pl.col("check").is_in(sorted(chains)) & (pl.col("status") == "open"))
    return {
        "total": needed.height,
        "conflicts": needed["clears"].explode(empty_as_null=False).n_unique(),
        "decisions": [
            {
                **{k: row[k] for k in ("check", "entity", "cause", "owner", "annual_volume")},
                "conflicts": len(row["clears"]),
                "rows": len(row["record_ids"]),
            }
            for row in needed.head(_TOLD).iter_rows(named=True)
        ],
        "take_back": culprits(apart, run.mappings).to_dicts(),
    }
