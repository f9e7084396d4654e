"""Codes through the crosswalk: from a region to the combined installation, or to another region."""

from __future__ import annotations

import polars as pl

from codemerge.model import Carried, Relationship
from codemerge.rules.export import COMBINED

_SAME, _NARROWER, _BROADER, _RELATED = (
    Relationship.EQUIVALENT.value,
    Relationship.NARROWER.value,
    Relationship.BROADER.value,
    Relationship.RELATED.value,
)
_ORDER = {_SAME: 0, _NARROWER: 1, _BROADER: 2, _RELATED: 3}

# How A relates to C, from A to B and B to C. Two that are both narrower than a third say nothing of
# each other (left knee, right knee): they aren't in the table, and nothing is answered.
_THROUGH = pl.DataFrame(
    [
        (_SAME, _SAME, _SAME),
        (_SAME, _NARROWER, _NARROWER),
        (_SAME, _BROADER, _BROADER),
        (_SAME, _RELATED, _RELATED),
        (_NARROWER, _SAME, _NARROWER),
        (_NARROWER, _NARROWER, _NARROWER),
        (_BROADER, _SAME, _BROADER),
        (_BROADER, _BROADER, _BROADER),
        (_BROADER, _NARROWER, _RELATED),
        (_RELATED, _SAME, _RELATED),
    ],
    schema=["first", "second", "relationship"],
    orient="row",
)

_SPLIT = ["group", "combine", "condition"]

TRANSLATION: dict[str, pl.DataType | type[pl.DataType]] = {
    "code": pl.String,  # as asked
    "relationship": pl.String,  # code → target, read left to right
    "target": pl.String,
    "status": pl.String,  # the crosswalk's: how sure it is that the code goes there
    "group": pl.String,
    "combine": pl.String,
    "condition": pl.String,
}


def translate(
    crosswalk: pl.DataFrame, entity: str, source: str, target: str, codes: pl.Series
) -> pl.DataFrame:
    """Translate codes of one region.

    Args:
        crosswalk: CROSSWALK of a run.
        entity: which codes.
        source: the region the codes are from, or ``combined``.
        target: the region they are wanted for, or ``combined``.
        codes: the codes, exactly as the region writes them.

    Returns:
        `TRANSLATION`: the codes in the order asked, each with its answers: equivalent first, then
        narrower, broader, related, by target code. A code that leads nowhere has one row with a
        null target; ``status`` then says why (``withheld``, ``retired``), or is null: not known.
        Entities whose records are linked, not folded, are followed by ``cluster_id``.
    """
    asked = codes.rename("code").to_frame().unique(maintain_order=True).with_row_index("_n")
    answers = routes(crosswalk, entity, source, target)
    out = asked.join(answers, on="code", how="left")
    if source != COMBINED:
        why = (
            crosswalk.filter((pl.col("entity") == entity) & (pl.col("region") == source))
            .group_by("code")
            .agg(pl.col("status").sort().first().alias("_why"))
        )
        out = out.join(why, on="code", how="left").with_columns(status=pl.coalesce("status", "_why"))
    order = pl.col("relationship").replace_strict(_ORDER, default=9, return_dtype=pl.Int64)
    return out.sort("_n", order, "group", "target", "condition").select(*TRANSLATION)


def routes(crosswalk: pl.DataFrame, entity: str, source: str, target: str) -> pl.DataFrame:
    """Return every translation there is from one region to another (or ``combined``), `TRANSLATION`.

    Only codes that lead somewhere have rows; a record that is withheld leads nowhere.
    """
    rows = crosswalk.filter((pl.col("entity") == entity) & (pl.col("combined_code").fill_null("") != ""))
    if source == target:
        same = rows.select("code") if source != COMBINED else rows.select(code="combined_code")
        return same.unique().with_columns(target="code", relationship=pl.lit(_SAME)).pipe(_shaped)
    if source == COMBINED:
        return _inverse(rows.filter(pl.col("region") == target)).pipe(_shaped)
    away = rows.filter(pl.col("region") == source)
    if target == COMBINED:
        return away.with_columns(target="combined_code").pipe(_shaped)
    home = rows.filter(pl.col("region") == target)
    there = away.select("code", "combined_code", "status", *_SPLIT, first="relationship")
    back = _inverse(home).select(
        "target", *(pl.col(c).alias(f"{c}_") for c in _SPLIT), combined_code="code", second="relationship"
    )
    # A split on either side is told: which part of which, on what condition.
    composed = (
        there.join(back, on="combined_code")
        .join(_THROUGH, on=["first", "second"])
        .with_columns(pl.coalesce(c, f"{c}_").alias(c) for c in _SPLIT)
        .pipe(_shaped)
    )
    linked = _linked(away, home)
    return pl.concat([composed, linked]).unique(
        ["code", "target", "condition"], keep="first", maintain_order=True
    )


def _shaped(rows: pl.DataFrame) -> pl.DataFrame:
    missing = [pl.lit(None, pl.String).alias(c) for c in TRANSLATION if c not in rows.columns]
    return (
        rows.with_columns(missing)
        .select(pl.col(name).cast(kind) for name, kind in TRANSLATION.items())
        .unique(maintain_order=True)
        .sort(
            "code",
            pl.col("relationship").replace_strict(_ORDER, default=9, return_dtype=pl.Int64),
            "target",
            "condition",
        )
    )


def _inverse(rows: pl.DataFrame) -> pl.DataFrame:
    """Read crosswalk rows from the combined code to the region's."""
    turned = {r.value: r.inverse().value for r in Relationship}
    return rows.select(
        code="combined_code",
        target="code",
        relationship=pl.col("relationship").replace_strict(turned, default=None),
        status="status",
        group="group",
        combine="combine",
        condition="condition",
    )


def _linked(away: pl.DataFrame, home: pl.DataFrame) -> pl.DataFrame:
    """Return translations between members of one cluster that keep combined codes of their own."""
    own = (
        (pl.col("relationship") == _SAME)
        & pl.col("cluster_id").is_not_null()
        & (pl.col("status") != Carried.WITHHELD)
    )
    pairs = away.filter(own).join(
        home.filter(own).select("cluster_id", target="code", _other="combined_code"), on="cluster_id"
    )
    return pairs.filter(pl.col("combined_code") != pl.col("_other")).pipe(_shaped)
