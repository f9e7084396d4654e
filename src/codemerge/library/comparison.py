"""What is read of a comparison of a rules page, and what a prepared comparison can do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from codemerge.library.comparators import Step
from codemerge.library.weights import Floats, Levels, Weighed

Rows = npt.NDArray[np.uint32]


class LevelLike(Step, Weighed, Protocol):
    """A level of a rules page (`codemerge.rules.page.Level`)."""


class Declared(Protocol):
    """What is read of a comparison of a rules page (`codemerge.rules.page.Comparison`)."""

    @property
    def open(self) -> Mapping[str, tuple[str, ...]]:
        """Concept → concepts it leaves open."""

    @property
    def smooth(self) -> bool:
        """Weights are interpolated between thresholds."""

    @property
    def omitted(self) -> float | None:
        """Share of true pairs where only one side says it."""

    @property
    def cap(self) -> float | None:
        """The most bits the comparison may add."""

    @property
    def levels(self) -> Sequence[LevelLike]:
        """Levels in order."""


class Compared(Protocol):
    """A comparison, ready to weigh any pair of records by their row numbers."""

    @property
    def flat(self) -> bool:
        """Say that every pair gets nothing: no record says anything."""

    def tile(self, start: int, stop: int) -> Floats:
        """Return bits of left records start…stop against every right record."""

    def pairs(self, left: Rows, right: Rows) -> tuple[Levels, Floats]:
        """Return level and bits of each pair."""
