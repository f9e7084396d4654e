"""Who refers and who reads: can an answer find its way back, can readers help each other."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import polars as pl

from codemerge.answers.basis import Basis, once
from codemerge.answers.goals import CERTAIN, PROPOSED, weighed, with_state
from codemerge.rules.goals import Senders


def sender_facts(basis: Basis) -> list[dict[str, Any]]:
    """Count ordering units whose answers find their way, private providers apart from own.

    Returns:
        Per region and kind (``own``, ``private``): ``units, volume``, those with a valid national
        id, with exactly one reply route, and with both.
    """
    senders = basis.goals.senders
    if senders is None or senders.entity not in basis.run.records:
        return []
    units = _judged(basis, senders)
    counted = units.group_by("region", "kind").agg(
        pl.len().alias("units"),
        pl.col("volume").sum(),
        *[pl.col(flag).sum().alias(flag) for flag in ("named", "routed", "both")],
        *[
            pl.col("volume").filter(pl.col(flag)).sum().alias(f"{flag}_volume")
            for flag in ("named", "routed", "both")
        ],
    )
    order = {region: n for n, region in enumerate(basis.run.project.regions)}
    return sorted(counted.to_dicts(), key=lambda row: (order.get(row["region"], 99), row["kind"]))


def _judged(basis: Basis, senders: Senders) -> pl.DataFrame:
    records = basis.records(senders.entity)
    has = set(records.columns)
    identity = (
        pl.col(senders.identity).fill_null("").str.strip_chars() if senders.identity in has else pl.lit("")
    )
    routes = [pl.col(f).fill_null("").str.strip_chars() for f in senders.reply if f in has]
    route = pl.concat_str(routes, separator="|") if routes else pl.lit("")
    own = [_digits(r.org) for r in basis.run.project.region.values() if r.org]
    provider = senders.provider if senders.provider in has else None
    number = pl.col(provider).fill_null("").str.replace_all(r"\D", "") if provider else pl.lit("")
    private = (number != "") & ~number.is_in(own) & pl.lit(bool(own))
    told = basis.of(senders.entity).filter("active", "usable").join(
        records.select(
            "record_id",
            identity.str.contains(senders.identity_format).alias("named"),
            route.str.strip_chars("|").alias("route"),
            pl.when(private).then(pl.lit("private")).otherwise(pl.lit("own")).alias("kind"),
        ),
        on="record_id",
    )  # fmt: skip
    one = pl.col("route").filter(pl.col("route") != "").n_unique().over("cluster") == 1
    told = told.with_columns(((pl.col("route") != "") & one).alias("routed"))
    return told.with_columns((pl.col("named") & pl.col("routed")).alias("both"))


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def urgency_facts(basis: Basis) -> list[dict[str, Any]]:
    """Say how many of the codes that a referral carries beside the subject have one counterpart.

    Returns:
        Per direction: ``records, one`` and the same by volume, where the list holds volumes.
    """
    entity = basis.goals.urgency
    if entity is None or entity not in basis.run.records:
        return []
    out = []
    for start, goal in permutations(basis.run.project.regions, 2):
        told = with_state(basis, entity, start, goal)
        one = told.filter(pl.col("state").is_in([CERTAIN, PROPOSED]))
        sure = told.filter(pl.col("state") == CERTAIN)
        if told.height:
            out.append(
                {
                    "start": start,
                    "goal": goal,
                    "records": told.height,
                    "one": one.height,
                    "certain": sure.height,
                }
            )
    return out


@once
def reader_facts(basis: Basis) -> dict[str, Any]:
    """Count who reads, per region, and how much volume lies in sections that both regions have.

    Returns:
        ``readers: [{region, readers, accounts}]``; ``shared: [{start, goal, volume, shared}]``;
        ``per_section``: whether the lists say which section an account reads in.
    """
    return {"readers": _readers(basis), "shared": _shared_sections(basis), "per_section": _has_section(basis)}


def _has_section(basis: Basis) -> bool:
    readers = basis.goals.readers
    return bool(readers and readers.section and readers.section in basis.records(readers.entity).columns)


def _readers(basis: Basis) -> list[dict[str, Any]]:
    readers = basis.goals.readers
    if readers is None or readers.entity not in basis.run.records:
        return []
    records = basis.records(readers.entity)
    if readers.roles not in records.columns:
        return []
    words = records[readers.roles].drop_nulls().unique().to_list()
    reads = pl.col(readers.roles).is_in([w for w in words if w.strip().lower().startswith(readers.reading)])
    told = (
        basis.of(readers.entity)
        .filter("active")
        .join(records.select("record_id", reads.fill_null(False).alias("reads")), on="record_id")
    )
    rows = {
        r["region"]: r
        for r in told.group_by("region")
        .agg(pl.col("reads").sum().alias("readers"), pl.len().alias("accounts"))
        .to_dicts()
    }
    return [rows[region] for region in basis.run.project.regions if region in rows]


def _shared_sections(basis: Basis) -> list[dict[str, Any]]:
    subject = basis.subject
    field = subject.field_named(basis.goals.sections) if subject else None
    records = basis.records(basis.goals.subject)
    if field is None or field.references not in basis.run.records or field.name not in records.columns:
        return []  # no list of sections: not measured, rather than none shared
    own = records.select("record_id", pl.col(field.name).alias("named"))
    out = []
    for start, goal in permutations(basis.run.project.regions, 2):
        there = with_state(basis, str(field.references), start, goal).filter(
            pl.col("state").is_in([CERTAIN, PROPOSED])
        )
        mine = (
            weighed(basis, basis.goals.subject)
            .filter(pl.col("region") == start, "active")
            .join(own, on="record_id")
        )
        shared = mine.filter(pl.col("named").is_in(there["code"].implode()))
        if mine["named"].drop_nulls().len():
            out.append(
                {
                    "start": start,
                    "goal": goal,
                    "volume": int(mine["volume"].sum()),
                    "shared": int(shared["volume"].sum()),
                }
            )
    return out
