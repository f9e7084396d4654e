"""How many records of each region hold each value of a column: counted once per region."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from codemerge.library.distinct import Side

Whole = npt.NDArray[np.int32]
Bits = npt.NDArray[np.float64]
Rows = npt.NDArray[np.uint32]


@dataclass(frozen=True)
class Tally:
    """The values of one region's records.

    Args:
        values: their numbers as `Side.codes` has them, ascending; the missing one left out.
        counts: records that hold each.
        records: records of the region, those included that say nothing.
    """

    values: Whole
    counts: Whole
    records: int

    @property
    def said(self) -> float:
        """Return how many records say anything."""
        return float(self.counts.sum())

    def of(self, values: Whole) -> Bits:
        """Return how many records hold each of some values; 0 where none does."""
        if not len(self.values):
            return np.zeros(len(values))
        at = np.minimum(np.searchsorted(self.values, values), len(self.values) - 1)
        return np.where(self.values[at] == values, self.counts[at], 0).astype(np.float64)

    def only(self, at: npt.NDArray[np.int64]) -> Tally:
        """Return some of the values, by ascending places."""
        return Tally(self.values[at], self.counts[at], self.records)


class Tallies:
    """A column's tallies, region by region.

    Args:
        side: the column of all regions' records.
    """

    def __init__(self, side: Side) -> None:
        """Start with no region counted."""
        self._side = side
        self._known: dict[str, Tally] = {}
        self.held = np.zeros(0, dtype=np.int32)  # per record, records of its region that hold its value

    def of(self, region: str, rows: Rows) -> Tally:
        """Return a region's tally.

        Args:
            region: its name.
            rows: its records that take part.
        """
        if region not in self._known:
            codes = self._side.codes[rows]
            counts = np.bincount(codes, minlength=1).astype(np.int32)
            if not len(self.held):
                self.held = np.zeros(len(self._side.codes), dtype=np.int32)
            self.held[rows] = counts[codes]
            counts[0] = 0
            values = np.nonzero(counts)[0].astype(np.int32)
            self._known[region] = Tally(values, counts[values], len(rows))
        return self._known[region]
