"""Scored pairs: match weights in bits, what differs, what forbids certainty, how sure we are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from codemerge.library.compare import compared, levels_of
from codemerge.library.compare_tables import Summed, folded, likely
from codemerge.library.compare_texts import compared_grams
from codemerge.library.compare_words import compared_words
from codemerge.library.comparison import Compared, Some
from codemerge.library.distinct import Side, only_agreeing
from codemerge.library.judgement import Judged, evidence, muted, relationships, vetoes
from codemerge.library.listed import Listed, Whole, by_number, listed
from codemerge.library.pairs import Candidates, Scored
from codemerge.library.topk import Block, best_of_all, best_of_pairs
from codemerge.library.weights import Floats, Levels, posterior, prior_bits
from codemerge.model import Relationship
from codemerge.rules.columns import Columns
from codemerge.rules.doubts import Doubts, doubts_of, further_vetoes
from codemerge.rules.page import Comparison, Entity
from codemerge.tables import TEXTS

if TYPE_CHECKING:
    from codemerge.rules.loader import Rules

Rows = npt.NDArray[np.uint32]

KEPT = 8  # candidates kept per record and other region: five are shown, the rest serve assignment
SCORED: dict[str, pl.DataType | type[pl.DataType]] = {
    "region_l": pl.String, "region_r": pl.String, "l": pl.UInt32, "r": pl.UInt32, "match_weight": pl.Float64,
    "confidence": pl.Float64, "margin": pl.Float64, "vetoes": TEXTS, "relationship": pl.String,
}  # fmt: skip


class _Column(NamedTuple):
    """A comparison, the column of all regions' records it looks at, and each region's part of it so far."""

    comparison: Comparison
    facet: str
    side: Side
    shown: bool
    parts: dict[str, Side]

    def of(self, c: Candidates) -> tuple[Side, Side]:
        """Return the column of either region; taken out once, however many regions it is compared with."""
        for region, rows in ((c.left, c.rows_l), (c.right, c.rows_r)):
            if region not in self.parts:
                self.parts[region] = self.side.of(rows)
        return self.parts[c.left], self.parts[c.right]


def score(
    pairs: Sequence[Candidates],
    records: pl.DataFrame,
    entity: Entity,
    rules: Rules,
    columns: Columns | None = None,
) -> Iterator[Scored]:
    """Weigh candidate pairs and keep the best of every record.

    One pair of regions at a time, when asked for: between 21 regions there are 210 of them, and
    only what `resolve` keeps of each needs to stay.

    Args:
        pairs: what `candidates` found.
        records: normalised records of the entity.
        entity: their page.
        rules: the vocabulary's hierarchies.
        columns: the records, as far as they are encoded already.

    Yields:
        Per pair of regions the best `KEPT` of every left and every right record, columns SCORED:
        ``l, r`` rows in ``records``; ``match_weight`` the sum of bits, prior included;
        ``confidence`` that this pair and no other is the match, 0–1; ``margin`` bits to the best
        other candidate of either record; ``vetoes`` what keeps it from being automatic;
        ``relationship`` what the facets say.
    """
    if not pairs:
        return
    known = columns or Columns(records, entity)
    encoded = _columns(known, entity, pairs)
    doubts = doubts_of(known, entity)
    for one in pairs:
        found = _between(one, encoded, doubts, entity, rules)
        if not found.pairs.is_empty():
            yield found


def _columns(columns: Columns, entity: Entity, pairs: Sequence[Candidates]) -> list[_Column]:
    """Encode what the page compares; values in order, but where listed pairs only ask for their equality."""
    listed_only = all(one.pairs is not None for one in pairs)
    learned = any(comparison.learned_from for comparison in entity.comparison)
    met = _met(pairs) if listed_only and not learned else None
    out = []
    for comparison in entity.comparison:
        facet = columns.facet(comparison.of)
        if facet is not None:
            field = entity.field_named(comparison.of)
            hidden = entity.sensitive and field is None
            shown = not hidden and not (field is not None and field.sensitive)
            plain = comparison.per == "value" and not facet
            if met is not None and plain and comparison.smooth and comparison.omitted is None:
                side = columns.some(comparison.of, comparison.clean, met)  # nothing is counted over the rest
            else:
                side = columns.side(
                    comparison.of, comparison.clean, words=comparison.per == "word",
                    ordered=not (listed_only and plain and not comparison.smooth and by_number(comparison)),
                )  # fmt: skip
            out.append(_Column(comparison, facet, side, shown, {}))
    return out


def _met(pairs: Sequence[Candidates]) -> Rows:
    """Return the rows that stand in any of the listed pairs."""
    rows = np.concatenate([one.pairs[s].to_numpy() for one in pairs if one.pairs is not None for s in "lr"])
    return np.nonzero(np.bincount(rows))[0].astype(np.uint32)


def _between(
    c: Candidates,
    columns: list[_Column],
    doubts: Doubts,
    entity: Entity,
    rules: Rules,
) -> Scored:
    """Score one pair of regions."""
    matching = entity.matching
    prior = prior_bits(len(c.rows_l), len(c.rows_r), matching.overlap, matching.prior)
    if matching.candidates == "key":
        prior = 20.0  # the key itself is the evidence: both ends are the same combined records
    way = _all_weighed if c.pairs is None else _listed_weighed
    left, right, total, judged = way(c, columns, prior, _floor(matching.floor), rules)
    judged = muted(judged, [column.comparison.unless for column in columns])
    relationship = relationships(judged) if judged else _equivalent(len(left))
    raw, margin = _confidence(left, right, total, matching.cardinality)
    further, certain = further_vetoes(doubts, left, right, judged, entity)
    confidence = np.where(certain, np.maximum(raw, 0.9999), raw)
    frame = pl.DataFrame(
        {
            "l": left,
            "r": right,
            "match_weight": total.astype(np.float64),
            "confidence": confidence,
            "margin": margin,
        },
        schema_overrides={"l": pl.UInt32, "r": pl.UInt32},
    )
    frame = frame.with_columns(
        pl.lit(c.left).alias("region_l"),
        pl.lit(c.right).alias("region_r"),
        vetoes(judged, further),
        relationship,
    ).select(pl.col(name).cast(kind) for name, kind in SCORED.items())
    return Scored(frame, lambda at: evidence([one.only(at) for one in judged], prior, len(at)))


_Weighed = tuple[Rows, Rows, Floats, list[Judged]]  # kept pairs' records, their bits, how they were judged


def _all_weighed(c: Candidates, columns: list[_Column], prior: float, floor: float, rules: Rules) -> _Weighed:
    """Weigh every left record against every right one, and keep the best."""
    sides = [column.of(c) for column in columns]
    columns = [_learned(column, side, columns, sides) for column, side in zip(columns, sides, strict=True)]
    ready = [_prepared(column, *side, rules) for column, side in zip(columns, sides, strict=True)]
    left, right = _best(ready, len(c.rows_l), len(c.rows_r))
    weighed = [one.pairs(left, right) for one in ready]
    total = _total(prior, weighed, len(left))
    kept = total >= floor
    left, right, total = left[kept], right[kept], total[kept]
    judged = [
        _judged(column, *side, left, right, levels[kept], bits[kept])
        for column, side, (levels, bits) in zip(columns, sides, weighed, strict=True)
    ]
    return c.rows_l[left], c.rows_r[right], total, judged


def _listed_weighed(
    c: Candidates, columns: list[_Column], prior: float, floor: float, rules: Rules
) -> _Weighed:
    """Weigh listed pairs: what numbers tell first, then texts where a pair can still reach the floor."""
    assert c.pairs is not None  # noqa: S101 - the caller looked
    left, right = c.pairs["l"].to_numpy(), c.pairs["r"].to_numpy()
    columns, ways = _ways(c, columns, rules)
    weighed = [way.settled(left, right) for way in ways]
    able = np.nonzero(_total(prior, weighed, len(left)) >= floor)[0]
    if len(able) < len(left):
        left, right = left[able], right[able]
        weighed = [(levels[able], bits[able]) for levels, bits in weighed]
    for way, (levels, bits) in zip(ways, weighed, strict=True):
        way.judged(levels, bits, left, right)
    total = _total(prior, weighed, len(left))
    kept = np.nonzero(best_of_pairs(left, right, total, KEPT) & (total >= floor))[0]
    left, right, total = left[kept], right[kept], total[kept]
    judged = [
        _judged(column, column.side, column.side, left, right, levels[kept], bits[kept])
        for column, (levels, bits) in zip(columns, weighed, strict=True)
    ]
    return left, right, total, judged


def _ways(c: Candidates, columns: list[_Column], rules: Rules) -> tuple[list[_Column], list[Listed | Whole]]:
    """Return how each comparison of listed pairs is weighed, habits learned."""
    if any(column.comparison.learned_from for column in columns):
        sides = [column.of(c) for column in columns]
        columns = [
            _learned(column, side, columns, sides) for column, side in zip(columns, sides, strict=True)
        ]
    ways: list[Listed | Whole] = []
    for column in columns:
        way: Listed | Whole | None = None
        if column.comparison.per == "value" and not column.facet:
            way = listed(column.comparison, column.side, c.rows_l, c.rows_r)
        if way is None:
            way = Whole(_prepared(column, *column.of(c), rules), c.rows_l, c.rows_r)
        ways.append(way)
    return columns, ways


def _total(prior: float, weighed: Sequence[tuple[Levels, Floats]], length: int) -> Floats:
    total = np.full(length, prior, dtype=np.float32)
    for _, bits in weighed:
        total += bits
    return total


def _judged(
    column: _Column, left: Side, right: Side, rows_l: Rows, rows_r: Rows, levels: Levels, bits: Floats
) -> Judged:
    one = column.comparison
    return Judged(
        one.of, one.levels, one.safety, column.shown, left, right, rows_l, rows_r, levels, bits, one.silent
    )


_ENOUGH = 30  # agreeing records from which a habit of two catalogs may be learned


def _learned(
    column: _Column, side: tuple[Side, Side], columns: list[_Column], sides: list[tuple[Side, Side]]
) -> _Column:
    """Count m among records that, alone on their sides, agree on another comparison."""
    wanted = column.comparison.learned_from
    if wanted is None:
        return column
    among = next((s for c, s in zip(columns, sides, strict=True) if c.comparison.of == wanted), None)
    pairs = only_agreeing(*among) if among else None
    if pairs is None or len(pairs[0]) < _ENOUGH:
        levels = [level.model_copy(update={"m": 0.5, "u": 0.5}) for level in column.comparison.levels]
    else:
        found = levels_of(column.comparison, *side, pairs)
        share = (np.bincount(np.maximum(found, 0), minlength=len(column.comparison.levels)) + 0.5) / (
            len(found) + 2
        )
        levels = [
            level.model_copy(update={"m": float(np.clip(m, 0.001, 0.999))})
            for level, m in zip(column.comparison.levels, share, strict=True)
        ]
    return column._replace(comparison=column.comparison.model_copy(update={"levels": tuple(levels)}))


def _floor(least: float) -> float:
    """Return the bits at which a pair by itself has this posterior."""
    return float(np.log2(least / (1 - least))) if least else -np.inf


def _prepared(column: _Column, left: Side, right: Side, rules: Rules) -> Compared:
    if column.comparison.per == "word":
        return compared_words(column.comparison, left, right)
    if column.comparison.per == "gram":
        return compared_grams(column.comparison, left, right)
    return compared(column.comparison, left, right, column.facet, rules.vocabulary if column.facet else None)


def _best(ready: list[Compared], left: int, right: int) -> tuple[Rows, Rows]:
    """Find the best of every record among all pairs; bits of texts are looked up where they can matter."""
    telling = [one for one in ready if not one.flat]
    late = next((one for one in telling if one.alike is not None), None)
    early = _summed(folded([one for one in telling if one is not late]))
    if late is None:
        return best_of_all(early, left, right, KEPT)
    return best_of_all(early, left, right, KEPT, late.alike, likely(telling, KEPT))


def _summed(ready: Sequence[Compared | Summed]) -> Block:
    """Return what adds up every comparison for a block of records."""

    def block(left: Rows, right: Some) -> Floats:
        total: Floats | None = None
        for one in ready:
            bits = one.block(left, right)  # always its own array: the first one holds the sum
            total = bits if total is None else np.add(total, bits, out=total)
        if total is not None:
            return total
        return np.zeros(
            (len(left), right.stop - right.start if isinstance(right, slice) else len(right)),
            dtype=np.float32,
        )

    return block


def _equivalent(length: int) -> pl.Series:
    return pl.repeat(Relationship.EQUIVALENT.value, length, dtype=pl.String, eager=True).alias("relationship")


def _confidence(
    left: Rows, right: Rows, total: Floats, cardinality: str
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return each pair's posterior among its rivals and its lead over the best of them, in bits."""
    raw = posterior(total, np.full(len(total), -60.0, dtype=np.float32))
    margin = np.full(len(total), 99.0)
    sides = {"one-to-one": (left, right), "many-to-one": (left,), "many-to-many": ()}[cardinality]
    for side in sides:
        rest, best = _rivals(side, total)
        raw = np.minimum(raw, posterior(total, rest))
        margin = np.minimum(margin, total - best)
    return raw, np.minimum(margin, 99.0)


def _rivals(side: Rows, total: Floats) -> tuple[Floats, npt.NDArray[np.float64]]:
    """Return log2 of the other candidates' summed odds, and the best of them, per pair."""
    rest = np.full(len(side), -60.0, dtype=np.float32)
    best = np.full(len(side), -99.0)
    several = np.nonzero(np.bincount(side)[side] > 1)[0] if len(side) else np.zeros(0, dtype=np.int64)
    if len(several):
        rest[several], best[several] = _of_several(side[several], total[several].astype(np.float64))
    return rest, best


def _of_several(side: Rows, bits: npt.NDArray[np.float64]) -> tuple[Floats, npt.NDArray[np.float64]]:
    """Do `_rivals` for records that have some."""
    odds = np.exp2(np.clip(bits, -60, 60))
    summed = np.bincount(side, weights=odds)[side]
    order = np.lexsort((-bits, side))
    starts = np.nonzero(np.diff(side[order].astype(np.int64), prepend=-1))[0]
    sizes = np.diff(np.append(starts, len(order)))
    group = np.empty(len(order), dtype=np.int64)
    group[order] = np.repeat(np.arange(len(starts)), sizes)
    is_first = np.zeros(len(order), dtype=np.bool_)
    is_first[order[starts]] = True
    best = np.where(is_first, bits[order[starts + 1]][group], bits[order[starts]][group])
    return np.log2(np.maximum(summed - odds, 2.0**-60)).astype(np.float32), best
