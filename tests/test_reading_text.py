"""Text files are read exactly, or refused with every reason at once; never repaired in silence."""

from __future__ import annotations

import csv
import io
import os
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codemerge.errors import BadInputError
from codemerge.files.csv_rows import exact_rows, fast_rows
from codemerge.files.raw_table import Findings
from codemerge.files.sources import Catalogs, read_catalogs
from codemerge.rules.project import Limits, Project, Source
from codemerge.rules.words import describe
from tests.conftest import page
from tests.reading_desk import only, read_gadgets, rules_with

CASES = tomllib.loads((Path(__file__).parent / "cases" / "csv_faults.toml").read_text(encoding="utf-8"))[
    "case"
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_text_files_as_they_come(case: dict[str, Any], tmp_path: Path):
    """Each case of the data file gives its rows, or its problems, each worded in both languages."""
    text = case.get("text", "").replace("{long}", "x" * 40_000)
    data = bytes.fromhex(case["bytes"]) if "bytes" in case else text.encode(case.get("encoding", "utf-8"))
    (tmp_path / "in.csv").write_bytes(data)
    source = {
        "encoding": case.get("declared"),
        "delimiter": case.get("delimiter"),
        "columns": case.get("columns", {}),
    }
    if "problems" in case:
        with pytest.raises(BadInputError) as refused:
            read_gadgets(tmp_path, "in.csv", **source)
        assert [f"{p.kind}:{p.line or 0}" for p in refused.value.problems] == case["problems"]
        for problem in refused.value.problems:
            for language in ("sv", "en"):
                assert "{" not in describe(problem, language).replace("columns = {", "")
        return
    catalogs = read_gadgets(tmp_path, "in.csv", **source)
    frame = catalogs.rows["gadget"]
    if "rows" in case:
        assert [[c or "", n or ""] for c, n in frame.select("code", "label").iter_rows()] == case["rows"]
    if "lines" in case:
        assert frame["line"].to_list() == case["lines"]
    assert [n.kind for n in catalogs.notes] == case.get("notes", [])


def test_problems_of_every_file_are_told_at_once(tmp_path):
    (tmp_path / "a.csv").write_text("Kod;Namn\n1\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("", encoding="utf-8")
    with pytest.raises(BadInputError) as refused:
        read_gadgets(tmp_path, "a.csv", "b.csv", "c.csv")
    assert [(p.file, p.kind) for p in refused.value.problems] == [
        ("a.csv", "csv.short_row"),
        ("b.csv", "csv.empty"),
        ("c.csv", "source.missing"),
    ]


def test_a_thousand_short_rows_are_told_as_twenty_and_a_number(tmp_path):
    (tmp_path / "a.csv").write_text("Kod;Namn\n1;x\n" + "1\n" * 1000, encoding="utf-8")
    with pytest.raises(BadInputError) as refused:
        read_gadgets(tmp_path, "a.csv")
    assert len(refused.value.problems) == 21
    assert only(refused.value.problems, "source.more").values["count"] == 980


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path, monkeypatch):
    file = tmp_path / "a.csv"
    file.write_text("Kod;Namn\n1;x\n", encoding="utf-8")
    whole = Path.read_bytes

    def slow(path: Path) -> bytes:
        data = whole(path)
        with path.open("ab") as more:
            more.write(b"2;y\n")
        os.utime(path, ns=(1, 1))
        return data

    monkeypatch.setattr(Path, "read_bytes", slow)
    with pytest.raises(BadInputError) as refused:
        read_gadgets(tmp_path, "a.csv")
    assert [p.kind for p in refused.value.problems] == ["source.changed"]


def test_limits_are_named_in_the_refusal(tmp_path):
    (tmp_path / "a.csv").write_text("Kod;Namn\n" + "1;x\n" * 50, encoding="utf-8")
    for limits, kind in (
        ({"rows": 10}, "source.too_many_rows"),
        ({"file_mb": 0}, "source.too_large"),
        ({"cells": 9}, "source.too_many_cells"),
        ({"columns": 1}, "source.too_many_columns"),
    ):
        with pytest.raises(BadInputError) as refused:
            read_gadgets(tmp_path, "a.csv", limits=Limits(**limits))
        assert [p.kind for p in refused.value.problems] == [kind]


def test_far_too_many_columns_are_refused_before_each_is_looked_at(tmp_path):
    """And the refusal doesn't name them all."""
    wide = ";".join(f"k{n}" for n in range(300_000))
    (tmp_path / "a.csv").write_text(f"{wide}\n{wide}\n", encoding="utf-8")
    with pytest.raises(BadInputError) as refused:
        read_gadgets(tmp_path, "a.csv")
    assert [p.kind for p in refused.value.problems] == ["source.too_many_columns"]
    (tmp_path / "a.csv").write_text(";".join(f"k{n}" for n in range(9_000)) + "\n", encoding="utf-8")
    with pytest.raises(BadInputError) as refused:
        read_gadgets(tmp_path, "a.csv")
    assert len(str(refused.value.problems)) < 2_000


def test_three_gigabytes_are_refused_before_memory_grows(tmp_path):
    """Fault 25, with a sparse file."""
    with (tmp_path / "a.csv").open("wb") as file:
        file.truncate(3_000_000_000)
    with pytest.raises(BadInputError) as refused:
        read_gadgets(tmp_path, "a.csv")
    assert [p.kind for p in refused.value.problems] == ["source.too_large"]
    assert "file_mb" in describe(refused.value.problems[0], "sv")


cell = st.text(alphabet="aåÖ12 ;,|\t\"\n'-.=", max_size=6)


@settings(max_examples=150)
@given(
    rows=st.lists(st.tuples(cell, cell), max_size=20),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    delimiter=st.sampled_from(";,\t|"),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_written_well_is_read_back_exactly(rows, encoding, delimiter, end, tmp_path_factory):
    """Any encoding, delimiter and line end, none of them declared."""
    folder = tmp_path_factory.mktemp("back")
    text = io.StringIO(newline="")
    table = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    table.writerow(["Kod", "Namn", "Price"])
    table.writerows([[f"k{n}", a, b] for n, (a, b) in enumerate(rows)])
    (folder / "in.csv").write_bytes(text.getvalue().encode(encoding))
    frame = read_gadgets(folder, "in.csv").rows["gadget"]
    read = [(c, a or "", b or "") for c, a, b in frame.select("code", "label", "price").iter_rows()]
    assert read == [(f"k{n}", a, b) for n, (a, b) in enumerate(rows)]


def test_columns_are_recognised_without_case_spaces_dots_hyphens_or_rings(tmp_path):
    gadget = page(
        field=[
            {"name": "code", "title": {"sv": "Kod", "en": "Code"}, "type": "code", "aliases": ["us-kod"]},
            {"name": "label", "title": {"sv": "Benämning", "en": "Name"}},
        ]
    )
    (tmp_path / "a.csv").write_text("US.KOD (7);Us_Kod;BENAMNING\n1;2;x\n", encoding="utf-8")
    read = read_gadgets(tmp_path, "a.csv", entity=gadget)
    assert read.inputs[0].columns == {"code": "Us_Kod", "label": "BENAMNING"}
    assert read.inputs[0].unrecognised == ["US.KOD (7)"]


def test_a_header_that_could_be_two_fields_goes_where_all_find_a_column(tmp_path):
    """``Sektion`` is the code where ``Benämning`` is there to be the name."""
    gadget = page(
        field=[
            {
                "name": "code",
                "title": {"sv": "Kod", "en": "Code"},
                "type": "code",
                "aliases": ["kod", "sektion"],
            },
            {"name": "label", "title": {"sv": "Text", "en": "Name"}, "aliases": ["sektion", "benämning"]},
        ]
    )
    (tmp_path / "a.csv").write_text("Sektion;Benämning\nNEU;Neuro\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("Kod;Sektion\nNEU;Neuro\n", encoding="utf-8")
    assert read_gadgets(tmp_path, "a.csv", entity=gadget).rows["gadget"]["code"].to_list() == ["NEU"]
    assert read_gadgets(tmp_path, "b.csv", entity=gadget).rows["gadget"]["label"].to_list() == ["Neuro"]


def test_a_link_needs_every_part_of_its_key_and_no_code(tmp_path):
    link = page(key=("label", "part_of"), names=None)
    (tmp_path / "a.csv").write_text("Namn;Part of\nx;y\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("Namn;Price\nx;5\n", encoding="utf-8")
    assert read_gadgets(tmp_path, "a.csv", entity=link).rows["gadget"].height == 1
    with pytest.raises(BadInputError) as refused:
        read_gadgets(tmp_path, "b.csv", entity=link)
    assert [(p.kind, p.column) for p in refused.value.problems] == [("source.no_column", "part_of")]


def test_a_declared_surrogate_stands_in_for_a_missing_code_and_that_is_told(tmp_path):
    gadget = page(code_from=("label",))
    (tmp_path / "a.csv").write_text("Namn;Price\nx;5\n", encoding="utf-8")
    read = read_gadgets(tmp_path, "a.csv", entity=gadget)
    assert [n.kind for n in read.notes] == ["source.code_from"]
    assert read.rows["gadget"]["code"].to_list() == [None]


def test_headers_of_a_personal_file_without_known_columns_are_not_quoted(tmp_path):
    person = page(sensitive=True)
    (tmp_path / "a.csv").write_text("Anna Andersson;Röntgen\nBo Bengtsson;Akuten\n", encoding="utf-8")
    with pytest.raises(BadInputError) as refused:
        read_gadgets(tmp_path, "a.csv", entity=person)
    assert all("Anna" not in describe(p, "sv") for p in refused.value.problems)


def test_several_sources_of_one_entity_and_region_are_put_together_and_one_twice_is_refused(tmp_path):
    (tmp_path / "a.csv").write_text("Kod;Namn\n1;x\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("Namn;Kod\ny;2\n", encoding="utf-8")
    rows = read_gadgets(tmp_path, "a.csv", "b.csv").rows["gadget"]
    assert rows.select("code", "file", "line").rows() == [("1", "a.csv", 2), ("2", "b.csv", 2)]
    with pytest.raises(BadInputError) as refused:
        read_gadgets(tmp_path, "a.csv", "a.csv")
    assert [p.kind for p in refused.value.problems] == ["source.twice"]


def test_a_project_without_sources_is_refused(tmp_path):
    with pytest.raises(BadInputError) as refused:
        read_gadgets(tmp_path)
    assert [p.kind for p in refused.value.problems] == ["source.none"]


cells = st.text(alphabet="ab \";,\n\r\tö'0", max_size=4)
plain = st.text(alphabet="ab ;,ö0", max_size=4)


@settings(max_examples=300)
@given(
    rows=st.lists(st.tuples(plain, plain, plain), min_size=12, max_size=30),
    odd=st.lists(st.tuples(st.integers(0, 29), st.tuples(cells, cells, cells)), max_size=2),
    end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    holes=st.lists(st.integers(0, 400), max_size=2),
    closed=st.booleans(),
)
def test_the_fast_reader_gives_what_the_exact_one_gives_or_stands_back(
    rows, odd, end, quoting, holes, closed
):
    """Whatever is written, and whatever single characters are then lost."""
    for at, row in odd:
        rows[at % len(rows)] = row
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator=end, quoting=quoting).writerows(rows)
    body = text.getvalue() if closed else text.getvalue().rstrip("\r\n")
    for hole in holes:
        body = body[:hole] + body[hole + 1 :]
    fast = fast_rows(body, ";", 3, 2)
    if fast is None:
        return
    findings = Findings("x")
    exact = exact_rows(body, ";", 3, 2, findings)
    assert findings.problems == []
    assert fast.cells.rows() == exact.cells.rows()
    assert fast.lines.tolist() == exact.lines.tolist()
    assert fast.odd == exact.odd


def test_a_regular_file_takes_the_fast_way():
    body = "".join(f'"{n}";"a ""b"" ; {n}";x\r\n' for n in range(30))
    read = fast_rows(body, ";", 3, 2)
    assert read is not None
    assert read.cells.row(3) == ("3", 'a "b" ; 3', "x")
    assert read.lines.tolist() == list(range(2, 32))


@settings(max_examples=150)
@given(
    data=st.binary(max_size=300) | st.text(alphabet='Kodnamn;,\n"\r\t\x00ö1', max_size=200).map(str.encode)
)
def test_no_bytes_end_in_anything_but_rows_or_worded_problems(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "in.csv").write_bytes(data)
    try:
        read = read_gadgets(folder, "in.csv")
    except BadInputError as error:
        assert error.problems
        for problem in error.problems:
            describe(problem, "sv")
    else:
        assert isinstance(read, Catalogs)


def test_an_entity_no_page_knows_is_refused_with_the_nearest(tmp_path):
    source = Source(region="A", entity="gagdet", path="a.csv")
    with pytest.raises(BadInputError) as refused:
        read_catalogs(Project(regions=("A",), source=(source,), root=tmp_path), rules_with(page()))
    assert only(refused.value.problems, "source.unknown_entity").values["nearest"] == "gadget"
