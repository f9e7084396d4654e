"""Checks of one region's own rows: keys, empty cells, damaged text, words that contradict the status."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import polars as pl

from codemerge.library.checks.world import (
    World,
    all_of,
    as_findings,
    findings,
    holds,
    known_fields,
    meant,
    named,
    nothing,
)
from codemerge.library.filled import fill, filled
from codemerge.library.privacy import mask

if TYPE_CHECKING:
    from codemerge.rules.check import Check
    from codemerge.rules.page import Entity

_BETWEEN = "\x1f"
_HEAD = ("record_id", "region", "active")


def duplicate_key(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """One key of one region names rows that differ.

    ``given.periods``: ``same`` finds rows whose validity overlaps or is unknown, ``apart`` those
    that follow each other in time (one code, another meaning later).
    """
    frame = world.of(entity.id)
    if frame is None:
        return nothing()
    rows = frame.filter(filled("code") & pl.col("record_id").str.contains(r"#\d+$"))
    if rows.is_empty():
        return nothing()
    spans = [f.name for kind in ("valid_from", "valid_to") for f in entity.fields_with("lifecycle", kind)]
    apart = _periods_apart(rows, spans) if len(spans) == 2 else rows.head(0).select("region", "code")
    how: Literal["semi", "anti"] = "semi" if check.given.get("periods") == "apart" else "anti"
    return as_findings(
        rows.join(apart, on=["region", "code"], how=how).select(
            pl.concat_list("record_id").alias("record_ids"),
            pl.lit("code").alias("field"),
            shown(entity, "label", rows).alias("values"),
            named().alias("cause"),
        )
    )


def _periods_apart(rows: pl.DataFrame, spans: list[str]) -> pl.DataFrame:
    """Return ``region, code`` of keys whose rows' validity periods follow each other."""
    start, end = spans
    dates = rows.select("region", "code", start=_day(start), end=_day(end)).sort("region", "code", "start")
    before = pl.col("end").shift(1).over("region", "code")
    first = pl.int_range(pl.len()).over("region", "code") == 0
    follows = first | (before.is_not_null() & pl.col("start").is_not_null() & (before <= pl.col("start")))
    return (
        dates.group_by("region", "code").agg(follows.all().alias("ok"))
        if dates.is_empty()
        else (dates.with_columns(follows.alias("ok")).group_by("region", "code").agg(pl.col("ok").all()))
        .filter("ok")
        .select("region", "code")
    )


def _day(column: str) -> pl.Expr:
    digits = pl.col(column).str.replace_all(r"\D", "").str.slice(0, 8)
    return pl.when(digits.str.len_chars() == 8).then(digits)


def missing(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """A field is empty in rows that are in use.

    ``given.fields`` (default: the page's required ones) are of full severity; ``given.lesser``
    lists fields missed only where the region fills them in at least half of its other rows.
    ``given.unless``: fields that, filled, make up for it; ``given.unless_yes``: flags that excuse it.
    """
    frame = world.of(entity.id)
    if frame is None:
        return nothing()
    required = check.given.get("fields", [f.name for f in entity.field if f.required])
    lesser = [n for n in known_fields(frame, check.given.get("lesser", [])) if n not in required]
    enough = [filled(n) for n in known_fields(frame, check.given.get("unless", []))]
    enough += [
        (meant(entity, n) == "yes").fill_null(value=False)
        for n in known_fields(frame, check.given.get("unless_yes", []))
    ]
    asked = [*((n, False) for n in known_fields(frame, required)), *((n, True) for n in lesser)]
    if not asked:
        return nothing()
    counts = pl.any_horizontal(enough).not_() if enough else pl.lit(value=True)
    if not check.given.get("also_retired"):
        counts &= pl.col("active").fill_null(value=True)
    rows = frame.select(
        "record_id", "region", counts.alias("_counts"), *(_empty(frame, entity, n) for n, _ in asked)
    ).filter("_counts")
    found = []
    for n, (name, mild) in enumerate(asked, start=3):
        empty = rows.to_series(n)
        if not empty.any():
            continue
        hits = rows.select("record_id", "region", empty.alias("_empty"))
        if mild:
            hits = hits.filter(pl.col("_empty").mean().over("region") < 0.5)
        found.append(
            findings(
                hits.filter("_empty"),
                record_ids=pl.concat_list("record_id"),
                field=pl.lit(name),
                cause=fill("{}/{}", "region", pl.lit(name)),
                lesser=pl.lit(mild),
            )
        )
    return all_of(found)


def _empty(frame: pl.DataFrame, entity: Entity, name: str) -> pl.Expr:
    empty, rule = ~filled(name), entity.field_named(name)
    if rule is not None and rule.facet and f"facet_{rule.facet}" in frame.columns:
        empty &= pl.col(f"facet_{rule.facet}").is_null()  # said in the name instead
    return empty.alias(f"_empty_{name}")


def text_damage(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """Text holds what only a wrong character encoding leaves behind (``given.pattern``).

    One cause per region and field; of full severity inside the key. ``given.suspects``: characters
    without which no text can match, a quick look at each row.
    """
    frame = world.of(entity.id)
    if frame is None:
        return nothing()
    fields = [f.name for f in entity.field if not f.secret and not (entity.key and f.name == "code")]
    frame = _with_any(frame, fields, check.given["suspects"])
    return _matching(frame, entity, fields, check.given["pattern"], lesser_outside=("code", *entity.key))


def _with_any(frame: pl.DataFrame, fields: Iterable[str], characters: str) -> pl.DataFrame:
    """Keep the rows in which some field holds one of the characters."""
    cells = {f: pl.col(f).str.contains(f"[{characters}]") for f in fields if holds(frame, f)}
    seen = frame.select(cell.any().alias(f) for f, cell in cells.items())
    hits = [cells[f] for f in seen.columns if seen.item(0, f)]
    return frame.filter(pl.any_horizontal(hits)) if hits else frame.clear()


def _matching(
    frame: pl.DataFrame,
    entity: Entity,
    fields: Iterable[str],
    pattern: str,
    lesser_outside: tuple[str, ...] = (),
) -> pl.DataFrame:
    """Find cells that match; all fields of a row are tried at once, and only the hits one by one."""
    fields = known_fields(frame, fields)
    whole = pl.concat_str([pl.col(f).fill_null("") for f in fields], separator=_BETWEEN)
    hits = frame.filter(whole.str.contains(pattern)) if fields and not frame.is_empty() else frame.clear()
    if hits.is_empty():
        return nothing()
    return all_of(
        [
            findings(
                hits.filter(pl.col(name).fill_null("").str.contains(pattern)),
                record_ids=pl.concat_list("record_id"),
                field=pl.lit(name),
                values=shown(entity, name, hits),
                cause=fill("{}/{}", "region", pl.lit(name)),
                lesser=pl.lit(bool(lesser_outside) and name not in lesser_outside),
            )
            for name in fields
            if holds(hits, name)
        ]
    )


def key_variants(world: World, _check: Check, entity: Entity) -> pl.DataFrame:
    """Keys of one region that differ only in case, spaces or hyphens, or have spaces around them.

    Across regions too where the target doesn't tell capitals from small letters.
    """
    frame = world.of(entity.id)
    if frame is None or entity.key:
        return nothing()
    limits = world.rules.target.of(entity.id, "code")
    across = limits is not None and not limits.case_sensitive
    group = ["_folded"] if across else ["region", "_folded"]
    spaced = pl.col("code") != pl.col("code").str.strip_chars()
    folded = pl.col("code").str.to_lowercase().str.replace_all(r"[\s\-_\u00a0]", "")
    rows = frame.select("record_id", "region", "code", folded.alias("_folded")).filter(filled("code"))
    rows = rows.filter(pl.struct(group).is_duplicated() | spaced)
    if rows.is_empty():
        return nothing()
    return findings(
        rows.filter((pl.col("code").n_unique().over(group) > 1) | spaced),
        record_ids=pl.concat_list("record_id"),
        field=pl.lit("code"),
        values=pl.concat_list("code"),
        cause=pl.col("_folded") if across else fill("{}/{}", "region", "_folded"),
    )


def says_words(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """A name holds one of ``given.words`` (whole words; a trailing ``*`` allows an ending).

    ``given.when``: ``active`` or ``retired`` limits it to such records. ``given.fields``: where to
    look (default ``label``). ``given.start``: words that count only where the text begins with them.
    """
    frame = world.of(entity.id)
    fields = known_fields(frame, check.given.get("fields", ["label"])) if frame is not None else []
    if frame is None or not fields:
        return nothing()
    when = check.given.get("when")
    frame = frame.select("record_id", "region", "active", *(f for f in fields if f not in _HEAD))
    if when:
        wanted = pl.col("active").fill_null(value=True)
        frame = frame.filter(wanted if when == "active" else ~wanted)
    words = "|".join(re.escape(w).replace(r"\*", r"\p{L}*") for w in check.given.get("words", []))
    starts = "|".join(re.escape(w) for w in check.given.get("start", []))
    either = [rf"(?:^|[^\p{{L}}\p{{N}}])(?:{words})(?:$|[^\p{{L}}\p{{N}}])"] if words else []
    either += [rf"^\s*(?:{starts})"] if starts else []
    pattern = "(?i)" + "|".join(either)
    return _matching(frame, entity, fields, pattern)


def periods(world: World, _check: Check, entity: Entity) -> pl.DataFrame:
    """Validity ends before it begins, or a successor begins only after its predecessor has ended."""
    frame = world.of(entity.id)
    names = {
        kind: [f.name for f in entity.fields_with("lifecycle", kind)]
        for kind in ("valid_from", "valid_to", "replaced_by")
    }
    if frame is None or not (names["valid_from"] and names["valid_to"]):
        return nothing()
    start, end = names["valid_from"][0], names["valid_to"][0]
    if not (holds(frame, start) and holds(frame, end)):
        return nothing()
    rows = frame.select(
        "record_id", "region", "code", *names["replaced_by"], _start=_day(start), _end=_day(end)
    )
    found = [
        findings(
            rows.filter(pl.col("_start") > pl.col("_end")),
            record_ids=pl.concat_list("record_id"),
            field=pl.lit(end),
            cause=named(),
        )
    ]
    if names["replaced_by"] and holds(frame, names["replaced_by"][0]):
        after = rows.select(
            "region", pl.col("code").alias("_next"), pl.col("record_id").alias("_id"), _next_start="_start"
        )
        gap = rows.with_columns(pl.col(names["replaced_by"][0]).str.strip_chars().alias("_next")).join(
            after, on=["region", "_next"]
        )
        found.append(
            as_findings(
                gap.filter(pl.col("_end") < pl.col("_next_start"))
                .filter(_days_between("_end", "_next_start") > 1)
                .select(
                    pl.concat_list("record_id", "_id").alias("record_ids"),
                    pl.lit(names["replaced_by"][0]).alias("field"),
                    named().alias("cause"),
                )
            )
        )
    return all_of(found)


def _days_between(before: str, after: str) -> pl.Expr:
    dates = [pl.col(c).str.to_date("%Y%m%d", strict=False) for c in (before, after)]
    return (dates[1] - dates[0]).dt.total_days()


def shown(entity: Entity, name: str, frame: pl.DataFrame) -> pl.Expr:
    """Return a field's value as a one-item list, masked where it is personal data."""
    rule = entity.field_named(name)
    if name not in frame.columns or rule is None:
        return pl.lit([], dtype=pl.List(pl.String))
    if rule.sensitive:
        return pl.lit([mask("x")], dtype=pl.List(pl.String))
    return pl.concat_list(pl.col(name).fill_null(""))


CHECKS = {
    "duplicate_key": duplicate_key,
    "missing": missing,
    "text_damage": text_damage,
    "key_variants": key_variants,
    "says_words": says_words,
    "periods": periods,
}
