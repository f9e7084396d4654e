"""Independent work is shared by two threads, and nothing of that shows in what comes out."""

from __future__ import annotations

import threading
import time

import pytest

from codemerge.library import workers
from codemerge.library.workers import side_by_side


@pytest.fixture(params=[1, 2], ids=["one lane", "two lanes"])
def lanes(request, monkeypatch):
    """Run with one thread and with two."""
    monkeypatch.setattr(workers, "LANES", request.param)
    monkeypatch.setenv("POLARS_MAX_THREADS", "2")
    return request.param


@pytest.mark.usefixtures("lanes")
def test_results_come_in_the_order_of_the_tasks():
    """Whichever ends first."""

    def slow(n):
        time.sleep(0.02 if n == 0 else 0)
        return n

    assert side_by_side([lambda n=n: slow(n) for n in range(7)]) == list(range(7))


@pytest.mark.usefixtures("lanes")
def test_no_work_gives_no_results():
    """Nothing is begun for it."""
    assert side_by_side([]) == []


@pytest.mark.usefixtures("lanes")
def test_what_a_task_raises_is_raised_and_no_further_task_is_begun():
    """Even where other threads have more to do."""
    begun = []

    def task(n):
        begun.append(n)
        if n == 0:
            raise ValueError("wrong")
        time.sleep(0.05)

    with pytest.raises(ValueError, match="wrong"):
        side_by_side([lambda n=n: task(n) for n in range(20)])
    assert len(begun) <= 2
    assert threading.active_count() == 1 or all(t.daemon for t in threading.enumerate()[1:])


def test_work_is_really_shared_where_there_are_threads(monkeypatch):
    """Two tasks that wait for each other both end."""
    monkeypatch.setattr(workers, "LANES", 2)
    monkeypatch.setenv("POLARS_MAX_THREADS", "2")
    met = threading.Barrier(2, timeout=20)
    assert sorted(side_by_side([met.wait, met.wait])) == [0, 1]


def test_one_thread_asked_for_is_one_thread_used(monkeypatch):
    """``--threads 1`` leaves every task to the caller."""
    monkeypatch.setenv("POLARS_MAX_THREADS", "1")
    assert set(side_by_side([threading.get_ident] * 5)) == {threading.get_ident()}


def test_of_several_that_fail_the_first_in_order_is_told(monkeypatch):
    """Whichever failed first in time: the same words on every run."""
    monkeypatch.setattr(workers, "LANES", 2)
    monkeypatch.setenv("POLARS_MAX_THREADS", "2")

    def fail(name, after):
        time.sleep(after)
        raise ValueError(name)

    for first, second in ((0.05, 0), (0, 0.05)):
        with pytest.raises(ValueError, match="first"):
            side_by_side([lambda s=first: fail("first", s), lambda s=second: fail("second", s)])


@pytest.mark.parametrize("patient", [True, False])
def test_an_interruption_is_told_before_any_failure(monkeypatch, patient):
    """Also where a library made another error of it; and where asked, what runs beside ends first."""
    monkeypatch.setattr(workers, "LANES", 2)
    monkeypatch.setenv("POLARS_MAX_THREADS", "2")
    begun, ended = threading.Event(), threading.Event()

    def stopped():
        begun.wait(20)
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as error:
            raise RuntimeError("while a module was loaded") from error

    def beside():
        begun.set()
        time.sleep(0.2)
        ended.set()
        raise ValueError("of no interest now")

    with pytest.raises(RuntimeError, match="loaded"):
        side_by_side([stopped, beside], patient=patient)
    assert ended.is_set() is patient
    assert ended.wait(20)
