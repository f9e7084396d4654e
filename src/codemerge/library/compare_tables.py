"""Comparisons small enough for a table over distinct values, and several of them folded into one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from codemerge.library.comparison import Compared, Rows, Some
from codemerge.library.number_order import densely
from codemerge.library.weights import Floats, Levels

Whole = npt.NDArray[np.int32]

_WIDE = 512  # left values up to which a table is spread over every right record
_FOLDED = 250_000  # cells of a table that several comparisons are folded into
_LIKELY = 0.2  # share of all pairs up to which pairs that agree are worth weighing first


@dataclass(frozen=True)
class Summed:
    """Bits of every pair of distinct values of two columns, a first one for missing included."""

    codes_l: Whole
    codes_r: Whole
    bits: Floats

    def block(self, left: Rows, right: Some) -> Floats:
        """Return bits of some left records against some right ones."""
        codes = self.codes_l[left]
        if isinstance(right, slice) and len(self.bits) <= _WIDE:
            return np.take(self._wide[:, right], codes, axis=0)
        return np.take(self.bits[codes], self.codes_r[right], axis=1)

    @cached_property
    def _wide(self) -> Floats:
        """Bits of each left value against every right record: a block copies whole rows of it."""
        return np.take(self.bits, self.codes_r, axis=1)


@dataclass(frozen=True)
class Table(Summed):
    """Every pair of distinct values judged beforehand."""

    levels: Levels
    alike = None

    @property
    def flat(self) -> bool:
        """Say that every pair gets nothing."""
        return not self.bits.any()

    def pairs(self, left: Rows, right: Rows) -> tuple[Levels, Floats]:
        """Return level and bits of each pair."""
        at = (self.codes_l[left], self.codes_r[right])
        return self.levels[at], self.bits[at]


def folded(ready: Sequence[Compared]) -> list[Summed | Compared]:
    """Fold tables that together have few combinations of values into one: a block reads them once.

    Args:
        ready: comparisons; bits of tables are exact in single precision, and so are their sums.

    Returns:
        What adds up to the same bits: tables, folded as far as they fit, then all else.
    """
    out: list[Summed | Compared] = [one for one in ready if not isinstance(one, Table)]
    tables: list[Summed] = sorted((one for one in ready if isinstance(one, Table)), key=lambda t: t.bits.size)
    done: list[Summed | Compared] = []
    while tables:
        held = tables.pop(0)
        for one in list(tables):
            both = _both(held, one)
            if both is not None:
                held = both
                tables = [t for t in tables if t is not one]
        done.append(held)
    return done + out


def _both(a: Summed, b: Summed) -> Summed | None:
    """Return one table in place of two; None where it would be too large."""
    left, codes_l = densely(a.codes_l.astype(np.int64) * len(b.bits) + b.codes_l)
    if len(left) > _WIDE:
        return None
    right, codes_r = densely(a.codes_r.astype(np.int64) * b.bits.shape[1] + b.codes_r)
    if len(left) * len(right) > _FOLDED:
        return None
    bits = a.bits[np.ix_(left // len(b.bits), right // b.bits.shape[1])]
    bits = bits + b.bits[np.ix_(left % len(b.bits), right % b.bits.shape[1])]
    return Summed(codes_l.astype(np.int32), codes_r.astype(np.int32), bits)


def likely(ready: Sequence[Compared], keep: int) -> list[tuple[Rows, Rows]]:
    """Return groups of left and right records whose best pairs are probably among each other.

    They are those that agree on the table that tells the most: the fewest pairs in all, but ``keep``
    at least for most records.
    """
    best, fewest = None, np.inf
    for one in ready:
        if isinstance(one, Table) and not one.flat:
            rows, columns = _sizes(one)
            rows = np.where(columns >= keep, rows, 0)
            pairs = float(rows @ columns)
            enough = 2 * rows.sum() > len(one.codes_l)
            if enough and pairs < min(fewest, _LIKELY * len(one.codes_l) * len(one.codes_r)):
                best, fewest = one, pairs
    return [] if best is None else [group for group in _agreeing(best) if len(group[1]) >= keep]


def _nearest(table: Table) -> npt.NDArray[np.bool_]:
    """Say which right values agree most with each left value, of those that any record has."""
    used = np.bincount(table.codes_r, minlength=table.bits.shape[1]) > 0
    reached = np.where(used, table.bits, -np.inf)
    most = reached.max(axis=1, keepdims=True)
    nearest: npt.NDArray[np.bool_] = (reached == most) & np.isfinite(most)
    return nearest


def _sizes(table: Table) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return, per left value that is said, how many records the group it makes has on either side."""
    rows = np.bincount(table.codes_l, minlength=len(table.bits))
    columns = _nearest(table) @ np.bincount(table.codes_r, minlength=table.bits.shape[1])
    return rows[1:], columns[1:]


def _agreeing(table: Table) -> Iterator[tuple[Rows, Rows]]:
    """Yield, per left value, its records and those of the right value that agrees most with it."""
    by_value = np.argsort(table.codes_l, kind="stable").astype(np.uint32)
    starts = np.searchsorted(table.codes_l[by_value], np.arange(len(table.bits) + 1))
    nearest = _nearest(table)
    for value in range(1, len(table.bits)):
        rows = by_value[starts[value] : starts[value + 1]]
        columns = np.nonzero(nearest[value][table.codes_r])[0]
        if len(rows) and len(columns):
            yield rows, columns.astype(np.uint32)
