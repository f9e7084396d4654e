"""Ready means loadable; blocked means a witness for each block, and clearing all gives ready or the next."""

from __future__ import annotations

from functools import cache
from typing import Any

import polars as pl
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from codemerge.answers.run_tables import RunTables
from codemerge.answers.verify import lay_out, verify
from codemerge.dry_run import gather
from codemerge.files.schema import load
from codemerge.inputs import Inputs
from codemerge.library.identity import mapping_id
from codemerge.pipeline import run
from codemerge.rules.loader import Rules, load_project, load_rules, rules_of
from codemerge.rules.project import Project
from codemerge.rules.shipped import shipped
from codemerge.tables import DECISIONS, IDENTIFIERS, conform
from tests.postgres import server

REGIONS = ("RÖ", "RKL")
# Few values, so that what is drawn collides in every way a catalog can.
DRAWN: dict[str, dict[str, list[str | None]]] = {
    "section": {"code": ["NEU", "THX", "neu"], "label": ["Neuro", "Thorax"]},
    "exam": {
        "code": ["81000", "81080", "83000", "83080", "84080", "64200", "81^0", "A" * 17, ""],
        "label": ["DT hjärna", "DT thorax med kontrast", "Knä höger", "Knä vänster", "X" * 70, None],
        "section": ["NEU", "THX", "BORTA", None],
        "replaced_by": ["83080", None, None],
        "duration": ["20", "kvart", None],
        "valid_from": ["2020-01-01", "20209999", None],
        "status": ["Aktiv", "Utgått"],
    },
    "room": {
        "code": ["DT1", "dt1", "L3"],
        "label": ["DT 1", "Lab"],
        "ae_title": ["CT1", "ct1", "RÖNTGEN", None],
    },
    "role": {
        "code": ["RAD", "RSSK"],
        "label": ["Radiolog", "Sköterska"],
        "rights": ["läsa", "läsa, signera"],
    },
    "user": {
        "code": ["1", "2", "3"],
        "login": ["anna", "ANNA", "bo"],
        "signature": ["AA", "BB", "S" * 17, None],
        "personnummer": ["19811218-9876", "19850525-9856", None],
        "hsa_id": ["SE2321000040-1A", None],
        "role": ["RAD", "BORTA", None],
    },
}


@cache
def rules() -> Rules:
    return load_rules()


def undemanding(regions: tuple[str, ...], **more: Any) -> Project:
    """Return a project where nothing waits for people's yes: that never makes a catalog unloadable."""
    policy = {"confirm_share": 0.0, "volume_limit": 10**9}
    return Project.model_validate({"regions": regions, "policy": policy, **more})


@st.composite
def catalogs(draw: st.DrawFn) -> dict[str, pl.DataFrame]:
    """Draw rows of some entities, as the readers would give them."""
    out = {}
    for entity, fields in DRAWN.items():
        cells = st.fixed_dictionaries(
            {"region": st.sampled_from(REGIONS)} | {k: st.sampled_from(v) for k, v in fields.items()}
        )
        drawn = draw(st.lists(cells, max_size=6))
        if drawn:
            out[entity] = rows_of(entity, drawn)
    return out


VERDICTS = ("accept", "accept", "keep_both", "unsure", "retire")
RELATIONSHIPS = ("equivalent", "source-is-narrower-than-target", "source-is-broader-than-target")


@st.composite
def decided(draw: st.DrawFn) -> pl.DataFrame:
    """Draw what people have decided of pairs of examinations, sensible or not."""
    codes = [c for c in DRAWN["exam"]["code"] if c]
    drawn = draw(
        st.lists(
            st.tuples(
                *(st.sampled_from(v) for v in (codes, [*codes, ""], VERDICTS, RELATIONSHIPS, ("", "g1")))
            ),
            max_size=4,
        )
    )
    rows = []
    for n, (left, right, verdict, relationship, group) in enumerate(drawn):
        ids = [f"exam/{region}/{code}" for region, code in zip(REGIONS, (left, right), strict=True)]
        rows.append(
            {
                "decision_id": f"d{n}",
                "mapping_id": mapping_id("exam", *ids),
                "conflict_id": "",
                "entity": "exam",
                "region_l": REGIONS[0],
                "code_l": left,
                "region_r": REGIONS[1],
                "code_r": right,
                "verdict": verdict,
                "relationship": relationship,
                "reviewer": "Ada",
                "decided_on": "2026-01-01",
                "evidence": "",
                "group": group or None,
                "combine": "all" if group else None,
            }
        )
    return conform(pl.DataFrame(rows, infer_schema_length=None), DECISIONS) if rows else DECISIONS.empty()


def rows_of(entity: str, drawn: list[dict[str, Any]]) -> pl.DataFrame:
    names = [f.name for f in rules().entities[entity].field]
    rows = [
        {**dict.fromkeys(names), **row, "file": f"{entity}.csv", "sheet": None, "line": n}
        for n, row in enumerate(drawn, 2)
    ]
    kinds = {
        "region": pl.String,
        **dict.fromkeys(names, pl.String),
        "file": pl.String,
        "sheet": pl.String,
        "line": pl.Int64,
    }
    return pl.DataFrame(rows, schema=kinds)


def dry_run(
    rows: dict[str, pl.DataFrame],
    decisions: pl.DataFrame,
    example: Project | None = None,
    softened: bool = False,
) -> RunTables:
    mild = {c.id: "info" for c in rules().checks if not c.fixed} if softened else {}
    regions = example.regions if example else REGIONS
    project = undemanding(regions, region=example.region if example else {}, severity=mild)
    return run(Inputs(rows, (), decisions, IDENTIFIERS.empty(), project, rules(), "2026-01-01"))


def blocks(done: RunTables) -> pl.DataFrame:
    return done.conflicts.filter((pl.col("severity") == "blocking") & (pl.col("status") == "open"))


def without(rows: dict[str, pl.DataFrame], done: RunTables, witnesses: set[str]) -> dict[str, pl.DataFrame]:
    """Remove the rows that the witnesses came from, as a region would that corrects its list."""
    places = set(
        done.origins.filter(pl.col("record_id").is_in(list(witnesses))).select("file", "line").rows()
    )
    left = {
        e: f.filter(
            ~pl.struct("file", "line").map_elements(
                lambda r: (r["file"], r["line"]) in places, return_dtype=pl.Boolean
            )
        )
        for e, f in rows.items()
    }
    return {e: f for e, f in left.items() if not f.is_empty()}


@settings(max_examples=15)
@given(catalogs(), decided(), st.booleans())
def test_ready_is_loadable_and_every_block_has_a_witness(
    rows: dict[str, pl.DataFrame], decisions: pl.DataFrame, softened: bool
):
    """Also where the project calls every kind harmless that it may."""
    for cleared in range(8):
        if not rows:
            return
        done = dry_run(rows, decisions, softened=softened)
        blocking = blocks(done)
        if blocking.is_empty():
            refused, _ = load(lambda dialect, d=done: lay_out(d.combined, rules(), dialect))
            violations = verify(done.combined, rules(), refused)
            assert violations.is_empty(), violations.rows(named=True)
            size = sum(f.height for f in done.combined.values()) // 3 * 3
            event(f"{size}+ combined records after {cleared} corrections")
            return
        known = set(done.origins["record_id"].to_list())
        witnesses = set(blocking["record_ids"].explode().to_list())
        assert witnesses <= known, "a witness is a record of the catalogs"
        assert all(ids for ids in blocking["record_ids"].to_list()), "every block has a witness"
        rows = without(rows, done, witnesses)
    raise AssertionError("clearing the witnesses never came to an end")


def test_the_example_cleared_of_its_witnesses_is_ready_and_postgresql_takes_it():
    """The bundled example, end to end: blocked, its witnesses corrected, ready, loaded."""
    pytest.importorskip("psycopg", reason="PostgreSQL needs the extra db")
    example = load_project(shipped("fixtures"))
    inputs, _ = gather(example, rules_of(example), "2026-01-01")
    rows = dict(inputs.rows)
    done = dry_run(rows, DECISIONS.empty(), example)
    assert not blocks(done).is_empty()
    for _ in range(6):
        if blocks(done).is_empty():
            break
        rows = without(rows, done, set(blocks(done)["record_ids"].explode().to_list()))
        done = dry_run(rows, DECISIONS.empty(), example)
    assert blocks(done).is_empty(), blocks(done).select("check", "message").rows()
    with server() as url:
        refused, loaded = load(lambda dialect: lay_out(done.combined, rules(), dialect), url)

    assert verify(done.combined, rules(), refused).is_empty()
    assert loaded["exam"] > 50
