"""How good each region's own lists are: what is empty, doubled, unread or unknown."""

from __future__ import annotations

from typing import Any

import polars as pl

from codemerge.answers.basis import Basis

_ABOUT_SOURCES = "CAT"


def quality_facts(basis: Basis) -> list[dict[str, Any]]:
    """Count, per entity and region, what the source leaves to wish for.

    Returns:
        ``records, unusable, inactive, unused`` (active, but no annual volume, where the entity has
        one), ``missing`` (records with an empty required field), ``filled`` (share of all declared
        cells that hold something), ``understood`` (share of names whose every word is known; None
        for entities without names), ``faults`` (open conflicts about the source itself).
    """
    faults = _faults(basis)
    out = []
    for entity in basis.run.rules.entities:
        records = basis.records(entity)
        for region in basis.run.project.regions:
            mine = records.filter(pl.col("region") == region)
            if mine.height:
                out.append(_quality(basis, entity, region, mine, faults.get((entity, region), 0)))
    return out


def _quality(basis: Basis, entity: str, region: str, mine: pl.DataFrame, faults: int) -> dict[str, Any]:
    page = basis.run.rules.entities[entity]
    declared = [f for f in page.field if f.name in mine.columns]
    texts = [f.name for f in declared if not f.secret and mine.schema[f.name] == pl.String]
    required = [f.name for f in declared if f.required and f.name in texts]
    full = mine.select((pl.col(n).fill_null("").str.strip_chars() != "").mean().alias(n) for n in texts)
    used = [n for n, share in (full.row(0, named=True) if texts else {}).items() if share]
    lacks = [pl.col(n).fill_null("").str.strip_chars() == "" for n in required]
    counted = any(f.usage == "annual_volume" for f in page.field)
    return {
        "entity": entity,
        "title": basis.title(entity),
        "region": region,
        "name": f"{basis.title(entity)} {region}",
        "records": mine.height,
        "unusable": mine.filter(~pl.col("usable").fill_null(True)).height,
        "inactive": mine.filter(~pl.col("active").fill_null(True)).height,
        "unused": mine.filter(pl.col("active").fill_null(True), pl.col("volume").fill_null(0) == 0).height
        if counted
        else None,
        "missing": mine.filter(pl.any_horizontal(lacks)).height if lacks else 0,
        "columns": len(used),
        "declared": len(texts),
        "filled": sum(full.row(0, named=True)[n] for n in used) / len(used) if used else 0.0,
        "understood": _understood(mine) if page.names else None,
        "faults": faults,
    }


def _understood(mine: pl.DataFrame) -> float | None:
    if "unknown" not in mine.columns:
        return None
    share = mine.select((pl.col("unknown").list.len().fill_null(0) == 0).mean()).item()
    return None if share is None else float(share)


def _faults(basis: Basis) -> dict[tuple[str, str], int]:
    named = (
        basis.open.filter(pl.col("check").str.starts_with(_ABOUT_SOURCES))
        .select("conflict_id", pl.col("record_ids").alias("record_id"))
        .explode("record_id", empty_as_null=False)
        .join(basis.standing.select("record_id", "entity", "region"), on="record_id")
        .group_by("entity", "region")
        .agg(pl.col("conflict_id").n_unique())
    )
    return {(entity, region): n for entity, region, n in named.iter_rows()}


def unknown_words(basis: Basis, most: int = 20) -> list[dict[str, Any]]:
    """List the words in the subject's names that the vocabulary doesn't know, the most used first.

    Returns:
        ``word, records, volume``.
    """
    records = basis.records(basis.goals.subject)
    if "unknown" not in records.columns:
        return []
    counted = (
        records.select("unknown", pl.col("volume").fill_null(0))
        .explode("unknown", empty_as_null=False)
        .drop_nulls("unknown")
        .group_by(pl.col("unknown").alias("word"))
        .agg(pl.len().alias("records"), pl.col("volume").sum())
    )
    return counted.sort(["volume", "records", "word"], descending=[True, True, False]).head(most).to_dicts()
