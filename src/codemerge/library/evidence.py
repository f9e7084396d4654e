"""What a reviewer saw of a record, as two hashes: to the letter, and by meaning.

A decision keeps both (`verdicts.pair_evidence`), so that a later change of a record can be told
apart: case, spaces or usage figures (kept and noted) from meaning (back to review).
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from codemerge.library.cleaners import NOT_ONE_SPACE
from codemerge.library.identity import BETWEEN, short_hashes

_MAYBE_APART = "[\u0300-\U0010ffff]"  # what lies below is composed (NFC) as it stands


def evidence_hashes(records: pl.DataFrame, shown: Sequence[str], meaning: Sequence[str]) -> pl.Series:
    """Return ``exact-meaning`` for each record: the column ``evidence_hash``.

    Args:
        records: one entity's records.
        shown: the non-sensitive fields, as they are written; the first hash.
        meaning: columns that carry meaning, compared without case, outer and repeated spaces: the
            facets, ``text_norm`` in place of the name, and the non-sensitive fields that tell
            neither usage (volumes, last used) nor life (status, dates).

    Returns:
        Text column named ``evidence_hash``, in the records' order.
    """
    exact = short_hashes(_joined(records, shown))
    by_meaning = short_hashes(_plain(_joined(records, meaning)))
    return pl.DataFrame({"a": exact, "b": by_meaning}).select(
        pl.concat_str("a", "b", separator="-").alias("evidence_hash")
    )["evidence_hash"]


def _joined(records: pl.DataFrame, names: Sequence[str]) -> pl.Series:
    """Return the columns' texts in one; readers refuse the sign between them in a cell."""
    if not names:
        return pl.Series([""], dtype=pl.String).new_from_index(0, records.height)
    texts = [_as_text(records, name) for name in names]
    return records.select(pl.concat_str(texts, separator=BETWEEN)).to_series()


def _plain(texts: pl.Series) -> pl.Series:
    """Return the texts without case, and each of their parts without outer and repeated spaces."""
    composed = texts.str.contains(_MAYBE_APART)
    if composed.any():
        texts = texts.scatter(composed.arg_true(), texts.filter(composed).str.normalize("NFC"))
    return texts.to_frame("text").select(
        pl.col("text")
        .str.to_lowercase()
        .str.replace_all(NOT_ONE_SPACE, " ")
        .str.replace_all(f" {BETWEEN}", BETWEEN, literal=True)
        .str.replace_all(f"{BETWEEN} ", BETWEEN, literal=True)
        .str.strip_chars(" ")
    )["text"]


def _as_text(records: pl.DataFrame, name: str) -> pl.Expr:
    column = pl.col(name)
    if isinstance(records.schema[name], pl.List):
        column = column.list.join(" ")
    return column.cast(pl.String).fill_null("").alias(name)
