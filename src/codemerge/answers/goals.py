"""How far a merge reaches the goals: what of one region's work the other could take over."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations
from typing import Any

import polars as pl

from codemerge.answers.basis import Basis, once
from codemerge.model import Relationship, Status

CERTAIN, PROPOSED, QUESTION, NONE = "certain", "proposed", "question", "none"
STATES = [CERTAIN, PROPOSED, QUESTION, NONE]
_SURE = [Status.AUTO.value, Status.ACCEPTED.value]


@once
def turned(basis: Basis, entity: str) -> pl.DataFrame:
    """Read an entity's chosen mappings both ways.

    Returns:
        ``start, start_code, start_record, goal, goal_code, goal_record, relationship, status``,
        the relationship read from start to goal.
    """
    chosen = basis.chosen_of(entity)
    inverse = {r.value: r.inverse().value for r in Relationship}
    sides = []
    for a, b in (("l", "r"), ("r", "l")):
        said = pl.col("relationship")
        sides.append(
            chosen.select(
                pl.col(f"region_{a}").alias("start"),
                pl.col(f"code_{a}").alias("start_code"),
                pl.col(f"record_{a}").alias("start_record"),
                pl.col(f"region_{b}").alias("goal"),
                pl.col(f"code_{b}").alias("goal_code"),
                pl.col(f"record_{b}").alias("goal_record"),
                (said if a == "l" else said.replace(inverse)).alias("relationship"),
                "status",
            )
        )
    return pl.concat(sides)


def weighed(basis: Basis, entity: str) -> pl.DataFrame:
    """Return the standing of an entity's records; the subject's codes count one each if none is weighed."""
    mine = basis.of(entity)
    alike = entity == basis.goals.subject and not basis.weighed
    return mine.with_columns(pl.lit(1, pl.Int64).alias("volume")) if alike else mine


@once
def with_state(basis: Basis, entity: str, start: str, goal: str) -> pl.DataFrame:
    """Say of each active record of one region how it is understood in another.

    Returns:
        The standing with ``state`` (`STATES`: exactly one code, certain; one code, if the proposal
        is taken; a question or a loss of detail; no counterpart), ``same_code`` (that one code is
        spelled alike in both) and ``goal_records``.
    """
    equal = pl.col("relationship") == Relationship.EQUIVALENT.value
    towards = (
        turned(basis, entity)
        .filter(pl.col("start") == start, pl.col("goal") == goal)
        .group_by(pl.col("start_record").alias("record_id"))
        .agg(
            equal.sum().alias("equals"),
            (equal & pl.col("status").is_in(_SURE)).sum().alias("sure"),
            (equal & (pl.col("start_code") == pl.col("goal_code"))).any().alias("same_code"),
            pl.col("goal_record").sort().alias("goal_records"),
        )
    )
    mine = weighed(basis, entity).filter(pl.col("region") == start, pl.col("active"), pl.col("usable"))
    state = (
        pl.when(pl.col("equals").is_null()).then(pl.lit(NONE))
        .when((pl.col("equals") == 1) & (pl.col("sure") == 1)).then(pl.lit(CERTAIN))
        .when(pl.col("equals") == 1).then(pl.lit(PROPOSED))
        .otherwise(pl.lit(QUESTION))
    )  # fmt: skip
    return mine.join(towards, on="record_id", how="left").with_columns(
        state.alias("state"), pl.col("same_code").fill_null(False)
    )


@once
def goal_facts(basis: Basis) -> list[dict[str, Any]]:
    """Measure every direction between two regions, by the subject's annual volume.

    Returns:
        Per direction: ``volume``, ``states``, ``same_code`` (understood already today), the
        ``chain`` of a referral, and the same by method and by reading section.
    """
    if basis.subject is None:
        return []
    return [
        _direction(basis, start, goal)
        for start, goal in permutations(basis.run.project.regions, 2)
        if basis.of(basis.goals.subject).filter(pl.col("region") == start).height
    ]


def _direction(basis: Basis, start: str, goal: str) -> dict[str, Any]:
    told = _with_groups(
        basis,
        _with_place(basis, _with_orderable(basis, with_state(basis, basis.goals.subject, start, goal)), goal),
    )
    return {
        "start": start,
        "goal": goal,
        **_sums(told.select(_counted()).row(0, named=True)),
        "chain": _chain(told),
        "by_modality": [
            {**g, "title": basis.concept_title(basis.goals.modality, g["group"])}
            for g in _grouped(told, "modality")
        ],
        "by_sections": [
            {**g, "title": _section_title(basis, start, g["group"])} for g in _grouped(told, "sections")
        ],
    }


def _volume(frame: pl.DataFrame) -> int:
    return int(frame["volume"].sum() or 0)


def _counted() -> list[pl.Expr]:
    """Return what is counted of the records of a direction, or of a part of them."""
    volume, state = pl.col("volume"), pl.col("state")
    return [
        pl.len().alias("records"),
        volume.sum(),
        *((state == s).sum().alias(f"{s}_records") for s in STATES),
        *(volume.filter(state == s).sum().alias(f"{s}_volume") for s in STATES),
        volume.filter(pl.col("same_code")).sum().alias("same_code"),
        volume.filter((state != NONE) & pl.col("placed")).sum().alias("placed"),
    ]


def _sums(row: Mapping[str, Any]) -> dict[str, Any]:
    """Lay out what `_counted` counted."""
    return {
        "records": row["records"],
        "volume": row["volume"],
        "states": {s: {"records": row[f"{s}_records"], "volume": row[f"{s}_volume"]} for s in STATES},
        "same_code": row["same_code"],
        "placed": row["placed"],
    }


def _with_orderable(basis: Basis, told: pl.DataFrame) -> pl.DataFrame:
    """Add ``orderable``: a referrer may choose it (null: the region's list doesn't say of any)."""
    field = basis.subject.field_named(basis.goals.orderable) if basis.subject else None
    records = basis.records(basis.goals.subject)
    if field is None or field.name not in records.columns:
        return told.with_columns(pl.lit(None, pl.Boolean).alias("orderable"))
    no = [raw.lower() for raw, means in field.values.items() if means == "no"]
    said = pl.col(field.name).fill_null("").str.strip_chars().str.to_lowercase()
    told = told.join(records.select("record_id", said.alias("said")), on="record_id", how="left")
    if not (told["said"] != "").any():
        return told.drop("said").with_columns(pl.lit(None, pl.Boolean).alias("orderable"))
    return told.with_columns((~pl.col("said").is_in(no)).alias("orderable")).drop("said")


def _with_place(basis: Basis, told: pl.DataFrame, goal: str) -> pl.DataFrame:
    """Add ``placed``: some counterpart has a room in the goal region (null: no such list there)."""
    performed = basis.goals.performed
    links = basis.records(performed.link) if performed else None
    if performed is None or links is None or performed.subject not in links.columns:
        return told.with_columns(pl.lit(None, pl.Boolean).alias("placed"))
    there = links.filter(pl.col("region") == goal, pl.col("active").fill_null(True))
    if not there.height:
        return told.with_columns(pl.lit(None, pl.Boolean).alias("placed"))
    codes = there.select(pl.col(performed.subject).alias("code")).unique()
    placed = (
        basis.of(basis.goals.subject)
        .filter(pl.col("region") == goal)
        .join(codes, on="code", how="semi")
        .select(pl.col("record_id").alias("goal_records"), pl.lit(True).alias("placed"))
    )
    found = (
        told.select("record_id", "goal_records")
        .explode("goal_records")
        .join(placed, on="goal_records", how="left")
        .group_by("record_id")
        .agg(pl.col("placed").fill_null(False).any())
    )
    return told.join(found, on="record_id", how="left")


def _with_groups(basis: Basis, told: pl.DataFrame) -> pl.DataFrame:
    records = basis.records(basis.goals.subject)
    columns = {"modality": basis.goals.modality, "sections": basis.goals.sections}
    named = [_text_of(records, column).alias(name) for name, column in columns.items()]
    return told.join(records.select("record_id", *named), on="record_id", how="left")


def _text_of(frame: pl.DataFrame, column: str) -> pl.Expr:
    if column not in frame.columns:
        return pl.lit("")
    text = pl.col(column)
    return (text.list.join("+") if isinstance(frame.schema[column], pl.List) else text).fill_null("")


def _grouped(told: pl.DataFrame, by: str) -> list[dict[str, Any]]:
    counted = told.group_by(pl.col(by).alias("group"), maintain_order=True).agg(_counted())
    rows = [{"group": row["group"] or "", **_sums(row)} for row in counted.iter_rows(named=True)]
    return sorted(rows, key=lambda row: (-row["volume"], row["group"]))


def _section_title(basis: Basis, region: str, code: str) -> str:
    """Return code and name of a section, as its own list names it."""
    field = basis.subject.field_named(basis.goals.sections) if basis.subject else None
    records = basis.records(field.references) if field and field.references else None
    if records is None or "label" not in records.columns:
        return code
    found = records.filter(pl.col("region") == region, pl.col("code") == code)["label"].drop_nulls()
    return f"{code} {found[0]}" if found.len() else code


def _chain(told: pl.DataFrame) -> list[dict[str, Any]]:
    """Follow a referral step by step; each step counts what passed all steps before it.

    Urgency and reply route are shares of other volumes and stand apart (`answers.senders`).
    """
    total = _volume(told)
    said = told["orderable"].drop_nulls().len() > 0
    left = told.filter("orderable") if said else told
    steps = [{**_step("orderable", left, total), "measured": said}]
    left = left.filter(pl.col("state").is_in([CERTAIN, PROPOSED, QUESTION]))
    steps.append(_step("understood", left, total))
    left = left.filter(pl.col("state") != QUESTION)
    steps.append(_step("one_code", left, total))
    known = told["placed"].drop_nulls().len() > 0
    left = left.filter("placed") if known else left
    steps.append({**_step("placed", left, total), "measured": known})
    return steps


def _step(name: str, left: pl.DataFrame, total: int) -> dict[str, Any]:
    volume = _volume(left)
    return {"step": name, "volume": volume, "share": volume / total if total else 0.0, "measured": True}
