"""Both sides' facets and fields side by side, one column each: what differs jumps out."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from codemerge.library.filled import fill
from codemerge.rules.loader import Rules
from codemerge.rules.page import Entity
from codemerge.rules.words import listed
from codemerge.tables import TEXT

_MISSING = "–"


@dataclass(frozen=True)
class Aspect:
    """A facet or field laid side by side in one column: ``DT``, ``DT ≠ MR``, ``DT / –``.

    Args:
        name: facet or field.
        title: header.
        local: what it says is each region's own (codes of its sections, days of use): it never counts
            as a difference, and stands as ``NEU / RG-N``.
    """

    name: str
    title: str
    local: bool = False


def facets_in(entity: Entity, records: pl.DataFrame) -> list[str]:
    """Return the entity's facets that its records have."""
    return [f for f in entity.facets if f"facet_{f}" in records.columns]


def aspects_of(entity: Entity, records: pl.DataFrame, rules: Rules, language: str) -> tuple[Aspect, ...]:
    """Return the facets and fields to lay side by side: those listed for the workbook that the entity has."""
    found = []
    for name in listed("workbook.shown"):
        field = entity.field_named(name)
        if name in facets_in(entity, records):
            found.append(Aspect(name, rules.facets[name].title.say(language)))
        elif (
            field
            and name in records.columns
            and not field.secret
            and (entity.sensitive or not field.sensitive)
        ):
            local = bool(field.references or field.usage or field.lifecycle)
            found.append(Aspect(name, field.title.say(language), local))
    return tuple(found)


def with_aspects(
    paired: pl.DataFrame,
    aspects: tuple[Aspect, ...],
    entity: Entity,
    records: pl.DataFrame,
    rules: Rules,
    language: str,
) -> pl.DataFrame:
    """Add one ``aspect_<name>`` text column per aspect."""
    facets = set(facets_in(entity, records))
    fields = [a.name for a in aspects if a.name not in facets]
    for side in ("l", "r"):
        known = records.select("record_id", *(pl.col(f).alias(f"v_{f}_{side}") for f in fields))
        paired = paired.join(
            known, left_on=f"record_{side}", right_on="record_id", how="left", maintain_order="left"
        )
    texts = []
    for a in aspects:
        left, right = (
            facet_words(paired[f"f_{a.name}_{side}"], a.name, rules, language)
            if a.name in facets
            else paired[f"v_{a.name}_{side}"].fill_null("").str.strip_chars()
            for side in ("l", "r")
        )
        texts.append(_side_by_side(left, right, paired, a.local).alias(f"aspect_{a.name}"))
    return paired.with_columns(texts)


def _side_by_side(left: pl.Series, right: pl.Series, paired: pl.DataFrame, local: bool) -> pl.Series:
    frame = pl.DataFrame({"l": left, "r": right, "two": (paired["code_l"] != "") & (paired["code_r"] != "")})
    either = pl.concat_str("l", "r")
    return frame.select(
        pl.when(~pl.col("two") | (pl.col("l") == pl.col("r")))
        .then(pl.when(pl.col("l") == pl.col("r")).then("l").otherwise(either))
        .when(pl.col("l") == "")
        .then(fill("{} / {}", pl.lit(_MISSING), "r"))
        .when(pl.col("r") == "")
        .then(fill("{} / {}", "l", pl.lit(_MISSING)))
        .otherwise(fill("{} / {}" if local else "{} ≠ {}", "l", "r"))
    ).to_series()


def facet_words(values: pl.Series, facet: str, rules: Rules, language: str) -> pl.Series:
    """Return a facet's concepts in words, ``höger, vänster``; empty where nothing is said."""
    spoken = 1 if language == "en" else 0
    titles = {
        concept: names[spoken] for (of, concept), names in rules.vocabulary.titles.items() if of == facet
    }
    keys = values.list.join("|").fill_null("")
    words = {key: ", ".join(titles.get(c, c) for c in key.split("|")) for key in keys.unique().to_list()}
    return keys.replace_strict(words, default="", return_dtype=TEXT)
