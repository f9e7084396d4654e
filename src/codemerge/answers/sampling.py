"""How sure one may be of what was accepted automatically: a sample, and the bound it gives.

Checking n of N with d found wrong bounds the error rate from above with 95 % confidence: exactly
by the hypergeometric distribution (J. Buonaccorsi, The American Statistician 41, 1987), that is
by how many wrong ones there could be in all and still find so few.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import exp, lgamma
from typing import Any

import polars as pl

from codemerge.answers.basis import Basis
from codemerge.answers.run_tables import RunTables
from codemerge.library.identity import short_hash
from codemerge.library.verdicts import current_decisions
from codemerge.model import Relationship, Status, Verdict
from codemerge.rules.page import Entity

CONFIDENCE = 0.95
LIMIT = 0.05  # an error rate above this would be found; a smaller one asks for many more rows


@dataclass(frozen=True)
class Bound:
    """What is known of one entity's automatic mappings.

    Args:
        automatic: how many there are, those since judged by a person included.
        checked: how many of the drawn sample a person has judged.
        wrong: how many of them were overruled.
        needed: how many to check so that an error rate above ``limit`` would be found.
        bound: upper 95 % bound of the error rate; None where nothing was checked.
        limit: the rate that must not be exceeded unseen.
    """

    entity: str
    automatic: int
    checked: int
    wrong: int
    needed: int
    bound: float | None
    limit: float


def sample_size(population: int, limit: float, confidence: float = CONFIDENCE) -> int:
    """Return how many to check, none found wrong, to say that fewer than ``limit`` are wrong.

    The smallest n for which a population with ``floor(limit · N) + 1`` wrong ones would show at
    least one of them with the confidence asked for.
    """
    if population <= 0:
        return 0
    wrong = min(population, int(limit * population) + 1)
    low, high = 1, population
    while low < high:
        middle = (low + high) // 2
        if _at_most(0, population, wrong, middle) <= 1 - confidence:
            high = middle
        else:
            low = middle + 1
    return low


def upper_bound(population: int, checked: int, wrong: int, confidence: float = CONFIDENCE) -> float | None:
    """Return the largest error rate that would still show so few wrong ones, with that confidence."""
    if checked <= 0:
        return None
    low, high = wrong, population - (checked - wrong)
    while low < high:
        middle = (low + high + 1) // 2
        if _at_most(wrong, population, middle, checked) > 1 - confidence:
            low = middle
        else:
            high = middle - 1
    return round(low / population, 6)


def _at_most(found: int, population: int, wrong: int, drawn: int) -> float:
    """Return the probability of finding at most ``found`` wrong ones in a draw without replacement."""
    total = _log_choose(population, drawn)
    return sum(
        exp(_log_choose(wrong, k) + _log_choose(population - wrong, drawn - k) - total)
        for k in range(max(0, drawn - (population - wrong)), min(found, wrong, drawn) + 1)
    )


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def draw_sample(mappings: pl.DataFrame, entity: Entity, limit: float = LIMIT, salt: str = "") -> pl.DataFrame:
    """Draw the automatic mappings to check, the same ones each time.

    Args:
        mappings: the run's.
        entity: whose.
        limit: error rate that would have to be found.
        salt: draws another sample.

    Returns:
        Those of the sample that still wait for a person. The sample is the mappings whose hashed id
        comes first, as many as `sample_size` asks for, out of all that the run accepted or would
        have accepted by itself: judging some neither shrinks nor changes what is left to judge.
    """
    automatic = _automatic(mappings, entity)
    places = [short_hash(salt, name) for name in automatic["mapping_id"].to_list()]
    drawn = (
        automatic.with_columns(place=pl.Series(places, dtype=pl.String))
        .sort("place")
        .head(sample_size(automatic.height, limit))
        .drop("place")
    )
    return drawn.filter(pl.col("status") == Status.AUTO.value)


def _automatic(mappings: pl.DataFrame, entity: Entity) -> pl.DataFrame:
    """Return what the run accepted by itself, or would have, had nobody decided it."""
    matching = entity.matching
    certain = (
        pl.col("status").is_in([Status.ACCEPTED.value, Status.REJECTED.value])
        & (pl.col("confidence") >= matching.accept)
        & (pl.col("margin").fill_null(0.0) >= matching.margin)
        & (pl.col("rank") == 1)
        & (pl.col("relationship") == Relationship.EQUIVALENT.value)
    )
    return mappings.filter(
        (pl.col("entity") == entity.id)
        & ((pl.col("status") == Status.AUTO.value) | certain)
        & (pl.col("code_l").fill_null("") != "")
        & (pl.col("code_r").fill_null("") != "")
    )


def sampling_facts(basis: Basis) -> list[dict[str, Any]]:
    """Tell the report how sure the automatic pairs are.

    Returns:
        One entry per entity with automatic pairs: `Bound`'s fields, ``title``, and ``left`` to check
        before an error rate above ``limit`` would have been found.
    """
    return [
        {**asdict(b), "title": basis.title(b.entity), "left": max(0, b.needed - b.checked)}
        for b in bounds(basis.run, basis.run.decisions)
    ]


def bounds(run: RunTables, decisions: pl.DataFrame, limit: float = LIMIT) -> list[Bound]:
    """Say of every entity how sure its automatic mappings are, from what people have judged of them.

    A person's verdict counts as a check where the run would have accepted the pair by itself
    (certain, clear of its runner-up, equivalent). People choose some of those because they doubt
    them, which can only make the bound worse than it is.
    """
    frames = [f.select("record_id", "evidence_hash") for f in run.records.values()]
    if not frames:
        return []
    current = current_decisions(decisions, pl.concat(frames), 1).select(
        "mapping_id", "verdict", said="relationship"
    )
    found = []
    for entity in run.rules.entities.values():
        mine = _automatic(run.mappings_of(entity.id).drop("evidence"), entity)
        if mine.is_empty():
            continue
        judged = mine.join(current.drop_nulls("verdict"), on="mapping_id", how="inner")
        right = (pl.col("verdict") == Verdict.ACCEPT.value) & (
            pl.col("said") == Relationship.EQUIVALENT.value
        )
        decided = judged.filter(pl.col("verdict") != Verdict.UNSURE.value)
        checked, wrong = decided.height, decided.filter(~right).height
        needed = sample_size(mine.height, limit)
        bound = upper_bound(mine.height, checked, wrong)
        found.append(Bound(entity.id, mine.height, checked, wrong, needed, bound, limit))
    return found
