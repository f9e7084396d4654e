"""What fuzzing has kept is read again, and what Hypothesis makes of it: rows, or worded problems, never anything else.

The inputs in `tests/corpus` are synthetic: what `benchmarks/fuzz.py` made of the tests' own cases.
Each target asserts that whatever is refused is refused with problems that can be said in both languages.
"""

from __future__ import annotations

from functools import cache

import pytest
from benchmarks.fuzz_targets import CORPUS, TARGETS, Target, joined, parts_of, seeds, stored
from hypothesis import given, settings
from hypothesis import strategies as st

SLOW = {"run"}  # a whole run each: some of them here, all of them when it is fuzzed
EDITS = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.integers(0, 12),
        st.one_of(
            st.binary(max_size=6),
            st.sampled_from(
                [
                    b'"',
                    b";",
                    b",",
                    b"\n",
                    b"\r",
                    b"\0",
                    b"=",
                    b"|",
                    b"<",
                    b"&",
                    b"\xff\xfe",
                    "ö\u202e".encode(),
                ]
            ),
        ),
    ),
    max_size=6,
)


@cache
def target(name: str) -> Target:
    return TARGETS[name]()


@cache
def known(name: str) -> tuple[bytes, ...]:
    return tuple(seeds(name))


def changed(data: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    """Replace some bytes at some places."""
    for place, length, text in edits:
        at = int(place * len(data))
        data = data[:at] + text + data[at + length :]
    return data


@pytest.mark.parametrize("name", TARGETS)
def test_what_fuzzing_kept_is_read_or_answered(name):
    """Every line that some input reached is reached again; none ends in anything but an answer."""
    kept = stored(name)
    assert kept
    for data in kept[:: len(kept) // 8] if name in SLOW else kept:
        target(name)(data)


@pytest.mark.parametrize("name", sorted(TARGETS.keys() - SLOW))
def test_whatever_becomes_of_a_file_it_is_read_or_answered(name):
    """Catalogs, names, project files, rule packs, decisions, returned workbooks: bytes changed at random."""

    @settings(max_examples=100)
    @given(st.integers(0, len(known(name)) - 1), EDITS)
    def tried(which: int, edits: list[tuple[float, int, bytes]]) -> None:
        target(name)(changed(known(name)[which], edits))

    tried()


@settings(max_examples=6)
@given(st.data())
def test_whatever_stands_in_catalogs_a_run_ends_in_tables_or_answers(data):
    """Headers and rows doubled, dropped, swapped between catalogs and changed; the report is reckoned too."""
    parts = parts_of(data.draw(st.sampled_from(known("run"))))
    for name, text in parts.items():
        head, *rows = text.split(b"\n")
        rows = data.draw(st.lists(st.sampled_from(rows or [b""]), max_size=5))
        parts[name] = changed(b"\n".join([head, *rows]), data.draw(EDITS))
    target("run")(joined(parts))


def test_the_corpus_stays_small_and_is_of_known_targets():
    """It is stored with the code."""
    files = {path.stem: path.stat().st_size for path in CORPUS.glob("*")}
    assert files.keys() == TARGETS.keys()
    assert sum(files.values()) < 300_000
