"""The version of a crosswalk: what recoded rows and exported files say they were made with."""

from __future__ import annotations

import polars as pl

from codemerge.library.identity import short_hash
from codemerge.tables import CROSSWALK, conform


def crosswalk_version(crosswalk: pl.DataFrame) -> str:
    """Return a short hash of every row: the same crosswalk has the same version everywhere."""
    return short_hash(conform(crosswalk, CROSSWALK).write_csv())
