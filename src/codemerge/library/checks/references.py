"""Checks of what one record says of another: references that lead nowhere, or to what is retired."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from codemerge.library.checks.world import World, all_of, findings, holds, known_fields, meant, named, nothing
from codemerge.library.filled import fill, filled
from codemerge.tables import in_order

if TYPE_CHECKING:
    from codemerge.rules.check import Check
    from codemerge.rules.page import Entity, FieldRule


def references_of(frame: pl.DataFrame, field: FieldRule) -> pl.DataFrame:
    """Take a reference field apart: ``record_id, region, code, active, to`` with one row per code named."""
    value, active = pl.col(field.name), pl.col("active").fill_null(value=True)
    if not field.separator:
        told = frame.select("record_id", "region", "code", active, to=value.str.strip_chars())
        return told.filter(pl.col("to") != "")
    return (
        frame.select("record_id", "region", "code", active, to=value)
        .filter(filled("to"))
        .with_columns(pl.col("to").str.split(field.separator))
        .explode("to")
        .with_columns(pl.col("to").str.strip_chars())
        .filter(pl.col("to") != "")
    )


def _catalog(world: World, entity: str) -> pl.DataFrame:
    """Return ``region, to, to_id, to_active`` of an entity's records: one row per region and code."""
    return world.once(f"catalog/{entity}", lambda: _first_of_each_code(world.of(entity)))


def _first_of_each_code(frame: pl.DataFrame | None) -> pl.DataFrame:
    if frame is None:
        return pl.DataFrame(
            schema={"region": pl.String, "to": pl.String, "to_id": pl.String, "to_active": pl.Boolean}
        )
    told = frame.select(
        "region",
        pl.col("code").alias("to"),
        pl.col("record_id").alias("to_id"),
        pl.col("active").fill_null(value=True).alias("to_active"),
    )
    told = told if in_order(told, ("to_id",)) else told.sort("to_id")
    if frame.get_column("usable").all():
        return told  # what has a code of its own is there once
    return told.unique(subset=["region", "to"], keep="first", maintain_order=True)


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
        if (only and field.references not in only) or not holds(frame, field.name):
            continue
        known = world.of(str(field.references))
        lost = references_of(frame, field)
        if known is not None:
            codes = known.select("region", pl.col("code").alias("to"))
            lost = lost.join(codes, on=["region", "to"], how="anti")
        if lost.is_empty():
            continue
        there = [] if known is None else known["region"].unique().to_list()
        absent = ~pl.col("region").is_in(pl.Series(there, dtype=pl.String).implode())
        found.append(
            findings(
                lost,
                record_ids=pl.concat_list("record_id"),
                field=pl.lit(field.name),
                values=pl.concat_list("to"),
                cause=pl.when(absent)
                .then(fill("{}/{}/*", "region", pl.lit(field.references)))
                .otherwise(fill("{}/{}/{}", "region", pl.lit(field.references), "to")),
                lesser=absent | ~pl.col("active"),
            )
        )
    return all_of(found)


def retired_in_use(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """A retired record is still used: named by records in use, ordered, booked or flagged as bookable.

    ``given.usage``: usage kinds whose number above zero shows it; ``given.flags``: fields whose
    yes shows it; ``given.not_from``: entities whose references don't count.
    """
    frame = world.of(entity.id)
    if frame is None or frame["active"].all():
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
            findings(
                gone.filter(pl.any_horizontal(s.fill_null(value=False) for s in signs)),
                record_ids=pl.concat_list("record_id"),
                field=pl.lit("status"),
                cause=named(),
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
            if not holds(rows, field.name):
                continue
            found.append(
                findings(
                    references_of(rows, field).filter("active").join(known, on=["region", "to"]),
                    record_ids=pl.concat_list("to_id", "record_id"),
                    field=pl.lit("status"),
                    values=pl.concat_list(fill("{}/{}", pl.lit(other.id), "code")),
                    cause=fill("{}/{}", "region", "to"),
                )
            )
    return _with_successors(all_of(found), gone, entity)


def _with_successors(found: pl.DataFrame, gone: pl.DataFrame, entity: Entity) -> pl.DataFrame:
    """Propose the successor that the retired record itself names."""
    fields = entity.fields_with("lifecycle", "replaced_by")
    if not fields or found.is_empty():
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
        if field.references not in check.given["references"] or field.lifecycle:
            continue
        if world.of(str(field.references)) is None or not holds(frame, field.name):
            continue
        lost = _without_place(world, str(field.references))
        if lost.is_empty():
            continue
        found.append(
            findings(
                references_of(frame, field).filter("active").join(lost, on=["region", "to"]),
                record_ids=pl.concat_list("to_id", "record_id"),
                field=pl.lit(field.name),
                values=pl.concat_list("to"),
                cause=fill("{}/{}/{}", "region", pl.lit(field.references), "to"),
            )
        )
    return all_of(found)


def _without_place(world: World, entity: str) -> pl.DataFrame:
    """Return ``region, to, to_id`` of an entity's usable records that get no combined code."""
    return world.once(f"without place/{entity}", lambda: _lost(world, entity))


def _lost(world: World, entity: str) -> pl.DataFrame:
    named_ones = {"region": pl.String, "to": pl.String, "to_id": pl.String}
    frame, placed = world.of(entity), world.crosswalk_of(entity)
    if frame is None:
        return pl.DataFrame(schema=named_ones)
    own = frame.select("region", "usable", to="code", to_id="record_id").filter("usable").drop("usable")
    placed = placed.select("record_id", "combined_code").filter(filled("combined_code"))
    return own.join(placed, left_on="to_id", right_on="record_id", how="anti")


CHECKS = {"dangling": dangling, "retired_in_use": retired_in_use, "not_carried": not_carried}
