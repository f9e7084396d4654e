"""How sure one may be of what was accepted automatically: a sample, and the bound it gives.

Checking n of N with d found wrong bounds the error rate from above with 95 % confidence: exactly
by the hypergeometric distribution (J. Buonaccorsi, The American Statistician 41, 1987), that is
by how many wrong ones there could be in all and still find so few.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, lgamma

import polars as pl

from codemerge.answers.run_tables import RunTables
from codemerge.library.identity import short_hash
from codemerge.library.verdicts import current_decisions
from codemerge.model import Relationship, Status, Verdict

CONFIDENCE = 0.95


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


def draw_sample(mappings: pl.DataFrame, entity: str, limit: float, salt: str = "") -> pl.DataFrame:
    """Draw the automatic mappings to check, the same ones each time.

    Args:
        mappings: the run's.
        entity: whose.
        limit: error rate that would have to be found.
        salt: draws another sample.

    Returns:
        As many ``auto`` mappings as `sample_size` asks for: those whose hashed id comes first, so
        that a mapping's place doesn't depend on which others there are. Sorted by that place.
    """
    automatic = mappings.filter((pl.col("entity") == entity) & (pl.col("status") == Status.AUTO.value))
    places = pl.Series(
        "place", [short_hash(salt, name) for name in automatic["mapping_id"].to_list()], dtype=pl.String
    )
    return (
        automatic.with_columns(places).sort("place").head(sample_size(automatic.height, limit)).drop("place")
    )


def bounds(run: RunTables, decisions: pl.DataFrame, limit: float = 0.01) -> list[Bound]:
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
        mine = run.mappings.filter(
            (pl.col("entity") == entity.id)
            & (
                (pl.col("status") == Status.AUTO.value)
                | _certain(entity.matching.accept, entity.matching.margin)
            )
            & (pl.col("code_l").fill_null("") != "")
            & (pl.col("code_r").fill_null("") != "")
        )
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


def _certain(accept: float, margin: float) -> pl.Expr:
    """Decided pairs that the run would have accepted by itself; rank 1 of their left record."""
    return (
        pl.col("status").is_in([Status.ACCEPTED.value, Status.REJECTED.value])
        & (pl.col("confidence") >= accept)
        & (pl.col("margin").fill_null(0.0) >= margin)
        & (pl.col("rank") == 1)
        & (pl.col("relationship") == Relationship.EQUIVALENT.value)
    )
