"""How far two reviewers agree beyond chance: Cohen's kappa.

J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological
Measurement 20 (1960): kappa = (po - pe) / (1 - pe).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import polars as pl

from codemerge.library.verdicts import standing
from codemerge.model import Verdict


@dataclass(frozen=True)
class Agreement:
    """Two reviewers and the pairs both have judged; kappa is None where chance can't be told apart."""

    reviewers: tuple[str, str]
    both: int
    agree: int
    kappa: float | None


def cohens_kappa(one: Sequence[str], other: Sequence[str]) -> float | None:
    """Return kappa of two raters' answers to the same questions, in the same order.

    Returns:
        1 is agreement, 0 what chance gives; None without questions, or where both always gave one
        and the same answer (chance would agree too).
    """
    n = len(one)
    if n == 0:
        return None
    observed = sum(a == b for a, b in zip(one, other, strict=True)) / n
    left, right = Counter(one), Counter(other)
    by_chance = sum(left[answer] * right[answer] for answer in left) / n**2
    return None if by_chance == 1 else round((observed - by_chance) / (1 - by_chance), 4)


def agreements(decisions: pl.DataFrame) -> list[Agreement]:
    """Compare every two reviewers who have judged the same mappings.

    Args:
        decisions: ``tables.DECISIONS`` in the order of the chain; the last standing answer counts.
            ``unsure`` is an answer.

    Returns:
        One entry per two reviewers with a mapping in common, by name.
    """
    stands = standing(decisions).filter(
        (pl.col("mapping_id") != "") & (pl.col("verdict") != Verdict.WITHDRAW.value)
    )
    answers: dict[str, dict[str, str]] = {}
    for mapping, reviewer, verdict, way in stands.select(
        "mapping_id", "reviewer", "verdict", pl.col("relationship").fill_null("")
    ).rows():
        answers.setdefault(reviewer, {})[mapping] = f"{verdict} {way}".strip()
    found = []
    for one, other in combinations(sorted(answers), 2):
        shared = sorted(answers[one].keys() & answers[other].keys())
        if not shared:
            continue
        left, right = ([answers[name][m] for m in shared] for name in (one, other))
        agree = sum(a == b for a, b in zip(left, right, strict=True))
        found.append(Agreement((one, other), len(shared), agree, cohens_kappa(left, right)))
    return found
