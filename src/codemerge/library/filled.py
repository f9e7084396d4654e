"""Texts put together from columns."""

from __future__ import annotations

import polars as pl


def fill(template: str, *parts: pl.Expr | str) -> pl.Expr:
    """Return a text with each ``{}`` filled in order; null where a part is null.

    Stands in for ``pl.format``, which in polars 2.1 panics when a filter has left one of its columns
    with an empty chunk (two concatenated frames are enough).

    Args:
        template: text with as many ``{}`` as there are parts.
        parts: column names or expressions of any type.

    Raises:
        ValueError: the template has more or fewer places than parts.
    """
    texts = template.split("{}")
    if len(texts) != len(parts) + 1:
        raise ValueError(f"{len(parts)} parts for {template!r}")
    pieces: list[pl.Expr] = [pl.lit(texts[0])] if texts[0] else []
    for part, text in zip(parts, texts[1:], strict=True):
        column = pl.col(part) if isinstance(part, str) else part
        pieces.append(column.cast(pl.String))
        if text:
            pieces.append(pl.lit(text))
    return pl.concat_str(pieces)
