"""What a page's fields and comparisons mean as columns of an entity's records."""

from __future__ import annotations

import polars as pl

from codemerge.library.cleaners import cleaned
from codemerge.rules.page import Entity, FieldRule

FACET = "facet_"


def meant(field: FieldRule) -> pl.Expr:
    """Return the field's cell as the page's ``values`` mean it; other cells without outer space."""
    text = pl.col(field.name).cast(pl.String).str.strip_chars()
    if not field.values:
        return text
    known = {word.lower(): meaning for word, meaning in field.values.items()}
    known |= {meaning: meaning for meaning in field.values.values()}
    lower = text.str.to_lowercase()
    return pl.when(lower.is_in(list(known))).then(lower.replace(known)).otherwise(text)


def comparable(
    records: pl.DataFrame, entity: Entity, of: str, clean: tuple[str, ...] = ()
) -> tuple[pl.Series, str] | None:
    """Return what a comparison is ``of`` as a column, cleaned, and its facet ("" for plain text).

    Args:
        records: normalised records.
        entity: their page.
        of: a facet, a declared field, or a column every record has.
        clean: named cleaners run after the field's own.

    Returns:
        The column and facet id; None where these records have no such column.
    """
    if f"{FACET}{of}" in records.columns:
        return records[f"{FACET}{of}"], of
    field = entity.field_named(of)
    if field is None and of not in records.columns:
        return None
    column = pl.col(of) if field is None or field.secret else meant(field)
    if isinstance(records.schema[of], pl.List):
        return records[of], ""
    names = (*(field.clean if field else ()), *clean)
    return records.select(cleaned(column.cast(pl.String), names).alias(of)).to_series(), ""


def key_columns(records: pl.DataFrame, entity: Entity, block: tuple[str, ...]) -> pl.DataFrame:
    """Return the parts of a blocking key: a field, cleaned by its own and the named cleaners."""
    parts = []
    for n, part in enumerate(block):
        name, *cleaners = part.split(":")
        field = entity.field_named(name)
        column = pl.col(name) if field is None or field.secret else meant(field)
        names = (*(field.clean if field else ()), *cleaners)
        parts.append(cleaned(column.cast(pl.String), names).alias(f"k{n}"))
    return records.select(parts)
