"""A small finished run, made by the real merging stages: every way a code can go, once.

Left of the arrow region B, right of it A; codes are chosen to be what spreadsheets destroy.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from codemerge.answers.run_tables import RunTables
from codemerge.library.identity import mapping_id
from codemerge.library.verdicts import CURRENT
from codemerge.model import record_id
from codemerge.rules.check import Target
from codemerge.rules.loader import Rules
from codemerge.rules.page import Entity
from codemerge.rules.project import Project
from codemerge.stages.assign import assign
from codemerge.stages.crosswalk import crosswalk, set_aside
from codemerge.stages.identify import identify
from codemerge.stages.merge import merge, rewrite
from codemerge.tables import DECISIONS, IDENTIFIERS, MAPPINGS, conform
from tests.conftest import page, rows_of

EQUIVALENT, NARROWER, BROADER = (
    "equivalent",
    "source-is-narrower-than-target",
    "source-is-broader-than-target",
)
TARGET = Target.model_validate({"name": {"sv": "t", "en": "t"}})
LABELLED = "gadget"

A_ROWS = [
    {"code": "007", "label": "Knee left"},
    {"code": "810E0", "label": "Knee right"},
    {"code": "3", "label": "Knee"},
    {"code": "4", "label": "Only A"},
    {"code": "5", "label": "Gone"},
    {"code": "=1+1", "label": 'Formula; "quoted"\nline'},
    {"code": " 9", "label": "Leading blank"},
]
B_ROWS = [
    {"code": "K7", "label": "Left knee"},
    {"code": "K8", "label": "Right knee"},
    {"code": "K0", "label": "Knee, side asked"},
    {"code": "K3a", "label": "Knee standing"},
    {"code": "4", "label": "Only B"},
    {"code": "K5", "label": "No counterpart"},
    {"code": "K9", "label": "Not decided"},
]


def said(
    code_l: str, code_r: str, relationship: str = EQUIVALENT, status: str = "accepted", **more: Any
) -> dict[str, Any]:
    """Return one mapping of B's code to A's (B stands left), as people decided it."""
    ids = (record_id(LABELLED, "B", code_l), record_id(LABELLED, "A", code_r) if code_r else "")
    return {
        "mapping_id": mapping_id(LABELLED, *ids),
        "entity": LABELLED,
        "region_l": "B",
        "code_l": code_l,
        "region_r": "A",
        "code_r": code_r,
        "rank": 1,
        "relationship": relationship,
        "status": status,
        "confidence": 0.9 if status == "candidate" else 1.0,
        "match_weight": 12.5,
        "justification": "decided" if status in ("accepted", "rejected") else "matched",
        "decision_id": None if status in ("auto", "candidate", "review") else f"d-{code_l}-{code_r}",
        **more,
    }


SAID = [
    said("K7", "007"),
    said("K8", "810E0", status="auto", confidence=0.995),
    said("K0", "007", BROADER, group="g", combine="one", condition="side=L"),
    said("K0", "810E0", BROADER, group="g", combine="one", condition="side=R"),
    said("K3a", "3", NARROWER),
    said("K9", "3", status="candidate", confidence=0.3),
    said("K5", "", "not-related-to"),
    said("4", "4", "not-related-to", status="rejected"),
]
CLUSTERS = {"K7": "007", "K8": "810E0"}
RETIRED = ["5"]


def small_project(**more: Any) -> Project:
    """Regions B and A, in this order; A's codes survive."""
    plain = {
        "name": "small",
        "language": "en",
        "regions": ("B", "A"),
        "region": {"B": {"prefix": "b"}},
        "policy": {"survivor": "A"},
    }
    return Project.model_validate({**plain, **more})


def rules_with(*pages: Entity) -> Rules:
    """Return rules that know these pages and nothing else."""
    return Rules({p.id: p for p in pages}, {}, None, (), TARGET, "rules-hash")  # type: ignore[arg-type] # no names are parsed


def small_run(entity: Entity | None = None, project: Project | None = None, **more: Any) -> RunTables:
    """Return the run; ``mappings`` replaces `SAID`, ``a``/``b`` the rows, ``ledger`` the identifiers."""
    entity, project = entity or page(), project or small_project()
    rows = pl.concat([rows_of("A", *more.get("a", A_ROWS)), rows_of("B", *more.get("b", B_ROWS))])
    records, origins = identify(rows, entity)
    records = records.with_columns(
        volume=pl.lit(10, pl.Int64), active=~pl.col("code").is_in(RETIRED), evidence_hash=pl.col("label"),
        facet_side=pl.when(pl.col("label").str.contains("(?i)left")).then(pl.lit(["left"])),
    )  # fmt: skip
    listed = more.get("mappings", SAID)
    mappings = conform(
        pl.DataFrame(
            [{k: v for k, v in m.items() if k in MAPPINGS.columns} for m in listed], infer_schema_length=None
        ),
        MAPPINGS,
    )
    decided = conform(_decided(listed), CURRENT)
    clusters = pl.DataFrame(
        [
            (record_id(entity.id, region, code), f"c-{a}")
            for b, a in more.get("clusters", CLUSTERS).items()
            for region, code in (("B", b), ("A", a))
        ],
        schema={"record_id": pl.String, "cluster_id": pl.String}, orient="row",
    )  # fmt: skip
    aside = set_aside(mappings, decided, records)
    ledger = pl.DataFrame(more.get("ledger", []), schema=IDENTIFIERS.columns, orient="row")
    placed = assign(records, clusters, ledger, aside, entity, project, TARGET)
    names = pl.DataFrame(schema={"record_id": pl.String, "common_name": pl.String})
    return RunTables(
        project=project,
        rules=rules_with(entity),
        records={entity.id: records},
        combined={entity.id: merge(rewrite(records, entity, {entity.id: placed}), placed, names, entity)},
        mappings=mappings,
        crosswalk=crosswalk(records, placed, aside, mappings, decided, entity),
        decisions=conform(_decided(listed), DECISIONS),
        origins=origins,
        summary={
            "inputs": [{"path": f"{r}.csv", "sha256": r} for r in "AB"],
            "rules": "rules-hash",
            "decisions": {},
            "verdict": "ready",
        },
    )


def _decided(listed: list[dict[str, Any]]) -> pl.DataFrame:
    verdicts = {"accepted": "accept", "rejected": "keep_both"}
    rows = [
        {**m, "verdict": verdicts[m["status"]], "note": "as agreed", "reviewer": "Somebody"}
        for m in listed
        if m["status"] in verdicts
    ]
    rows += [
        {
            "decision_id": f"retire-{c}",
            "entity": LABELLED,
            "region_l": "A",
            "code_l": c,
            "region_r": "",
            "code_r": "",
            "verdict": "retire",
            "status": "accepted",
        }
        for c in RETIRED
    ]
    return pl.DataFrame(rows, infer_schema_length=None)
