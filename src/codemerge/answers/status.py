"""How far the review has come: decided, to do and stale per entity and reviewer, minutes left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from codemerge.answers.effort import pace_of, reckoning
from codemerge.answers.kappa import Agreement, agreements
from codemerge.answers.review_rows import review_rows
from codemerge.answers.run_tables import RunTables
from codemerge.answers.sampling import Bound, bounds
from codemerge.library.numerals import number
from codemerge.library.verdicts import clearing, current_conflict_decisions, standing
from codemerge.model import Status, Verdict
from codemerge.rules.goals import load_plan
from codemerge.rules.signoff import decided_now, profession_title
from codemerge.rules.words import say


@dataclass(frozen=True)
class EntityStatus:
    """How far one entity has come.

    Args:
        to_do: rows that still wait for a person; ``blocking`` of them stop the merge.
        decided: mappings that people have settled and that hold.
        stale: decided, but a record's meaning changed since (or it is gone).
        half_signed: waiting for another person.
        awaits: professions that half signed mappings wait for, and how many of them.
        disagreement: two people say different things.
        unsure: judged, and left open.
        minutes: left, at the pace the project reckons with.
    """

    entity: str
    title: Mapping[str, str]
    to_do: int
    blocking: int
    decided: int
    stale: int
    half_signed: int
    awaits: Mapping[str, int]
    disagreement: int
    unsure: int
    minutes: int


@dataclass(frozen=True)
class ReviewerStatus:
    """What one person has said: standing decisions, of them stale and disputed, and the last day."""

    reviewer: str
    decisions: int
    stale: int
    disputed: int
    last: str


@dataclass(frozen=True)
class ReviewStatus:
    """How far the review has come, all told.

    Args:
        conflicts: open conflicts nobody has decided; ``conflict_minutes`` each takes.
        behind: decisions made since the run; the next dry-run obeys them.
    """

    entities: tuple[EntityStatus, ...]
    reviewers: tuple[ReviewerStatus, ...]
    agreement: tuple[Agreement, ...]
    bounds: tuple[Bound, ...]
    conflicts: int
    conflict_minutes: float
    behind: int

    @property
    def left(self) -> int:
        """Rows and conflicts that still wait for a person."""
        return self.conflicts + sum(e.to_do for e in self.entities)

    @property
    def minutes(self) -> int:
        """Minutes left, rows of all entities and conflicts."""
        return sum(e.minutes for e in self.entities) + round(self.conflicts * self.conflict_minutes)

    def facts(self) -> dict[str, Any]:
        """Return everything as plain values, for JSON."""
        return {**asdict(self), "left": self.left, "minutes": self.minutes}


def review_status(run: RunTables, decisions: pl.DataFrame) -> ReviewStatus:
    """Count what is decided and what is left.

    Args:
        run: the last run.
        decisions: ``tables.DECISIONS`` as the folder holds them now; later than the run's, perhaps.
    """
    current = decided_now(decisions, run.records, run.project, run.rules)
    review = review_rows(run, run.project.language)
    plan = reckoning(load_plan(), run.project.effort)
    settled = _settled(current)
    entities = []
    for asked in review.asked:
        mine = current.filter(pl.col("entity") == asked.entity.id)
        left = asked.rows.filter(pl.col("state") == "open").filter(~_own().is_in(settled))
        pace = pace_of(plan, asked.entity.id, asked.entity.owner)
        entities.append(
            EntityStatus(
                entity=asked.entity.id,
                title=asked.entity.plural.model_dump(),
                to_do=left.height,
                blocking=int(left["blocking"].sum()),
                decided=mine.filter(pl.col("status") != Status.REVIEW.value).height,
                stale=int(mine["stale"].sum()),
                half_signed=int(mine["half_signed"].sum()),
                awaits=_awaits(mine),
                disagreement=int(mine["disagreement"].sum()),
                unsure=mine.filter(pl.col("verdict") == Verdict.UNSURE.value).height,
                minutes=round(left.height * 60 / pace),
            )
        )
    return ReviewStatus(
        entities=tuple(entities),
        reviewers=_reviewers(decisions, current),
        agreement=tuple(agreements(decisions)),
        bounds=tuple(bounds(run, decisions)),
        conflicts=_undecided(run, review.conflicts, decisions),
        conflict_minutes=plan.conflict_minutes,
        behind=max(0, decisions.height - run.decisions.height),
    )


def _undecided(run: RunTables, conflicts: pl.DataFrame, decisions: pl.DataFrame) -> int:
    """Count the conflicts that no decision clears; what is kept as a plan clears nothing."""
    rows = dict(conflicts.select("conflict_id", "record_ids").rows())
    said = current_conflict_decisions(decisions, rows).filter(pl.col("open_record_ids").list.len() == 0)
    told = conflicts.select("conflict_id", "check", "waivable").join(
        said.select("conflict_id", "verdict", "note", "valid_until", said="resolution"), on="conflict_id"
    )
    clears = [c.id for c in run.rules.checks if c.settled_by_resolution]
    worded = [c.id for c in run.rules.checks if c.settled_in_words]
    return conflicts.height - told.filter(clearing(clears, worded, "")).height


def _awaits(current: pl.DataFrame) -> dict[str, int]:
    """Count the half signed mappings by the professions they wait for."""
    waiting = current.filter("half_signed").select("lacks").explode("lacks").drop_nulls()
    return dict(waiting.group_by("lacks").agg(pl.len()).sort("lacks").rows())


def _own() -> pl.Expr:
    """Name the record a row asks about and the region it asks towards."""
    left = pl.col("side") == "l"
    return pl.concat_str(
        pl.when(left).then("record_l").otherwise("record_r"),
        pl.lit("\x1f"),
        pl.when(left).then("region_r").otherwise("region_l"),
    )


def _settled(current: pl.DataFrame) -> list[str]:
    """Return the records (and towards which region) that a decision which holds has settled."""
    holds = current.filter(pl.col("status") != Status.REVIEW.value)
    found: list[str] = []
    for side, other in (("l", "r"), ("r", "l")):
        # A narrower or broader partner settles its record as well: there is nothing left to ask.
        related = pl.col("relationship").fill_null("") != ""
        mine = holds.filter((pl.col(f"decides_{side}") | related) & (pl.col(f"code_{side}") != ""))
        found += mine.select(
            pl.concat_str(
                "entity", pl.lit("/"), f"region_{side}", pl.lit("/"), f"code_{side}", pl.lit("\x1f"),
                f"region_{other}",
            )
        ).to_series().to_list()  # fmt: skip
    return found


def _reviewers(decisions: pl.DataFrame, current: pl.DataFrame) -> tuple[ReviewerStatus, ...]:
    stands = standing(decisions).join(
        current.select("mapping_id", "stale", "disagreement"), on="mapping_id", how="left"
    )
    counted = (
        stands.group_by("reviewer")
        .agg(
            pl.len(),
            pl.col("stale").fill_null(value=False).sum().alias("stale"),
            pl.col("disagreement").fill_null(value=False).sum().alias("disputed"),
            pl.col("decided_on").max(),
        )
        .sort("reviewer")
    )
    return tuple(ReviewerStatus(name, n, s, d, last or "") for name, n, s, d, last in counted.rows())


def _counted(awaits: Mapping[str, int], language: str) -> str:
    return ", ".join(f"{profession_title(role, language).lower()} ({n})" for role, n in awaits.items())


def said(status: ReviewStatus, language: str) -> str:
    """Tell how far the review has come, one line per entity and reviewer that has anything to tell."""

    def told(key: str, **values: object) -> str:
        return say(f"review.status.{key}", language, **values)

    spoken = "en" if language == "en" else "sv"
    titles = {e.entity: e.title[spoken] for e in status.entities}
    lines = [
        told("entity", **{**vars(e), "title": titles[e.entity]})
        for e in status.entities
        if e.to_do or e.decided or e.stale or e.unsure
    ]
    lines += [
        told("awaits", title=titles[e.entity], roles=_counted(e.awaits, language))
        for e in status.entities
        if e.awaits
    ]
    lines += [told("reviewer", **vars(r)) for r in status.reviewers]
    lines += [
        told("agreement", one=a.reviewers[0], other=a.reviewers[1], both=a.both, agree=a.agree,
             kappa="–" if a.kappa is None else f"{a.kappa:.2f}")
        for a in status.agreement
    ]  # fmt: skip
    lines += [
        told(
            "bound",
            title=titles.get(b.entity, b.entity),
            checked=b.checked,
            automatic=b.automatic,
            wrong=b.wrong,
            bound=number(b.bound * 100, language, 1) + " %",
        )
        for b in status.bounds
        if b.bound is not None
    ]
    if status.conflicts:
        lines.append(told("conflicts", count=status.conflicts))
    if status.behind:
        lines.append(told("behind", count=status.behind))
    lines.append(
        told("left", count=status.left, minutes=status.minutes) if status.left else told("nothing_left")
    )
    return "\n".join(lines)
