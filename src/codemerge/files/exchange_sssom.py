"""Mappings as SSSOM TSV (mapping-commons, SSSOM 1.0): what is asserted, what was refused, what has no match.

Candidates and rows still to review assert nothing and aren't written; neither are people's names.
SKOS reads from subject to object: ``broadMatch`` says the *object* is broader.
"""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import quote

import polars as pl

from codemerge.answers.selection import Selection
from codemerge.model import Relationship, Status
from codemerge.rules.page import Entity

PREDICATES = {
    Relationship.EQUIVALENT.value: "skos:exactMatch",
    Relationship.NARROWER.value: "skos:broadMatch",
    Relationship.BROADER.value: "skos:narrowMatch",
    Relationship.RELATED.value: "skos:relatedMatch",
}
NO_TERM = "sssom:NoTermFound"
NOT = "Not"
MANUAL, MATCHED = "semapv:ManualMappingCuration", "semapv:CompositeMatching"
COLUMNS = [
    "subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id", "object_label",
    "mapping_justification", "confidence", "mapping_cardinality", "subject_source",
    "object_source", "comment",
]  # fmt: skip
_ASSERTED = [Status.AUTO.value, Status.ACCEPTED.value, Status.REJECTED.value]
_PREFIXES = {
    "sssom": "https://w3id.org/sssom/",
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}


def sssom(selection: Selection, tool_version: str) -> str:
    """Return the mapping set as text: ``#`` metadata, then tab-separated rows.

    Args:
        selection: the run, narrowed; with one region, the mappings it has a part in.
        tool_version: of codemerge.
    """
    rows: list[dict[str, Any]] = []
    prefixes = dict(_PREFIXES)
    for entity in selection.entities:
        for region in selection.run.project.regions:
            prefixes[_prefix(selection, entity, region)] = _stem(selection, entity, region)
        rows += _rows(selection, entity)
    text = io.StringIO(newline="")
    for line in _head(selection, prefixes, tool_version):
        text.write(f"#{line}\n")
    out = csv.DictWriter(text, COLUMNS, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    out.writeheader()
    out.writerows(rows)
    return text.getvalue()


def _head(selection: Selection, prefixes: dict[str, str], tool_version: str) -> list[str]:
    settings = selection.names.settings
    lines = [
        f"mapping_set_id: {settings.base}/mappings/{selection.version}",
        f"mapping_set_version: {selection.version}",
        f"mapping_set_title: {_quoted(selection.run.project.name)}",
        f"license: {settings.licence}",
        "mapping_tool: codemerge",
        f"mapping_tool_version: {_quoted(tool_version)}",
    ]
    if settings.effective:
        lines.append(f"mapping_date: {_quoted(settings.effective)}")
    return [*lines, "curie_map:", *(f"  {name}: {_quoted(stem)}" for name, stem in sorted(prefixes.items()))]


def _quoted(text: str) -> str:
    """Return a YAML double-quoted scalar."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def _prefix(selection: Selection, entity: Entity, region: str) -> str:
    return selection.names.name(entity.id, region).replace("-", "_")


def _stem(selection: Selection, entity: Entity, region: str) -> str:
    address = selection.names.system(entity.id, region)
    return address if address.endswith(("/", "#", "=", "_")) else address + "/"


def _rows(selection: Selection, entity: Entity) -> list[dict[str, Any]]:
    asked = pl.lit(value=True)
    if selection.regions != selection.run.project.regions:
        asked = pl.col("region_l").is_in(selection.regions) | pl.col("region_r").is_in(selection.regions)
    said = (
        selection.run.mappings.filter(
            (pl.col("entity") == entity.id) & pl.col("status").is_in(_ASSERTED) & asked
        )
        .with_columns(pl.col("code_l", "code_r").fill_null(""))
        .with_columns(
            _fit=(pl.col("code_l") != "") & (pl.col("code_r") != "") & (pl.col("status") != Status.REJECTED)
        )
    )
    said = said.with_columns(
        _of_l=pl.col("_fit").sum().over("region_l", "code_l", "region_r"),
        _of_r=pl.col("_fit").sum().over("region_r", "code_r", "region_l"),
    )
    labels = {region: selection.labels(entity, region) for region in selection.run.project.regions}
    notes = selection.notes(entity)
    out = []
    for row in said.sort("region_l", "code_l", "region_r", "code_r").iter_rows(named=True):
        key = (row["region_l"], row["code_l"], row["region_r"], row["code_r"])
        out.append(_row(selection, entity, row, labels, notes.get(key)))
    return out


def _row(
    selection: Selection,
    entity: Entity,
    row: dict[str, Any],
    labels: dict[str, dict[str, str]],
    note: str | None,
) -> dict[str, Any]:
    rejected = row["status"] == Status.REJECTED
    out: dict[str, Any] = {
        "predicate_id": PREDICATES.get(row["relationship"], PREDICATES[Relationship.EQUIVALENT.value]),
        "predicate_modifier": NOT if rejected else "",
        "mapping_justification": MANUAL if row["decision_id"] else MATCHED,
        "confidence": "" if row["confidence"] is None or row["decision_id"] else f"{row['confidence']:g}",
        "mapping_cardinality": "" if rejected else _cardinality(row),
        "comment": note or "",
    }
    for side, name in (("l", "subject"), ("r", "object")):
        region, code = row[f"region_{side}"], row[f"code_{side}"]
        out[f"{name}_id"] = (
            f"{_prefix(selection, entity, region)}:{quote(code, safe='')}" if code else NO_TERM
        )
        out[f"{name}_label"] = labels[region].get(code, "") if code else ""
        out[f"{name}_source"] = f"{_prefix(selection, entity, region)}:"
    return out


def _cardinality(row: dict[str, Any]) -> str:
    """Return SSSOM's cardinality: how many subjects, then how many objects, this row's ends have."""
    if not row["code_r"]:
        return "1:0"
    if not row["code_l"]:
        return "0:1"
    return f"{'n' if row['_of_r'] > 1 else '1'}:{'n' if row['_of_l'] > 1 else '1'}"
