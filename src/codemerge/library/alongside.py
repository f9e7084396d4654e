"""What was made of records put beside them again."""

from __future__ import annotations

import polars as pl


def alongside(frame: pl.DataFrame, other: pl.DataFrame, key: str) -> pl.DataFrame:
    """Add another frame's columns to the rows of the same key; null where it has none.

    Records and what stages make of them stand in the same order: then nothing is looked up.

    Args:
        frame: kept as it is, its rows in their order.
        other: one row per key at most.
        key: a column of both.
    """
    if frame.height == other.height and frame[key].equals(other[key]):
        return frame.hstack([column for column in other.get_columns() if column.name != key])
    return frame.join(other, on=key, how="left", maintain_order="left")
