"""A small made-up run to review: shelves with facets, and people. Nothing of a real region."""

from __future__ import annotations

from typing import Any

import polars as pl

from codemerge.answers.run_tables import RunTables
from codemerge.library.evidence import evidence_hashes
from codemerge.library.identity import mapping_id
from codemerge.library.vocabulary import Vocabulary
from codemerge.model import Relationship
from codemerge.rules.check import Target
from codemerge.rules.facets import Facet
from codemerge.rules.loader import Rules
from codemerge.rules.page import Entity
from codemerge.rules.project import Project
from codemerge.tables import CONFLICTS, DECISIONS, MAPPINGS, TEXTS, conform
from tests.conftest import page, words

FACETS = {"modality": "Metod", "laterality": "Sida", "contrast": "Kontrast"}
TITLES = {
    ("modality", "CT"): ("DT", "CT"),
    ("modality", "MR"): ("MR", "MR"),
    ("laterality", "R"): ("höger", "right"),
    ("laterality", "L"): ("vänster", "left"),
    ("contrast", "with"): ("med", "with"),
    ("contrast", "without"): ("utan", "without"),
}


def shelf() -> Entity:
    """An entity with names and facets."""
    return page(
        "shelf",
        facets=["modality", "laterality", "contrast"],
        plural={"sv": "Hyllor", "en": "Shelves"},
        matching={"candidates": "all", "ending": "folded"},
        comparison=[
            {
                "of": f,
                "title": words(t),
                "levels": [{"when": "same", "m": 0.9}, {"when": "differs", "m": 0.1}],
            }
            for f, t in FACETS.items()
        ],
    )


def person() -> Entity:
    """A sensitive entity whose clusters are linked."""
    field = [
        {"name": "code", "title": words("Konto"), "type": "code"},
        {"name": "label", "title": words("Namn"), "sensitive": True},
        {"name": "hsa_id", "title": words("HSA-id"), "sensitive": True},
        {"name": "number", "title": words("Personnummer"), "sensitive": True, "secret": True},
    ]
    return page(
        "staff",
        order=2,
        sensitive=True,
        names=None,
        plural={"sv": "Personer", "en": "People"},
        field=field,
        matching={"candidates": "all", "ending": "linked"},
    )


def rules(*entities: Entity) -> Rules:
    """Rules that hold these entities only."""
    return Rules(
        entities={e.id: e for e in entities},
        facets={
            f: Facet.model_validate({"id": f, "title": words(t), "kind": "one", "safety": True})
            for f, t in FACETS.items()
        },
        vocabulary=Vocabulary(
            facets=tuple(FACETS), kinds=dict.fromkeys(FACETS, "one"), phrases={}, titles=TITLES
        ),
        checks=(),
        target=Target.model_validate({"name": words("none")}),
        hash="0",
    )


def records(entity: Entity, *rows: dict[str, Any]) -> pl.DataFrame:
    """Records as normalise leaves them: give region, code, label, volume and facets."""
    fields = [f.name for f in entity.field if not f.secret]
    frame = pl.DataFrame(
        [
            {
                "record_id": f"{entity.id}/{r['region']}/{r['code']}",
                "entity": entity.id,
                "region": r["region"],
                **{f: r.get(f) for f in fields},
                **{f"facet_{f}": r.get(f"_{f}") for f in entity.facets},
                "volume": r.get("volume", 0),
                "active": True,
                "usable": True,
                "unknown": r.get("unknown", []),
                "ambiguous": [],
            }
            for r in rows
        ],
        schema={
            "record_id": pl.String,
            "entity": pl.String,
            "region": pl.String,
            **dict.fromkeys(fields, pl.String),
            **{f"facet_{f}": TEXTS for f in entity.facets},
            "volume": pl.Int64,
            "active": pl.Boolean,
            "usable": pl.Boolean,
            "unknown": TEXTS,
            "ambiguous": TEXTS,
        },
    ).sort("record_id")
    open_fields = [f.name for f in entity.field if not f.sensitive]
    return frame.with_columns(
        evidence_hashes(frame, open_fields, [*open_fields, *(f"facet_{f}" for f in entity.facets)])
    )


def mapping(entity: str, left: str, right: str, **more: Any) -> dict[str, Any]:
    """One mapping; ``left`` and ``right`` are region:code, the code may be empty."""
    (region_l, code_l), (region_r, code_r) = left.split(":", 1), right.split(":", 1)
    return {
        "mapping_id": mapping_id(entity, f"{entity}/{region_l}/{code_l}", f"{entity}/{region_r}/{code_r}"),
        "entity": entity,
        "region_l": region_l,
        "code_l": code_l,
        "region_r": region_r,
        "code_r": code_r,
        "rank": 1,
        "relationship": Relationship.EQUIVALENT.value,
        "status": "candidate",
        "confidence": 0.5,
    } | more


def run_of(
    entities: tuple[Entity, ...],
    frames: dict[str, pl.DataFrame],
    mappings: list[dict[str, Any]] = (),
    conflicts: list[dict[str, Any]] = (),
    decisions: pl.DataFrame | None = None,
    **project: Any,
) -> RunTables:
    """A finished run with these tables."""
    regions = project.pop("regions", ("A", "B"))
    return RunTables(
        project=Project.model_validate({"name": "Prov", "regions": regions, **project}),
        rules=rules(*entities),
        records=frames,
        mappings=conform(pl.DataFrame(list(mappings), schema_overrides=MAPPINGS.columns), MAPPINGS)
        if mappings
        else MAPPINGS.empty(),
        conflicts=conform(pl.DataFrame(list(conflicts), schema_overrides=CONFLICTS.columns), CONFLICTS)
        if conflicts
        else CONFLICTS.empty(),
        decisions=DECISIONS.empty() if decisions is None else decisions,
    )


def small_run(decisions: pl.DataFrame | None = None, **project: Any) -> RunTables:
    """Six shelves and two people: one certain, one in doubt, one with two suggestions, some alone."""
    s, p = shelf(), person()
    ct, mr = {"_modality": ["CT"]}, {"_modality": ["MR"]}
    shelves = records(
        s,
        {"region": "A", "code": "007", "label": "DT buk", "volume": 900, **ct, "_contrast": ["with"]},
        {"region": "A", "code": "810E0", "label": "MR hjärna", "volume": 100, **mr},
        {"region": "A", "code": "1-2", "label": "DT knä höger", "volume": 50, **ct, "_laterality": ["R"]},
        {"region": "A", "code": "=1+1", "label": "DT ensam", "volume": 5, **ct},
        {"region": "B", "code": "00123", "label": "CT buk", "volume": 700, **ct, "_contrast": ["without"]},
        {"region": "B", "code": "1E5", "label": "MR hjärna", "volume": 80, **mr},
        {"region": "B", "code": "TRUE", "label": "DT knä vänster", "volume": 40, **ct, "_laterality": ["L"]},
        {"region": "B", "code": "-12", "label": "DT knä", "volume": 30, **ct},
        {"region": "B", "code": "@x", "label": "Ultraljud lever", "volume": 20, "unknown": ["lever"]},
    )
    people = records(
        p,
        {"region": "A", "code": "anna", "label": "Anna Ek", "hsa_id": "SE2321000131-A"},
        {"region": "B", "code": "aek", "label": "Anna Ek", "hsa_id": "SE2321000131-A"},
    )
    said = [
        mapping("shelf", "A:810E0", "B:1E5", status="auto", confidence=0.999),
        mapping("shelf", "A:007", "B:00123", status="review", confidence=0.8),
        mapping(
            "shelf",
            "A:1-2",
            "B:-12",
            status="review",
            confidence=0.6,
            relationship=Relationship.NARROWER.value,
        ),
        mapping("shelf", "A:1-2", "B:TRUE", rank=2, confidence=0.4),
        mapping("staff", "A:anna", "B:aek", status="review", confidence=0.9),
    ]
    clash = {
        "conflict_id": "c1",
        "check": "EXM-001",
        "name": "same_code",
        "severity": "blocking",
        "entity": "shelf",
        "record_ids": ["shelf/A/007", "shelf/B/00123"],
        "field": "code",
        "values": ["007"],
        "owner": "radiolog",
        "annual_volume": 1600,
        "message": "Samma kod, olika sak",
        "resolution": "Byt till B007",
        "waivable": True,
        "status": "open",
    }
    unmapped = clash | {
        "conflict_id": "c2",
        "check": "MAP-006",
        "record_ids": ["shelf/A/=1+1"],
        "annual_volume": 5,
        "message": "Obeslutad",
    }
    left_over = unmapped | {"conflict_id": "c3", "record_ids": ["shelf/B/@x"], "annual_volume": 20}
    return run_of(
        (s, p), {"shelf": shelves, "staff": people}, said, [clash, unmapped, left_over], decisions, **project
    )


NASTY = (
    "007",
    "810E0",
    "1E5",
    "1-2",
    "=1+1",
    "-12",
    "+4",
    "@x",
    "00123",
    "123456789012345678",
    "TRUE",
    "#N/A",
    "_x0041_",
    "mailto:a@b",
    " blank ",
    "slut ",
    "\u00e5",
    "a\u030a",
    "🩻",
    "a|b",
    "a | b",
    "x;y",
    "''q",
    '"z"',
)


def nasty_run(**project: Any) -> RunTables:
    """Codes that spreadsheets like to change, the same in both regions, each with itself as suggestion."""
    s = shelf()
    frame = records(
        s,
        *(
            {"region": r, "code": c, "label": f"sak {n}", "volume": n}
            for r in "AB"
            for n, c in enumerate(NASTY)
        ),
    )
    said = [mapping("shelf", f"A:{c}", f"B:{c}", status="review", confidence=0.9) for c in NASTY]
    return run_of((s,), {"shelf": frame}, said, **project)
