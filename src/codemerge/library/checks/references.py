"""Checks of what one record says of another: references that lead nowhere, or to what is retired."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from codemerge.library.checks.world import (
    World,
    as_findings,
    filled,
    in_use,
    known_fields,
    meant,
    named,
    nothing,
)
from codemerge.library.filled import fill

if TYPE_CHECKING:
    from codemerge.rules.check import Check
    from codemerge.rules.page import Entity, FieldRule


def references_of(frame: pl.DataFrame, field: FieldRule) -> pl.DataFrame:
    """Take a reference field apart: ``record_id, region, code, active, to`` with one row per code named."""
    value = pl.col(field.name)
    parts = value.str.split(field.separator) if field.separator else pl.concat_list(value)
    return (
        frame.filter(filled(field.name))
        .select("record_id", "region", "code", pl.col("active").fill_null(value=True), parts.alias("to"))
        .explode("to")
        .with_columns(pl.col("to").str.strip_chars())
        .filter(pl.col("to").fill_null("") != "")
    )


def _catalog(world: World, entity: str) -> pl.DataFrame:
    """Return ``region, to, to_id, to_active`` of an entity's records: one row per region and code."""
    frame = world.of(entity)
    if frame is None:
        return pl.DataFrame(
            schema={"region": pl.String, "to": pl.String, "to_id": pl.String, "to_active": pl.Boolean}
        )
    return (
        frame.select(
            "region",
            pl.col("code").alias("to"),
            pl.col("record_id").alias("to_id"),
            pl.col("active").fill_null(value=True).alias("to_active"),
        )
        .sort("to_id")
        .unique(subset=["region", "to"], keep="first", maintain_order=True)
    )


def dangling(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """A reference names a code that the region's own catalog doesn't hold.

    Lesser: the row itself is retired, or the region delivered no such catalog at all (then nothing
    can be followed, and one conflict says so). ``given.references`` limits it to some entities.
    """
    frame = world.of(entity.id)
    if frame is None:
        return nothing()
    only = check.given.get("references")
    found = []
    for field in entity.references:
        if only and field.references not in only:
            continue
        refs = references_of(frame, field)
        known = _catalog(world, str(field.references))
        lost = refs.join(known.select("region", "to"), on=["region", "to"], how="anti")
        absent = ~pl.col("region").is_in(known["region"].unique().implode())
        found.append(
            lost.select(
                pl.concat_list("record_id").alias("record_ids"),
                pl.lit(field.name).alias("field"),
                pl.concat_list("to").alias("values"),
                pl.when(absent)
                .then(fill("{}/{}/*", "region", pl.lit(field.references)))
                .otherwise(fill("{}/{}/{}", "region", pl.lit(field.references), "to"))
                .alias("cause"),
                (absent | ~pl.col("active")).alias("lesser"),
            )
        )
    return as_findings(pl.concat(found)) if found else nothing()


def retired_in_use(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """A retired record is still used: named by records in use, ordered, booked or flagged as bookable.

    ``given.usage``: usage kinds whose number above zero shows it; ``given.flags``: fields whose
    yes shows it; ``given.not_from``: entities whose references don't count.
    """
    frame = world.of(entity.id)
    if frame is None:
        return nothing()
    gone = frame.filter(~pl.col("active").fill_null(value=True))
    signs = [
        pl.col(f.name).str.extract(r"(\d+)", 1).cast(pl.Int64, strict=False).fill_null(0) > 0
        for kind in check.given.get("usage", [])
        for f in entity.fields_with("usage", kind)
    ]
    signs += [meant(entity, n) == "yes" for n in known_fields(frame, check.given.get("flags", []))]
    found = []
    if signs:
        found.append(
            gone.filter(pl.any_horizontal(s.fill_null(value=False) for s in signs)).select(
                pl.concat_list("record_id").alias("record_ids"),
                pl.lit("status").alias("field"),
                pl.lit([], dtype=pl.List(pl.String)).alias("values"),
                named().alias("cause"),
            )
        )
    known = _catalog(world, entity.id).filter(~pl.col("to_active"))
    skipped = set(check.given.get("not_from", []))
    for other in world.rules.entities.values() if not known.is_empty() else ():
        rows = world.of(other.id)
        if rows is None or other.id in skipped:
            continue
        for field in other.references:
            if field.references != entity.id or field.lifecycle:
                continue
            found.append(
                references_of(in_use(rows), field)
                .join(known, on=["region", "to"])
                .select(
                    pl.concat_list("to_id", "record_id").alias("record_ids"),
                    pl.lit("status").alias("field"),
                    pl.concat_list(fill("{}/{}", pl.lit(other.id), "code")).alias("values"),
                    fill("{}/{}", "region", "to").alias("cause"),
                )
            )
    return _with_successors(as_findings(pl.concat(found)), gone, entity) if found else nothing()


def _with_successors(found: pl.DataFrame, gone: pl.DataFrame, entity: Entity) -> pl.DataFrame:
    """Propose the successor that the retired record itself names."""
    fields = entity.fields_with("lifecycle", "replaced_by")
    if not fields:
        return found
    named_by = gone.filter(filled(fields[0].name)).select(
        cause=named(), _next=fill("{} → {}/{}", named(), "region", pl.col(fields[0].name).str.strip_chars())
    )
    known = named_by.unique("cause", keep="first", maintain_order=True)
    return (
        found.join(known, on="cause", how="left", maintain_order="left")
        .with_columns(proposal=pl.col("_next").fill_null(""))
        .drop("_next")
    )


def not_carried(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """A record in use names a record that gets no place in the combined catalog.

    ``given.references``: the entities looked at. Rows that have no code of their own there
    (duplicated, empty) are told by other checks.
    """
    frame = world.of(entity.id)
    if frame is None:
        return nothing()
    found = []
    for field in entity.references:
        target = world.of(str(field.references))
        if field.references not in check.given["references"] or field.lifecycle or target is None:
            continue
        lost = (
            target.filter("usable")
            .join(world.placed, on="record_id", how="anti")
            .select("region", pl.col("code").alias("to"), pl.col("record_id").alias("to_id"))
        )
        found.append(
            references_of(in_use(frame), field)
            .join(lost, on=["region", "to"])
            .select(
                pl.concat_list("to_id", "record_id").alias("record_ids"),
                pl.lit(field.name).alias("field"),
                pl.concat_list("to").alias("values"),
                fill("{}/{}/{}", "region", pl.lit(field.references), "to").alias("cause"),
            )
        )
    return as_findings(pl.concat(found)) if found else nothing()


CHECKS = {"dangling": dangling, "retired_in_use": retired_in_use, "not_carried": not_carried}
