from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator

import pytest

from feathercut.in_order import InOrder, StoppedError, Turn
from interrupting import interrupted_everywhere


def own_threads() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name.startswith("feathercut-")]


def wait_for(what: threading.Event) -> None:
    assert what.wait(120), "it never came"


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_results_come_in_the_order_of_the_items(workers: int) -> None:
    later = threading.Event()

    def work(item: int, turn: Turn) -> int:
        if item == 0 and workers == 3:
            wait_for(later)  # overtaken by all that may overtake
        elif item == 2:
            later.set()
        return item * item

    with InOrder(work, range(20), workers=workers, ahead=2, most=1) as results:
        assert list(results) == [item * item for item in range(20)]
    assert own_threads() == []


def test_items_are_asked_for_no_further_ahead_than_was_said_and_in_the_callers_thread() -> None:
    asked: list[int] = []

    def items() -> Iterator[int]:
        for item in range(10):
            assert threading.current_thread() is threading.main_thread()
            asked.append(item)
            yield item

    results = InOrder(lambda item, turn: item, items(), workers=2, ahead=3, most=1)
    assert asked == []
    for item in range(10):
        assert next(results) == item
        assert asked[-1] == min(item + 3, 9)
    results.stop()


@pytest.mark.parametrize(("amounts", "most_held"), [([3, 3, 3, 3, 3, 3], 6), ([1, 50, 1, 1, 50, 1], 50)], ids=str)
def test_no_more_is_held_than_there_is_room_for_and_what_is_larger_is_alone(amounts: list[int], most_held: int) -> None:
    lock, held, seen = threading.Lock(), [0.0], []

    def work(amount: int, turn: Turn) -> int:
        turn.take_room(amount)
        turn.take_room(1000)  # the first counts
        with lock:
            held[0] += amount
            seen.append(held[0])
        time.sleep(0.005)
        with lock:
            held[0] -= amount
        return amount

    with InOrder(work, amounts, workers=4, ahead=6, most=8) as results:
        assert list(results) == amounts
    assert max(seen) <= most_held


def test_room_of_a_result_is_kept_until_it_is_taken() -> None:
    entered: list[int] = []

    def work(item: int, turn: Turn) -> int:
        turn.take_room(5)
        entered.append(item)
        return item

    with InOrder(work, range(3), workers=2, ahead=2, most=9, keeps_room=True) as results:
        assert next(results) == 0
        while entered != [0, 1]:
            time.sleep(0.001)
        time.sleep(0.05)
        assert entered == [0, 1]  # the third waits for the second to be taken
        assert list(results) == [1, 2]


def test_error_is_raised_in_its_turn_and_ends_the_rest() -> None:
    def work(item: int, turn: Turn) -> int:
        if item == 2:
            raise KeyError(item)
        return item

    results = InOrder(work, range(100), workers=2, ahead=4, most=1)
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(KeyError):
        next(results)
    assert own_threads() == [] and list(results) == []


def test_stopping_gives_what_was_finished_and_ends_what_waits() -> None:
    finished, stopped = threading.Event(), []

    def work(item: int, turn: Turn) -> int:
        if item == 0:
            try:
                turn.take_room(1)
                wait_for(finished)
                while True:
                    turn.go_on()
                    time.sleep(0.001)
            except StoppedError:
                stopped.append(item)
                raise
        if item == 2:
            finished.set()
        return item

    results = InOrder(work, range(3), workers=2, ahead=2, most=1)
    results._begin()
    results._fill()
    wait_for(finished)
    assert results.stop() in ([1], [1, 2])
    assert stopped == [0] and own_threads() == []


def test_threads_end_when_a_generator_over_it_is_dropped() -> None:
    def numbers() -> Iterator[int]:
        with InOrder(lambda item, turn: item, range(100), workers=2, ahead=2, most=1) as results:
            yield from results

    dropped = numbers()
    assert next(dropped) == 0 and len(own_threads()) == 2
    del dropped
    gc.collect()
    assert own_threads() == []


def test_ctrl_c_at_any_moment_ends_all_threads() -> None:
    def begin() -> InOrder[int, None]:
        return InOrder(lambda item, turn: turn.take_room(1), range(4), workers=2, ahead=2, most=1.0)

    assert interrupted_everywhere(begin, list, InOrder.stop) > 50
