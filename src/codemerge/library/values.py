"""Distinct values of both sides of a comparison, crossed or paired off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from codemerge.library.cleaners import clean_values
from codemerge.library.vocabulary import Vocabulary

Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Values:
    """Distinct values of both sides of one comparison.

    Args:
        left, right: distinct values as text; members of a set joined by `distinct.SEPARATOR`.
        at: the pairs to judge, as places in ``left`` and ``right``; None: every left against every
            right.
        facet: id of the facet whose concepts these are, "" for plain text.
        vocabulary: what is part of what, and what is near what.
        leaves_open: concept → concepts it leaves open.
    """

    left: pl.Series
    right: pl.Series
    at: tuple[Places, Places] | None = None
    facet: str = ""
    vocabulary: Vocabulary | None = None
    leaves_open: Mapping[str, tuple[str, ...]] | None = None

    def cleaned(self, names: tuple[str, ...]) -> Values:
        """Return the same with both sides cleaned."""
        if not names:
            return self
        return replace(self, left=clean_values(self.left, names), right=clean_values(self.right, names))

    def only(self, pairs: Places) -> Values:
        """Return some of the listed pairs."""
        if self.at is None or len(pairs) == len(self.at[0]):
            return self
        return replace(self, at=(self.at[0][pairs], self.at[1][pairs]))

    def shape(self) -> tuple[int, ...]:
        """Return the shape of an answer."""
        return (len(self.left), len(self.right)) if self.at is None else (len(self.at[0]),)

    def spread(
        self, left: npt.NDArray[np.generic], right: npt.NDArray[np.generic]
    ) -> tuple[npt.NDArray, npt.NDArray]:  # type: ignore[type-arg]
        """Lay one array per distinct value out so that an operation compares the pairs."""
        if self.at is None:
            return left[:, None], right[None, :]
        return left[self.at[0]], right[self.at[1]]
