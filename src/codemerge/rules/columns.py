"""What a page's fields and comparisons mean as columns of an entity's records."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import polars as pl

from codemerge.library.cleaners import clean_values, cleaned
from codemerge.library.distinct import Side, in_order, numbered, unordered
from codemerge.rules.page import Entity, FieldRule

FACET = "facet_"
_SAMPLE = 50_000  # rows that tell whether a column's values repeat


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


class Columns:
    """An entity's records as numbers: each column cleaned and encoded once, however often it is asked for."""

    def __init__(self, records: pl.DataFrame, entity: Entity) -> None:
        """Start with nothing encoded.

        Args:
            records: normalised records.
            entity: their page.
        """
        self.records = records
        self._entity = entity
        self._sides: dict[tuple[str, tuple[str, ...], bool], Side] = {}
        self._ordered: dict[tuple[str, tuple[str, ...], bool], Side] = {}

    def facet(self, of: str) -> str | None:
        """Return the facet a comparison is ``of``, "" for plain text; None where there is no such column."""
        if f"{FACET}{of}" in self.records.columns:
            return of
        return "" if of in self.records.columns else None

    def side(
        self, of: str, clean: tuple[str, ...] = (), *, words: bool = False, ordered: bool = False
    ) -> Side:
        """Return a column, encoded.

        Args:
            of: a facet, a declared field, or a column every record has.
            clean: named cleaners run after the field's own.
            words: a text is the set of its words.
            ordered: with its values sorted.
        """
        key = (of, clean, words)
        if key in self._ordered:
            return self._ordered[key]
        if key not in self._sides:
            found = None if words else self._read_once(of, clean)
            self._sides[key] = found or unordered(self._read(of, clean, words=words))
        if ordered:
            self._ordered[key] = in_order(self._sides.pop(key))
            return self._ordered[key]
        return self._sides[key]

    def _read(self, of: str, clean: tuple[str, ...], *, words: bool) -> pl.Series:
        found = comparable(self.records, self._entity, of, clean)
        assert found is not None  # noqa: S101 - the page's names were checked
        if words and not isinstance(found[0].dtype, pl.List):
            return found[0].str.split(" ").list.unique().list.sort()
        return found[0]

    def _read_once(self, of: str, clean: tuple[str, ...]) -> Side | None:
        """Encode a column of texts as it stands, and clean its values; None where it isn't read alone."""
        field = self._entity.field_named(of)
        filled = field is not None and not field.secret and field.filled_from
        if f"{FACET}{of}" in self.records.columns or self.records.schema[of] != pl.String or filled:
            return None
        as_written = unordered(self.records[of])
        read = as_written.values.to_frame(of).select(_read(of, field, clean).alias(of)).to_series()
        return as_written if read.equals(as_written.values.alias(of)) else as_written.read_as(read)

    def key(self, parts: Iterable[str]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.bool_]]:
        """Return numbers of a blocking key, equal where every part is, and where every part is said.

        Args:
            parts: fields, cleaned by their own and the named cleaners: ``name:family_name:sound``.
        """
        number = np.zeros(self.records.height, dtype=np.uint64)
        complete = np.ones(self.records.height, dtype=np.bool_)
        for part in parts:
            name, *cleaners = part.split(":")
            side = self.side(name, tuple(cleaners))
            # Of very many values the product wraps: a chance collision only adds a candidate.
            number = number * np.uint64(len(side.values) + 1) + side.codes.astype(np.uint64)
            complete &= side.codes > 0
        return number, complete


def _on_distinct(
    records: pl.DataFrame, name: str, field: FieldRule | None, clean: tuple[str, ...]
) -> pl.Series:
    """Clean every distinct value once and put the answers back; names repeat, and cleaners are slow."""
    needed = [name]
    if field is not None and not field.secret and field.filled_from:
        needed = list(dict.fromkeys([name, field.filled_from.split(":")[0]]))
    values = records.select(needed)
    answer = _read(name, field, clean)
    asked = field is not None and (field.values or field.filled_from or field.clean or field.alike)
    if not (clean or asked) or (
        values.height > _SAMPLE and values.sample(_SAMPLE, seed=0).n_unique() * 2 > _SAMPLE
    ):
        return values.select(answer.alias("answer")).to_series()
    if needed == [name] and values.schema[name] == pl.String:
        distinct, places = numbered(values.to_series())
        read = distinct.to_frame(name).select(answer.alias("answer")).to_series()
        return pl.concat([pl.Series([None], dtype=read.dtype).alias("answer"), read]).gather(places)
    once = values.unique().with_columns(answer.alias("answer"))
    return values.join(once, on=needed, how="left", nulls_equal=True, maintain_order="left")["answer"]


def _read(name: str, field: FieldRule | None, clean: tuple[str, ...]) -> pl.Expr:
    """Return a column as it is compared: filled, cleaned by its field and then as asked, alike made one."""
    if field is None or field.secret:
        return cleaned(pl.col(name).cast(pl.String), clean)
    text = meant(field)
    text = pl.when(text != "").then(text)
    if field.filled_from:
        other, *how = field.filled_from.split(":")
        text = pl.coalesce(text, cleaned(pl.col(other).cast(pl.String), how))
    text = cleaned(text, field.clean) if field.clean else text
    if field.alike:
        pairs = [(other, word) for word, others in field.alike.items() for other in others]
        one, instead = (clean_values(pl.Series("v", side), field.clean) for side in zip(*pairs, strict=True))
        text = text.replace(dict(zip(one.to_list(), instead.to_list(), strict=True)))
    return cleaned(text, clean) if clean else text
