"""A yes that was filled down over everything isn't taken for so many judgements."""

from __future__ import annotations

import pytest

from codemerge.files.review_import import Imported, import_review
from tests.workbook_desk import ON, Desk

YES = {"Beslut": "Godkänn förslag 1", "Samband": "Samma"}
ROWS = (("810E0", "A kod"), ("007", "A kod"), ("1-2", "A kod"))  # certain, likely, weak


def desk(tmp_path, limit: int, *, rows=ROWS) -> Desk:
    """A desk where these rows hold one and the same yes."""
    one = Desk(tmp_path, policy={"bulk_limit": limit})
    for code, column in rows:
        one.answer(code, YES, column)
    return one


def kinds(done: Imported) -> list[str]:
    return [o.problem.kind for o in done.outcomes if o.problem]


def test_a_yes_filled_down_over_weak_suggestions_is_refused_and_the_rest_is_taken(tmp_path):
    one = desk(tmp_path, 0)
    done = one.send()
    assert (kinds(done), done.count("taken"), done.exit_code) == (["review.bulk"], 2, 1)
    assert "--allow-bulk" in done.text("sv")
    assert {d["code_l"] for d in one.decisions} == {"810E0", "007"}


def test_as_many_as_the_limit_are_taken(tmp_path):
    assert desk(tmp_path, 1).send().count("taken") == 3


def test_they_are_taken_when_somebody_says_that_they_are_meant(tmp_path):
    one = desk(tmp_path, 0)
    done = import_review([one.book], one.run, ON, allow_bulk=True)
    assert (done.count("taken"), done.exit_code) == (3, 0)
    assert (kinds(one.send()), one.send().count("unchanged")) == ([], 3)


@pytest.mark.parametrize("answer", ["Olika – behåll båda", "Osäker"])
def test_a_no_to_weak_suggestions_is_never_too_many(tmp_path, answer):
    one = Desk(tmp_path, policy={"bulk_limit": 0})
    assert one.answer("1-2", {"Beslut": answer}).send().count("taken") == 1
