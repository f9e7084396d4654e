"""A problem in a rules or project file names the line where the fault is written."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codemerge.rules.toml_lines import line_of, nearest, positions

TEXT = '''name = "a # not a comment"   # a comment

regions = [
  "RÖ",
  "RKL",   # [not.a.table]
]

[region.RKL]
title = """two
lines = 1"""
defaults = { contrast = "without", "side.x" = 'b' }

[[source]]
region = "RKL"
path.to = 1979-05-27

[[source]]
region = 'RÖ'
columns = {
  code = "Kod"
}

[[source.more]]
a = 1
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("name",), 1),
        (("regions",), 3),
        (("regions", 1), 5),
        (("region",), 8),
        (("region", "RKL", "title"), 9),
        (("region", "RKL", "defaults", "side.x"), 11),
        (("source", 0), 13),
        (("source", 0, "path", "to"), 15),
        (("source", 1, "region"), 18),
        (("source", 1, "columns", "code"), 20),
        (("source", 1, "more", 0, "a"), 24),
        (("source", 1, "missing"), 17),
        (("nowhere",), None),
    ],
)
def test_a_path_is_found_on_its_line(path, line):
    assert line_of(TEXT, path) == line


def test_an_unfinished_document_still_gives_the_lines_before_the_fault():
    assert positions('a = 1\nb = "never closed\n')[("a",)] == 1


@given(st.text(alphabet="[]{}=\"'#.,ab1\n \\", max_size=60))
def test_no_text_stops_the_scanner_and_every_parsed_key_has_a_line(text):
    lines = positions(text)
    try:
        parsed = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    for key in parsed:
        assert (key,) in lines or "\\" in text


def test_the_nearest_known_word_is_suggested_whatever_its_case_and_hyphens():
    assert nearest("Head-er row", ["header_row", "sheet"]) == "header_row"
    assert nearest("xyz", ["header_row", "sheet"]) is None
