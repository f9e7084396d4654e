"""Texts put together from columns, and which cells hold one."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

_AFTER_SPACES, _OTHER_SPACES = "!", "\x85"  # spaces stand before the one or from the other on


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


def filled(column: str) -> pl.Expr:
    """Say whether a text cell holds anything but spaces."""
    return pl.col(column).fill_null("").str.strip_chars() != ""


def maybe_blank(frame: pl.DataFrame, names: Sequence[str]) -> list[str]:
    """Return the text columns in which a cell may be empty or hold only spaces.

    A quick look by the first character, a fifth of what taking off spaces costs. In all the others a
    cell that isn't null holds something.
    """
    if not names:
        return []
    text = pl.col(names)
    seen = frame.select(((text < _AFTER_SPACES) | (text >= _OTHER_SPACES)).any()).row(0)
    return [name for name, found in zip(names, seen, strict=True) if found]
