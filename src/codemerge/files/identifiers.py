"""The ledger of combined codes: append-only, read as it stands, never sorted, never rewritten."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl

from codemerge.errors import BadInputError, Problem
from codemerge.files.atomic import write_atomically
from codemerge.tables import IDENTIFIERS

_HEADER = list(IDENTIFIERS.columns)


def read_identifiers(path: Path) -> pl.DataFrame:
    """Return the ledger in its own order; an absent file is an empty ledger.

    Raises:
        BadInputError: the header or a row isn't what codemerge writes.
    """
    if not path.exists():
        return IDENTIFIERS.empty()
    try:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInputError(
            [Problem("project.ledger_damaged", path.name, values={"found": type(error).__name__})]
        ) from error
    if not rows or rows[0] != _HEADER:
        raise BadInputError(
            [
                Problem(
                    "project.ledger_damaged",
                    path.name,
                    1,
                    values={"found": ",".join(rows[0] if rows else [])},
                )
            ]
        )
    wrong = [n for n, row in enumerate(rows[1:], 2) if len(row) != len(_HEADER) or not row[0] or not row[1]]
    if wrong:
        raise BadInputError(
            Problem("project.ledger_damaged", path.name, n, values={"found": len(rows[n - 1])}) for n in wrong
        )
    return pl.DataFrame(rows[1:], schema=IDENTIFIERS.columns, orient="row")


def new_identifiers(crosswalk: pl.DataFrame, identifiers: pl.DataFrame) -> pl.DataFrame:
    """Return the rows a merge would append: records whose combined code the ledger doesn't hold yet.

    Args:
        crosswalk: CROSSWALK; rows leading to another record's code (narrower, broader, parts of
            a split) mint nothing.
        identifiers: the ledger so far.
    """
    own = crosswalk.filter(
        pl.col("combined_code").is_not_null()
        & (pl.col("relationship") == "equivalent")
        & (pl.col("group").fill_null("") == "")
    ).select(_HEADER)
    return (
        own.unique(maintain_order=True)
        .join(identifiers, on=_HEADER, how="anti", nulls_equal=True)
        .sort(_HEADER)
    )


def append_identifiers(path: Path, rows: pl.DataFrame) -> None:
    """Add rows at the end; the file is replaced whole, so a crash leaves the old one."""
    if rows.is_empty():
        return
    before = path.read_bytes() if path.exists() else (",".join(_HEADER) + "\n").encode()
    if not before.endswith(b"\n"):
        before += b"\n"
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows.iter_rows())
    write_atomically(path, lambda temp: temp.write_bytes(before + text.getvalue().encode()) and None)
