"""What a page's fields and comparisons mean as columns of an entity's records."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from codemerge.library.cleaners import clean_values, cleaned
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


def takes_part(entity: Entity) -> pl.Expr:
    """Say which records are paired at all (the page's ``only_where``)."""
    wanted = pl.col("region").is_not_null()
    for name, value in entity.matching.only_where.items():
        field = entity.field_named(name)
        column = meant(field) if field else pl.col(name).cast(pl.String)
        wanted = wanted & (column == value).fill_null(value=False)
    return wanted


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
    if of not in records.columns:  # a secret field is in no run folder
        return None
    if isinstance(records.schema[of], pl.List):
        return records[of], ""
    return _on_distinct(records, of, field, clean), ""


def key_columns(records: pl.DataFrame, entity: Entity, parts: Iterable[str]) -> pl.DataFrame:
    """Return a column for each part of a blocking key: a field, cleaned by its own and the named cleaners."""
    columns = []
    for part in sorted(parts):
        name, *cleaners = part.split(":")
        field = entity.field_named(name)
        columns.append(_on_distinct(records, name, field, tuple(cleaners)).alias(part))
    return pl.DataFrame(columns)


def _on_distinct(
    records: pl.DataFrame, name: str, field: FieldRule | None, clean: tuple[str, ...]
) -> pl.Series:
    """Clean every distinct value once and put the answers back; names repeat, and cleaners are slow."""
    needed = [name]
    if field is not None and not field.secret and field.filled_from:
        needed = list(dict.fromkeys([name, field.filled_from.split(":")[0]]))
    values = records.select(needed)
    distinct = values.unique()
    answer = _read(name, field, clean)
    if distinct.height * 2 > values.height:
        return values.select(answer.alias("answer")).to_series()
    cleaned_once = distinct.with_columns(answer.alias("answer"))
    return values.join(cleaned_once, on=needed, how="left", nulls_equal=True, maintain_order="left")["answer"]


def _read(name: str, field: FieldRule | None, clean: tuple[str, ...]) -> pl.Expr:
    """Return a column as it is compared: filled, cleaned by its field and then as asked, alike made one."""
    if field is None or field.secret:
        return cleaned(pl.col(name).cast(pl.String), clean)
    text = cleaned(meant(field), ())
    if field.filled_from:
        other, *how = field.filled_from.split(":")
        text = pl.coalesce(text, cleaned(pl.col(other).cast(pl.String), how))
    text = cleaned(text, field.clean)
    if field.alike:
        pairs = [(other, word) for word, others in field.alike.items() for other in others]
        one, instead = (clean_values(pl.Series("v", side), field.clean) for side in zip(*pairs, strict=True))
        text = text.replace(dict(zip(one.to_list(), instead.to_list(), strict=True)))
    return cleaned(text, clean)
