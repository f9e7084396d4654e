"""Records made comparable: facets read from names, usage as numbers, identity numbers as keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from codemerge.library.cleaners import same_case, short, sorted_words
from codemerge.library.evidence import evidence_hashes
from codemerge.library.parser import read_names
from codemerge.library.persons import joining_keys
from codemerge.rules.columns import FACET, meant
from codemerge.rules.page import Entity
from codemerge.rules.project import Project

if TYPE_CHECKING:
    from codemerge.rules.loader import Rules

# Words that say, in the name itself, that a record is out of use.
_RETIRED = (
    r"(?i)(^\s*z{2,}|\butgått\b|\butgår\b|\butgången\b|\binaktiv|\banvänds? ej\b|\bretired\b|\bobsolete\b)"
)
# The same wherever it stands: where words end is slow to tell in Swedish text, and few names hold any.
_PERHAPS = _RETIRED.replace(r"^\s*", "").replace(r"\b", "")


def normalise(
    records: pl.DataFrame, entity: Entity, rules: Rules, project: Project, *, explained: bool = True
) -> pl.DataFrame:
    """Add what matching and checks look at; no cell of a declared field is changed but secret ones.

    Args:
        records: as `identify` named them.
        entity: their page.
        rules: facets and vocabulary.
        project: regions' declared defaults.
        explained: people will judge pairs: add ``evidence_hash``, what they will have seen.

    Returns:
        The records with RECORD_TAIL and, where the page has ``names``, one ``facet_<id>`` column
        per facet (sorted concepts, null where nothing is said), ``text_sorted``, ``reading`` (all
        facets and words in one text), ``retired_in_text`` (the name says
        so itself) and, per secret field, ``<field>_ok`` and
        ``<field>_coordination``; the secret field holds a joining key.
    """
    out = _read(records, entity, rules, project)
    out = out.with_columns(_volume(entity), _active(entity), _retired_in_text(out, entity))
    if explained:
        out = out.with_columns(evidence_hashes(out, _shown(entity), _meaning(out, entity)))
    return _keyed(out, entity)


def _read(records: pl.DataFrame, entity: Entity, rules: Rules, project: Project) -> pl.DataFrame:
    """Add facets, words, unknown, ambiguous and text_norm."""
    if entity.names is None:
        label = pl.col("label") if "label" in records.columns else pl.lit(None, dtype=pl.String)
        nothing = pl.lit([], dtype=pl.List(pl.String))
        return records.with_columns(
            text_norm=same_case(label), words=nothing, unknown=nothing, ambiguous=nothing
        )
    declared = {f.name: f.facet for f in entity.field if f.facet}
    defaults = {region: dict(project.about(region).defaults) for region in project.regions}
    read = read_names(
        records, rules.vocabulary, entity.facets, text=entity.names, declared=declared, defaults=defaults
    )
    said = [c for c in read.columns if c.startswith(FACET)]
    return read.with_columns(text_sorted=short(sorted_words(pl.col("text_norm"))), reading=_reading(said))


def _reading(facets: list[str]) -> pl.Expr:
    """Write all that a name was read as in one text; null where it was read as nothing."""
    parts = [pl.col(name).list.join("+").fill_null("") for name in (*facets, "words")]
    return pl.when(pl.any_horizontal(part != "" for part in parts)).then(pl.concat_str(parts, separator="|"))


def _volume(entity: Entity) -> pl.Expr:
    """Read the annual volume as Swedes write it: ``1 234``, ``1.234``, ``12,0``; unknown is 0."""
    usage = entity.fields_with("usage", "annual_volume")
    if not usage:
        return pl.lit(0, dtype=pl.Int64).alias("volume")
    text = pl.col(usage[0].name).str.replace_all(r"[\s\u00a0\u202f]", "").str.replace(r"[,.]0*$", "")
    grouped = text.str.replace_all(r"[.,](\d{3})", "$1")
    whole = (
        pl.when(grouped.str.contains(r"^\d+$"))
        .then(grouped)
        .otherwise(text.str.extract(r"^(\d+)[.,]\d+$", 1))
    )
    return whole.cast(pl.Int64, strict=False).fill_null(0).alias("volume")


def _active(entity: Entity) -> pl.Expr:
    """A record is active unless its status, its end date's own words or its successor says otherwise."""
    active = pl.lit(value=True)
    for field in entity.fields_with("lifecycle", "status"):
        active = active & (meant(field) != "retired").fill_null(value=True)
    return active.alias("active")


def _retired_in_text(records: pl.DataFrame, entity: Entity) -> pl.Series:
    name = entity.names or ("label" if entity.field_named("label") else None)
    retired = pl.Series("retired_in_text", [False]).new_from_index(0, records.height)
    if name is None:
        return retired
    texts = records[name]
    perhaps = texts.str.contains(_PERHAPS).fill_null(value=False).arg_true()
    return retired.scatter(perhaps, texts.gather(perhaps).str.contains(_RETIRED)) if len(perhaps) else retired


def _shown(entity: Entity) -> list[str]:
    return [f.name for f in entity.field if not f.sensitive]


def _meaning(records: pl.DataFrame, entity: Entity) -> list[str]:
    """Columns whose change makes a decision stale: facets, the name, what isn't usage or life."""
    facets = [c for c in records.columns if c.startswith(FACET)]
    name = entity.names or ("label" if entity.field_named("label") else None)
    label = entity.field_named(name) if name else None
    text = ["text_norm"] if label is not None and not label.sensitive else []
    fields = [
        f.name
        for f in entity.field
        if not (f.sensitive or f.usage or f.lifecycle or f.facet or f.name == name)
    ]
    return [*facets, *text, *fields]


def _keyed(records: pl.DataFrame, entity: Entity) -> pl.DataFrame:
    """Put joining keys in place of secret fields, before anything else sees them."""
    for field in entity.field:
        if field.secret:
            keys = joining_keys(records[field.name])
            records = records.with_columns(
                keys["key"].alias(field.name),
                keys["ok"].alias(f"{field.name}_ok"),
                keys["coordination"].alias(f"{field.name}_coordination"),
            )
    return records
