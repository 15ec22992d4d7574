from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

import pytest

from feathercut.shared import Shared

Value = TypeVar("Value")


def together(work: Callable[[], object], count: int) -> list[object]:
    """What `count` threads that begin at once get, errors included."""
    start, results = threading.Barrier(count), []

    def run() -> None:
        start.wait()
        try:
            results.append(work())
        except BaseException as error:
            results.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(results) == count, "a thread waits for ever"
    return results


class Door:
    """A lock that counts who went through it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.passed = 0

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self.passed += 1
        self._lock.release()

    def waits_for(self, count: int) -> None:
        ends = time.monotonic() + 60
        while self.passed < count:
            assert time.monotonic() < ends, "somebody never came"
            time.sleep(0.001)


def behind(door: Door, shared: Shared[str, Value]) -> Shared[str, Value]:
    """The same; whoever asks for a value goes through the door once, before it is made or waited for."""
    shared._lock = door  # type: ignore[assignment]
    return shared


def slowly(made: list[str]) -> Callable[[str], list[str]]:
    def make(key: str) -> list[str]:
        made.append(key)
        time.sleep(0.05)
        return [key]

    return make


def test_threads_that_ask_at_once_make_it_once() -> None:
    made: list[str] = []
    shared = Shared(slowly(made), len)
    results = together(lambda: shared.get("a", 10), 8)
    assert made == ["a"] and all(result is results[0] for result in results)
    assert shared.get("a", 10) is results[0]


def test_different_values_are_made_side_by_side() -> None:
    meet = threading.Barrier(2, timeout=60)

    def make(key: str) -> str:
        meet.wait()  # breaks unless both are being made at once
        return key

    shared = Shared(make, len)
    keys = iter("ab")
    assert sorted(map(str, together(lambda: shared.get(next(keys), 10), 2))) == ["a", "b"]


def test_a_failure_is_raised_to_all_who_waited_and_tried_again_by_the_next() -> None:
    tries: list[str] = []

    def make(key: str) -> str:
        tries.append(key)
        if len(tries) == 1:
            door.waits_for(6)
            raise OSError("no network")
        return key

    door = Door()
    shared = behind(door, Shared(make, len))
    failures = together(lambda: shared.get("a", 10), 6)
    assert [str(failure) for failure in failures] == ["no network"] * 6 and len(tries) == 1
    assert shared.get("a", 10) == "a" and len(tries) == 2


def test_the_least_recently_used_goes_where_the_budget_ends() -> None:
    made: list[str] = []

    def make(key: str) -> str:
        made.append(key)
        return key

    shared = Shared(make, len)
    for key in ("aaaa", "bbbb", "aaaa", "cccc"):  # 4 bytes each; `b` is the one unused for longest
        shared.get(key, 10)
    assert made == ["aaaa", "bbbb", "cccc"]
    shared.get("aaaa", 10)
    assert made == ["aaaa", "bbbb", "cccc"]
    shared.get("bbbb", 10)
    assert made == ["aaaa", "bbbb", "cccc", "bbbb"]


def test_the_newest_stays_however_large_it_is() -> None:
    made: list[str] = []
    shared = Shared(slowly(made), lambda _: 1000)
    first = shared.get("a", 10)
    assert shared.get("a", 10) is first
    shared.get("b", 10)
    shared.get("b", 10)
    shared.get("a", 10)
    assert made == ["a", "b", "a"]


def test_clearing_forgets_and_what_is_held_lives_on() -> None:
    made: list[str] = []
    shared = Shared(slowly(made), len)
    held = shared.get("a", 10)
    shared.clear()
    assert held == ["a"] and shared.get("a", 10) is not held and made == ["a", "a"]


def test_clearing_while_it_is_made_does_not_make_it_twice() -> None:
    made: list[str] = []

    def make(key: str) -> list[str]:
        made.append(key)
        door.waits_for(12)  # each of the six clears and asks
        return [key]

    door = Door()
    shared = behind(door, Shared(make, len))

    def get_and_clear() -> object:
        shared.clear()
        return shared.get("a", 10)

    together(get_and_clear, 6)
    assert made == ["a"]


def test_an_interrupted_making_is_raised_and_leaves_nothing_behind() -> None:
    answers: list[object] = [KeyboardInterrupt(), "a"]

    def make(key: str) -> str:
        answer = answers.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return str(answer)

    shared = Shared(make, len)
    with pytest.raises(KeyboardInterrupt):
        shared.get("a", 10)
    assert shared.get("a", 10) == "a"
