"""Scored pairs: match weights in bits, what differs, what forbids certainty, how sure we are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
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
from codemerge.library.listed import Listed, Valued, Whole, by_number, listed
from codemerge.library.pairs import Candidates, Places, Rows, Scored
from codemerge.library.rivals import confidence
from codemerge.library.tallies import Tallies
from codemerge.library.topk import Block, best_of_all, best_of_pairs
from codemerge.library.weights import Floats, Levels, prior_bits
from codemerge.model import Relationship
from codemerge.rules.columns import Columns
from codemerge.rules.doubts import Doubts, doubts_of, further_vetoes
from codemerge.rules.page import Comparison, Entity
from codemerge.tables import TEXTS

if TYPE_CHECKING:
    from codemerge.rules.loader import Rules

Bits = npt.NDArray[np.float64]

KEPT = 8  # candidates kept per record and other region: five are shown, the rest serve assignment
SCORED: dict[str, pl.DataType | type[pl.DataType]] = {
    "region_l": pl.String, "region_r": pl.String, "l": pl.UInt32, "r": pl.UInt32,
    "facing_l": pl.Int64, "facing_r": pl.Int64, "match_weight": pl.Float64,
    "confidence": pl.Float64, "margin": pl.Float64, "vetoes": TEXTS, "relationship": pl.String,
}  # fmt: skip


class _Column(NamedTuple):
    """A comparison, the column of all regions' records it looks at, each region's part of it so far."""

    comparison: Comparison
    facet: str
    side: Side
    shown: bool
    parts: dict[str, Side]
    tallies: Tallies

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

    Some at a time, when asked for: the listed pairs of one left region, of several where they are
    few, or every pair of two regions. Between 21 regions there are 210 of these, and only what
    `resolve` keeps of each needs to stay.

    Args:
        pairs: what `candidates` found.
        records: normalised records of the entity.
        entity: their page.
        rules: the vocabulary's hierarchies.
        columns: the records, as far as they are encoded already.

    Yields:
        The best `KEPT` of every left record towards each other region, and of every right one, columns
        SCORED: ``l, r`` rows in ``records``; ``facing_l, facing_r`` their numbers anew for each pair of
        regions, which rivals share; ``match_weight`` the sum of bits, prior included;
        ``confidence`` that this pair and no other is the match, 0–1; ``margin`` bits to the best
        other candidate of either record; ``vetoes`` what keeps it from being automatic;
        ``relationship`` what the facets say.
    """
    if not pairs:
        return
    known = columns or Columns(records, entity)
    encoded = _columns(known, entity, pairs)
    doubts = doubts_of(known, entity)
    several = [one for one in pairs if one.pairs is not None]
    ways = [_way(column, several, encoded, rules) for column in encoded] if several else []
    done = 0
    for regions in _together(pairs):
        if regions[0].pairs is None:
            found = _all_weighed(regions[0], encoded, entity, rules)
        else:
            at = slice(done, done + len(regions))
            found = _listed_weighed(regions, encoded, [way.between(at) for way in ways], entity)
            done = at.stop
        if len(found.left):
            yield _scored(regions, found, encoded, doubts, entity)


_TOGETHER = 50_000  # listed pairs up to which several left regions are weighed at once


def _together(pairs: Sequence[Candidates]) -> Iterator[list[Candidates]]:
    """Put pairs of regions together that are weighed at once; where all pairs are, each is by itself."""
    held: list[Candidates] = []
    count = 0
    for _, group in groupby(pairs, lambda one: (one.left, one.pairs is None and one.right)):
        regions = list(group)
        size = sum(_TOGETHER if one.pairs is None else one.pairs.height for one in regions)
        if held and count + size > _TOGETHER:
            yield held
            held, count = [], 0
        held += regions
        count += size
    if held:
        yield held


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
            out.append(_Column(comparison, facet, side, shown, {}, Tallies(side)))
    return out


def _met(pairs: Sequence[Candidates]) -> Rows:
    """Return the rows that stand in any of the listed pairs."""
    rows = np.concatenate([one.pairs[s].to_numpy() for one in pairs if one.pairs is not None for s in "lr"])
    return np.nonzero(np.bincount(rows))[0].astype(np.uint32)


class _Weighed(NamedTuple):
    """The pairs that are kept.

    Args:
        left, right: their records.
        towards: the pair of regions that each belongs to.
        prior, total: bits of each before anything is compared, and after.
        judged: how each comparison stands.
    """

    left: Rows
    right: Rows
    towards: Places
    prior: Bits
    total: Floats
    judged: list[Judged]


def _scored(
    regions: list[Candidates], kept: _Weighed, columns: list[_Column], doubts: Doubts, entity: Entity
) -> Scored:
    """Say what follows from the weights of some regions' pairs of records."""
    left, right, towards, prior, total, judged = kept
    judged = muted(judged, [column.comparison.unless for column in columns])
    relationship = relationships(judged) if judged else _equivalent(len(left))
    facing_l, facing_r = _facing(regions, left, right, towards)
    raw, margin = confidence(facing_l, facing_r, total, entity.matching.cardinality)
    further, certain = further_vetoes(doubts, left, right, judged, entity)
    frame = pl.DataFrame(
        {
            "l": left,
            "r": right,
            "facing_l": facing_l,
            "facing_r": facing_r,
            "match_weight": total.astype(np.float64),
            "confidence": np.where(certain, np.maximum(raw, 0.9999), raw),
            "margin": margin,
        },
        schema_overrides={"l": pl.UInt32, "r": pl.UInt32},
    )
    frame = frame.with_columns(
        pl.Series("region_l", [c.left for c in regions]).gather(towards),
        pl.Series("region_r", [c.right for c in regions]).gather(towards),
        vetoes(judged, further),
        relationship,
    ).select(pl.col(name).cast(kind) for name, kind in SCORED.items())
    return Scored(frame, lambda at: evidence([one.only(at) for one in judged], prior[at]))


def _facing(regions: list[Candidates], left: Rows, right: Rows, towards: Places) -> tuple[Places, Places]:
    """Number records of either side anew for each pair of regions: those of others are no rivals."""
    out = []
    for rows, own in ((left, [c.rows_l for c in regions]), (right, [c.rows_r for c in regions])):
        ends = np.array([(int(one[0]), int(one[-1]) + 1) for one in own])
        spans = ends[:, 1] - ends[:, 0]
        out.append(rows + (np.cumsum(spans) - spans - ends[:, 0])[towards])
    return out[0], out[1]


def _priors(regions: Sequence[Candidates], entity: Entity) -> Bits:
    """Return, per pair of regions, the bits of a pair of records before anything is compared."""
    matching = entity.matching
    if matching.candidates == "key":
        return np.full(len(regions), 20.0)  # the key itself is the evidence: both ends are the same records
    sizes = [(len(c.rows_l), len(c.rows_r)) for c in regions]
    return np.array([prior_bits(*size, matching.overlap, matching.prior) for size in sizes])


def _all_weighed(c: Candidates, columns: list[_Column], entity: Entity, rules: Rules) -> _Weighed:
    """Weigh every record of one region against every one of another, and keep the best."""
    ready = [_prepared(column, c, columns, rules) for column in columns]
    left, right = _best(ready, len(c.rows_l), len(c.rows_r))
    weighed = [one.pairs(left, right) for one in ready]
    towards = np.zeros(len(left), dtype=np.int64)
    prior = _priors([c], entity)[towards]
    total = _total(prior, weighed)
    kept = total >= _floor(entity.matching.floor)
    left, right = left[kept], right[kept]
    judged = [
        _judged(column, *column.of(c), left, right, levels[kept], bits[kept])
        for column, (levels, bits) in zip(columns, weighed, strict=True)
    ]
    return _Weighed(c.rows_l[left], c.rows_r[right], towards[kept], prior[kept], total[kept], judged)


def _listed_weighed(
    regions: list[Candidates], columns: list[_Column], ways: list[Listed | Whole], entity: Entity
) -> _Weighed:
    """Weigh listed pairs: what numbers tell first, then texts where a pair can still reach the floor."""
    pairs = [c.pairs for c in regions if c.pairs is not None]
    left, right = (np.concatenate([one[side].to_numpy() for one in pairs]) for side in "lr")
    towards = np.repeat(np.arange(len(pairs)), [one.height for one in pairs])
    priors, floor = _priors(regions, entity), _floor(entity.matching.floor)
    weighed = [way.settled(left, right, towards) for way in ways]
    able = np.nonzero(_total(priors[towards], weighed) >= floor)[0]
    if len(able) < len(left):
        left, right, towards = left[able], right[able], towards[able]
        weighed = [(levels[able], bits[able]) for levels, bits in weighed]
    for way, (levels, bits) in zip(ways, weighed, strict=True):
        way.judged(levels, bits, left, right, towards)
    total = _total(priors[towards], weighed)
    best = best_of_pairs(*_facing(regions, left, right, towards), total, KEPT)
    kept = np.nonzero(best & (total >= floor))[0]
    left, right, towards = left[kept], right[kept], towards[kept]
    judged = [
        _judged(column, column.side, column.side, left, right, levels[kept], bits[kept])
        for column, (levels, bits) in zip(columns, weighed, strict=True)
    ]
    return _Weighed(left, right, towards, priors[towards], total[kept], judged)


def _way(column: _Column, regions: list[Candidates], columns: list[_Column], rules: Rules) -> Listed | Whole:
    """Return how a comparison of listed pairs is weighed."""
    one = column.comparison
    if one.per == "value" and not (one.smooth or one.learned_from):
        words = rules.vocabulary if column.facet else None
        return listed(Valued(one, column.side, column.tallies, column.facet, words), regions)
    return Whole(lambda c: _prepared(column, c, columns, rules), regions)


def _total(prior: Bits, weighed: Sequence[tuple[Levels, Floats]]) -> Floats:
    total = prior.astype(np.float32)
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


def _learned(one: Comparison, c: Candidates, columns: list[_Column], side: tuple[Side, Side]) -> Comparison:
    """Count m among records that, alone on their sides, agree on another comparison."""
    if one.learned_from is None:
        return one
    among = next((column.of(c) for column in columns if column.comparison.of == one.learned_from), None)
    pairs = only_agreeing(*among) if among else None
    if pairs is None or len(pairs[0]) < _ENOUGH:
        levels = [level.model_copy(update={"m": 0.5, "u": 0.5}) for level in one.levels]
    else:
        found = levels_of(one, *side, pairs)
        share = (np.bincount(np.maximum(found, 0), minlength=len(one.levels)) + 0.5) / (len(found) + 2)
        levels = [
            level.model_copy(update={"m": float(np.clip(m, 0.001, 0.999))})
            for level, m in zip(one.levels, share, strict=True)
        ]
    return one.model_copy(update={"levels": tuple(levels)})


def _floor(least: float) -> float:
    """Return the bits at which a pair by itself has this posterior."""
    return float(np.log2(least / (1 - least))) if least else -np.inf


def _prepared(column: _Column, c: Candidates, columns: list[_Column], rules: Rules) -> Compared:
    """Prepare a comparison of two regions, habits learned."""
    sides = column.of(c)
    one = _learned(column.comparison, c, columns, sides)
    if one.per == "word":
        return compared_words(one, *sides)
    if one.per == "gram":
        return compared_grams(one, *sides)
    return compared(one, *sides, column.facet, rules.vocabulary if column.facet else None)


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
