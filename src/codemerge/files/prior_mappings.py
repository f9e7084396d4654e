"""Mappings that somebody else already stated: a ConceptMap (R4, R5) or an SSSOM file, read as a table.

They come in as prior mappings: what they say is kept apart from what this project decided, until a
named reviewer takes them over. Directions and negatives survive; a system that belongs to no region
of the project is named, not guessed.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import polars as pl

from codemerge.errors import BadInputError, Problem
from codemerge.files.exchange_fhir import R4_EQUIVALENCE, R4_NO_MAP
from codemerge.files.exchange_sssom import NO_TERM, NOT, PREDICATES
from codemerge.model import Relationship
from codemerge.rules.export import COMBINED, Names
from codemerge.rules.project import Project

PRIOR: dict[str, pl.DataType | type[pl.DataType]] = {
    "entity": pl.String,
    "region_l": pl.String,
    "code_l": pl.String,
    "region_r": pl.String,
    "code_r": pl.String,  # empty: stated to have no counterpart
    "relationship": pl.String,  # left to right; not-related-to: stated to be different
    "condition": pl.String,
    "note": pl.String,
}
_FROM_R4 = {equivalence: relationship.value for relationship, equivalence in R4_EQUIVALENCE.items()} | {
    "equal": Relationship.EQUIVALENT.value,
    "subsumes": Relationship.NARROWER.value,  # R4: the target subsumes the source
    "specializes": Relationship.BROADER.value,
    "inexact": Relationship.RELATED.value,
}
_FROM_SKOS = {predicate: relationship for relationship, predicate in PREDICATES.items()} | {
    "skos:closeMatch": Relationship.RELATED.value,
    "owl:equivalentClass": Relationship.EQUIVALENT.value,
}
_NOT_RELATED = Relationship.NOT_RELATED.value


@dataclass
class _Found:
    file: str
    systems: dict[str, tuple[str, str]]
    rows: list[dict[str, str | None]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def side(self, system: str) -> tuple[str, str] | None:
        """Return entity and region of a code system; note one that isn't known, once."""
        known = self.systems.get(system.split("|", maxsplit=1)[0].rstrip("/"))
        problem = Problem("deliver.unknown_system", self.file, values={"found": system})
        if known is None and problem not in self.problems:
            self.problems.append(problem)
        return known

    def add(
        self, source: str, target: str, code: str, other: str, relationship: str | None, **more: str | None
    ) -> None:
        """Add one statement, if both its systems are the project's."""
        left, right = self.side(source), self.side(target)
        if left is None or right is None or left[0] != right[0]:
            return
        if relationship is None:
            self.problems.append(
                Problem("deliver.unknown_relation", self.file, values={"found": f"{code} – {other}"})
            )
            return
        named = {
            "entity": left[0],
            "region_l": left[1],
            "code_l": code,
            "region_r": right[1],
            "code_r": other,
        }
        self.rows.append({**named, "relationship": relationship, **more})


def read_prior_mappings(
    path: Path, project: Project, entities: list[str]
) -> tuple[pl.DataFrame, list[Problem]]:
    """Read a ConceptMap, a Bundle of them, or an SSSOM TSV.

    Args:
        path: the file.
        project: its regions and ``[export]`` table say which code system is whose.
        entities: ids of the entities whose code systems are looked for.

    Returns:
        `PRIOR`, and a note for every system and relation that isn't known.

    Raises:
        BadInputError: the file is neither.
    """
    names = Names(project)
    systems = {names.system(e, r).rstrip("/"): (e, r) for e in entities for r in (*project.regions, COMBINED)}
    found = _Found(path.name, systems)
    try:
        text = path.read_text(encoding="utf-8-sig")
        if text.lstrip().startswith("{"):
            for resource in _concept_maps(json.loads(text)):
                _read_map(resource, found)
        elif text.startswith("#"):
            _read_sssom(text, found)
        else:
            raise ValueError("neither JSON nor SSSOM")
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        raise BadInputError(
            [Problem("deliver.no_mappings", path.name, values={"found": type(error).__name__})]
        ) from error
    frame = pl.DataFrame(found.rows, schema=PRIOR).unique(maintain_order=True)
    return frame.sort("entity", "region_l", "code_l", "region_r", "code_r", "condition"), found.problems


def _concept_maps(resource: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if resource.get("resourceType") == "Bundle":
        yield from (
            e["resource"] for e in resource.get("entry", []) if e["resource"]["resourceType"] == "ConceptMap"
        )
    elif resource.get("resourceType") == "ConceptMap":
        yield resource
    else:
        raise ValueError("no ConceptMap")


def _read_map(resource: dict[str, Any], found: _Found) -> None:
    for group in resource.get("group", []):
        source, target = group.get("source", ""), group.get("target", "")
        for element in group.get("element", []):
            code = element["code"]
            if element.get("noMap"):
                found.add(source, target, code, "", _NOT_RELATED)
            for answer in element.get("target", []):
                if answer.get("equivalence") == R4_NO_MAP:
                    found.add(source, target, code, "", _NOT_RELATED, note=answer.get("comment"))
                    continue
                relationship = answer.get("relationship") or _FROM_R4.get(answer.get("equivalence", ""))
                said = [
                    (
                        d.get("attribute") or d.get("property", "").rsplit("/", 1)[-1],
                        d.get("valueString") or d.get("value") or d.get("valueCode"),
                    )
                    for d in answer.get("dependsOn", [])
                ]
                condition = "; ".join(f"{a}={v}" for a, v in said) or None
                found.add(
                    source,
                    target,
                    code,
                    answer["code"],
                    relationship,
                    note=answer.get("comment"),
                    condition=condition,
                )


def _read_sssom(text: str, found: _Found) -> None:
    lines = text.splitlines(keepends=True)
    prefixes = dict(_curies(line[1:] for line in lines if line.startswith("#")))
    body = io.StringIO("".join(line for line in lines if not line.startswith("#")), newline="")
    for row in csv.DictReader(body, delimiter="\t"):
        (source, code), (target, other) = (_expanded(row[f"{s}_id"], prefixes) for s in ("subject", "object"))
        note = row.get("comment") or None
        if row["object_id"] == NO_TERM:
            found.add(
                source, _stem(row.get("object_source", ""), prefixes), code, "", _NOT_RELATED, note=note
            )
        elif row["subject_id"] == NO_TERM:
            found.add(
                _stem(row.get("subject_source", ""), prefixes), target, "", other, _NOT_RELATED, note=note
            )
        elif row.get("predicate_modifier") == NOT:
            found.add(source, target, code, other, _NOT_RELATED, note=note)
        else:
            found.add(source, target, code, other, _FROM_SKOS.get(row["predicate_id"]), note=note)


def _curies(lines: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Yield prefix and address of the head's curie_map: indented ``name: "address"`` lines."""
    inside = False
    for line in lines:
        if line.strip() == "curie_map:":
            inside = True
        elif inside and line.startswith((" ", "\t")):
            name, _, address = line.strip().partition(":")
            yield name.strip("\"'"), address.strip().strip("\"'")
        else:
            inside = False


def _expanded(curie: str, prefixes: dict[str, str]) -> tuple[str, str]:
    name, _, local = curie.partition(":")
    return prefixes.get(name, name).rstrip("/"), unquote(local)


def _stem(curie: str, prefixes: dict[str, str]) -> str:
    return _expanded(curie, prefixes)[0] if curie else ""
