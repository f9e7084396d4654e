"""What refers to something withheld: links are withheld with it, other references wait empty."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from codemerge.model import Carried
from codemerge.rules.page import Entity, FieldRule
from codemerge.tables import CROSSWALK, conform


def cut(
    rows: pl.DataFrame,
    combined: pl.DataFrame,
    placed: pl.DataFrame,
    entity: Entity,
    gone: Mapping[str, pl.Series],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Follow what is withheld into what refers to it, so that what is left of the catalogs loads.

    Args:
        rows: the entity's crosswalk.
        combined: its combined catalog, without its own withheld records.
        placed: where its records go; a code that the ledger holds is never emptied.
        entity: the page.
        gone: per entity, the combined codes withheld.

    Returns:
        The crosswalk, a link withheld whose key names something withheld; the combined catalog
        without such links, and every other reference without what is withheld.
    """
    told = [(f, gone[str(f.references)]) for f in entity.references if str(f.references) in gone]
    told = [(field, codes) for field, codes in told if not codes.is_empty()]
    if not told:
        return rows, combined
    in_ledger = pl.col("combined_code").is_in(placed["ledger_code"].drop_nulls().unique().implode())
    for field, codes in told:
        if field.name in entity.key:
            lost = combined.filter(pl.col(field.name).is_in(codes.implode()))["combined_code"]
            combined = combined.filter(~pl.col("combined_code").is_in(lost.implode()))
            hidden = pl.col("combined_code").is_in(lost.implode()).fill_null(value=False)
            rows = rows.with_columns(
                status=pl.when(hidden).then(pl.lit(Carried.WITHHELD.value)).otherwise("status"),
                combined_code=pl.when(~hidden | in_ledger).then("combined_code"),
            )
        else:
            combined = combined.with_columns(_without(field, codes))
    return conform(rows, CROSSWALK), combined


def _without(field: FieldRule, codes: pl.Series) -> pl.Expr:
    if not field.separator:
        return pl.when(~pl.col(field.name).is_in(codes.implode())).then(pl.col(field.name)).alias(field.name)
    kept = (
        pl.col(field.name)
        .str.split(field.separator)
        .list.eval(pl.element().filter(~pl.element().str.strip_chars().is_in(codes.to_list())))
        .list.join(field.separator)
    )
    return pl.when(kept != "").then(kept).alias(field.name)
