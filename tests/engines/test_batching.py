"""Photos that come at the same time are one run, whose answers are those of a run each."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from engines.networks import network, noise, saved
from feathercut.engines.batching import Arrays, Batches, Batching
from feathercut.engines.onnxruntime import OnnxRuntimeEngine
from feathercut.errors import NetworkError
from feathercut.pictures import FloatArray

_PATIENT = Batches(most=8, wait_s=120)


class Counting:
    """Answers with twice its input, remembers how many photos each run had, and refuses what is negative."""

    def __init__(self, go: threading.Event | None = None) -> None:
        self.runs: list[int] = []
        self.closed = False
        self._go = go

    def run(self, inputs: Arrays) -> Arrays:
        self.runs.append(len(inputs["input"]))
        if self._go is not None:
            assert self._go.wait(120)
        if (inputs["input"] < 0).any():
            raise NetworkError("a negative photo")
        return {"output": 2 * inputs["input"][:, :1]}

    def close(self) -> None:
        self.closed = True


def photos(*values: float) -> list[Arrays]:
    return [{"input": np.full((1, 3, 2, 2), value, np.float32)} for value in values]


def at_once(ask: Callable[[Arrays], Arrays], inputs: Sequence[Arrays]) -> list[FloatArray | NetworkError]:
    """The output that each asker gets, or its error; none asks before all are ready to."""
    ready = threading.Barrier(len(inputs))

    def asked(one: Arrays) -> FloatArray | NetworkError:
        ready.wait(120)
        try:
            return ask(one)["output"]
        except NetworkError as error:
            return error

    with ThreadPoolExecutor(len(inputs)) as threads:
        return list(threads.map(asked, inputs))


def highest(answers: Sequence[FloatArray | NetworkError]) -> list[float]:
    """The largest number of each output."""
    return [float(answer.max()) for answer in answers if not isinstance(answer, NetworkError)]


def test_photos_of_one_moment_are_one_run_and_answers_go_to_who_asked() -> None:
    engine = Counting()
    answers = at_once(Batching(engine, _PATIENT).run, photos(*range(8)))
    assert engine.runs == [8]
    assert highest(answers) == [2.0 * value for value in range(8)]
    assert {getattr(answer, "shape", None) for answer in answers} == {(1, 1, 2, 2)}


def test_answers_are_those_of_a_run_each_to_rounding(tmp_path: Path) -> None:
    path = saved(network(), tmp_path / "small.onnx")
    inputs = [{"input": photo[None]} for photo in noise(8)]
    alone = OnnxRuntimeEngine(path, "cpu", (64, 64))
    inner = OnnxRuntimeEngine(path, "cpu", (64, 64), batch=None)
    together = Batching(inner, _PATIENT)
    together.keep_memory()
    for answer, one in zip(at_once(together.run, inputs), inputs, strict=True):
        assert not isinstance(answer, NetworkError)
        assert np.abs(answer - alone.run(one)["output"]).max() < 1e-5
    together.close()
    with pytest.raises(NetworkError, match="closed"):
        Batching(inner, Batches(most=2, wait_s=0)).run(inputs[0])


def test_a_bad_photo_harms_only_itself() -> None:
    engine = Counting()
    answers = at_once(Batching(engine, _PATIENT).run, photos(1, 2, 3, -4, 5, 6, 7, 8))
    assert isinstance(answers[3], NetworkError)
    assert highest(answers) == [2, 4, 6, 10, 12, 14, 16]
    assert engine.runs == [8, *[1] * 8]


def test_one_photo_waits_no_longer_than_it_may() -> None:
    engine = Counting()
    batching = Batching(engine, Batches(most=8, wait_s=0.05))
    began = time.monotonic()
    for one in photos(1, 2):
        batching.run(one)
    assert engine.runs == [1, 1]
    assert time.monotonic() - began >= 0.1  # and it did wait for others


def test_who_comes_while_it_runs_is_in_the_next_run_with_others() -> None:
    go = threading.Event()
    engine = Counting(go)
    batching = Batching(engine, Batches(most=4, wait_s=0))
    with ThreadPoolExecutor(7) as threads:
        first = threads.submit(batching.run, photos(1)[0])
        until(lambda: engine.runs == [1])
        others = [threads.submit(batching.run, one) for one in photos(*range(2, 8))]
        until(lambda: len(batching._waiting) == 6)
        go.set()
        answers = [one.result(120) for one in (first, *others)]
    assert highest([answer["output"] for answer in answers]) == [2, 4, 6, 8, 10, 12, 14]
    assert engine.runs == [1, 4, 2]


def test_numbers_of_photos_are_powers_of_two() -> None:
    go = threading.Event()
    engine = Counting(go)
    batching = Batching(engine, Batches(most=8, wait_s=0))
    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(batching.run, photos(1)[0])
        until(lambda: engine.runs == [1])
        others = [threads.submit(batching.run, one) for one in photos(2, 3, 4)]
        until(lambda: len(batching._waiting) == 3)
        go.set()
        assert highest([one.result(120)["output"] for one in (first, *others)]) == [2, 4, 6, 8]
    assert engine.runs == [1, 2, 1]


def test_a_network_that_takes_one_photo_only_is_asked_for_each() -> None:
    class Single(Counting):
        def run(self, inputs: Arrays) -> Arrays:
            return {name: array[:1] for name, array in super().run(inputs).items()}

    answers = at_once(Batching(Single(), _PATIENT).run, photos(*range(8)))
    assert highest(answers) == [2.0 * value for value in range(8)]


def until(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.001)
