"""Dictionary encoding: catalog text repeats, so values are compared once and records by number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from codemerge.library.grams import Letters, letters_of
from codemerge.library.number_order import Numbers, opening, sorted_places
from codemerge.library.text_order import in_text_order

Whole = npt.NDArray[np.int32]
SEPARATOR = "\x1f"  # between the members of a set written as one text


@dataclass(frozen=True)
class Side:
    """One column of one catalog, encoded.

    Args:
        values: distinct values, sorted but where `unordered` made it; nothing missing.
        codes: per record, the value's number + 1; 0 where the value is missing.
        counts: records per value.
    """

    values: pl.Series
    codes: Whole
    counts: npt.NDArray[np.float64]

    @property
    def stated(self) -> float:
        """Return the share of records that have a value."""
        return float((self.codes > 0).mean()) if len(self.codes) else 0.0

    @cached_property
    def letters(self) -> Letters:
        """The values' letter groups, found once however often the column is compared."""
        return letters_of(self.values)

    def read_as(self, read: pl.Series) -> Side:
        """Return the column that has another value for each of these; some may become one, or missing."""
        return renumbered(self.codes, read)

    def of(self, rows: npt.NDArray[np.uint32]) -> Side:
        """Return the same column for some records only, its values numbered anew."""
        codes = self.codes[rows]
        held = np.bincount(codes, minlength=len(self.values) + 1)
        held[0] = 0
        used = np.nonzero(held)[0]
        anew = np.zeros(len(self.values) + 1, dtype=np.int32)
        anew[used] = np.arange(1, len(used) + 1, dtype=np.int32)
        codes = anew[codes]
        return Side(self.values.gather(used - 1), codes, held[used].astype(np.float64))


def ranked(texts: pl.Series) -> tuple[pl.Series, Whole]:
    """Number the distinct values of a text column without nulls in their order, from 0.

    Args:
        texts: text column.

    Returns:
        The distinct values, sorted; per row, the place of its value.
    """
    frame = in_text_order(pl.DataFrame({"v": texts, "at": np.arange(len(texts))}), "v")
    opens = frame.select((pl.col("v") != pl.col("v").shift(1)).fill_null(value=True)).to_series()
    places = np.empty(len(texts), dtype=np.int32)
    places[frame["at"].to_numpy()] = np.cumsum(opens.to_numpy(), dtype=np.int32) - 1
    return frame["v"].filter(opens), places


def encode(column: pl.Series) -> Side:
    """Encode a text column, or a list column as joined text; empty text and list are missing."""
    return in_order(unordered(column))


def unordered(column: pl.Series) -> Side:
    """Encode a column, its values as they come: enough where only their equality will be asked."""
    values, codes = numbered(as_text(column))
    return Side(values, codes, np.bincount(codes, minlength=len(values) + 1)[1:].astype(np.float64))


def renumbered(codes: Whole, read: pl.Series) -> Side:
    """Return an encoded column of which each value has another reading; some become one, or missing."""
    values, anew = numbered(as_text(read))
    codes = np.concatenate((np.zeros(1, dtype=np.int32), anew))[codes]
    return Side(values, codes, np.bincount(codes, minlength=len(values) + 1)[1:].astype(np.float64))


def in_order(side: Side) -> Side:
    """Return the same column, its values sorted."""
    order = side.values.arg_sort().to_numpy()
    anew = np.zeros(len(order) + 1, dtype=np.int32)
    anew[order + 1] = np.arange(1, len(order) + 1, dtype=np.int32)
    return Side(side.values.gather(order), anew[side.codes], side.counts[order])


def shared(texts: pl.Series) -> pl.Series:
    """Return the same texts, each distinct one held once in memory however often it stands there."""
    values, codes = numbered(texts)
    return values.gather(pl.Series(codes, dtype=pl.Int64).replace(0, None) - 1).alias(texts.name)


def numbered(texts: pl.Series) -> tuple[pl.Series, Whole]:
    """Number the distinct values of a text column, in no particular order.

    Args:
        texts: text column.

    Returns:
        The distinct values, nulls left out; per row, the place of its value + 1, 0 where it is null.
    """
    if len(texts) >= _MANY:
        found = numbered_by_hash(texts, texts.hash(seed=6).to_numpy())
        if found is not None:
            return found
    return _numbered_by_word(texts)


_MANY = 4096  # rows from which it pays to look whether they repeat
_SEEN = 32_768  # of them, that tell


def numbered_by_hash(texts: pl.Series, hashes: Numbers) -> tuple[pl.Series, Whole] | None:
    """Do `numbered` by sorting one number per row: no table of words grows out of the processor's caches.

    Args:
        texts: text column.
        hashes: a number per row; equal texts have equal ones.

    Returns:
        What `numbered` returns; None where two texts share a number, and where texts repeat so much
        that a table is quicker.
    """
    rows = np.nonzero(texts.is_not_null().to_numpy())[0]
    own = hashes[rows] if len(rows) < len(texts) else hashes
    some = np.sort(own[:: max(len(own) // _SEEN, 1)])
    if np.count_nonzero(opening(some)) * 4 < len(some) * 3:
        return None
    order = sorted_places(own)
    opens = opening(own[order])
    order = rows[order]
    codes = np.zeros(len(texts), dtype=np.int32)
    codes[order] = np.cumsum(opens, dtype=np.int32)
    values = texts.gather(order[opens])
    read_back = pl.concat([pl.Series([None], dtype=pl.String), values.rename("")], rechunk=True).gather(codes)
    return (values, codes) if read_back.equals(texts) else None


def _numbered_by_word(texts: pl.Series) -> tuple[pl.Series, Whole]:
    """Do `numbered` by a table of the words seen so far: quick where they are few."""
    found = texts.cast(pl.Categorical(pl.Categories("numbered"))).to_physical()
    numbers = found.cast(pl.Int64).fill_null(-1).to_numpy()
    rows = np.full(int(numbers.max(initial=-1)) + 2, -1, dtype=np.int64)
    rows[numbers] = np.arange(len(numbers))  # the last place is that of null
    held = rows[:-1] >= 0
    anew = np.append(np.cumsum(held, dtype=np.int32), np.int32(0))
    return texts.gather(rows[:-1][held]), anew[numbers]


def as_text(column: pl.Series) -> pl.Series:
    """Write any column as text: members of a list joined in their order; empty is null."""
    frame = column.to_frame("v")
    text = (
        pl.col("v").list.join(SEPARATOR) if isinstance(column.dtype, pl.List) else pl.col("v").cast(pl.String)
    )
    return frame.select(pl.when(text != "").then(text)).to_series().rename("v")


def only_agreeing(left: Side, right: Side) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Return the rows of records that hold, each alone on its side, the same value."""
    frames = [
        pl.DataFrame({"v": side.values.filter(pl.Series(side.counts == 1)), "row": _only_rows(side)})
        for side in (left, right)
    ]
    both = frames[0].join(frames[1], on="v", suffix="_r").sort("row")
    return both["row"].to_numpy().astype(np.uint32), both["row_r"].to_numpy().astype(np.uint32)


def _only_rows(side: Side) -> npt.NDArray[np.int64]:
    """Return, for each value that one record holds, that record's row."""
    rows = np.zeros(len(side.values) + 1, dtype=np.int64)
    rows[side.codes] = np.arange(len(side.codes))
    alone: npt.NDArray[np.int64] = rows[1:][side.counts == 1]
    return alone
