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


def said_by(
    records: pl.DataFrame, aspects: tuple[Aspect, ...], entity: Entity, rules: Rules, language: str
) -> dict[str, pl.Series]:
    """Return what each record says: ``v_<name>`` per facet, and per field of the aspects; never null."""
    facets = facets_in(entity, records)
    words = {f"v_{f}": facet_words(records[f"facet_{f}"], f, rules, language) for f in facets}
    fields = [a.name for a in aspects if a.name not in facets]
    return words | {f"v_{name}": records[name].fill_null("").str.strip_chars() for name in fields}


def with_aspects(paired: pl.DataFrame, aspects: tuple[Aspect, ...]) -> pl.DataFrame:
    """Add one ``aspect_<name>`` text column per aspect, of what both sides say (`said_by`)."""
    two = (pl.col("code_l") != "") & (pl.col("code_r") != "")
    return paired.with_columns(_side_by_side(a, two).alias(f"aspect_{a.name}") for a in aspects)


def _side_by_side(aspect: Aspect, two: pl.Expr) -> pl.Expr:
    left, right = (pl.col(f"v_{aspect.name}_{side}") for side in ("l", "r"))
    return (
        pl.when(left == right)
        .then(left)
        .when(~two)
        .then(pl.concat_str(left, right))
        .when(left == "")
        .then(fill("{} / {}", pl.lit(_MISSING), right))
        .when(right == "")
        .then(fill("{} / {}", left, pl.lit(_MISSING)))
        .otherwise(fill("{} / {}" if aspect.local else "{} ≠ {}", left, right))
    )


def facet_words(values: pl.Series, facet: str, rules: Rules, language: str) -> pl.Series:
    """Return a facet's concepts in words, ``höger, vänster``; empty where nothing is said."""
    spoken = 1 if language == "en" else 0
    titles = {
        concept: names[spoken] for (of, concept), names in rules.vocabulary.titles.items() if of == facet
    }
    keys = values.list.join("|").fill_null("")
    words = {key: ", ".join(titles.get(c, c) for c in key.split("|")) for key in keys.unique().to_list()}
    return keys.replace_strict(words, default="", return_dtype=TEXT)
