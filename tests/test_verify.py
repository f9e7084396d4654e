"""The target schema: real constraints, every violation at once, in DuckDB and in PostgreSQL."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from codemerge.answers.verify import lay_out, verify
from codemerge.errors import BadInputError
from codemerge.files.schema import load, write_script
from codemerge.library.checks.target_schema import script
from codemerge.rules.loader import Rules, load_rules
from tests.postgres import server


@cache
def rules() -> Rules:
    return load_rules()


def catalog(entity: str, *rows: dict[str, object]) -> pl.DataFrame:
    """Return a combined catalog with the columns that the page declares."""
    names = [f.name for f in rules().entities[entity].field if not f.secret and f.name != "code"]
    full = [
        {"cluster_id": None, **dict.fromkeys(names), "members": [f"{entity}/A/{r['combined_code']}"], **r}
        for r in rows
    ]
    kinds = {
        "combined_code": pl.String,
        "cluster_id": pl.String,
        **dict.fromkeys(names, pl.String),
        "members": pl.List(pl.String),
    }
    return pl.DataFrame(full, schema=kinds)


GOOD = {
    "section": [{"combined_code": "NEU", "label": "Neuro"}],
    "exam": [
        {
            "combined_code": "81000",
            "label": "DT hjärna",
            "section": "NEU",
            "duration": "20",
            "valid_from": "20240131",
        },
        {
            "combined_code": "81001",
            "label": "DT hjärna " + "x" * 90,
            "section": "NEU",
            "replaced_by": "81000",
        },
    ],
    "user": [
        {"combined_code": "1", "login": "anna", "signature": "AA", "cluster_id": "c1"},
        {"combined_code": "2", "login": "ANNA", "signature": "AA", "cluster_id": "c1"},
        {"combined_code": "3", "login": "bo", "signature": None, "cluster_id": None},
    ],
    "order_item": [{"combined_code": "B1", "label": "Hjärna", "exams": "81000, 81001"}],
}

# entity, what is wrong, and the constraint that must say so.
WRONG = [
    ("exam", {"combined_code": "81000", "label": "DT", "section": "NEU"}, "code", "unique"),
    ("exam", {"combined_code": "A" * 17, "label": "DT"}, "code", "length"),
    ("exam", {"combined_code": "81^0", "label": "DT"}, "code", "characters"),
    ("exam", {"combined_code": "9", "label": None}, "label", "required"),
    ("exam", {"combined_code": "9", "label": "DT", "section": "XYZ"}, "section", "references"),
    ("exam", {"combined_code": "9", "label": "DT", "replaced_by": "XYZ"}, "replaced_by", "references"),
    ("order_item", {"combined_code": "B9", "exams": "81000,nope"}, "exams", "references"),
    ("user", {"combined_code": "9", "login": "Anna", "cluster_id": "c2"}, "login", "unique"),
    ("user", {"combined_code": "9", "signature": "aa"}, "signature", "unique"),
    ("room", {"combined_code": "R1", "ae_title": "RÖNTGEN"}, "ae_title", "characters"),
    ("room", {"combined_code": "R1", "ae_title": "A" * 17}, "ae_title", "bytes"),
    ("room", {"combined_code": "R1", "station_name": "A" * 17}, "station_name", "length"),
]


def combined(extra: tuple[str, dict[str, object]] | None = None) -> dict[str, pl.DataFrame]:
    rows = {entity: list(listed) for entity, listed in GOOD.items()}
    if extra:
        rows.setdefault(extra[0], []).append(extra[1])
    return {entity: catalog(entity, *listed) for entity, listed in rows.items()}


def verified(tables: dict[str, pl.DataFrame], url: str | None = None) -> pl.DataFrame:
    refused, _ = load(lambda dialect: lay_out(tables, rules(), dialect), url)
    return verify(tables, rules(), refused)


def test_catalogs_within_the_limits_load_without_a_violation():
    tables = combined()
    refused, loaded = load(lambda dialect: lay_out(tables, rules(), dialect))

    assert refused.is_empty()
    assert verify(tables, rules(), refused).is_empty()
    assert loaded["exam"] == 2
    assert loaded["order_item.exams"] == 2


@pytest.mark.parametrize(("entity", "row", "field", "constraint"), WRONG)
def test_every_broken_limit_is_named_and_the_database_refuses_it_too(entity, row, field, constraint):
    tables = combined((entity, row))
    refused, _ = load(lambda dialect: lay_out(tables, rules(), dialect))
    found = verify(tables, rules(), refused)

    assert (entity, field, constraint) in set(found.select("entity", "field", "constraint").rows())
    assert not refused.is_empty(), "the constraint is real"


def test_what_is_wrong_is_told_all_at_once():
    tables = combined()
    for entity, row, _, _ in WRONG:
        alone = catalog(entity, row)
        tables[entity] = pl.concat([tables[entity], alone]) if entity in tables else alone

    found = set(verified(tables).select("entity", "field", "constraint").rows())

    assert {(entity, field, constraint) for entity, _, field, constraint in WRONG} <= found


def test_personal_data_are_masked_in_violations():
    tables = combined(("user", {"combined_code": "9", "hsa_id": "SE2321000040-" + "1" * 30, "label": "Eva"}))
    found = verified(tables)

    text = found.filter(entity="user").write_csv()
    assert found.height == 1
    assert "SE2321000040" not in text
    assert "Eva" not in text


def test_a_script_holds_the_schema_and_every_row_and_is_its_owners_alone(tmp_path: Path):
    write_script(lambda dialect: lay_out(combined(), rules(), dialect), tmp_path / "target.sql")
    text = (tmp_path / "target.sql").read_text(encoding="utf-8")

    if os.name == "posix":
        assert (tmp_path / "target.sql").stat().st_mode & 0o077 == 0

    assert 'CREATE TABLE "exam"' in text
    assert text.count('INSERT INTO "exam" ') == 2
    assert "'DT hjärna'" in text


def test_a_missing_database_is_told_in_one_line():
    with pytest.raises(BadInputError) as caught:
        load(lambda dialect: lay_out(combined(), rules(), dialect), "postgresql://nobody@127.0.0.1:1/none")

    assert caught.value.problems[0].kind in {"verify.no_database", "verify.no_driver"}


def test_a_real_postgresql_server_agrees_and_nothing_stays_behind_in_it():
    psycopg = pytest.importorskip("psycopg", reason="PostgreSQL needs the extra db")
    with server() as url:
        assert verified(combined(), url).is_empty()
        for entity, row, field, constraint in WRONG:
            tables = combined((entity, row))
            refused, _ = load(lambda dialect, t=tables: lay_out(t, rules(), dialect), url)
            assert not refused.is_empty(), (entity, field, constraint)
        with psycopg.connect(url) as connection:
            kept = connection.execute(
                "select count(*) from information_schema.schemata where schema_name = 'codemerge_verify'"
            ).fetchone()
        assert kept == (0,)


def test_postgresql_reads_the_exported_script():
    psycopg = pytest.importorskip("psycopg", reason="PostgreSQL needs the extra db")
    with server() as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute(script(lay_out(combined(), rules(), "postgresql")))
        assert connection.execute('select count(*) from "exam"').fetchone() == (2,)
