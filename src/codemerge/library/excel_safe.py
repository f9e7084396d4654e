"""A CSV cell that a spreadsheet would run as a formula is made inert, and can be made itself again.

Dangerous first characters: OWASP, CSV Injection (``= + - @``, tab, carriage return, line feed) and
their full-width forms, which spreadsheets normalise. One apostrophe is put in front; cells that
already look escaped get one more, so that taking it away again is exact for every text.
"""

from __future__ import annotations

import polars as pl

_DANGEROUS = r"^'*[=+\-@\t\r\n＝＋－＠]"


def escape(cell: pl.Expr) -> pl.Expr:
    """Return the cell with an apostrophe in front where a spreadsheet would run it."""
    return pl.when(~cell.str.contains(_DANGEROUS)).then(cell).otherwise(pl.lit("'") + cell)


def unescape(cell: pl.Expr) -> pl.Expr:
    """Return what `escape` was given, exactly."""
    escaped = cell.str.starts_with("'") & cell.str.contains(_DANGEROUS)
    return pl.when(~escaped).then(cell).otherwise(cell.str.slice(1))
