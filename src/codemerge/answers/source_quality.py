"""How good each region's own lists are: what is empty, doubled, unread or unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from codemerge.answers.basis import Basis
from codemerge.library.filled import filled, maybe_blank
from codemerge.rules.page import FieldRule

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
        counted = {row["region"]: row for row in _counted(basis, entity).iter_rows(named=True)}
        out += [
            _quality(basis, entity, counted[region], faults.get((entity, region), 0))
            for region in basis.run.project.regions
            if region in counted
        ]
    return out


def _texts(basis: Basis, entity: str) -> list[FieldRule]:
    """Return the declared fields that an entity's records hold as text anybody may count."""
    schema = basis.records(entity).schema
    page = basis.run.rules.entities[entity]
    return [f for f in page.field if not f.secret and schema.get(f.name) == pl.String]


def _counted(basis: Basis, entity: str) -> pl.DataFrame:
    """Count what `_quality` tells, per region; ``full_<n>`` is the nth field that holds text."""
    records, texts = basis.records(entity), _texts(basis, entity)
    doubtful = set(maybe_blank(records, [f.name for f in texts]))
    full = [
        (filled(f.name) if f.name in doubtful else pl.col(f.name).is_not_null()).alias(f"full_{n}")
        for n, f in enumerate(texts)
    ]
    lacks = [~pl.col(f"full_{n}") for n, f in enumerate(texts) if f.required]
    active = pl.col("active").fill_null(True)
    read = pl.col("unknown").list.len().fill_null(0) == 0 if "unknown" in records.columns else pl.lit(None)
    told = records.select(
        "region",
        *full,
        read.alias("understood"),
        unusable=~pl.col("usable").fill_null(True),
        inactive=~active,
        unused=active & (pl.col("volume").fill_null(0) == 0),
    ).with_columns(missing=pl.any_horizontal(lacks) if lacks else pl.lit(False))
    return told.group_by("region").agg(pl.len().alias("records"), pl.all().sum())


def _quality(basis: Basis, entity: str, row: Mapping[str, Any], faults: int) -> dict[str, Any]:
    page = basis.run.rules.entities[entity]
    texts, records = _texts(basis, entity), row["records"]
    shares = [row[f"full_{n}"] / records for n in range(len(texts))]
    used = [share for share in shares if share]
    known = page.names and "unknown" in basis.records(entity).columns
    return {
        "entity": entity,
        "title": basis.title(entity),
        "region": row["region"],
        "name": f"{basis.title(entity)} {row['region']}",
        "records": records,
        "unusable": row["unusable"],
        "inactive": row["inactive"],
        "unused": row["unused"] if any(f.usage == "annual_volume" for f in page.field) else None,
        "missing": row["missing"],
        "columns": len(used),
        "declared": len(texts),
        "filled": sum(used) / len(used) if used else 0.0,
        "understood": row["understood"] / records if known else None,
        "faults": faults,
    }


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
