"""A small made-up run to report on: two regions whose every number can be counted by hand."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import Any

import polars as pl

from codemerge.answers.run_tables import RunTables
from codemerge.library.identity import conflict_id, mapping_id
from codemerge.library.vocabulary import Vocabulary
from codemerge.model import record_id
from codemerge.rules.check import Check, Target
from codemerge.rules.facets import Facet
from codemerge.rules.loader import Rules
from codemerge.rules.page import Entity
from codemerge.rules.project import Project
from codemerge.rules.shipped import shipped
from codemerge.tables import CONFLICTS, CROSSWALK, DECISIONS, MAPPINGS, RECORD_TAIL, TEXTS, conform
from tests.conftest import words

NARROWER = "source-is-narrower-than-target"
PAGES = (
    "section",
    "unit",
    "priority",
    "role",
    "room",
    "exam",
    "user",
    "exam_room",
    "user_role",
    "order_item",
)

# code, volume, method, section, orderable
A_EXAMS = [
    ("1", 900, "CT", "S1", "J"),
    ("2", 60, "CT", "S1", "J"),
    ("3", 30, "MR", "S2", "J"),
    ("4", 10, "MR", "S2", "N"),
    ("5", 0, "US", "S1", "J"),
]
B_EXAMS = [
    ("1", 500, "CT", "S1", "J"),
    ("20", 40, "CT", "S1", "J"),
    ("30", 20, "MR", "S9", "J"),
    ("4", 5, "US", "S1", "J"),
]
# left code, right code, relationship, status, decision
PAIRS = [
    ("1", "1", "equivalent", "auto", None),
    ("2", "20", "equivalent", "review", None),
    ("3", "30", NARROWER, "accepted", "d1"),
    ("4", "", "equivalent", "accepted", "d2"),
]


def page(name: str) -> Entity:
    """Return a shipped page."""
    return Entity.model_validate(
        tomllib.loads((shipped("rules") / f"{name}.toml").read_text(encoding="utf-8"))
    )


def rules() -> Rules:
    """Return the pages the report speaks of, three facets and three checks; nothing is parsed."""
    pages = sorted((page(name) for name in PAGES), key=lambda p: p.order)
    facets = {f: Facet(id=f, title=words(f), kind="one", safety=True) for f in ("modality", "contrast")}  # type: ignore[arg-type] # pydantic reads it
    vocabulary = Vocabulary(
        facets=tuple(facets), kinds={}, phrases={}, titles={("modality", "CT"): ("Datortomografi", "CT")}
    )
    checks = (
        check("EXM-001", "exam"),
        check("MAP-001", "*"),
        check("ROM-001", "room"),
        check("USR-003", "user"),
    )
    return Rules(
        {p.id: p for p in pages},
        facets,
        vocabulary,
        checks,
        Target.model_validate({"name": words("t")}),
        "0" * 64,
    )


def check(name: str, entity: str) -> Check:
    """Return a declared check."""
    said = {k: words(f"{k} of {name}") for k in ("title", "message", "explanation", "resolution")}
    return Check(
        id=name, name="made_up", severity="blocking", entity=entity, owner="radiologist", verb="x", **said
    )  # type: ignore[arg-type] # as above


def project(**more: Any) -> Project:
    """Regions A and B; A's codes survive."""
    plain = {
        "name": "Prov",
        "regions": ("A", "B"),
        "region": {"A": {"org": "232100-0040"}, "B": {"org": "232100-0073"}},
    }
    return Project.model_validate({**plain, **more})


def records(entity: str, *rows: dict[str, Any]) -> pl.DataFrame:
    """Return records as `normalise` leaves them."""
    declared = page(entity)
    fields = [f.name for f in declared.field if f.name != "code" and not f.secret]
    facets = [f"facet_{f}" for f in declared.facets]
    schema = (
        dict.fromkeys(("record_id", "entity", "region", "code", *fields), pl.String)
        | dict.fromkeys(facets, TEXTS)
        | RECORD_TAIL
    )
    plain = {"active": True, "usable": True, "volume": 0, "words": [], "unknown": [], "ambiguous": []}
    made = [
        {**plain, "entity": entity, "record_id": record_id(entity, r["region"], r["code"]), **r} for r in rows
    ]
    return pl.DataFrame([{c: row.get(c) for c in schema} for row in made], schema=schema)


def exams(region: str, listed: list[tuple[str, int, str, str, str]]) -> list[dict[str, Any]]:
    """Return rows of examinations."""
    return [
        {
            "region": region,
            "code": code,
            "label": f"exam {code}",
            "volume": n,
            "facet_modality": [method],
            "section": section,
            "orderable": may,
            "dosreg": f"D{code[0]}",
        }
        for code, n, method, section, may in listed
    ]


def conflict(check_id: str, entity: str, *ids: str, **more: Any) -> dict[str, Any]:
    """Return an open blocking conflict about records."""
    plain = {
        "conflict_id": conflict_id(check_id, entity, "code", ids[0]),
        "check": check_id,
        "name": "made_up",
        "severity": "blocking",
        "entity": entity,
        "record_ids": list(ids),
        "field": "code",
        "values": [],
        "cause": ids[0],
        "owner": "radiologist",
        "annual_volume": 7,
        "message": f"Krock om <{ids[0]}>",
        "resolution": "Byt kod",
        "waivable": True,
        "status": "open",
    }
    return {**plain, **more}


CONFLICTS_FOUND = [
    conflict("EXM-001", "exam", "exam/A/4", "exam/B/4"),
    conflict("MAP-001", "exam", "exam/A/1"),
    conflict("MAP-001", "exam", "exam/A/4"),
    conflict("ROM-001", "room", "room/A/DT1", "room/B/DT1", owner="IT"),
    conflict("USR-003", "user", "user/A/anka", "user/B/anka", message="anka"),
    conflict("ROM-001", "room", "room/A/MR1", status="waived"),
]


def world(**more: Any) -> RunTables:
    """Return the run; ``conflicts`` and ``project`` replace what is found and declared."""
    held = {
        "exam": records("exam", *exams("A", A_EXAMS), *exams("B", B_EXAMS)),
        "section": records(
            "section",
            *(
                {"region": r, "code": c, "label": f"Sektion {c}"}
                for r, c in (("A", "S1"), ("A", "S2"), ("B", "S1"), ("B", "S9"))
            ),
        ),
        "priority": records("priority", *({"region": r, "code": c} for r in "AB" for c in ("1", "2"))),
        "room": records("room", *({"region": r, "code": c} for r in "AB" for c in ("DT1", "MR1"))),
        "exam_room": records(
            "exam_room",
            {"region": "B", "code": "1|DT1", "exam": "1", "room": "DT1"},
            {"region": "B", "code": "30|MR1", "exam": "30", "room": "MR1"},
        ),
        "unit": records("unit", *units()),
        "user": records(
            "user",
            *(
                {"region": r, "code": c, "title": t}
                for r, c, t in (
                    ("A", "anka", "Överläkare"),
                    ("B", "anka", "Sekreterare"),
                    ("A", "bosse", "Röntgensjuksköterska"),
                )
            ),
        ),
        "order_item": records(
            "order_item",
            {"region": "B", "code": "O1", "exams": "20"},
            {"region": "B", "code": "O2", "exams": "1"},
        ),
    }
    run = RunTables(
        project=more.get("project", project()),
        rules=rules(),
        records=held,
        mappings=conform(pl.DataFrame([*map(_pair, PAIRS), *_same()], infer_schema_length=None), MAPPINGS),
        crosswalk=conform(_crosswalk(held), CROSSWALK),
        conflicts=conform(
            pl.DataFrame(
                more.get("conflicts", CONFLICTS_FOUND),
                schema_overrides={"values": TEXTS, "record_ids": TEXTS},
            ),
            CONFLICTS,
        ),
        decisions=conform(
            pl.DataFrame(
                [
                    {"decision_id": "d1", "role": "radiologist", "reviewer": "Kim Hemlig"},
                    {"decision_id": "d2", "role": "radiologist", "reviewer": "Kim Hemlig"},
                ]
            ),
            DECISIONS,
        ),
        summary={
            "inputs": [{"path": "a.csv", "sha256": "aa", "rows": 5, "encoding": "utf-8"}],
            "codemerge": "9.9",
            "decisions": {},
        },
    )
    return replace(run, **{k: v for k, v in more.items() if k not in {"conflicts", "project"}})


def units() -> list[dict[str, Any]]:
    """One unit that is reached, one without a valid id, one private without a reply route."""
    return [
        {
            "region": "A",
            "code": "U1",
            "hsa_id": "SE2321000040-1",
            "reply_route": "E1",
            "provider": "2321000040",
            "volume": 60,
        },
        {
            "region": "A",
            "code": "U2",
            "hsa_id": "wrong",
            "reply_route": "E2",
            "provider": "232100-0040",
            "volume": 30,
        },
        {
            "region": "A",
            "code": "U3",
            "hsa_id": "SE5560001111-1",
            "reply_route": "",
            "provider": "556000-1111",
            "volume": 10,
        },
    ]


def _pair(said: tuple[str, str, str, str, str | None]) -> dict[str, Any]:
    left, right, relationship, status, decision = said
    ids = (record_id("exam", "A", left), record_id("exam", "B", right) if right else "")
    one_sided = {"field": "contrast", "level": "one_side", "weight": 0.0, "left": "with", "right": ""}
    return {
        "mapping_id": mapping_id("exam", *ids),
        "entity": "exam",
        "region_l": "A",
        "code_l": left,
        "region_r": "B",
        "code_r": right,
        "rank": 1,
        "relationship": relationship,
        "status": status,
        "confidence": 0.9,
        "decision_id": decision,
        "evidence": [one_sided] if left == "3" else [],
    }


def _same() -> list[dict[str, Any]]:
    """Return sections S1, priority 1 and the person anka as certain pairs."""
    return [
        {**_pair((code, code, "equivalent", "auto", None)), "entity": entity, "mapping_id": entity}
        for entity, code in (("section", "S1"), ("priority", "1"), ("user", "anka"))
    ]


def _crosswalk(held: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Give B's 20 the code of A's 2, B's DT1 a new name; withhold what blocks; join the sure pairs."""
    codes = {
        "exam/B/20": "2",
        "room/B/DT1": "BDT1",
        "exam/A/4": None,
        "exam/B/4": None,
        "exam/A/1": None,
        "exam/B/1": None,
    }
    joined = {
        "exam/A/1": "e1",
        "exam/B/1": "e1",
        "exam/A/2": "e2",
        "exam/B/20": "e2",
        "user/A/anka": "u1",
        "user/B/anka": "u1",
    }
    rows = [
        {
            "record_id": r["record_id"],
            "entity": r["entity"],
            "region": r["region"],
            "code": r["code"],
            "combined_code": codes.get(r["record_id"], r["code"]),
            "cluster_id": joined.get(r["record_id"]),
            "relationship": "equivalent",
            "status": "withheld" if codes.get(r["record_id"], "") is None else "kept",
        }
        for frame in held.values()
        for r in frame.iter_rows(named=True)
    ]
    return pl.DataFrame(rows)
