"""Root causes: which few decisions clear what blocks, and which mapping to take back in a contradiction."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codemerge.rules.check import Check

# One row per decision: the conflict that asks for it, and everything it clears.
DECISIONS_NEEDED: dict[str, pl.DataType | type[pl.DataType]] = {
    "conflict_id": pl.String,
    "check": pl.String,
    "entity": pl.String,
    "cause": pl.String,
    "owner": pl.String,
    "clears": pl.List(pl.String),  # conflict ids, its own among them
    "record_ids": pl.List(pl.String),
    "annual_volume": pl.Int64,
}

_CULPRITS = {"mapping_id": pl.String, "confidence": pl.Float64, "conflicts": pl.Int64}


def decisions_needed(conflicts: pl.DataFrame, checks: Iterable[Check], volumes: pl.DataFrame) -> pl.DataFrame:
    """Find a smallest set of decisions that clears every open blocking conflict.

    A decision on a conflict clears it, and conflicts of the checks its own check ``resolves`` whose
    records all lie among its own: one policy on sides settles the splits and codes that differ in
    side alone. Greedy cover, then whatever the others already clear is dropped again.

    Args:
        conflicts: CONFLICTS.
        checks: the declarations.
        volumes: ``record_id, volume``.

    Returns:
        Columns of `DECISIONS_NEEDED`, largest annual volume first.
    """
    rows = conflicts.filter((pl.col("severity") == "blocking") & (pl.col("status") == "open")).sort(
        "conflict_id"
    )
    told = rows.select("conflict_id", "check", "entity", "cause", "owner", "record_ids").to_dicts()
    covers = _covers(told, {c.id: frozenset(c.resolves) for c in checks})
    chosen = _smallest(covers)
    by_id = {r["conflict_id"]: r for r in told}
    named = rows["record_ids"].explode(empty_as_null=False)
    asked = volumes.filter(pl.col("record_id").is_in(named.implode()))
    known = dict(asked.select("record_id", "volume").iter_rows())
    out = []
    for name in chosen:
        records = sorted({i for c in covers[name] for i in by_id[c]["record_ids"]})
        volume = sum(known.get(i, 0) or 0 for i in records)
        head = {k: by_id[name][k] for k in ("conflict_id", "check", "entity", "cause", "owner")}
        out.append({**head, "clears": sorted(covers[name]), "record_ids": records, "annual_volume": volume})
    return pl.DataFrame(out, schema=DECISIONS_NEEDED).sort(
        "annual_volume", "check", "conflict_id", descending=[True, False, False]
    )


def _covers(
    rows: list[dict[str, object]], resolves: Mapping[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    """Return what each decision would clear."""
    records = {str(r["conflict_id"]): frozenset(r["record_ids"]) for r in rows}  # type: ignore[call-overload]
    by_check: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        by_check[str(row["check"])].append(str(row["conflict_id"]))
    out = {}
    for row in rows:
        name = str(row["conflict_id"])
        others = [o for check in resolves.get(str(row["check"]), ()) for o in by_check[check]]
        out[name] = frozenset({name, *(o for o in others if records[o] and records[o] <= records[name])})
    return out


def _smallest(covers: Mapping[str, frozenset[str]]) -> list[str]:
    """Choose few keys whose values together hold every key; ties go to the lesser name."""
    left, chosen = set(covers), []
    order = sorted(covers, key=lambda n: (-len(covers[n]), n))
    for name in order:
        if covers[name] & left:
            chosen.append(name)
            left -= covers[name]
    times = Counter(key for name in chosen for key in covers[name])
    kept = []
    for name in reversed(chosen):
        if all(times[key] > 1 for key in covers[name]):
            times.subtract(covers[name])
        else:
            kept.append(name)
    return kept[::-1]


def culprits(contradictions: pl.DataFrame, mappings: pl.DataFrame) -> pl.DataFrame:
    """Find a smallest set of mappings whose withdrawal removes every contradiction.

    Args:
        contradictions: conflicts whose records form a chain of three (equal, equal, apart).
        mappings: MAPPINGS.

    Returns:
        ``mapping_id, confidence, conflicts`` (number that it alone removes): those to take back,
        the one that explains most first; of two that explain as much, the less certain.
    """
    if contradictions.is_empty():
        return pl.DataFrame(schema=_CULPRITS)
    needed = ["mapping_id", "entity", "region_l", "code_l", "region_r", "code_r", "confidence"]
    chosen = (
        mappings.select(*needed, "status", "relationship")  # never the waterfalls too
        .filter(pl.col("status").is_in(["auto", "accepted"]) & (pl.col("relationship") == "equivalent"))
        .select(needed)
    )
    ends = {
        frozenset({f"{e}/{rl}/{cl}", f"{e}/{rr}/{cr}"}): (name, confidence or 0.0)
        for name, e, rl, cl, rr, cr, confidence in chosen.rows()
    }
    certain = dict(ends.values())
    edges: dict[str, set[str]] = defaultdict(set)
    for conflict, records in contradictions.select("conflict_id", "record_ids").rows():
        for n, one in enumerate(records):
            for other in records[n + 1 :]:
                if found := ends.get(frozenset({one, other})):
                    edges[found[0]].add(conflict)
    left = set().union(*edges.values()) if edges else set()
    rows = []
    while left:
        best = min(edges, key=lambda m: (-len(edges[m] & left), certain[m], m))
        rows.append((best, certain[best], len(edges[best] & left)))
        left -= edges[best]
    return pl.DataFrame(rows, schema=_CULPRITS, orient="row")
