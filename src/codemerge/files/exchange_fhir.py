"""ConceptMaps in FHIR R4 and R5, from one model; a file is a Bundle of them.

Directions: R5 ``relationship`` reads source to target. R4 ``equivalence`` says what the *target*
is: its ``wider`` is R5's ``source-is-narrower-than-target``. What is undecided has no element at
all; ``noMap`` (R4 ``unmatched``) says that people, or a retirement, decided there is none.
Invariants kept: R5 cmd-1, 4, 5, 6, 7; R4 cmd-1, 2 (hl7.org/fhir, ConceptMap).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

import polars as pl

from codemerge.answers.selection import Selection
from codemerge.answers.translate import routes
from codemerge.errors import Problem
from codemerge.library.conditions import parse_condition
from codemerge.model import Carried, Relationship, Status
from codemerge.rules.export import COMBINED, slug
from codemerge.rules.page import Entity
from codemerge.rules.words import say

Fhir = Literal["R4", "R5"]
Json = dict[str, Any]

R4_EQUIVALENCE = {
    Relationship.EQUIVALENT: "equivalent",
    Relationship.NARROWER: "wider",
    Relationship.BROADER: "narrower",
    Relationship.RELATED: "relatedto",
    Relationship.NOT_RELATED: "disjoint",
}
R4_NO_MAP = "unmatched"
_NEEDS_COMMENT = {Relationship.BROADER, Relationship.RELATED, Relationship.NOT_RELATED}
_CODE = re.compile(r"^\S+( \S+)*$")
_FREE = "condition"  # the attribute of a condition that isn't attribute=value
_WITH = "with"  # the attribute that names the other codes that apply together


def bundle(resources: list[Json], selection: Selection) -> Json:
    """Wrap resources in a collection Bundle; each is found under its canonical address."""
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"fullUrl": f"{selection.names.settings.base}/{r['resourceType']}/{r['id']}", "resource": r}
            for r in resources
        ],
    }


def is_fhir_code(text: str) -> bool:
    """Say whether FHIR can hold a code: no blank at either end, none doubled, no other white space."""
    return bool(_CODE.match(text))


def unfit_codes(codes: list[str], where: str) -> list[Problem]:
    """Return a note per code that FHIR can't hold; such codes are left out, never trimmed."""
    return [
        Problem("deliver.fhir_code", where, values={"found": repr(c)}) for c in codes if not is_fhir_code(c)
    ]


def concept_maps(selection: Selection, fhir: Fhir) -> tuple[list[Json], list[Problem]]:
    """Make the maps of a run: each region to the combined installation, and each pair of regions.

    Args:
        selection: the run, narrowed; with one region, its maps only.
        fhir: the version.

    Returns:
        The ConceptMaps, and a note for every code that FHIR can't hold.
    """
    maps, notes = [], []
    for entity in selection.entities:
        for source, target in _ways(selection):
            made, said = _concept_map(selection, entity, source, target, fhir)
            notes += said
            if made:
                maps.append(made)
    return maps, notes


def _ways(selection: Selection) -> Iterator[tuple[str, str]]:
    every = selection.run.project.regions
    for region in selection.regions:
        yield region, COMBINED
    for left, right in selection.run.project.pairs():
        if selection.regions == every or left in selection.regions:
            yield left, right
        elif right in selection.regions:
            yield right, left


def head(selection: Selection, kind: str, name: str, title: str) -> Json:
    """Return what every resource of ours starts with."""
    settings = selection.names.settings
    out: Json = {
        "resourceType": kind,
        "id": name[:64],
        "url": f"{settings.base}/{kind}/{name}",
        "version": selection.version,
        "name": "".join(part.capitalize() for part in re.split(r"[^A-Za-z0-9]+", f"codemerge-{name}")),
        "title": title,
        "status": settings.status,
        "experimental": False,
    }
    if settings.effective:
        out["date"] = settings.effective
    if settings.publisher:
        out["publisher"] = settings.publisher
    return out


def title_of(selection: Selection, region: str) -> str:
    """Return a region's full name, or what the combined installation is called."""
    if region == COMBINED:
        return selection.run.project.name
    return selection.run.project.about(region).title or region


def _concept_map(
    selection: Selection, entity: Entity, source: str, target: str, fhir: Fhir
) -> tuple[Json | None, list[Problem]]:
    names, language = selection.names, selection.run.project.language
    name = f"{names.name(entity.id, source)}-to-{names.region(target)}"
    rows = _targets(selection, entity, source, target)
    asked = rows["code"].unique(maintain_order=True).to_list()
    notes = unfit_codes(asked, name) + unfit_codes(
        rows["target"].drop_nulls().unique().sort().to_list(), name
    )
    elements = _Elements(selection, entity, source, target, fhir)
    grouped = rows.filter(
        pl.col("code").str.contains(_CODE.pattern)
        & pl.col("target").fill_null("x").str.contains(_CODE.pattern)
    ).group_by("code", maintain_order=True)
    made = [elements.element(str(code), list(part.iter_rows(named=True))) for (code,), part in grouped]
    if not made:
        return None, notes
    out = head(
        selection,
        "ConceptMap",
        name,
        f"{entity.plural.say(language)}: {title_of(selection, source)} → {title_of(selection, target)}",
    )
    suffix = {"R4": "Uri", "R5": "ScopeUri"}[fhir]
    out[f"source{suffix}"] = names.values(entity.id, source)
    out[f"target{suffix}"] = names.values(entity.id, target)
    if fhir == "R5" and elements.properties:
        out["property"] = [{"code": c, "type": "string"} for c in sorted(elements.properties)]
    if fhir == "R5" and elements.attributes:
        out["additionalAttribute"] = [
            {"code": slug(a), "uri": elements.attribute_uri(a), "type": "string"}
            for a in sorted(elements.attributes)
        ]
    out["group"] = [
        {
            "source": names.system(entity.id, source),
            "target": names.system(entity.id, target),
            "element": made,
        }
    ]
    return out, notes


def _targets(selection: Selection, entity: Entity, source: str, target: str) -> pl.DataFrame:
    """Return ``code, relationship, target, group, combine, condition``; no map = null target."""
    said = routes(selection.run.crosswalk, entity.id, source, target)
    none = (
        selection.run.crosswalk.filter(
            (pl.col("entity") == entity.id)
            & (pl.col("region") == source)
            & (pl.col("status") == Carried.RETIRED)
        ).select("code")
        if target == COMBINED
        else _alone(selection, entity, source, target)
    )
    apart = _apart(selection, entity, source, target)
    alone = none.unique().join(pl.concat([said.select("code"), apart.select("code")]), on="code", how="anti")
    apart = apart.join(said, on=["code", "target"], how="anti")
    out = pl.concat([said.drop("status"), apart, alone], how="diagonal")
    return out.sort(
        "code",
        pl.col("relationship").replace_strict(_FIRST, default=9, return_dtype=pl.Int64),
        "target",
        "condition",
    )


_FIRST = {r.value: n for n, r in enumerate(Relationship)}


def _both_ways(selection: Selection, entity: Entity) -> pl.DataFrame:
    columns = ["code", "region", "target", "other", "status"]
    there = selection.run.mappings.filter(pl.col("entity") == entity.id).select(
        code=pl.col("code_l").fill_null(""),
        region="region_l",
        target=pl.col("code_r").fill_null(""),
        other="region_r",
        status="status",
    )
    back = there.select(code="target", region="other", target="code", other="region", status="status")
    return pl.concat([there, back.select(columns)])


def _alone(selection: Selection, entity: Entity, source: str, target: str) -> pl.DataFrame:
    """Return codes that people decided have no counterpart in the other region."""
    return _both_ways(selection, entity).filter(
        (pl.col("region") == source) & (pl.col("other") == target) & (pl.col("target") == "")
        & (pl.col("code") != "") & (pl.col("status") == Status.ACCEPTED)
    ).select("code")  # fmt: skip


def _apart(selection: Selection, entity: Entity, source: str, target: str) -> pl.DataFrame:
    """Return pairs that people decided are different things."""
    return (
        _both_ways(selection, entity)
        .filter(
            (pl.col("region") == source) & (pl.col("other") == target) & (pl.col("target") != "")
            & (pl.col("code") != "") & (pl.col("status") == Status.REJECTED)
        )
        .select("code", "target", relationship=pl.lit(Relationship.NOT_RELATED.value))
        .unique()
    )  # fmt: skip


class _Elements:
    """Makes the elements of one map and remembers which attributes they used."""

    def __init__(self, selection: Selection, entity: Entity, source: str, target: str, fhir: Fhir) -> None:
        self.fhir = fhir
        self.attributes: set[str] = set()
        self.properties: set[str] = set()
        self._ends = (source, target)
        self._base = selection.names.settings.base
        self._system = selection.names.system(entity.id, target)
        self._labels = selection.labels(entity, source), selection.labels(entity, target)
        self._notes = selection.notes(entity)
        self._of_code = {key[:2]: note for key, note in self._notes.items() if key[3]}
        self._language = selection.run.project.language

    def attribute_uri(self, attribute: str) -> str:
        """Return the address of an attribute that a split depends on."""
        return f"{self._base}/attribute/{slug(attribute)}"

    def element(self, code: str, rows: list[dict[str, Any]]) -> Json:
        """Return one element with all its targets."""
        out: Json = {"code": code}
        if display := self._labels[0].get(code):
            out["display"] = display
        if rows[0]["target"] is None:
            if self.fhir == "R5":
                return {**out, "noMap": True}
            return {**out, "target": [{"equivalence": R4_NO_MAP, "comment": self._say("no_map")}]}
        together = [r["target"] for r in rows if r["combine"] == "all"]
        out["target"] = [self._target(code, row, [t for t in together if t != row["target"]]) for row in rows]
        return out

    def _target(self, code: str, row: dict[str, Any], together: list[str]) -> Json:
        relationship = Relationship(row["relationship"])
        out: Json = {"code": row["target"]}
        if display := self._labels[1].get(row["target"]):
            out["display"] = display
        if self.fhir == "R4":
            out["equivalence"] = R4_EQUIVALENCE[relationship]
        else:
            out["relationship"] = relationship.value
        if comment := self._comment(code, row, relationship):
            out["comment"] = comment
        if self.fhir == "R5":
            said = [{"code": c, "valueString": row[c]} for c in ("combine", "group") if row[c]]
            self.properties |= {p["code"] for p in said}
            if said:
                out["property"] = said
        if row["condition"]:
            pairs = parse_condition(row["condition"]) or ((_FREE, row["condition"]),)
            out["dependsOn"] = [self._depends(attribute, value) for attribute, value in pairs]
        if row["combine"] == "all" and together:
            out["product"] = [self._depends(_WITH, other) for other in together]
        return out

    def _depends(self, attribute: str, value: str) -> Json:
        self.attributes.add(attribute)
        if self.fhir == "R4":
            return {
                "property": self.attribute_uri(attribute),
                **({"system": self._system} if attribute == _WITH else {}),
                "value": value,
            }
        return {"attribute": slug(attribute), "valueString": value}

    def _comment(self, code: str, row: dict[str, Any], relationship: Relationship) -> str | None:
        source, target = self._ends
        note = self._notes.get((source, code, target, row["target"])) or (
            self._of_code.get((source, code)) if target == COMBINED else None
        )
        if relationship is Relationship.EQUIVALENT:
            return None
        if note:
            return note
        return self._say(relationship.name.lower()) if relationship in _NEEDS_COMMENT else None

    def _say(self, key: str) -> str:
        return say(f"deliver.comment.{key}", self._language)
