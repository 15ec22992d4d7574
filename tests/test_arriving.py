"""Things that are made one after the other can each be used as soon as they are there."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from factories import tiny_record
from feathercut.arriving import Arriving
from feathercut.engines.stub import StubEngine
from feathercut.errors import WeightsError
from feathercut.loading import Loaded
from feathercut.pictures import FloatArray, Image
from feathercut.remover import answers
from interrupting import interrupted_everywhere

_LONG_S = 20


def test_all_are_there_in_their_order_and_the_last_was_made_first() -> None:
    made: list[str] = []

    def maker(name: str) -> str:
        made.append(name)
        return name

    coming = Arriving([lambda: maker("large"), lambda: maker("middle"), lambda: maker("small")])
    coming.make()
    assert list(coming) == ["large", "middle", "small"]
    assert made == ["small", "middle", "large"]
    assert coming[-1] == "small"
    assert list(coming[:2]) == ["large", "middle"]
    with pytest.raises(IndexError):
        coming[3]


def test_what_went_wrong_is_raised_to_those_who_take_what_it_kept_away() -> None:
    def refuse() -> str:
        raise WeightsError("no such file")

    coming = Arriving([lambda: "large", refuse, lambda: "small"])
    coming.make()
    assert coming[2] == "small"
    for place in (0, 1):
        with pytest.raises(WeightsError, match="no such file"):
            coming[place]


def test_ctrl_c_at_any_moment_leaves_nobody_waiting() -> None:
    def use(coming: Arriving[str]) -> None:
        coming.make()
        list(coming)

    assert interrupted_everywhere(lambda: Arriving([lambda: "large", lambda: "small"]), use) > 10


def test_the_second_network_looks_while_the_first_is_being_loaded() -> None:
    record, has_looked = tiny_record(size=(8, 8)), threading.Event()

    def look(array: FloatArray) -> FloatArray:
        has_looked.set()
        return np.asarray(array[0, 0], np.float32)

    def first() -> Loaded:
        if not has_looked.wait(_LONG_S):
            raise WeightsError("nobody looked meanwhile")
        return Loaded(StubEngine(lambda array: array[0, 1]), record)

    coming = Arriving([first, lambda: Loaded(StubEngine(look), record)])
    beside = threading.Thread(target=coming.make)
    beside.start()
    rgb = np.random.default_rng(3).random((8, 8, 3), np.float32)
    draws, fills = answers(Image(rgb), coming)
    beside.join()
    # Whoever looked first, the one that draws comes first.
    assert np.abs(draws.alpha - rgb[..., 1]).max() < 1e-5
    assert np.abs(fills.alpha - rgb[..., 0]).max() < 1e-5
