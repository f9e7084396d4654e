"""Checks of single cells: formats, known words, numbers that a spreadsheet has rewritten, personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from codemerge.library.cells import JUDGES, MILD, fails
from codemerge.library.checks.source import shown
from codemerge.library.checks.world import (
    World,
    all_of,
    as_findings,
    findings,
    holds,
    known_fields,
    named,
    nothing,
)
from codemerge.library.filled import fill, filled
from codemerge.library.privacy import PERSON

if TYPE_CHECKING:
    from codemerge.rules.check import Check
    from codemerge.rules.page import Entity, FieldRule


def invalid(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """A filled cell fails its field's format.

    ``given.formats``: which (``date``, ``whole``, ``decimal``, ``format`` for the page's own
    expression, or the fields' named checks, ``personnummer`` among them).
    """
    frame = world.of(entity.id)
    if frame is None:
        return nothing()
    wanted, found = set(check.given["formats"]), []
    for rule in entity.field:
        hits = _refused(rule, wanted, frame)
        if hits is None or hits.is_empty():
            continue
        mild, cause = pl.col("_verdict") == MILD, fill("{}/{}", "region", pl.lit(rule.name))
        found.append(
            findings(
                hits,
                record_ids=pl.concat_list("record_id"),
                field=pl.lit(rule.name),
                values=shown(entity, rule.name, hits),
                # The few that are truly broken must not be hidden among the merely odd.
                cause=pl.when(mild).then(fill("{}/~", cause)).otherwise(cause),
                lesser=mild,
            )
        )
    return all_of(found)


def _refused(rule: FieldRule, wanted: set[str], frame: pl.DataFrame) -> pl.DataFrame | None:
    """Return the records whose cell fails, with ``_verdict``; None: nothing can be said of the field."""
    name, cell = rule.name, pl.col(rule.name)
    if name not in frame.columns:
        return None
    secret = f"{name}_ok" in frame.columns  # judged before it was hidden
    if rule.check in wanted and secret:
        wrong = ~pl.col(f"{name}_ok").fill_null(value=True)
        told = frame.select("record_id", "region", name, fails(wrong).alias("_verdict"))
        return told.filter(pl.col("_verdict").is_not_null())
    if rule.check in wanted:
        verdict = JUDGES[rule.check](cell) if rule.check in JUDGES else None
    elif rule.type in wanted and rule.type in JUDGES:
        verdict = JUDGES[rule.type](cell)
    elif rule.format and "format" in wanted:
        verdict = fails(~cell.str.contains(f"^(?:{rule.format})$"))
    else:
        verdict = None
    if verdict is None or not (secret or holds(frame, name)):
        return None
    # Each distinct value is judged once: dates and numbers come again and again.
    known = verdict if secret else pl.when(filled(name)).then(verdict)
    judged = frame.get_column(name).unique().to_frame().select(name, known.alias("_verdict"))
    if judged["_verdict"].null_count() == judged.height:
        return None
    judged = judged.filter(pl.col("_verdict").is_not_null())
    return frame.select("record_id", "region", name).join(judged, on=name, nulls_equal=True)


def unread(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """A column that should say ``given.facet`` holds words nobody has taught the vocabulary.

    ``given.fields``: the columns; ``given.values``: words accepted as they stand.
    """
    frame = world.of(entity.id)
    fields = known_fields(frame, check.given["fields"]) if frame is not None else []
    if frame is None or not fields:
        return nothing()
    facet = f"facet_{check.given.get('facet', '')}"
    known = [str(v).lower() for v in check.given.get("values", [])]
    found = []
    for name in fields:
        if not holds(frame, name):
            continue
        strange = filled(name) & ~pl.col(name).str.strip_chars().str.to_lowercase().is_in(known)
        if facet in frame.columns:
            strange &= pl.col(facet).is_null()
        found.append(
            findings(
                frame.filter(strange),
                record_ids=pl.concat_list("record_id"),
                field=pl.lit(name),
                values=pl.concat_list(pl.col(name).str.strip_chars()),
                cause=fill("{}/{}", "region", pl.col(name).str.strip_chars()),
            )
        )
    return all_of(found)


def rewritten_numbers(world: World, _check: Check, entity: Entity) -> pl.DataFrame:
    """Keys that a spreadsheet has turned into numbers.

    Certain: ``81000.0`` and ``8,1E+04``. By a sibling: a region lacks ``04100`` or ``810E0`` that
    another region has, but has ``4100`` or ``810``, and the other lacks that.
    """
    frame = world.of(entity.id)
    if frame is None or entity.key:
        return nothing()
    shapes = (
        r"(?i)^\d+[.,]0+$|^\d+[.,]\d+E\+?\d+$|^\d+E\+\d+$",
        r"^0+[1-9]\d+$",
        r"(?i)^\d+E\d{1,2}$",
    )
    noted = _noted_cells(world, frame, entity)
    seen = frame.select(
        pl.col("code").str.contains(shape).any().alias(f"{n}") for n, shape in enumerate(shapes)
    )
    if not any(seen.row(0)):
        return noted
    rows = frame.select("record_id", "region", "code").filter(filled("code"))
    plain = rows.filter(pl.col("code").str.contains(shapes[0]))
    shortened = _siblings(rows, pl.col("code").str.strip_chars_start("0"), shapes[1])
    mantissa = pl.col("code").str.extract(r"(?i)^(\d+)E\d+$", 1)
    power = pl.col("code").str.extract(r"(?i)^\d+E(\d{1,2})$", 1).cast(pl.UInt32, strict=False).fill_null(0)
    grown = pl.concat_str(mantissa, pl.lit("0" * 99).str.head(power))
    read = _siblings(rows, grown, shapes[2])
    certain = plain.select(
        pl.concat_list("record_id").alias("record_ids"),
        pl.concat_list("code").alias("values"),
        named().alias("cause"),
    )
    found = pl.concat([certain, shortened, read]).with_columns(field=pl.lit("code"))
    return all_of([as_findings(found), noted])


_LOST = ("xlsx.scientific_in_code", "xlsx.date_in_code", "xlsx.logical_in_code")


def _noted_cells(world: World, frame: pl.DataFrame, entity: Entity) -> pl.DataFrame:
    """Turn what the reader saw in a workbook's code cells into findings.

    A date, a truth value or an exponent is certain; a plain number may have lost its zeros, and
    has where it is shorter than every code that is text in the same list.
    """
    cells = [
        (n.values["region"], n.values["field"], str(text), n.kind in _LOST)
        for n in world.notes
        if n.values.get("entity") == entity.id and n.kind in (*_LOST, "xlsx.number_in_code")
        for _, text in n.values.get("cells", ())  # type: ignore[attr-defined]
    ]
    if not cells:
        return nothing()
    kinds = {"region": pl.String, "field": pl.String, "code": pl.String, "_certain": pl.Boolean}
    seen = pl.DataFrame(cells, schema=kinds, orient="row").filter(pl.col("field") == "code").unique()
    rows = frame.filter(filled("code")).join(seen, on=["region", "code"], how="left", maintain_order="left")
    shortest = pl.col("code").str.len_chars().filter(pl.col("_certain").is_null()).min().over("region")
    lost = (pl.col("code").str.len_chars() < shortest).fill_null(value=False)
    rows = rows.with_columns(_lost=pl.col("_certain") | lost)
    return as_findings(
        rows.filter(pl.col("_certain").is_not_null()).select(
            pl.concat_list("record_id").alias("record_ids"),
            pl.lit("code").alias("field"),
            pl.concat_list("code").alias("values"),
            pl.when("_lost").then(named()).otherwise("region").alias("cause"),
            (~pl.col("_lost")).alias("lesser"),
        )
    )


def noted(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """The reader noted something about the entity's files (``given.kinds``); no record is concerned."""
    rows = [
        (str(n.values["region"]), n.file, str(n.values.get("found", "")))
        for n in world.notes
        if n.kind in check.given["kinds"] and n.values.get("entity") == entity.id
    ]
    if not rows:
        return nothing()
    frame = pl.DataFrame(rows, schema=dict.fromkeys(("region", "file", "found"), pl.String), orient="row")
    return as_findings(
        frame.select(
            pl.lit([], dtype=pl.List(pl.String)).alias("record_ids"),
            pl.lit("").alias("field"),
            pl.concat_list("found").alias("values"),
            fill("{}/{}", "region", "file").alias("cause"),
        )
    )


def _siblings(rows: pl.DataFrame, after: pl.Expr, shape: str) -> pl.DataFrame:
    """Pair codes of a shape with what another region's spreadsheet would have made of them."""
    whole = rows.filter(pl.col("code").str.contains(shape)).with_columns(_after=after)
    made = whole.join(rows, left_on="_after", right_on="code", suffix="_2").filter(
        pl.col("region") != pl.col("region_2")
    )
    # Either region holding both codes shows that they are two codes, not one rewritten.
    has = rows.select("region", "code")
    made = made.join(has, left_on=["region_2", "code"], right_on=["region", "code"], how="anti").join(
        has, left_on=["region", "_after"], right_on=["region", "code"], how="anti"
    )
    return made.select(
        pl.concat_list("record_id_2", "record_id").alias("record_ids"),
        pl.concat_list("_after", "code").alias("values"),
        fill("{}/{}", "region_2", "_after").alias("cause"),
    )


def personal_data(world: World, _check: Check, entity: Entity) -> pl.DataFrame:
    """A possible personnummer stood where it doesn't belong (`stages.conceal` took it out); never shown."""
    frame = world.of(entity.id)
    if frame is None:
        return nothing()
    names = ["code", *(f.name for f in entity.field if not f.secret and f.name in frame.columns)]
    hides = {
        name: pl.col(name).str.contains(PERSON, literal=True).fill_null(value=False)
        for name in dict.fromkeys(names)
        if holds(frame, name)
    }
    seen = frame.select(hit.any().alias(name) for name, hit in hides.items())
    return all_of(
        [
            findings(
                frame.filter(hides[name]),
                record_ids=pl.concat_list("record_id"),
                field=pl.lit(name),
                cause=fill("{}/{}", "region", pl.lit(name)),
            )
            for name in (seen.columns if not seen.is_empty() else ())
            if seen.item(0, name)
        ]
    )


CHECKS = {
    "invalid": invalid,
    "unread": unread,
    "rewritten_numbers": rewritten_numbers,
    "personal_data": personal_data,
    "noted": noted,
}
