"""What is read of a comparison of a rules page, and what a prepared comparison can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from codemerge.library.comparators import Step
from codemerge.library.weights import Floats, Levels, Weighed

Rows = npt.NDArray[np.uint32]
Some = Rows | slice  # records by number, or all from a first to before a last


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


@dataclass(frozen=True)
class Alike:
    """A comparison whose bits follow from one number a pair.

    Args:
        of: similarity 0–1 of some left records and some right ones, in an array of its own; 1.01,
            1.02 and 1.03 where neither, only the left, or only the right record says anything.
        worth: bits per hundredth 0…103.
    """

    of: Callable[[Rows, Some], Floats]
    worth: Floats

    def bits(self, similarity: Floats) -> Floats:
        """Return the bits of similarities, which are used up."""
        similarity *= 100
        similarity += 0.5
        return self.worth[np.clip(similarity, 0, len(self.worth) - 1, out=similarity).astype(np.uint8)]

    def block(self, left: Rows, right: Some) -> Floats:
        """Return bits of some left records against some right ones."""
        return self.bits(self.of(left, right))


class Compared(Protocol):
    """A comparison, ready to weigh any pair of records by their row numbers."""

    @property
    def flat(self) -> bool:
        """Say that every pair gets nothing: no record says anything."""

    @property
    def alike(self) -> Alike | None:
        """How alike two records are, where bits follow from that alone; else None."""

    def block(self, left: Rows, right: Some) -> Floats:
        """Return bits of some left records against some right ones, in an array of its own."""

    def pairs(self, left: Rows, right: Rows) -> tuple[Levels, Floats]:
        """Return level and bits of each pair."""
