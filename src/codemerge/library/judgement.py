"""What the levels of a pair amount to: its relationship, what forbids certainty, and the waterfall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from codemerge.library.distinct import SEPARATOR, Side
from codemerge.library.number_order import densely
from codemerge.library.weights import LEFT_ONLY, NEITHER, RIGHT_ONLY, SILENT, Floats, Levels
from codemerge.model import Relationship
from codemerge.tables import EVIDENCE, TEXTS

Rows = npt.NDArray[np.uint32]
_NARROWER, _BROADER, _RELATED, _NONE = 1, 2, 4, 8
_FLAG = {"narrower": _NARROWER, "broader": _BROADER, "related": _RELATED, "none": _NONE, None: 0}


class Ruled(Protocol):
    """What is read of a level of a rules page (`codemerge.rules.page.Level`)."""

    @property
    def when(self) -> str:
        """Name of the comparator."""

    @property
    def veto(self) -> bool:
        """Never accepted automatically."""

    @property
    def relationship(self) -> str | None:
        """What the level makes of the pair."""


@dataclass(frozen=True)
class Judged:
    """One comparison of a list of pairs.

    Args:
        of: facet, field or column.
        levels: declared levels.
        safety: saying it on one side only makes the pair narrower/broader and never automatic.
        shown: values may be written into the evidence.
        left, right: the encoded columns; ``rows_l, rows_r`` each pair's rows in them.
        found, bits: each pair's level and weight.
        silent: concepts that say no more than silence does.
        muted: pairs of which this comparison makes nothing but bits; None: of none.
    """

    of: str
    levels: Sequence[Ruled]
    safety: bool
    shown: bool
    left: Side
    right: Side
    rows_l: Rows
    rows_r: Rows
    found: Levels
    bits: Floats
    silent: Sequence[str] = ()
    muted: npt.NDArray[np.bool_] | None = None

    def only(self, at: npt.NDArray[np.int64]) -> Judged:
        """Return the same of some of the pairs."""
        muted = None if self.muted is None else self.muted[at]
        found, bits = self.found[at], self.bits[at]
        return replace(
            self, rows_l=self.rows_l[at], rows_r=self.rows_r[at], found=found, bits=bits, muted=muted
        )

    def flags(self) -> npt.NDArray[np.int8]:
        """Return the relationship flags of each pair's level."""
        flags = _looked_up(self.found, [_FLAG[level.relationship] for level in self.levels], self._silent(1))
        return np.where(self._harmless(), 0, flags).astype(np.int8)

    def vetoed(self) -> npt.NDArray[np.bool_]:
        """Say which pairs this comparison keeps from being automatic."""
        held = _looked_up(self.found, [int(level.veto) for level in self.levels], self._silent(0))
        return held.astype(np.bool_) & ~self._harmless()

    def _harmless(self) -> npt.NDArray[np.bool_]:
        """Say where one side alone says no more than silence, and where another comparison rules."""
        alone = np.zeros(len(self.found), dtype=np.bool_) if self.muted is None else self.muted.copy()
        if self.silent:
            for side, rows, level in (
                (self.left, self.rows_l, LEFT_ONLY),
                (self.right, self.rows_r, RIGHT_ONLY),
            ):
                members = side.values.str.split(SEPARATOR).list.eval(pl.element().is_in(list(self.silent)))
                says_nothing = np.concatenate(([False], members.list.all().to_numpy()))
                alone |= (self.found == level) & says_nothing[side.codes[rows]]
        return alone

    def differs(self) -> npt.NDArray[np.bool_]:
        """Say where the two sides don't say the same (or are not both silent)."""
        unequal: npt.NDArray[np.bool_] = (self.found != 0) & (self.found != NEITHER)
        return unequal

    def names(self) -> list[str]:
        """Return the names of all levels, those of silence last: negative levels count from the end."""
        silent = (SILENT[n] for n in (RIGHT_ONLY, LEFT_ONLY, NEITHER))
        return [*(level.when for level in self.levels), *silent]

    def numbers(self, at: npt.NDArray[np.int64] | None = None) -> npt.NDArray[np.int64]:
        """Return the place among `names` of the level of each pair, or of those at some positions."""
        found = (self.found if at is None else self.found[at]).astype(np.int64)
        return np.where(found < 0, len(self.levels) + len(SILENT) + found, found)

    def _silent(self, relationship: int) -> tuple[int, int, int]:
        if not self.safety:
            return (0, 0, 0)
        return (0, _NARROWER, _BROADER) if relationship else (0, 1, 1)


def _looked_up(found: Levels, declared: list[int], silent: tuple[int, int, int]) -> npt.NDArray[np.int8]:
    """Read a value per level; negative levels count from the end: neither, left only, right only."""
    table = np.array([*declared, silent[2], silent[1], silent[0]], dtype=np.int8)
    return table[found.astype(np.int64)]  # NEITHER = -1, LEFT_ONLY = -2, RIGHT_ONLY = -3


def muted(judged: Sequence[Judged], unless: Sequence[str | None]) -> list[Judged]:
    """Let comparisons that follow from another one make nothing of pairs that the other finds different."""
    by_name = {one.of: one for one in judged}
    return [
        replace(one, muted=by_name[other].differs()) if other in by_name else one
        for one, other in zip(judged, unless, strict=True)
    ]


def relationships(judged: Sequence[Judged]) -> pl.Series:
    """Add up what every comparison says of the pairs' relationship, read left to right."""
    total = np.zeros(len(judged[0].found) if judged else 0, dtype=np.int8)
    for one in judged:
        total |= one.flags()
    answer = np.full(16, Relationship.RELATED.value, dtype=object)
    answer[0], answer[_NARROWER], answer[_BROADER] = (
        Relationship.EQUIVALENT.value, Relationship.NARROWER.value, Relationship.BROADER.value,
    )  # fmt: skip
    answer[_NONE:] = Relationship.NOT_RELATED.value
    return pl.Series("relationship", answer.tolist(), dtype=pl.String).gather(total)


def vetoes(judged: Sequence[Judged], further: dict[str, npt.NDArray[np.bool_]]) -> pl.Series:
    """List what keeps each pair from being automatic, as ``comparison:level``; ``further`` by name."""
    length = len(judged[0].found) if judged else len(next(iter(further.values()), ()))
    causes: list[list[str]] = []
    held: list[npt.NDArray[np.int64]] = []  # per cause and pair: which of its texts holds, 0 for none
    for one in judged:
        mine = one.vetoed()
        if mine.any():
            causes.append(["", *(f"{one.of}:{name}" for name in one.names())])
            held.append(np.where(mine, one.numbers() + 1, 0))
    for name, flags in further.items():
        if flags.any():
            causes.append(["", name])
            held.append(flags.astype(np.int64))
    # What holds repeats from pair to pair: the lists are written once each, then looked up.
    number = np.zeros(length, dtype=np.int64)
    lists: list[list[str]] = [[]]
    for texts, which in zip(causes, held, strict=True):
        distinct, number = densely(number * len(texts) + which)
        lists = [
            lists[n // len(texts)] + ([texts[n % len(texts)]] if n % len(texts) else [])
            for n in distinct.tolist()
        ]
    return pl.Series("vetoes", lists, dtype=TEXTS).gather(number)


def evidence(judged: Sequence[Judged], priors: npt.NDArray[np.float64]) -> pl.Series:
    """Write each pair's waterfall: its prior, then every comparison that was said or weighed.

    All entries stand in one long table, pair by pair, and are folded once: far faster than a list per row.
    """
    if not judged:
        return pl.Series("evidence", [[]], dtype=EVIDENCE).new_from_index(0, len(priors))
    told = np.ones((len(priors), len(judged) + 1), dtype=np.bool_)  # the prior always is
    for n, one in enumerate(judged, start=1):
        told[:, n] = (one.found != NEITHER) | (np.abs(one.bits) >= 0.05)
    places = np.cumsum(told, dtype=np.int64).reshape(told.shape) - 1
    size = np.count_nonzero(told)
    fields, levels = np.zeros(size, dtype=np.uint32), np.zeros(size, dtype=np.uint32)
    weights = np.zeros(size, dtype=np.float32)
    weights[places[:, 0]] = priors
    said = (np.zeros(size, dtype=np.uint32), np.zeros(size, dtype=np.uint32))  # 0: nothing, or hidden
    names, values = [""], [pl.Series([None], dtype=pl.String)]
    many = 1  # values so far
    for n, one in enumerate(judged, start=1):
        kept = np.nonzero(told[:, n])[0]
        at = places[kept, n]
        fields[at], weights[at] = n, one.bits[kept]
        levels[at] = one.numbers(kept) + len(names)
        names += one.names()
        for side, rows, out in zip((one.left, one.right), (one.rows_l, one.rows_r), said, strict=True):
            if one.shown:
                held = side.of(rows[kept])
                out[at] = np.where(held.codes > 0, held.codes + (many - 1), 0)
                values.append(held.values)
                many += len(held.values)
    shown = _shown(pl.concat([v.rename("") for v in values]))
    entries = pl.DataFrame(
        {
            "field": pl.Series(["prior", *(one.of for one in judged)], dtype=_STEP).gather(fields),
            "level": pl.Series(names, dtype=_STEP).gather(levels),
            "weight": weights,
            "left": shown.gather(said[0]),
            "right": shown.gather(said[1]),
        }
    ).to_struct("evidence")
    pairs = pl.Series(
        "pair", np.repeat(np.arange(len(priors), dtype=np.uint32), told.sum(axis=1))
    ).set_sorted()
    folded = pl.DataFrame([pairs, entries]).group_by("pair", maintain_order=True).agg("evidence")
    return folded["evidence"].cast(EVIDENCE)


_STEP, _SAID = (EVIDENCE.inner.to_schema()[name] for name in ("level", "left"))  # type: ignore[union-attr]


def _shown(values: pl.Series) -> pl.Series:
    return values.str.replace_all(SEPARATOR, " + ", literal=True).cast(_SAID)
