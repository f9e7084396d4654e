"""What people are asked: one row per record and other region with something to judge.

A row belongs to a left record (``side`` l), or to a right record that stands first in no left
record's row (``side`` r). It names up to three suggestions, the first being what the run chose.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from codemerge.answers.review_asked import REVIEW, Asked, Review
from codemerge.answers.review_conflicts import asked_conflicts
from codemerge.answers.review_signing import with_signing
from codemerge.answers.review_texts import with_texts
from codemerge.answers.run_tables import RunTables
from codemerge.answers.sampling import draw_sample
from codemerge.library.identity import short_hashes
from codemerge.model import Relationship, Severity, Status
from codemerge.rules.page import Entity
from codemerge.rules.signoff import decided_now
from codemerge.tables import TEXT, TEXTS, WHOLE

_WORTH_SHOWING = 0.0005  # a candidate less likely than that only makes a person doubt the rest
_INSIDE = {"keep_nulls": False, "empty_as_null": False}  # what lists hold, and nothing for none
_OWN = ["entity", "side", "own", "towards"]
_FIRST = {Status.ACCEPTED.value: 0, Status.AUTO.value: 1, Status.REVIEW.value: 2, Status.CANDIDATE.value: 5}


def review_rows(run: RunTables, language: str, changed: Mapping[str, str] | None = None) -> Review:
    """Find what is to be judged in a run, and word it.

    Args:
        run: a finished run.
        language: ``sv`` or ``en``, for difference, strength and why.
        changed: mapping_id → how its records changed since it was decided (`staleness.changed_words`).

    Returns:
        Rows sorted by what a reviewer should do first: what blocks, then annual volume × doubt;
        numbered through all entities, conflicts last.
    """
    open_conflicts = run.conflicts.filter(pl.col("status") == "open")
    current = decided_now(run.decisions, run.records, run.project, run.rules)
    said = last_said(run.decisions)
    asked, number = [], 1
    for entity in run.rules.entities.values():
        records = run.records.get(entity.id)
        if records is None or records.is_empty():
            continue
        rows, rest = _rows_of(run, entity, open_conflicts, current, said)
        if rows.is_empty():  # nothing is paired, nothing blocks: half of the entities of most runs
            asked.append(Asked(entity, REVIEW.empty(), (), rest))
            continue
        told = rows.with_columns(
            changed=pl.col("mapping_id").replace_strict(dict(changed or {}), default=None, return_dtype=TEXT)
        )
        worded, aspects = with_texts(told, entity, records, run.rules, language)
        numbered = _number(with_signing(worded, run, language), number)
        number += numbered.height
        sample = frozenset(draw_sample(run.mappings_of(entity.id), entity)["mapping_id"].to_list())
        asked.append(Asked(entity, numbered, aspects, rest, sample))
    return Review(tuple(asked), asked_conflicts(run, open_conflicts, asked, number, language))


def _rows_of(
    run: RunTables, entity: Entity, conflicts: pl.DataFrame, current: pl.DataFrame, said: pl.DataFrame
) -> tuple[pl.DataFrame, int]:
    """Return the rows of an entity's records, and how many records have none."""
    records, regions = run.records[entity.id], run.project.regions
    total = sum(
        records.filter(pl.col("region") == r).height * (len(regions) - 1 - n) for n, r in enumerate(regions)
    )
    flagged = _flagged(conflicts, entity.id)
    mappings = run.mappings_of(entity.id)
    if mappings.is_empty() and flagged.is_empty():
        return flagged, total
    views = _views(mappings.drop("evidence").with_row_index("at"), current)  # waterfalls are heavy to carry
    left = _ask(views.filter(pl.col("side") == "l"), flagged, entity, None)
    right = _ask(views.filter(pl.col("side") == "r"), flagged, entity, left)
    alone = _without_suggestion(run, entity, records, pl.concat([left, right]), flagged)
    rows = pl.concat([left, right, alone], how="diagonal_relaxed").join(
        said, on=_OWN, how="left", maintain_order="left"
    )
    if "at" in rows.columns:
        rows = rows.with_columns(evidence=mappings["evidence"].gather(rows["at"])).drop("at")
    return rows, max(0, total - rows.filter(pl.col("side") == "l").height)


def last_said(decisions: pl.DataFrame) -> pl.DataFrame:
    """Return the last decision on every record towards every region, withdrawals too.

    Returns:
        ``entity, side, own, towards, after`` (its decision_id).
    """
    said = decisions.filter(pl.col("mapping_id").fill_null("") != "").with_row_index("at")
    sides = [
        said.filter(pl.col(f"code_{side}").fill_null("") != "").select(
            "at",
            "entity",
            side=pl.lit(side),
            own=_record(side),
            towards=f"region_{other}",
            after="decision_id",
        )
        for side, other in (("l", "r"), ("r", "l"))
    ]
    return pl.concat(sides).sort("at").group_by(_OWN, maintain_order=True).agg(pl.col("after").last())


def _flagged(conflicts: pl.DataFrame, entity: str) -> pl.DataFrame:
    """Records that an open MAP conflict names: ``own, flag_blocks``."""
    return (
        conflicts.filter((pl.col("entity") == entity) & pl.col("check").str.starts_with("MAP-"))
        .select(own="record_ids", flag_blocks=pl.col("severity") == Severity.BLOCKING.value)
        .explode("own")
        .group_by("own")
        .agg(pl.col("flag_blocks").any())
    )


def _views(mappings: pl.DataFrame, current: pl.DataFrame) -> pl.DataFrame:
    """Every mapping seen from both its records: ``own`` asks, ``partner`` answers.

    Returns:
        ``side, own, towards, partner`` and the mapping's columns; partner empty for decisions
        without counterpart. Sorted so that the first row of each own record is what was chosen.
    """
    decided = current.select(
        "mapping_id", "change", "stale", "half_signed", "disagreement", "reviewers", "others", "decided_on",
        "decides_l", "decides_r", "lacks", "note", handed="owner", said="verdict", decision="decision_id",
    )  # fmt: skip
    known = mappings.with_columns(pl.col("code_l", "code_r").fill_null("")).join(
        decided, on="mapping_id", how="left"
    )
    sides = []
    for side, other in (("l", "r"), ("r", "l")):
        seen = known.filter(pl.col(f"code_{side}") != "")
        settled = pl.col(f"decides_{side}").fill_null(value=False)
        order = pl.col("status").replace_strict(
            _FIRST, default=pl.when(settled).then(3).otherwise(9), return_dtype=pl.Int64
        )
        # What one person has said isn't shown to the second: the order is the machine's.
        secret = pl.col("half_signed").fill_null(value=False) & (pl.col("status") == Status.REVIEW.value)
        sides.append(
            seen.with_columns(
                side=pl.lit(side),
                own=_record(side),
                towards=f"region_{other}",
                partner=pl.when(pl.col(f"code_{other}") == "").then(pl.lit("")).otherwise(_record(other)),
                order=pl.when(secret).then(5).otherwise(order),
                chosen=order < 4,
                relationship=pl.when(secret).then(None).otherwise("relationship"),
            )
        )
    asked = pl.concat(sides).filter(
        pl.col("chosen")
        | (
            (pl.col("relationship") != Relationship.NOT_RELATED.value)
            & (pl.col("confidence") >= _WORTH_SHOWING)
        )
    )
    return asked.sort(
        [*_OWN, "order", "confidence", "rank", "partner"], descending=[False] * 5 + [True, False, False]
    )


def _divided() -> pl.Expr:
    """Return the partners that a record is proposed to be divided into: ``partner, how, condition``."""
    told = pl.col("justification").str.extract_groups(r"split:(one|all):(\S+)")
    whole = (
        pl.when(pl.col("side") == "l")
        .then(pl.lit(Relationship.BROADER.value))
        .otherwise(pl.lit(Relationship.NARROWER.value))
    )
    pieces = pl.struct("partner", how=told.struct.field("1"), condition=told.struct.field("2"))
    shown = told.struct.field("1").is_not_null() & (pl.col("relationship") == whole)
    return pieces.filter(shown).alias("pieces")


def _missing() -> pl.Expr:
    """Return the professions that a row of which somebody has spoken waits for."""
    lacking = pl.col("lacks").filter("half_signed").list.explode(**_INSIDE)
    return lacking.unique().sort().alias("missing")


def _record(side: str) -> pl.Expr:
    return pl.concat_str("entity", f"region_{side}", f"code_{side}", separator="/")


def _ask(
    views: pl.DataFrame, flagged: pl.DataFrame, entity: Entity, left: pl.DataFrame | None
) -> pl.DataFrame:
    """Fold the views of each record and region to one row, and keep those with something to judge.

    Args:
        views: every mapping seen from the records of one side.
        flagged: records that a MAP conflict names.
        entity: the page; candidates above its review threshold are shown.
        left: the left records' rows, when right records are asked about: a right record that one
            of those shows has no row of its own, unless a conflict names it and none shows it first.
    """
    both = pl.col("partner") != ""
    half = bool(views["half_signed"].any())  # looked for group by group only where there are any
    split = bool(views["justification"].str.contains("split:", literal=True).any())
    rows = (
        views.group_by(_OWN, maintain_order=True)
        .agg(
            pl.col("partner").filter(both).head(3).alias("partners"),
            pl.col("confidence").filter(both).max().fill_null(0.0).alias("best"),
            pl.col("confidence").first().alias("top"),
            pl.col("chosen").any(),
            pl.col("half_signed").fill_null(value=False).any().alias("awaits"),
            *([_missing()] if half else []),
            *([_divided()] if split else []),
            *(pl.col(c).first() for c in _TAKEN),
        )
        .with_columns(*([] if half else [pl.lit([], dtype=TEXTS).alias("missing")]))
        .join(flagged, on="own", how="left", maintain_order="left")
    )
    wanted = pl.col("chosen") | (pl.col("best") >= entity.matching.review)
    if left is None:
        return rows.filter(wanted | pl.col("flag_blocks").is_not_null())
    shown = left.select("own", pl.col("partners").list.first().alias("first"), "partners")
    first = shown.get_column("first").drop_nulls().to_list()
    anywhere = shown.select(pl.col("partners").explode()).to_series().drop_nulls().unique().to_list()
    silent = wanted & ~pl.col("own").is_in(anywhere)
    named = pl.col("flag_blocks").is_not_null()
    return rows.filter((silent | named) & ~pl.col("own").is_in(first))


_TAKEN = (
    "at", "region_l", "region_r", "mapping_id", "relationship", "status", "margin", "change", "stale",
    "half_signed", "disagreement", "reviewers", "others", "decided_on", "said", "note",
    "handed",
)  # fmt: skip


def _without_suggestion(
    run: RunTables, entity: Entity, records: pl.DataFrame, rows: pl.DataFrame, flagged: pl.DataFrame
) -> pl.DataFrame:
    """Add a row for each record that a MAP conflict names and nothing is suggested for anywhere."""
    regions = run.project.regions
    shown = pl.concat([rows["own"], rows["partners"].list.first().drop_nulls()])
    left = flagged.filter(~pl.col("own").is_in(shown.implode()))
    alone = records.select(own="record_id", region="region").join(left, on="own", how="inner")
    if len(regions) < 2:
        return alone.clear().select("own")
    towards = {r: regions[1] if n == 0 else regions[0] for n, r in enumerate(regions)}
    side = {r: "l" if n == 0 else "r" for n, r in enumerate(regions)}
    return alone.with_columns(
        entity=pl.lit(entity.id),
        side=pl.col("region").replace_strict(side, default="l", return_dtype=TEXT),
        towards=pl.col("region").replace_strict(towards, default="", return_dtype=TEXT),
    ).with_columns(
        region_l=pl.when(pl.col("side") == "l").then("region").otherwise("towards"),
        region_r=pl.when(pl.col("side") == "l").then("towards").otherwise("region"),
        partners=pl.lit([], dtype=TEXTS),
    ).drop("region")  # fmt: skip


def _number(rows: pl.DataFrame, start: int) -> pl.DataFrame:
    """Sort by what to do first, number, and name every row by what it asks and shows."""
    weight = (pl.col("volume_l").fill_null(0) + pl.col("volume_r").fill_null(0)) * (
        1.0 - pl.col("confidence")
    )
    ordered = rows.with_columns(late=pl.col("state") != "open", weight=weight.round(3)).sort(
        ["late", "blocking", "weight", "region_l", "code_l", "region_r", "code_r", "side"],
        descending=[False, True, True, False, False, False, False, False],
    )
    shown = ordered.select(
        pl.concat_str(
            *_OWN,
            pl.col("relationship", "after").fill_null(""),
            "own_evidence",
            pl.col("suggestions").list.join("\x1e"),
            pl.col("suggestion_evidence").list.join("\x1e"),
            separator="\x1f",
        )
    ).to_series()
    names = [f"{n:06d}-{name}" for n, name in enumerate(short_hashes(shown, size=5).to_list(), start)]
    aspects = [c for c in ordered.columns if c.startswith("aspect_")]
    numbered = ordered.with_columns(
        row_id=pl.Series(names, dtype=TEXT), number=pl.int_range(start, start + ordered.height, dtype=WHOLE)
    )
    return numbered.select(*(pl.col(n).cast(t) for n, t in REVIEW.columns.items()), *aspects)
