"""Work shared out between threads."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import pytest

from feathercut import system
from feathercut.kernels import side_by_side
from feathercut.kernels.side_by_side import at_work, each


@pytest.fixture(autouse=True)
def four_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "usable_cores", lambda: 4)
    # Threads of this test's own: those of the process are as many as it had processors when the first was asked for.
    monkeypatch.setattr(side_by_side, "_threads", lru_cache(maxsize=1)(side_by_side._threads.__wrapped__))


def test_every_part_is_done_once() -> None:
    done = np.zeros(1000, int)

    def work(part: int) -> None:
        done[part] += 1

    each(work, range(1000))
    assert (done == 1).all()
    each(work, iter(range(0)))
    assert (done == 1).all()


def test_parts_are_worked_on_at_the_same_time() -> None:
    meeting = threading.Barrier(2, timeout=120)

    def work(_: int) -> None:
        meeting.wait()

    each(work, range(2))


def test_an_error_is_raised_and_ends_the_work() -> None:
    begun = []

    def work(part: int) -> None:
        begun.append(part)
        if part == 3:
            raise ValueError("part 3")

    with pytest.raises(ValueError, match="part 3"):
        each(work, range(100_000))
    assert len(begun) < 100_000


def test_an_error_of_the_parts_themselves_is_raised() -> None:
    def parts() -> Iterator[int]:
        yield 1
        raise KeyError("no more")

    with pytest.raises(KeyError):
        each(lambda _: None, parts())


def test_work_within_work_is_done() -> None:
    done = np.zeros((20, 30), int)

    def row(y: int) -> None:
        def cell(x: int) -> None:
            done[y, x] += 1

        each(cell, range(30))

    each(row, range(20))
    assert (done == 1).all()


def test_threads_of_many_callers_do_not_wait_for_each_other() -> None:
    """More callers at once than there are threads that help: each of them gets on by itself."""
    totals = []

    def caller() -> None:
        each(lambda part: totals.append(part), range(200))

    callers = [threading.Thread(target=caller) for _ in range(12)]
    for one in callers:
        one.start()
    for one in callers:
        one.join(60)
    assert sorted(totals) == sorted(list(range(200)) * 12)


@pytest.mark.parametrize(("busy", "threads"), [(0, 4), (1, 3), (3, 1), (7, 1), (0, 4)])
def test_no_more_threads_work_than_there_are_processors(busy: int, threads: int) -> None:
    """For a caller that is at work itself, while `busy` others are."""
    arrived, leave = threading.Barrier(busy + 1, timeout=120), threading.Event()
    all_work = threading.Barrier(threads, timeout=120)  # never passed by fewer
    workers: set[int] = set()

    def other() -> None:
        with at_work():
            arrived.wait()
            assert leave.wait(120)

    def work(_: int) -> None:
        workers.add(threading.get_ident())
        all_work.wait()

    others = [threading.Thread(target=other) for _ in range(busy)]
    for one in others:
        one.start()
    arrived.wait()
    with at_work(), at_work():  # twice by one thread is once
        each(work, range(10 * threads))
    leave.set()
    for one in others:
        one.join(30)
    assert len(workers) == threads


def test_processors_are_given_back_after_an_error() -> None:
    with pytest.raises(ValueError), at_work():
        each([0].remove, iter([0, 1]))
    test_no_more_threads_work_than_there_are_processors(0, 4)


def _total(answers: multiprocessing.SimpleQueue[int]) -> None:
    totals: list[int] = []
    each(lambda part: totals.append(part), range(100))
    answers.put(sum(totals))


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_fork_has_threads_of_its_own() -> None:
    _total(multiprocessing.SimpleQueue())  # this process's threads are there
    processes = multiprocessing.get_context("fork")
    answers = processes.SimpleQueue()
    child = processes.Process(target=_total, args=(answers,))
    child.start()
    child.join(60)
    assert child.exitcode == 0 and answers.get() == 4950
