"""SSSOM, OMOP, DICOM, SQL and CSV: every code exact, nothing asserted that isn't known."""

from __future__ import annotations

import csv
import io

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codemerge.answers.selection import select
from codemerge.files.exchange_sql import DIALECTS, combined_sql, recode_sql
from codemerge.files.exchange_sssom import sssom
from codemerge.files.exchange_tables import (
    LOCAL_CONCEPTS,
    crosswalk_rows,
    csv_bytes,
    dicom_triplets,
    source_to_concept_map,
)
from codemerge.files.identifiers import new_identifiers
from codemerge.library.excel_safe import escape, unescape
from codemerge.tables import IDENTIFIERS
from tests.small_runs import small_project, small_run

CODES = [
    "007", "810E0", "1E5", "1-2", "=1+1", "-12", "+4", "@x", "00123",
    "123456789012345678", "TRUE", "#N/A", "_x0041_", "mailto:a@b", " 9",
    "9 ", "å", "å", "🦴", 'a"b', "a\nb", "'=x",
]  # fmt: skip


@pytest.fixture(scope="module")
def run():
    return small_run()


def mapping_rows(run, **asked) -> list[dict[str, str]]:
    text = sssom(select(run, **asked), "0")
    return list(
        csv.DictReader(
            io.StringIO("".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))),
            delimiter="\t",
        )
    )


def test_sssom_states_what_is_accepted_and_what_is_refused(run):
    """Negatives are Not, no counterpart is NoTermFound, a candidate asserts nothing."""
    rows = {(r["subject_id"].split(":")[1], r["object_id"].split(":")[1]): r for r in mapping_rows(run)}

    assert ("K9", "3") not in rows
    assert rows["4", "4"]["predicate_modifier"] == "Not"
    assert (rows["K5", "NoTermFound"]["object_id"], rows["K5", "NoTermFound"]["mapping_cardinality"]) == (
        "sssom:NoTermFound",
        "1:0",
    )
    assert rows["K3a", "3"]["predicate_id"] == "skos:broadMatch"  # the object is broader
    assert rows["K0", "007"]["predicate_id"] == "skos:narrowMatch"
    assert rows["K0", "007"]["mapping_cardinality"] == "n:n"
    assert rows["K7", "007"]["mapping_justification"] == "semapv:ManualMappingCuration"
    assert rows["K8", "810E0"]["mapping_justification"] == "semapv:CompositeMatching"
    assert rows["K8", "810E0"]["confidence"] == "0.995"


def test_sssom_names_no_person_and_codes_survive_as_addresses(run):
    """Reviewers' names stay at home; a code that isn't address-safe is percent-encoded."""
    assert "Somebody" not in sssom(select(run), "0")
    odd = small_run(a=[{"code": "=1+1 å", "label": "x"}], b=[], mappings=[], clusters={})
    assert sssom(select(odd), "0").count("\n") > 5


def test_omop_numbers_never_change(run):
    """A code keeps its number when the ledger grows: before the merge and after it."""
    before = source_to_concept_map(select(run), IDENTIFIERS.empty())[0]
    ledger = new_identifiers(run.crosswalk, IDENTIFIERS.empty())
    after = source_to_concept_map(select(run), ledger)[0]
    grown = pl.concat(
        [ledger, pl.DataFrame([("gadget", "zzz", "A", "zzz")], schema=IDENTIFIERS.columns, orient="row")]
    )

    assert before.equals(after)
    assert source_to_concept_map(select(run), grown)[0].equals(after)
    assert before.filter(pl.col("source_code") == "5")["target_concept_id"].to_list() == [0]
    assert before.filter(pl.col("target_concept_id") > 0)["target_concept_id"].min() > LOCAL_CONCEPTS


def test_omop_targets_have_their_concepts(run):
    """Every target of the map is a row of the concept file, and the code stands there exactly."""
    rows, concepts, _ = source_to_concept_map(select(run), IDENTIFIERS.empty())
    used = rows.filter(pl.col("target_concept_id") > 0).select(
        concept_id=pl.col("target_concept_id").cast(pl.UInt32)
    )

    assert used.join(concepts, on="concept_id", how="anti").is_empty()
    assert "=1+1" in concepts["concept_code"].to_list()


def test_dicom_triplets_have_private_designators_and_notes_on_what_is_too_long():
    """99 and the region, or what the project declares; nothing is cut."""
    long = "Knee with a name that no DICOM field of sixty-four characters could ever hold at all"
    run = small_run(
        a=[{"code": "007", "label": long}],
        b=[],
        mappings=[],
        clusters={},
        project=small_project(export={"designator": {"A": "99REGA"}}),
    )
    rows, notes = dicom_triplets(select(run))

    assert rows.select("coding_scheme_designator", "combined_coding_scheme_designator").rows() == [
        ("99REGA", "99COMBINED")
    ]
    assert rows["code_meaning"].to_list() == [long]
    assert {n.column for n in notes} == {"code_meaning", "combined_code_meaning"}


def test_machine_csv_is_byte_exact():
    """What spreadsheets would destroy stands there as it is, every field quoted."""
    data = csv_bytes(pl.DataFrame({"code": CODES}))

    assert [row[0] for row in csv.reader(io.StringIO(data.decode("utf-8"), newline=""))][1:] == CODES
    assert data.splitlines()[1] == b'"007"'


@given(st.lists(st.text(st.sampled_from("'=+-@\t\r\n＝＋ a"), max_size=6)))
def test_the_escape_for_people_can_always_be_undone(texts):
    """Whatever the cell, escape then unescape is the cell; nothing escaped begins a formula."""
    frame = pl.DataFrame({"x": texts}, schema={"x": pl.String})
    safe = frame.select(escape(pl.col("x")))

    assert safe.select(unescape(pl.col("x"))).equals(frame)
    assert not safe["x"].str.contains(r"^[=+\-@\t\r\n＝＋－＠]").any()


def test_a_region_alone_exports_its_own_rows(run):
    """--region narrows the crosswalk."""
    assert set(crosswalk_rows(select(run, region="B"))["region"]) == {"B"}


def test_sql_for_duckdb_loads_every_code_exactly():
    """The script runs, and the combined codes are the run's."""
    run = small_run(a=[{"code": c, "label": c} for c in CODES], b=[], mappings=[], clusters={})
    with duckdb.connect() as engine:
        engine.execute(combined_sql(select(run), "duckdb"))
        found = {row[0] for row in engine.execute("SELECT combined_code FROM combined_gadget").fetchall()}

    assert found == set(run.combined["gadget"]["combined_code"])


def test_the_recoding_view_keeps_every_row_and_flags_a_split(run):
    """The view adds columns; K0 is split and keeps its old code."""
    with duckdb.connect() as engine:
        engine.execute(
            "CREATE TABLE performed_examinations AS"
            " SELECT 'B' AS region, unnest(['K7', 'K0', 'none']) AS code"
        )
        engine.execute(recode_sql(select(run), "duckdb"))
        rows = engine.execute(
            "SELECT code, combined_code, recode_status FROM codemerge_recoded ORDER BY code"
        ).fetchall()

    assert rows == [("K0", None, "split"), ("K7", "007", "recoded"), ("none", None, "unknown")]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_is_written_and_texts_cannot_end_their_literal(dialect):
    """A quote in a code stays inside its literal: sqlglot reads the script back whole."""
    import sqlglot

    run = small_run(a=[{"code": "x'); DROP TABLE a; --", "label": "x"}], b=[], mappings=[], clusters={})
    script = recode_sql(select(run), dialect)

    assert not any(isinstance(s, sqlglot.exp.Drop) for s in sqlglot.parse(script, read=dialect))
