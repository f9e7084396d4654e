"""The decisions folder is a chain: what was written stays, what was touched is seen."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time

import polars as pl
import pytest

from codemerge.errors import BadInputError
from codemerge.files.decisions import read_decisions, write_decisions
from codemerge.tables import DECISIONS
from tests.review_world import NASTY as OF_WORKBOOKS

NASTY = [*OF_WORKBOOKS, 'q"q', "a;b", "a,b", "rad\nrad", "rad\r\nrad", "\ttab"]


def rows(*codes: str, reviewer: str = "Anna") -> pl.DataFrame:
    empty = dict.fromkeys(DECISIONS.columns, "")
    return pl.DataFrame(
        [
            empty | {"mapping_id": f"m{c}", "code_l": c, "verdict": "accept", "reviewer": reviewer}
            for c in codes
        ],
        schema=DECISIONS.columns,
    )


def test_what_is_written_is_read_back_to_the_letter(tmp_path):
    write_decisions(tmp_path, rows(*NASTY))
    chain = read_decisions(tmp_path)
    assert chain.decisions["code_l"].to_list() == NASTY
    assert chain.decisions["decision_id"].n_unique() == len(NASTY)
    assert chain.problems == ()


def test_a_folder_that_isnt_there_holds_no_decision(tmp_path):
    chain = read_decisions(tmp_path / "none")
    assert (chain.decisions.height, chain.heads, chain.problems) == (0, (), ())
    assert chain.decisions.columns == list(DECISIONS.columns)


def test_files_follow_each_other_and_name_their_parents(tmp_path):
    first = write_decisions(tmp_path, rows("1"))
    second = write_decisions(tmp_path, rows("2"))
    assert [p.name[:7] for p in (first, second)] == ["000001-", "000002-"]
    assert second.read_text(encoding="utf-8").startswith(f"# parents: {first.stem[7:]}\n")
    assert read_decisions(tmp_path).heads == (second.stem[7:],)


def test_nothing_said_writes_nothing(tmp_path):
    assert write_decisions(tmp_path, rows()) is None
    assert list(tmp_path.iterdir()) == []


def edited(path):
    path.write_bytes(path.read_bytes().replace(b"accept", b"retire"))


def cut(path):
    path.write_bytes(path.read_bytes()[:-20])


def emptied(path):
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [edited, cut, emptied])
def test_a_touched_file_is_seen_and_nothing_more_is_written(tmp_path, damage):
    first = write_decisions(tmp_path, rows("1"))
    write_decisions(tmp_path, rows("2"))
    damage(first)
    chain = read_decisions(tmp_path)
    assert [p.kind for p in chain.problems] == ["decisions.edited"]
    assert chain.decisions["code_l"].to_list() == ["2"]
    with pytest.raises(BadInputError):
        write_decisions(tmp_path, rows("3"))


def test_a_lost_file_is_seen_by_those_written_after_it(tmp_path):
    write_decisions(tmp_path, rows("1")).unlink()
    write_decisions(tmp_path, rows("2"))
    lost = write_decisions(tmp_path, rows("3"))
    write_decisions(tmp_path, rows("4"))
    lost.unlink()
    assert [p.kind for p in read_decisions(tmp_path).problems] == ["decisions.missing_parent"]


def test_a_strange_or_newer_file_stops_writing(tmp_path):
    write_decisions(tmp_path, rows("1"))
    (tmp_path / "kopia av 000001.csv").write_text("x", encoding="utf-8")
    assert [p.kind for p in read_decisions(tmp_path).problems] == ["decisions.foreign_file"]


def test_a_fork_is_seen_and_the_next_import_joins_it(tmp_path):
    write_decisions(tmp_path, rows("1"))
    other = tmp_path / "other"
    other.mkdir()
    for path in tmp_path.glob("*.csv"):
        (other / path.name).write_bytes(path.read_bytes())
    write_decisions(tmp_path, rows("2"))
    theirs = write_decisions(other, rows("3", reviewer="Bo"))
    (tmp_path / theirs.name).write_bytes(theirs.read_bytes())
    assert len(read_decisions(tmp_path).heads) == 2
    write_decisions(tmp_path, rows("4"))
    chain = read_decisions(tmp_path)
    assert (len(chain.heads), chain.problems) == (1, ())
    assert sorted(chain.decisions["code_l"].to_list()) == ["1", "2", "3", "4"]


def _write_for_ever(folder):
    n = 0
    while True:
        n += 1
        write_decisions(folder, rows(*(f"{n}-{k}" for k in range(200))))


def test_killed_at_any_moment_a_file_is_there_whole_or_not_at_all(tmp_path):
    context = multiprocessing.get_context("fork")
    for moment in range(12):
        worker = context.Process(target=_write_for_ever, args=(tmp_path,))
        worker.start()
        time.sleep(0.01 + moment * 0.004)
        os.kill(worker.pid, signal.SIGKILL)
        worker.join()
        chain = read_decisions(tmp_path)
        assert chain.problems == ()
        assert chain.decisions.height % 200 == 0
