"""Rules and settings come from people too: an SQL check reaches nothing, patterns are linear, any text is answered."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codemerge import cli
from codemerge.errors import BadInputError
from codemerge.files.decisions import read_decisions
from codemerge.files.identifiers import read_identifiers
from codemerge.library.checks.sandbox import run_sql
from codemerge.rules.loader import load_project, load_rules
from codemerge.rules.words import describe
from codemerge.tables import CROSSWALK, DECISIONS, MAPPINGS
from tests.trust_project import GADGET, make_project

CANARY = "kanarie-hemlig"


def world() -> Any:
    records = pl.DataFrame({"record_id": ["g/A/1"], "code": ["1"], "region": ["A"]})
    return SimpleNamespace(
        records={"gadget": records}, combined={}, mappings=MAPPINGS.empty(), crosswalk=CROSSWALK.empty(),
        decisions=DECISIONS.empty(),
    )  # fmt: skip


ATTACKS = [
    "SELECT * FROM read_csv('{file}')",
    "SELECT * FROM read_text('{file}')",
    "SELECT * FROM read_blob('{file}')",
    "SELECT * FROM '{file}'",
    "SELECT * FROM read_parquet('{file}')",
    "SELECT * FROM read_json('{file}')",
    "SELECT * FROM sniff_csv('{file}')",
    "SELECT * FROM glob('{folder}/*')",
    "SELECT content AS cause, [] AS record_ids FROM read_text('{folder}/*')",
    "SELECT [] AS record_ids, getenv('CANARY') AS cause",
    "ATTACH '{folder}/new.db'",
    "COPY (SELECT 1) TO '{folder}/new.csv'",
    "COPY records TO '{folder}/new.parquet'",
    "EXPORT DATABASE '{folder}/new'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "INSTALL '{file}'",
    "PRAGMA enable_external_access",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "RESET enable_external_access",
    "SELECT 1; SET enable_external_access = true; SELECT * FROM read_text('{file}')",
    "SELECT * FROM read_csv('http://localhost:9/x')",
    "SELECT * FROM 's3://bucket/x.parquet'",
    "CREATE TABLE x AS SELECT 1",
    "DROP TABLE records",
    "DELETE FROM records",
    "CALL pragma_version()",
    "IMPORT DATABASE '{folder}'",
    "CREATE CANARY (TYPE s3)",
    "SELECT * FROM duckdb_secrets()",
    "PREPARE x AS SELECT 1",
    "EXECUTE x",
    "WITH a AS (SELECT * FROM read_text('{file}')) SELECT content AS cause, [] AS record_ids FROM a",
    "SELECT * FROM query('SELECT * FROM read_text(''{file}'')')",
    "SELECT * FROM query_table('{file}')",
    "FROM '{file}' SELECT *",
    "SELECT [] AS record_ids, current_setting('home_directory') AS cause",
    "EXPLAIN ANALYZE SELECT * FROM read_text('{file}')",
    "DESCRIBE SELECT * FROM read_text('{file}')",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_check_in_sql_reaches_the_tables_and_nothing_else(attack, tmp_path, monkeypatch):
    """Files, network, environment, settings, writing: refused, or answered without anything from outside."""
    monkeypatch.setenv("CANARY", CANARY)
    secret = tmp_path / "secret.csv"
    secret.write_text(f"cause\n{CANARY}\n", encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    try:
        found = run_sql(attack.format(file=secret, folder=tmp_path), world(), "gadget", {})
    except BadInputError as error:
        assert CANARY not in str([describe(p, "en") for p in error.problems])
    else:
        assert CANARY not in str(found.to_dicts())
        assert str(Path.home()) not in str(found.to_dicts())
    assert sorted(tmp_path.iterdir()) == before


def test_an_honest_check_in_sql_runs():
    """The wall lets through what a check needs."""
    found = run_sql("SELECT [record_id] AS record_ids, code AS cause FROM records", world(), "gadget", {})
    assert found.rows() == [(["g/A/1"], "1")]


PAGE = GADGET.replace("required = true\n", "required = true\nformat = 'PATTERN'\n")


@pytest.mark.parametrize(("pattern", "code"), [("(a+)+$", (0, 1)), ("(unclosed", (2,)), ("(?=look)x", (2,))])
def test_an_exploding_pattern_is_harmless_and_a_wrong_one_refused(tmp_path, pattern, code, capfd):
    """Patterns run in Rust, in linear time; what it can't read is refused where it stands."""
    root = make_project(tmp_path / "p")
    (root / "pack").mkdir()
    (root / "pack" / "gadget.toml").write_text(PAGE.replace("PATTERN", pattern), encoding="utf-8")
    (root / "g.csv").write_text(f"Kod;Benämning\n{'a' * 5000}b;x\n", encoding="utf-8")
    text = (
        (root / "codemerge.toml")
        .read_text(encoding="utf-8")
        .replace("[policy]", '[policy]\nrules = ["pack"]')
    )
    (root / "codemerge.toml").write_text(
        text + '[[source]]\nregion = "A"\nentity = "gadget"\npath = "g.csv"\n', encoding="utf-8"
    )
    with pytest.raises(SystemExit) as ended:
        cli.main(["dry-run", str(root), "--tables-only"])
    assert ended.value.code in code, capfd.readouterr().err


KEYS = [
    "name",
    "language",
    "regions",
    "region",
    "source",
    "policy",
    "severity",
    "limits",
    "effort",
    "export",
    "x",
]
VALUES = st.recursive(
    st.one_of(st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8), st.just("RÖ")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("aå.-", min_size=1, max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


def toml(value: Any) -> str:
    import json

    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in value.items()) + "}"
    return repr(value).replace("inf", "inf")


SLOWLY = settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SLOWLY
@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=5), st.binary(max_size=20))
def test_any_project_file_is_read_or_answered(tmp_path, keys, tail):
    """Whatever stands in it, also bytes that are no text."""
    lines = "\n".join(f"{k} = {toml(v)}" for k, v in keys.items())
    (tmp_path / "codemerge.toml").write_bytes(lines.encode("utf-8", "surrogatepass") + b"\n" + tail)
    try:
        load_project(tmp_path)
    except BadInputError as error:
        assert [describe(p, lang) for p in error.problems for lang in ("sv", "en")]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(range(len(PAGE.splitlines()))), VALUES)
def test_any_rules_page_is_read_or_answered(tmp_path, line, value):
    """One line of a page replaced by whatever."""
    lines = PAGE.replace("PATTERN", "a").splitlines()
    key = lines[line].partition("=")[0].strip()
    lines[line] = f"{key} = {toml(value)}" if "=" in lines[line] else toml(value)
    (tmp_path / "gadget.toml").write_text("\n".join(lines), encoding="utf-8", errors="replace")
    try:
        load_rules([tmp_path])
    except BadInputError as error:
        assert [describe(p, "sv") for p in error.problems]


CELLS = st.lists(st.lists(st.text(max_size=5), min_size=0, max_size=len(DECISIONS.columns) + 1), max_size=3)


@SLOWLY
@given(CELLS, st.binary(max_size=10))
def test_any_decision_file_and_ledger_is_read_or_answered(tmp_path, rows, tail):
    """Also one whose name is right, so that it is read to the end."""
    head = ",".join(f'"{c}"' for c in DECISIONS.columns)
    body = "\n".join(",".join('"' + c.replace('"', '""') + '"' for c in row) for row in rows)
    data = f"# parents:\n{head}\n{body}".encode("utf-8", "surrogatepass") + tail
    for old in tmp_path.iterdir():
        old.unlink()
    import hashlib

    path = tmp_path / f"000001-{hashlib.blake2b(data, digest_size=8).hexdigest()}.csv"
    path.write_bytes(data)
    chain = read_decisions(tmp_path)
    assert chain.problems or chain.decisions.width == len(DECISIONS.columns)
    try:
        read_identifiers(path)
    except BadInputError as error:
        assert error.problems
