"""How far the proposals reach: by records and by volume, as bars and as a curve."""

from __future__ import annotations

from typing import Any

import polars as pl

from codemerge.answers.basis import Basis, once
from codemerge.model import Ending

# What becomes of a record, in the order people read it: safest first.
PARTS = ["accepted", "auto", "alone", "review", "untouched", "retired", "only", "unusable"]
RANKS = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000]
SHARES = [0.5, 0.8, 0.9, 0.99]


@once
def with_part(basis: Basis) -> pl.DataFrame:
    """Add ``part`` to the standing of every record, one of `PARTS`.

    ``accepted`` and ``alone`` (kept without counterpart) are a person's yes; ``auto`` is certain;
    ``review`` waits for a person; ``untouched`` has nothing proposed; ``only`` is carried over as it
    is (of an entity that is never joined, or a link that follows its ends); ``unusable`` has an empty
    or doubled code.
    """
    never = [e.id for e in basis.run.rules.entities.values() if e.matching.ending == Ending.NEVER or e.key]
    said = pl.col("proposal")
    part = (
        pl.when(~pl.col("usable")).then(pl.lit("unusable"))
        .when(pl.col("carried") == "retired").then(pl.lit("retired"))
        .when(said.is_in(["accepted", "auto", "review", "alone"])).then(said)
        .when(said == "rejected").then(pl.lit("alone"))
        .when(pl.col("entity").is_in(never)).then(pl.lit("only"))
        .otherwise(pl.lit("untouched"))
    )  # fmt: skip
    return basis.standing.with_columns(part.alias("part"))


def coverage_facts(basis: Basis) -> list[dict[str, Any]]:
    """Count records and annual volume per entity, region and part.

    Returns:
        Per entity and region: ``records, volume, parts: {part: {records, volume}}``, and
        ``withheld`` (records without a combined code until a conflict is settled).
    """
    volume, held = pl.col("volume"), (pl.col("carried") == "withheld").fill_null(False)
    counted = (
        with_part(basis)
        .group_by("entity", "region", "part")
        .agg(
            pl.len().alias("records"),
            volume.sum(),
            held.sum().alias("held"),
            volume.filter(held).sum().alias("held_volume"),
        )
    )
    found: dict[tuple[str, str], dict[str, dict[str, int]]] = {}
    for row in counted.iter_rows(named=True):
        found.setdefault((row["entity"], row["region"]), {})[row["part"]] = row
    return [
        {
            "entity": entity,
            "title": basis.title(entity),
            "region": region,
            "records": sum(part["records"] for part in parts.values()),
            "volume": sum(part["volume"] for part in parts.values()),
            "parts": {
                p: {"records": parts[p]["records"], "volume": parts[p]["volume"]}
                if p in parts
                else {"records": 0, "volume": 0}
                for p in PARTS
            },
            "withheld": {
                "records": sum(part["held"] for part in parts.values()),
                "volume": sum(part["held_volume"] for part in parts.values()),
            },
        }
        for entity in basis.run.rules.entities
        for region in basis.run.project.regions
        if (parts := found.get((entity, region)))
    ]


def curve_facts(basis: Basis) -> list[dict[str, Any]]:
    """Say how few codes carry most of the volume, per region.

    Returns:
        ``region, codes`` (with volume), ``volume, points`` (``rank, share``) and ``needed``
        (``share, codes``: the fewest codes that carry it).
    """
    out = []
    for region in basis.run.project.regions:
        volumes = (
            basis.of(basis.goals.subject)
            .filter(pl.col("region") == region, pl.col("volume") > 0)
            .sort("volume", descending=True)["volume"]
        )
        total = int(volumes.sum() or 0)
        if not total:
            continue
        grown = (volumes.cum_sum() / total).to_list()
        ranks = [r for r in RANKS if r < len(grown)] + [len(grown)]
        out.append(
            {
                "region": region,
                "codes": len(grown),
                "volume": total,
                "points": [{"rank": r, "share": grown[r - 1]} for r in ranks],
                "needed": [
                    {"share": s, "codes": next(n for n, g in enumerate(grown, 1) if g >= s - 1e-9)}
                    for s in SHARES
                ],
            }
        )
    return out


def progress_facts(basis: Basis) -> list[dict[str, Any]]:
    """Count what people have decided and what is left, per entity.

    Returns:
        ``decided`` and ``left`` records with volume, for entities that are paired.
    """
    parted = with_part(basis).filter(
        pl.col("part").is_in(["accepted", "alone", "review", "untouched", "auto", "retired"])
    )
    out = []
    for entity, page in basis.run.rules.entities.items():
        mine = parted.filter(pl.col("entity") == entity)
        if not mine.height or page.matching.candidates == "none":
            continue
        left = mine.filter(pl.col("part") == "review", ~pl.col("decided"))
        out.append(
            {
                "entity": entity,
                "title": basis.title(entity),
                "decided": mine.filter("decided").height,
                "left": left.height,
                "left_volume": int(left["volume"].sum()),
                "automatic": mine.filter(pl.col("part") == "auto", ~pl.col("decided")).height,
            }
        )
    return out


def decided_by(basis: Basis) -> list[dict[str, Any]]:
    """Count the decisions per profession; names stay in the decisions.

    Returns:
        ``owner, decisions, reviewers``.
    """
    counted = basis.run.decisions.group_by(pl.col("role").fill_null("").alias("owner")).agg(
        pl.len().alias("decisions"), pl.col("reviewer").n_unique().alias("reviewers")
    )
    return counted.sort(["decisions", "owner"], descending=[True, False]).to_dicts()
