"""Whether it is possible: what must be decided, what is work, what has no way out, what each frees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from codemerge.answers.basis import Basis, once

DECISION, WORK, NO_WAY = "decision", "work", "none"


def way_of(check: str, ways: Mapping[str, str]) -> str:
    """Return what a check's conflicts ask for: the longest beginning of its id that is declared."""
    fits = [name for name in ways if check.startswith(name)]
    return ways[max(fits, key=len)] if fits else DECISION


def with_way(conflicts: pl.DataFrame, ways: Mapping[str, str]) -> pl.DataFrame:
    """Add ``way``: ``none`` where a conflict has neither a resolution nor may be waived."""
    checks = conflicts["check"].unique().sort().to_list()
    said = pl.col("check").replace_strict(
        checks, [way_of(c, ways) for c in checks], default=DECISION, return_dtype=pl.String
    )
    stuck = (pl.col("resolution").fill_null("") == "") & ~pl.col("waivable").fill_null(False)
    return conflicts.with_columns(pl.when(stuck).then(pl.lit(NO_WAY)).otherwise(said).alias("way"))


def check_title(basis: Basis, check: str, name: str = "") -> str:
    """Return what people call a kind of conflict."""
    found = next((c for c in basis.run.rules.checks if c.id == check), None)
    return found.title.say(basis.language) if found else (name or check)


def verdict_facts(basis: Basis) -> dict[str, Any]:
    """Judge the run.

    Returns:
        ``state`` (``possible``, ``conditional``, ``stuck``); ``conflicts`` and ``records`` per way;
        ``withheld`` records and their annual volume; the number of ``warnings``.
    """
    blocking = with_way(basis.blocking, basis.goals.ways)
    ways = {
        way: {
            "conflicts": rows.height,
            "records": rows["record_ids"].explode(empty_as_null=False).n_unique() if rows.height else 0,
        }
        for way in (DECISION, WORK, NO_WAY)
        for rows in [blocking.filter(pl.col("way") == way)]
    }
    state = "stuck" if ways[NO_WAY]["conflicts"] else ("conditional" if blocking.height else "possible")
    held = basis.standing.filter(pl.col("carried") == "withheld")
    return {
        "state": state,
        "ways": ways,
        "blocking": blocking.height,
        "warnings": basis.open.filter(pl.col("severity") == "warning").height,
        "records": basis.standing.height,
        "withheld": held.height,
        "withheld_volume": _subject_volume(basis, held),
    }


def _subject_volume(basis: Basis, frame: pl.DataFrame) -> int:
    return int(frame.filter(pl.col("entity") == basis.goals.subject)["volume"].sum() or 0)


@once
def blocked_clusters(basis: Basis) -> pl.DataFrame:
    """List which kinds of conflict hold each cluster.

    Returns:
        ``cluster, checks (List, sorted), records, volume`` (annual volume of the subject only).
    """
    held = (
        basis.blocking.select("check", pl.col("record_ids").alias("record_id"))
        .explode("record_id", empty_as_null=False)
        .join(basis.standing.select("record_id", "cluster"), on="record_id", how="inner")
        .select("cluster", "check")
        .unique()
        .sort("check")
        .group_by("cluster", maintain_order=True)
        .agg(pl.col("check").alias("checks"))
    )
    counted = pl.when(pl.col("entity") == basis.goals.subject).then("volume").otherwise(0)
    whole = basis.standing.filter(pl.col("cluster").is_in(held["cluster"].implode()))
    sizes = whole.group_by("cluster").agg(pl.len().alias("records"), counted.sum().alias("volume"))
    return held.join(sizes, on="cluster", how="inner").sort("cluster")


def cause_facts(basis: Basis) -> list[dict[str, Any]]:
    """Rank what blocks, most held records first.

    Returns:
        Per check: conflicts, records named, annual volume; ``alone``: records free when only this
        is cleared; ``total``: records free when this and everything above it is cleared.
    """
    blocking = with_way(basis.blocking, basis.goals.ways)
    held = blocked_clusters(basis)
    counted = (
        blocking.group_by("check", "name")
        .agg(
            pl.len().alias("conflicts"),
            pl.col("record_ids").explode(empty_as_null=False).n_unique().alias("records"),
            pl.col("way").sort().first(),
            pl.col("owner").sort().first(),
        )
        .sort(["records", "check"], descending=[True, False])
    )
    out: list[dict[str, Any]] = []
    cleared: list[str] = []
    for row in counted.to_dicts():
        cleared.append(row["check"])
        alone = held.filter(pl.col("checks") == pl.lit([row["check"]], dtype=pl.List(pl.String)))
        so_far = held.filter(
            pl.col("checks").list.set_difference(pl.lit(cleared, dtype=pl.List(pl.String))).list.len() == 0
        )
        out.append(
            {
                **row,
                "title": check_title(basis, row["check"], row["name"]),
                "alone_records": int(alone["records"].sum() or 0),
                "alone_volume": int(alone["volume"].sum() or 0),
                "total_records": int(so_far["records"].sum() or 0),
                "total_volume": int(so_far["volume"].sum() or 0),
            }
        )
    return out


def collision_facts(basis: Basis, most: int = 10, per_check: int = 3) -> list[dict[str, Any]]:
    """Pick the riskiest open collisions: the worst kinds first, the largest volume first in each.

    Args:
        basis: the run.
        most: how many to show.
        per_check: how many of one kind, as long as there are others.

    Returns:
        Title, message, proposal, owner and volume; sensitive entities without message or codes.
    """
    order = list(basis.goals.collisions)
    found = (
        basis.blocking.filter(pl.col("check").is_in(order))
        .with_columns(
            pl.col("check")
            .replace_strict(order, range(len(order)), default=99, return_dtype=pl.Int64)
            .alias("tier")
        )
        .sort(["tier", "annual_volume", "conflict_id"], descending=[False, True, False])
        .with_columns(pl.int_range(pl.len()).over("check").alias("nth"))
    )
    first = found.filter(pl.col("nth") < per_check)
    rest = found.filter(pl.col("nth") >= per_check)
    picked = pl.concat([first, rest]).head(most).sort(["tier", "nth"])
    return [_shown(basis, row) for row in picked.to_dicts()]


def names_persons(basis: Basis, entity: str) -> bool:
    """Say whether an entity's codes or texts may tell of a person: its own, or what it refers to."""
    pages = basis.run.rules.entities
    page = pages.get(entity)
    if page is None:
        return False
    pointed = (pages.get(f.references or "") for f in page.references)
    return page.sensitive or any(p.sensitive for p in pointed if p)


def _shown(basis: Basis, row: dict[str, Any]) -> dict[str, Any]:
    hidden = names_persons(basis, row["entity"])
    return {
        "conflict_id": row["conflict_id"],
        "check": row["check"],
        "title": check_title(basis, row["check"], row["name"]),
        "entity_title": basis.title(row["entity"]),
        "message": "" if hidden else row["message"] or "",
        "resolution": "" if hidden else row["resolution"] or "",
        "hidden": hidden,
        "records": len(row["record_ids"] or []),
        "owner": row["owner"],
        "volume": row["annual_volume"] or 0,
    }
