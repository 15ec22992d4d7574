"""Runs of one network that are asked for at the same time, as one run of several photos."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from feathercut.engines import Engine, KeepsMemory
from feathercut.errors import NetworkError
from feathercut.pictures import FloatArray

Arrays = dict[str, FloatArray]


@dataclass(frozen=True)
class Batches:
    """Up to `most` photos a run; the first of them waits `wait_s` for others, and no longer."""

    most: int
    wait_s: float


@dataclass(eq=False)
class _Asked:
    """One photo's inputs, and what came of them."""

    inputs: Arrays
    outputs: Arrays | None = None
    error: NetworkError | None = None

    @property
    def is_answered(self) -> bool:
        return self.outputs is not None or self.error is not None


class Batching:
    """An engine around one that takes any number of photos, for callers that bring one each, from many threads.

    Whoever comes while nothing runs waits a moment for others and runs all of them; who comes meanwhile is in the next
    run. No thread of its own: an engine that nobody holds any more is gone with all that it held. A run that
    fails is done again photo by photo, so that a bad one harms only itself.
    """

    def __init__(self, engine: Engine, batches: Batches) -> None:
        self._engine, self._batches = engine, batches
        self._there = threading.Condition()
        self._waiting: deque[_Asked] = deque()
        self._is_running = False

    def run(self, inputs: Arrays) -> Arrays:
        """The outputs for one photo (the first axis of every array is 1 long). Raises NetworkError."""
        one = _Asked(inputs)
        with self._there:
            self._waiting.append(one)
            self._there.notify_all()
        while not one.is_answered:
            self._lead_or_wait(one)
        if one.error is not None:
            raise one.error
        assert one.outputs is not None  # it is answered
        return one.outputs

    def keep_memory(self) -> None:
        """Has the engine keep the memory that it ran in."""
        if isinstance(self._engine, KeepsMemory):
            self._engine.keep_memory()

    def close(self) -> None:
        """Frees the network; runs that wait end in a NetworkError."""
        self._engine.close()

    def _lead_or_wait(self, one: _Asked) -> None:
        """Runs the photos that are next, one's own perhaps among them, or waits while another thread does."""
        with self._there:
            while self._is_running and not one.is_answered:
                self._there.wait()
            if one.is_answered:
                return
            self._is_running = True
            batch = self._gathered()
        try:
            self._answer(batch)
        finally:
            with self._there:
                self._is_running = False
                self._there.notify_all()

    def _gathered(self) -> list[_Asked]:
        """The photos of the next run, once there are enough or the first has waited long enough."""
        ends = time.monotonic() + self._batches.wait_s
        while len(self._waiting) < self._batches.most and (left := ends - time.monotonic()) > 0:
            self._there.wait(left)
        count = min(len(self._waiting), self._batches.most)
        # Powers of two: a device plans anew for each number of photos that it meets.
        return [self._waiting.popleft() for _ in range(1 << (count.bit_length() - 1))]

    def _answer(self, batch: Sequence[_Asked]) -> None:
        try:
            together = {name: np.concatenate([one.inputs[name] for one in batch]) for name in batch[0].inputs}
            outputs = self._engine.run(together)
            if any(array.shape[0] != len(batch) for array in outputs.values()):
                raise NetworkError("The network takes one photo at a time; set `batch_photos` to 1")
        except Exception as error:
            if len(batch) == 1:
                batch[0].error = error if isinstance(error, NetworkError) else NetworkError(str(error))
                batch[0].error.__cause__ = error
                return
            for one in batch:
                self._answer([one])
            return
        for place, one in enumerate(batch):
            one.outputs = {name: array[place : place + 1] for name, array in outputs.items()}
