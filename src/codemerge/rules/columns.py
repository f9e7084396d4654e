"""What a page's fields and comparisons mean as columns of an entity's records."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import polars as pl

from codemerge.library.cleaners import clean_values, cleaned
from codemerge.library.distinct import Side, Whole, in_order, renumbered, unordered
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
            self._sides[key] = self._encoded(of, clean, words=words)
        if ordered:
            self._ordered[key] = in_order(self._sides.pop(key))
            return self._ordered[key]
        return self._sides[key]

    def some(self, of: str, clean: tuple[str, ...], rows: npt.NDArray[np.uint32]) -> Side:
        """Return a column of plain texts, in order, for some rows: what only others say isn't cleaned."""
        part = self.side(of).of(rows)
        if clean:
            part = part.read_as(clean_values(part.values, clean))
        part = in_order(part)
        codes = np.zeros(self.records.height, dtype=np.int32)
        codes[rows] = part.codes
        return Side(part.values, codes, part.counts)

    def _encoded(self, of: str, clean: tuple[str, ...], *, words: bool) -> Side:
        """Encode a column: cleaners and words are asked of the values that its field's reading left."""
        column = self.records[f"{FACET}{of}" if f"{FACET}{of}" in self.records.columns else of]
        if isinstance(column.dtype, pl.List):
            return unordered(column)
        if words:
            side = self.side(of, clean)
            return side.read_as(side.values.str.split(" ").list.unique().list.sort())
        if clean:
            side = self.side(of)
            return side.read_as(clean_values(side.values, clean))
        return self._as_read(column.cast(pl.String))

    def _as_read(self, column: pl.Series) -> Side:
        """Encode a column of texts as its field reads it: each distinct one once; names repeat."""
        field = self._entity.field_named(column.name)
        side = unordered(column)
        if field is None or field.secret:  # a secret field holds joining keys: they are read already
            said = side.values.to_frame("v").select(cleaned(pl.col("v"), ())).to_series()
            return side if said.null_count() == 0 else side.read_as(said)
        text = meant(field)
        said = side.values.to_frame(field.name).select(pl.when(text != "").then(text)).to_series()
        codes = side.codes
        if field.filled_from:
            said, codes = self._filled(said, codes, field.filled_from)
        said = said.to_frame("v").select(_finished(pl.col("v"), field)).to_series()
        return side if codes is side.codes and said.equals(side.values) else renumbered(codes, said)

    def _filled(self, said: pl.Series, codes: Whole, source: str) -> tuple[pl.Series, Whole]:
        """Where a column says nothing, let another one say it."""
        name, *how = source.split(":")
        silent = np.concatenate(([True], said.is_null().to_numpy()))[codes]
        rows = np.nonzero(silent)[0]
        if not len(rows):
            return said, codes
        other = unordered(self.records[name].gather(rows).cast(pl.String))
        texts = other.values.to_frame("v").select(cleaned(pl.col("v"), how)).to_series()
        codes = codes.copy()
        codes[rows] = np.where(other.codes > 0, other.codes + np.int32(len(said)), np.int32(0))
        return pl.concat([said.rename("v"), texts]), codes

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


def _finished(text: pl.Expr, field: FieldRule) -> pl.Expr:
    """Return a cell that is read as it is compared: cleaned by its field, alike made one."""
    text = cleaned(text, field.clean) if field.clean else text
    if field.alike:
        pairs = [(other, word) for word, others in field.alike.items() for other in others]
        one, instead = (clean_values(pl.Series("v", side), field.clean) for side in zip(*pairs, strict=True))
        text = text.replace(dict(zip(one.to_list(), instead.to_list(), strict=True)))
    return text
