"""What keeps pairs from being automatic beside their comparisons: unknown words, keys that don't agree."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from codemerge.library.distinct import Side
from codemerge.library.judgement import Judged
from codemerge.library.listed import agreeing
from codemerge.rules.columns import Columns
from codemerge.rules.page import Entity

Rows = npt.NDArray[np.uint32]
Flags = npt.NDArray[np.bool_]


class Doubts(NamedTuple):
    """What, of each record, may keep every pair of it from being automatic.

    Args:
        text_norm: its text; ``twin``, ``unknown``, ``ambiguous``, ``unusable``: flags that are up or not.
        agree: columns that must agree, case aside.
        strong: columns of which one must agree.
    """

    text_norm: pl.Series
    twin: Flags
    unknown: Flags
    ambiguous: Flags
    unusable: Flags
    agree: dict[str, Side]
    strong: list[Side]


def doubts_of(columns: Columns, entity: Entity) -> Doubts:
    """Return per record what may keep every pair of it from being automatic."""
    records, matching = columns.records, entity.matching
    twins = pl.lit(value=False)
    if "reading" in records.columns:
        # Two codes of one region read as the same: which of them is meant, only an equal text tells.
        alive = (pl.col("active") & pl.col("usable")).fill_null(value=False)
        twins = alive & pl.col("reading").is_not_null() & (alive.sum().over("region", "reading") > 1)
    flags = records.select(
        twins.alias("twin"),
        unusable=~pl.col("usable"),
        unknown=(pl.col("unknown").list.len() > 0).fill_null(value=False),
        ambiguous=(pl.col("ambiguous").list.len() > 0).fill_null(value=False),
    )
    return Doubts(
        text_norm=records["text_norm"],
        twin=flags["twin"].to_numpy(),
        unknown=flags["unknown"].to_numpy(),
        ambiguous=flags["ambiguous"].to_numpy(),
        unusable=flags["unusable"].to_numpy(),
        agree={name: columns.side(name) for name in matching.agree if columns.facet(name) is not None},
        strong=[columns.side(name) for name in matching.strong if columns.facet(name) is not None],
    )


def further_vetoes(
    doubts: Doubts, rows_l: Rows, rows_r: Rows, judged: list[Judged], entity: Entity
) -> tuple[dict[str, Flags], Flags]:
    """Return vetoes that no comparison holds, and which pairs a strong field makes certain.

    A word nobody knows, or one with several readings, is harmless only where both names read the
    same and no facet disagrees.
    """
    same_text = _same(doubts.text_norm, rows_l, rows_r)
    clean = np.ones(len(rows_l), dtype=np.bool_)
    for one in judged:
        clean &= ~one.vetoed()
    harmless = same_text & clean
    further = {
        "unknown_words": _held(doubts.unknown, rows_l, rows_r) & ~harmless,
        "ambiguous_words": _held(doubts.ambiguous, rows_l, rows_r) & ~harmless,
        "near_duplicate": _held(doubts.twin, rows_l, rows_r) & ~same_text,
        "unusable": _held(doubts.unusable, rows_l, rows_r),
    }
    for name, side in doubts.agree.items():
        further[f"{name}:not_agreed"] = ~agreeing(side, rows_l, rows_r, ("same_case",))
    certain = np.zeros(len(rows_l), dtype=np.bool_)
    for side in doubts.strong:
        certain |= agreeing(side, rows_l, rows_r)
    if entity.matching.strong:
        further["no_strong_key"] = ~certain
    return further, certain & clean


def _same(column: pl.Series, left: Rows, right: Rows) -> Flags:
    """Say which pairs hold the same text; what is missing equals nothing."""
    if column.null_count() == len(column):
        return np.zeros(len(left), dtype=np.bool_)
    return (column.gather(left) == column.gather(right)).fill_null(value=False).to_numpy()


def _held(flags: Flags, left: Rows, right: Rows) -> Flags:
    """Say which pairs have a record that a flag is up for."""
    held: Flags = flags[left] | flags[right] if flags.any() else np.zeros(len(left), np.bool_)
    return held
