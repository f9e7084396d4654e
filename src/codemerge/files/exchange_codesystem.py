"""CodeSystems in FHIR R4 and R5: one per region, and the combined one with its aliases.

The two versions agree in everything written here. ``inactive`` is HL7's own concept property; a
combined concept holds every old code as a Coding (``alias``) and every old text as a designation.
"""

from __future__ import annotations

import re
from typing import Any

import polars as pl

from codemerge.answers.selection import LABEL, Selection
from codemerge.errors import Problem
from codemerge.files.exchange_fhir import Json, head, is_fhir_code, title_of, unfit_codes
from codemerge.model import Carried
from codemerge.rules.export import COMBINED, slug
from codemerge.rules.page import Entity

_INACTIVE_URI = "http://hl7.org/fhir/concept-properties#inactive"
_RETIRED_URI = "http://hl7.org/fhir/concept-properties#deprecationDate"
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_FACET = "facet_"


def code_systems(selection: Selection) -> tuple[list[Json], list[Problem]]:
    """Make the code systems of a run.

    Args:
        selection: the run, narrowed; with one region, its systems only (never the combined one).

    Returns:
        The CodeSystems, and a note for every code that FHIR can't hold.
    """
    every = selection.regions == selection.run.project.regions
    out, notes = [], []
    for entity in selection.entities:
        for region in [*selection.regions, *([COMBINED] if every else [])]:
            rows = _combined(selection, entity) if region == COMBINED else _own(selection, entity, region)
            notes += unfit_codes([r["code"] for r in rows], selection.names.name(entity.id, region))
            concepts = [_concept(row) for row in rows if is_fhir_code(row["code"])]
            if concepts:
                out.append(_system(selection, entity, region, concepts))
    return out, notes


def _system(selection: Selection, entity: Entity, region: str, concepts: list[Json]) -> Json:
    names, language = selection.names, selection.run.project.language
    name = names.name(entity.id, region)
    out = head(selection, "CodeSystem", name, f"{entity.plural.say(language)}: {title_of(selection, region)}")
    out["url"] = names.system(entity.id, region)
    if oid := names.oid(entity.id, region):
        out["identifier"] = [{"system": "urn:ietf:rfc:3986", "value": f"urn:oid:{oid}"}]
    out |= {
        "caseSensitive": True,
        "valueSet": names.values(entity.id, region),
        "content": "complete",
        "count": len(concepts),
    }
    used = {p["code"] for c in concepts for p in c.get("property", [])}
    kinds = {"inactive": ("boolean", _INACTIVE_URI), "deprecationDate": ("dateTime", _RETIRED_URI)}
    kinds["alias"] = ("Coding", f"{names.settings.base}/property/alias")
    out["property"] = [
        {
            "code": code,
            "uri": kinds[code][1] if code in kinds else f"{names.settings.base}/facet/{code}",
            "type": kinds[code][0] if code in kinds else "string",
        }
        for code in sorted(used)
    ]
    if not out["property"]:
        del out["property"]
    return {**out, "concept": concepts}


def _concept(row: dict[str, Any]) -> Json:
    out: Json = {"code": row["code"]}
    if row["text"]:
        out["display"] = row["text"]
    others = [t for t in dict.fromkeys(row.get("texts") or []) if t and t != row["text"]]
    if others:
        out["designation"] = [{"value": text} for text in others]
    said: list[Json] = []
    if row["inactive"]:
        said.append({"code": "inactive", "valueBoolean": True})
        if row["until"] and _DATE.match(row["until"]):
            said.append({"code": "deprecationDate", "valueDateTime": row["until"]})
    said += [{"code": slug(f), "valueString": c} for f, concepts in row["facets"] for c in concepts or []]
    said += [{"code": "alias", "valueCoding": a} for a in row.get("aliases", [])]
    return {**out, "property": said} if said else out


def _facts(selection: Selection, entity: Entity) -> pl.DataFrame:
    """Return ``record_id, region, code, text, inactive, until`` and facets of every record."""
    records = selection.run.records[entity.id]
    field = entity.field_named(LABEL)
    text = pl.lit(None, pl.String) if field is None or field.sensitive else pl.col(LABEL)
    ends = entity.fields_with("lifecycle", "valid_to")
    until = pl.col(ends[0].name) if ends else pl.lit(None, pl.String)
    facets = [c for c in records.columns if c.startswith(_FACET)]
    return records.select(
        "record_id", "region", "code", text.alias("text"),
        inactive=~pl.col("active").fill_null(value=True), until=until,
        facets=pl.struct(facets) if facets else pl.lit(None),
    )  # fmt: skip


def _facets(struct: dict[str, Any] | None) -> list[tuple[str, Any]]:
    return [(name.removeprefix(_FACET), value) for name, value in (struct or {}).items() if value]


def _own(selection: Selection, entity: Entity, region: str) -> list[dict[str, Any]]:
    rows = (
        _facts(selection, entity)
        .filter((pl.col("region") == region) & (pl.col("code") != ""))
        .sort("code", "record_id")
        .unique("code", keep="first", maintain_order=True)
    )
    return [{**row, "facets": _facets(row["facets"])} for row in rows.iter_rows(named=True)]


def _combined(selection: Selection, entity: Entity) -> list[dict[str, Any]]:
    facts = {row["record_id"]: row for row in _facts(selection, entity).iter_rows(named=True)}
    labels = selection.labels(entity, COMBINED)
    out = []
    for code, members in selection.run.combined[entity.id].select("combined_code", "members").iter_rows():
        own = [facts[m] for m in members if m in facts]
        out.append(
            {
                "code": code,
                "text": labels.get(code),
                "texts": [m["text"] for m in own],
                "inactive": bool(own) and all(m["inactive"] for m in own),
                "until": None,
                "facets": _facets(own[0]["facets"]) if own else [],
                "aliases": _aliases(selection, entity, own),
            }
        )
    return out + _closed(selection, entity, {row["code"] for row in out})


def _aliases(selection: Selection, entity: Entity, own: list[dict[str, Any]]) -> list[Json]:
    return [
        {
            "system": selection.names.system(entity.id, m["region"]),
            "code": m["code"],
            **({"display": m["text"]} if m["text"] else {}),
        }
        for m in own
        if is_fhir_code(m["code"])
    ]


def _closed(selection: Selection, entity: Entity, known: set[str]) -> list[dict[str, Any]]:
    """Return combined codes that only the crosswalk still knows: their records are retired."""
    rows = selection.run.crosswalk.filter(
        (pl.col("entity") == entity.id)
        & (pl.col("status") == Carried.RETIRED)
        & pl.col("combined_code").is_not_null()
    )
    codes = sorted({*rows["combined_code"].to_list()} - known)
    return [
        {"code": c, "text": None, "texts": [], "inactive": True, "until": None, "facets": []} for c in codes
    ]
