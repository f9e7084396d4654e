"""What a reviewer saw of a record, as two hashes: to the letter, and by meaning.

A decision keeps both (`verdicts.pair_evidence`), so that a later change of a record can be told
apart: case, spaces or usage figures (kept and noted) from meaning (back to review).
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from codemerge.library.identity import BETWEEN, short_hash, short_hashes


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
    exact = _hashed(records.select(_as_text(records, name) for name in shown))
    plain = records.select(
        _as_text(records, name)
        .str.normalize("NFC")
        .str.to_lowercase()
        .str.replace_all(r"\s+", " ")
        .str.strip_chars()
        for name in meaning
    )
    by_meaning = _hashed(plain)
    return pl.DataFrame({"a": exact, "b": by_meaning}).select(
        pl.concat_str("a", "b", separator="-").alias("evidence_hash")
    )["evidence_hash"]


def _as_text(records: pl.DataFrame, name: str) -> pl.Expr:
    column = pl.col(name)
    if isinstance(records.schema[name], pl.List):
        column = column.list.join(" ")
    return column.cast(pl.String).fill_null("").alias(name)


def _hashed(texts: pl.DataFrame) -> pl.Series:
    if not texts.columns:
        return pl.Series([short_hash()], dtype=pl.String).new_from_index(0, texts.height)
    return short_hashes(texts.select(pl.concat_str(pl.all(), separator=BETWEEN)).to_series())
