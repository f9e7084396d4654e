"""No personnummer in clear leaves its region; the same key gives the same person the same hash."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from codemerge.errors import BadInputError
from codemerge.files.pseudonymise import pseudonymise, read_or_make_key
from codemerge.rules.shipped import shipped
from tests.conftest import page, words

KEY = b"sixteen bytes or more of it"
PERSON = "19800102-9811"  # synthetic, of the tax agency's test kind


@pytest.fixture
def pages():
    secret = {
        "name": "number",
        "title": words("n"),
        "sensitive": True,
        "secret": True,
        "check": "personnummer",
        "aliases": ["Personnummer", "Persnr"],
    }
    fields = [*page().model_dump()["field"], secret]
    return [page(field=fields)]


def write(path: Path, text: str) -> Path:
    path.write_bytes(text.encode("cp1252"))
    return path


def rows(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8").splitlines(), delimiter=";"))


def valid() -> str:
    from codemerge.library.privacy import is_personnummer

    return next(n for c in range(10) if is_personnummer(n := f"19800102-981{c}"))


def test_the_same_person_has_the_same_hash_in_two_files(tmp_path, pages):
    """However each region writes the number."""
    number = valid()
    one = write(tmp_path / "a.csv", f"Kod;Personnummer;Namn\n007;{number};Åsa\n")
    two = write(tmp_path / "b.csv", f"Kod;Persnr\nB1;{number.replace('-', '')[2:]}\n")
    pseudonymise(one, KEY, tmp_path / "a.out", pages)
    pseudonymise(two, KEY, tmp_path / "b.out", pages)
    first, second = rows(tmp_path / "a.out"), rows(tmp_path / "b.out")

    assert first[1][0] == "007"
    assert first[1][2] == "Åsa"
    assert first[1][1] == second[1][1] != ""
    assert number not in (tmp_path / "a.out").read_text(encoding="utf-8")


def test_numbers_in_other_columns_are_masked_and_named_by_line(tmp_path, pages):
    """A remark may hold one; what can't be a number is left empty and named."""
    number = valid()
    source = write(tmp_path / "a.csv", f"Kod;Personnummer;Anm\n1;{number};se {number}\n2;19800230-0000;\n")
    done = pseudonymise(source, KEY, tmp_path / "out.csv", pages)
    out = rows(tmp_path / "out.csv")

    told = {(n.kind, n.line) for n in done.notes}
    assert told == {("deliver.hidden_personnummer", 2), ("deliver.no_personnummer", 3)}
    assert number not in out[1][2]
    assert out[2][1] == ""
    assert done.replaced == 1


def test_a_short_key_and_a_file_without_the_column_are_refused(tmp_path, pages):
    """Nothing is written."""
    source = write(tmp_path / "a.csv", "Kod;Personnummer\n1;x\n")
    with pytest.raises(BadInputError) as told:
        pseudonymise(source, b"short", tmp_path / "out.csv", pages)
    assert told.value.problems[0].kind == "deliver.short_key"
    with pytest.raises(BadInputError) as told:
        pseudonymise(write(tmp_path / "b.csv", "Kod;Namn\n1;x\n"), KEY, tmp_path / "out.csv", pages)
    assert told.value.problems[0].kind == "deliver.no_secret_column"
    assert not (tmp_path / "out.csv").exists()


def test_a_key_is_made_once(tmp_path):
    """The second time it is read."""
    key, made = read_or_make_key(tmp_path / "key")

    assert (made, read_or_make_key(tmp_path / "key")) == (True, (key, False))
    assert len(key) >= 32


def test_the_fixture_file_loses_every_number(tmp_path):
    """RKL's staff list of the example."""
    import polars as pl

    from codemerge.library.privacy import find_personnummer
    from codemerge.rules.loader import load_rules

    staff = shipped("fixtures") / "rkl" / "personal.txt"
    done = pseudonymise(staff, KEY, tmp_path / "out.csv", load_rules().entities.values())
    text = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()

    assert done.replaced > 10
    assert not find_personnummer(pl.Series(text)).any()
