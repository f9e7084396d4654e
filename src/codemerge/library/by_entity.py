"""Tables of many entities taken apart: one that is in order, as all tables are, isn't copied for it."""

from __future__ import annotations

from itertools import accumulate

import polars as pl


def by_entity(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Take a frame apart by ``entity``; rows without one are left out."""
    runs = frame["entity"].rle().struct.unnest()
    lengths, names = runs["len"].to_list(), runs["value"].to_list()
    if len(set(names)) < len(names):
        return {n: frame.filter(pl.col("entity") == n) for n in set(names) if n is not None}
    ends = accumulate(lengths, initial=0)
    runs_of = zip(names, lengths, ends, strict=False)
    return {n: frame.slice(end, length) for n, length, end in runs_of if n is not None}
