"""Codes go through the crosswalk, both ways, with their relationship; what isn't known isn't answered."""

from __future__ import annotations

import polars as pl
import pytest

from codemerge.answers.translate import routes, translate
from codemerge.model import Ending
from tests.conftest import page
from tests.small_runs import BROADER, EQUIVALENT, NARROWER, small_run


@pytest.fixture(scope="module")
def run():
    return small_run()


def answers(run, source: str, target: str, *codes: str) -> list[tuple]:
    out = translate(run.crosswalk, "gadget", source, target, pl.Series(codes, dtype=pl.String))
    return out.select("code", "relationship", "target", "condition").rows()


def test_an_equivalent_code_is_one_answer(run):
    """K7 in B is 007 in A and in the combined installation, zeros kept."""
    assert answers(run, "B", "A", "K7") == [("K7", EQUIVALENT, "007", None)]
    assert answers(run, "B", "combined", "K7") == [("K7", EQUIVALENT, "007", None)]
    assert answers(run, "A", "B", "007")[0] == ("007", EQUIVALENT, "K7", None)


def test_a_narrower_code_says_so_and_the_other_way_is_broader(run):
    """The direction is turned when the question is."""
    assert answers(run, "B", "A", "K3a") == [("K3a", NARROWER, "3", None)]
    assert answers(run, "A", "B", "3") == [("3", BROADER, "K3a", None)]


def test_a_split_gives_every_part_with_its_condition(run):
    """A client needs the condition to choose."""
    assert answers(run, "B", "combined", "K0") == [
        ("K0", BROADER, "007", "side=L"),
        ("K0", BROADER, "810E0", "side=R"),
    ]


def test_the_equivalent_answer_comes_first(run):
    """A/007 is K7, and also a part of what K0 means."""
    assert [a[1:] for a in answers(run, "A", "B", "007")] == [
        (EQUIVALENT, "K7", None),
        (NARROWER, "K0", "side=L"),
    ]


def test_parts_of_one_code_are_not_each_others_translation():
    """Left and right are both narrower than knee, and nothing to each other."""
    from tests.small_runs import said

    run = small_run(mappings=[said("K7", "3", NARROWER), said("K8", "3", NARROWER)], clusters={})
    crosswalk = run.crosswalk.with_columns(
        region=pl.when(pl.col("code") == "K8").then(pl.lit("C")).otherwise("region")
    )

    assert routes(crosswalk, "gadget", "B", "C").filter(pl.col("code") == "K7").is_empty()


def test_a_code_that_leads_nowhere_keeps_its_row_and_says_why(run):
    """Unknown and retired are different things; nothing is left out of the answer."""
    out = translate(run.crosswalk, "gadget", "A", "combined", pl.Series(["5", "no such", "=1+1"]))

    assert out.select("code", "target", "status").rows() == [
        ("5", None, "retired"),
        ("no such", None, None),
        ("=1+1", "=1+1", "kept"),
    ]


def test_linked_records_are_followed_by_their_cluster():
    """Each account keeps its code; translate finds the other account of the same person."""
    linked = page(matching={"candidates": "none", "ending": Ending.LINKED.value})
    run = small_run(linked)

    assert answers(run, "B", "combined", "K7") == [("K7", EQUIVALENT, "K7", None)]
    assert answers(run, "B", "A", "K7") == [("K7", EQUIVALENT, "007", None)]


def test_every_code_that_has_a_combined_code_comes_back_to_itself(run):
    """Through the crosswalk and back there is always an equivalent answer, the code itself."""
    there = routes(run.crosswalk, "gadget", "A", "combined").filter(pl.col("relationship") == EQUIVALENT)
    back = routes(run.crosswalk, "gadget", "combined", "A").filter(pl.col("relationship") == EQUIVALENT)

    assert there.join(back, left_on=["target", "code"], right_on=["code", "target"]).height == there.height
