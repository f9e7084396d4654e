"""Measuring a run: figures that can be counted by hand, and a truth file that is wrong in every way at once."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from codemerge.answers.run_tables import RunTables
from codemerge.errors import BadInputError
from codemerge.evaluate import evaluate, read_truth, said, share
from codemerge.rules.project import Project
from codemerge.rules.reasons import reasons
from codemerge.tables import MAPPINGS, conform
from tests.conftest import page

HEAD = "left_region,left,right_region,right,relationship\n"


@pytest.fixture
def run() -> RunTables:
    """Three left records: one right automatically, one wrong, one right only as second candidate; one alone."""
    codes = [("A", c) for c in "1234"] + [("B", c) for c in "6789"]
    records = pl.DataFrame(codes, schema=["region", "code"], orient="row").with_columns(
        facet_side=pl.Series([["l"]] * 4 + [["l"], ["r"], ["l"], ["l"]])
    )
    rows = [
        ("1", "6", 1, "auto", 0.99, "equivalent"),
        ("2", "7", 1, "auto", 0.98, "equivalent"),
        ("2", "8", 2, "candidate", 0.01, "equivalent"),
        ("3", "9", 1, "candidate", 0.10, "source-is-narrower-than-target"),
        ("3", "6", 2, "candidate", 0.05, "equivalent"),
    ]
    mappings = pl.DataFrame(
        [
            dict(zip(("code_l", "code_r", "rank", "status", "confidence", "relationship"), row, strict=True))
            for row in rows
        ]
    ).with_columns(
        entity=pl.lit("gadget"),
        region_l=pl.lit("A"),
        region_r=pl.lit("B"),
        mapping_id=pl.col("code_l") + pl.col("code_r"),
    )
    return RunTables(
        project=Project(regions=("A", "B")),
        rules=None,
        records={"gadget": records},
        mappings=conform(mappings, MAPPINGS),
    )  # type: ignore[arg-type] # rules aren't read


def truth(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "gadget.csv"
    file.write_text(HEAD + text, encoding="utf-8")
    return file


def test_figures_are_what_one_counts_by_hand(run, tmp_path):
    """One of three first, two of three among five, one of two automatic ones right, the lone one left alone."""
    file = truth(
        tmp_path, "A,1,B,6,equivalent\nA,2,B,8,equivalent\nA,3,B,9,source-is-narrower-than-target\nA,4,B,,\n"
    )
    found = evaluate(run, page(), read_truth(file, run, page()))
    assert (found.top1.right, found.top1.of) == (1, 2)
    assert found.top5.right == 2
    assert (found.automatic.right, found.automatic.of) == (1, 2)
    assert (found.coverage.right, found.coverage.of) == (1, 2)
    assert (found.relationship.right, found.relationship.of) == (3, 3)
    assert (found.none_right.right, found.none_right.of) == (1, 1)
    assert found.wrong_automatic == {"side": 1}
    assert [b.mappings for b in found.reliability] == [1, 1]


def test_truth_may_be_written_right_to_left(run, tmp_path):
    """A row from B to A means its inverse from A to B."""
    file = truth(tmp_path, "B,9,A,3,source-is-broader-than-target\n")
    row = read_truth(file, run, page()).row(0, named=True)
    assert (row["code_l"], row["code_r"], row["relationship"]) == ("3", "9", "source-is-narrower-than-target")


def test_everything_wrong_with_a_truth_file_is_said_at_once(run, tmp_path):
    """Unknown region, one region twice, no left code, an unknown relationship: four problems, with their lines."""
    file = truth(tmp_path, "X,1,B,6,\nA,1,A,2,\nA,,B,6,\nA,1,B,6,likely\n")
    with pytest.raises(BadInputError) as caught:
        read_truth(file, run, page())
    kinds = [(p.line, p.kind) for p in caught.value.problems]
    assert kinds == [
        (2, "truth.unknown_region"), (3, "truth.same_region"), (4, "truth.no_left"), (5, "truth.unknown_relationship"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["left,right\n1,2\n", "\x00\x01"])
def test_a_file_that_is_no_truth_is_a_problem(run, tmp_path, text):
    """Missing columns are named; nothing is measured."""
    file = tmp_path / "t.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInputError):
        read_truth(file, run, page())


def test_a_missing_file_is_a_problem(run, tmp_path):
    """No traceback for a file that isn't there."""
    with pytest.raises(BadInputError):
        read_truth(tmp_path / "nowhere.csv", run, page())


def test_codes_the_run_does_not_hold_are_counted(run, tmp_path):
    """A truth of another year names codes that are gone: they are counted, not measured."""
    found = evaluate(run, page(), read_truth(truth(tmp_path, "A,1,B,6,\nA,99,B,6,\n"), run, page()))
    assert (found.unknown_codes, found.top1.of) == (1, 1)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_figures_are_said_in_both_languages(run, tmp_path, language):
    """Every figure has words, and a decimal comma in Swedish."""
    text = said(evaluate(run, page(), read_truth(truth(tmp_path, "A,1,B,6,\n"), run, page())), language)
    assert ("100,0" in text) == (language == "sv")
    assert "{" not in text


def test_an_interval_never_leaves_its_range():
    """Nothing of nothing is zero; all of few is not certain."""
    assert share(0, 0) == (0, 0, 0.0, 0.0, 0.0)
    assert share(3, 3).low < 0.6
    assert share(3, 3).high == 1.0


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize(
    "code",
    [
        "chosen", "tie", "close_rival", "not_certain", "settled_elsewhere", "stale", "half_signed", "disagreement",
        "decided:accept", "decided:keep_both", "decided:unsure", "decided:retire", "refused:two_of_region",
        "refused:kept_apart", "refused:two_keys", "split:one:label=R", "split:all:label=chest", "veto:unknown_words",
        "veto:ambiguous_words", "veto:unusable", "veto:near_duplicate", "veto:no_strong_key", "veto:label:not_agreed",
        *(f"veto:label:{level}" for level in (
            "same", "similar", "near", "typo", "begins", "differs", "family", "part_of", "has_part", "fewer", "more",
            "overlap", "kin", "one_of", "leaves_open", "left_only", "right_only", "ranges", "at_least",
        )),
    ],
)  # fmt: skip
def test_every_reason_has_words(code, language):
    """Whatever a justification may say is said in both languages."""
    (text,) = reasons(code, page(), language)
    assert text
    assert "{" not in text
    assert not text.startswith("veto")
