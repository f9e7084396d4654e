"""What is lost or must count differently: detail in each direction, statistics, flow by method."""

from __future__ import annotations

from typing import Any

import polars as pl

from codemerge.answers.basis import Basis
from codemerge.answers.goals import turned, weighed
from codemerge.model import Relationship
from codemerge.tables import spelled_out


def detail_facts(basis: Basis) -> list[dict[str, Any]]:
    """Count what only one side says, per direction, over the chosen pairs of the subject.

    Returns:
        Per direction: ``pairs, volume``; ``narrower`` (the code there is wider: detail is lost) and
        ``broader`` (a question must be asked) with volume; ``facets``: title, pairs, volume of what
        the start says and the goal doesn't.
    """
    chosen = basis.chosen_of(basis.goals.subject)
    out = []
    for left, right in basis.run.project.pairs():
        pairs = chosen.filter(pl.col("region_l") == left, pl.col("region_r") == right)
        if pairs.height:
            out.append({"start": left, "goal": right, **_lost(basis, pairs, "l")})
            out.append({"start": right, "goal": left, **_lost(basis, pairs, "r")})
    return out


def _lost(basis: Basis, pairs: pl.DataFrame, start: str) -> dict[str, Any]:
    wider = Relationship.NARROWER if start == "l" else Relationship.BROADER
    volume = f"volume_{start}"
    narrower = pairs.filter(pl.col("relationship") == wider.value)
    broader = pairs.filter(pl.col("relationship") == wider.inverse().value)
    return {
        "pairs": pairs.height,
        "volume": int(pairs[volume].sum() or 0),
        "narrower": {"pairs": narrower.height, "volume": int(narrower[volume].sum() or 0)},
        "broader": {"pairs": broader.height, "volume": int(broader[volume].sum() or 0)},
        "facets": _one_sided(basis, pairs, start, volume),
    }


def _one_sided(basis: Basis, pairs: pl.DataFrame, start: str, volume: str) -> list[dict[str, Any]]:
    ours, theirs = ("left", "right") if start == "l" else ("right", "left")
    said = (
        pairs.select("mapping_id", volume, "evidence")
        .with_columns(spelled_out())
        .explode("evidence")
        .drop_nulls("evidence")
        .unnest("evidence")
        .filter(
            pl.col(ours).fill_null("") != "",
            pl.col(theirs).fill_null("") == "",
            pl.col("field").is_in(sorted(basis.run.rules.facets)),
        )
        .group_by("field")
        .agg(pl.len().alias("pairs"), pl.col(volume).sum().alias("volume"))
        .sort(["volume", "pairs", "field"], descending=[True, True, False])
    )
    return [
        {**row, "title": basis.run.rules.facets[row["field"]].title.say(basis.language)}
        for row in said.to_dicts()
    ]


def continuity_facts(basis: Basis) -> list[dict[str, Any]]:
    """Ask of each field that statistics rest on whether paired codes agree in it.

    Returns:
        Per pair of regions and field: ``pairs``, and those that are ``same``, ``differ``, said on
        ``one_side`` only or ``unsaid``, with the annual volume of both sides that differs.
    """
    subject = basis.subject
    records = basis.records(basis.goals.subject)
    if subject is None:
        return []
    fields = [f for n in basis.goals.continuity if (f := subject.field_named(n)) and n in records.columns]
    equal = basis.chosen_of(subject.id).filter(pl.col("relationship") == Relationship.EQUIVALENT.value)
    out = []
    for field in fields:
        value = records.select("record_id", pl.col(field.name).fill_null("").str.strip_chars().alias("value"))
        both = equal.join(value.rename({"record_id": "record_l", "value": "ours"}), on="record_l").join(
            value.rename({"record_id": "record_r", "value": "theirs"}), on="record_r"
        )
        for left, right in basis.run.project.pairs():
            rows = both.filter(pl.col("region_l") == left, pl.col("region_r") == right)
            if rows.height:
                title = field.title.say(basis.language)
                named = {"field": field.name, "title": title, "name": f"{title}, {left}–{right}"}
                out.append({**named, "left": left, "right": right, **_agreement(rows)})
    return out


def _agreement(rows: pl.DataFrame) -> dict[str, int]:
    ours, theirs = pl.col("ours"), pl.col("theirs")
    kinds = {
        "same": (ours != "") & (ours == theirs),
        "differ": (ours != "") & (theirs != "") & (ours != theirs),
        "one_side": (ours == "") != (theirs == ""),
        "unsaid": (ours == "") & (theirs == ""),
    }
    counts = rows.select(
        pl.len().alias("pairs"),
        *[test.sum().alias(name) for name, test in kinds.items()],
        (pl.col("volume_l") + pl.col("volume_r")).filter(kinds["differ"]).sum().alias("differ_volume"),
    )
    return {name: int(n or 0) for name, n in counts.row(0, named=True).items()}


def flow_facts(basis: Basis) -> list[dict[str, Any]]:
    """Say where each method's volume goes in the other region, per pair of regions.

    Returns:
        ``start, goal, flows: [{from, to, codes, volume}]``; ``to`` is empty for what has no
        counterpart; volume is the start's.
    """
    records = basis.records(basis.goals.subject)
    if basis.goals.modality not in records.columns:
        return []
    method = pl.col(basis.goals.modality).list.join("+").fill_null("").alias("method")
    named = records.select("record_id", method)
    pairs = turned(basis, basis.goals.subject).unique(
        ["start_record", "goal"], keep="first", maintain_order=True
    )
    out = []
    for left, right in basis.run.project.pairs():
        there = pairs.filter(pl.col("start") == left, pl.col("goal") == right).select(
            pl.col("start_record").alias("record_id"), "goal_record"
        )
        mine = (
            weighed(basis, basis.goals.subject)
            .filter(pl.col("region") == left, "active")
            .join(named, on="record_id")
        )
        told = mine.join(there, on="record_id", how="left").join(
            named.rename({"record_id": "goal_record", "method": "to"}), on="goal_record", how="left"
        )
        flows = (
            told.with_columns(
                pl.when(pl.col("goal_record").is_null()).then(None).otherwise(pl.col("to")).alias("to")
            )
            .group_by(pl.col("method").alias("from"), "to")
            .agg(pl.len().alias("codes"), pl.col("volume").sum())
            .sort(["volume", "from", "to"], descending=[True, False, False], nulls_last=True)
        )
        if flows.height:
            methods = sorted({*flows["from"], *flows["to"].drop_nulls()})
            names = {m: basis.concept_title(basis.goals.modality, m) for m in methods}
            out.append({"start": left, "goal": right, "flows": flows.to_dicts(), "names": names})
    return out
