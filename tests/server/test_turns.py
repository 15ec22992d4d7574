"""Turns that are fair, and a bound on what waits."""

from __future__ import annotations

import pytest

from feathercut.server.orders import BusyError
from feathercut.server.turns import Turns


def taken(turns: Turns[str]) -> list[str]:
    items = []
    while (item := turns.take()) is not None:
        items.append(item)
    return items


def test_one_caller_is_served_in_order() -> None:
    turns: Turns[str] = Turns(100)
    for name in "abc":
        turns.put("one", name, 1)
    assert taken(turns) == ["a", "b", "c"]


def test_who_sends_much_waits_and_nobody_else_does() -> None:
    turns: Turns[str] = Turns(100)
    for number in range(6):
        turns.put("flood", f"flood {number}", 2)
    assert turns.take() == "flood 0"
    turns.put("guest", "guest", 2)
    assert taken(turns)[:2] == ["guest", "flood 1"]


def test_who_has_less_weight_gets_less_and_gives_way_first() -> None:
    turns: Turns[str] = Turns(8)
    for number in range(4):
        turns.put("person", f"person {number}", 1)
    for number in range(4):
        turns.put("jobs", f"jobs {number}", 1, weight=0.25)
    assert turns.put("guest", "guest", 1) == ["jobs 3"]
    with pytest.raises(BusyError):
        turns.put("more jobs", "more", 2, weight=0.25)
    order = taken(turns)
    assert order.index("jobs 1") > order.index("person 3")


def test_turns_are_counted_in_megapixels_not_in_photos() -> None:
    turns: Turns[str] = Turns(1000)
    for number in range(3):
        turns.put("large", f"large {number}", 40)
    for number in range(6):
        turns.put("small", f"small {number}", 10)
    order = taken(turns)
    assert order.index("large 1") > order.index("small 3")
    assert order.index("large 1") < order.index("small 5")


def test_who_was_away_has_saved_nothing_up() -> None:
    turns: Turns[str] = Turns(1000)
    turns.put("late", "late 0", 1)
    assert taken(turns) == ["late 0"]
    for number in range(10):
        turns.put("busy", f"busy {number}", 10)
    for _ in range(5):
        turns.take()
    for number in range(4):
        turns.put("late", f"late {number + 1}", 10)
    order = taken(turns)
    assert order.index("late 4") > order.index("busy 6")


def test_what_is_over_the_bound_is_refused_but_for_one_alone() -> None:
    turns: Turns[str] = Turns(10)
    assert turns.put("one", "huge", 50) == []
    with pytest.raises(BusyError):
        turns.put("one", "small", 1)
    assert turns.take() == "huge"
    assert (turns.megapixels, len(turns)) == (0, 0)


def test_a_full_queue_of_one_caller_has_room_for_another() -> None:
    turns: Turns[str] = Turns(10)
    for number in range(5):
        turns.put("flood", f"flood {number}", 2)
    assert turns.put("guest", "guest 0", 2) == ["flood 4"]
    assert turns.put("guest", "guest 1", 2) == ["flood 3"]
    with pytest.raises(BusyError):
        turns.put("guest", "guest 2", 2)  # it would have more than who it pushes out
    assert turns.megapixels == 10


def test_what_is_dropped_leaves_its_room() -> None:
    turns: Turns[str] = Turns(10)
    turns.put("one", "a", 6)
    turns.put("two", "b", 4)
    assert turns.drop("a")
    assert not turns.drop("a")
    assert turns.megapixels == 4
    turns.put("one", "c", 6)
    assert sorted(taken(turns)) == ["b", "c"]


def test_a_thousand_callers_that_went_are_forgotten() -> None:
    turns: Turns[str] = Turns(100)
    for number in range(1000):
        turns.put(f"caller {number}", "a", 1)
        turns.take()
    assert len(turns._lines) < 10
