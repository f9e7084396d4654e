"""What is to be compared between two regions, as it is handed from stage to stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

Rows = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Candidates:
    """What is to be scored between two regions.

    Args:
        left, right: region ids, in the project's order.
        rows_l, rows_r: rows of the entity's frame that take part.
        pairs: ``l, r`` as rows of the entity's frame; None: every left row against every right.
    """

    left: str
    right: str
    rows_l: Rows
    rows_r: Rows
    pairs: pl.DataFrame | None


@dataclass(frozen=True)
class Scored:
    """The weighed candidates of two regions.

    Args:
        pairs: columns `codemerge.stages.score.SCORED`.
        evidence: writes the waterfalls (`codemerge.tables.EVIDENCE`) of the pairs at some places of
            ``pairs``: most pairs are never shown, and theirs is never written.
    """

    pairs: pl.DataFrame
    evidence: Callable[[Places], pl.Series]

    def told(self) -> pl.DataFrame:
        """Return ``pairs`` with the column ``evidence``."""
        return self.pairs.with_columns(self.evidence(np.arange(self.pairs.height)).alias("evidence"))
