"""Values that many ask for and that are costly to make: made once, kept within a budget."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Shared(Generic[Key, Value]):
    """Values by key, the least recently used dropped where all together are over the budget.

    Two threads that ask for the same at once make it once; a failure is raised to those who waited
    and tried again by the next. Dropped values live on for whoever still holds them. The newest
    stays, however large it is.
    """

    def __init__(self, make: Callable[[Key], Value], size_of: Callable[[Value], int]) -> None:
        self._make = make
        self._size_of = size_of
        self._lock = threading.Lock()
        self._making: dict[Key, Future[Value]] = {}
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self.made = self.dropped = 0
        """How many values were made, and how many of them dropped for others."""

    def get(self, key: Key, budget_bytes: int) -> Value:
        """The value of a key, made where it is not there."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
            others = self._making.get(key)
            mine: Future[Value] = Future()
            if others is None:
                self._making[key] = mine
        return self._made(key, mine, budget_bytes) if others is None else others.result()

    def clear(self) -> None:
        """Drops all of them; what is being made is kept once it is there."""
        with self._lock:
            self._values.clear()

    def count(self) -> int:
        """How many are kept."""
        with self._lock:
            return len(self._values)

    def held_bytes(self) -> int:
        """What all that is kept takes together."""
        with self._lock:
            return sum(map(self._size_of, self._values.values()))

    def _made(self, key: Key, attempt: Future[Value], budget_bytes: int) -> Value:
        """The value, made in this thread and told to those who wait for `attempt`."""
        try:
            value = self._make(key)
        except BaseException as error:
            with self._lock:
                del self._making[key]
            attempt.set_exception(error)
            raise
        with self._lock:
            del self._making[key]
            self._keep(key, value, budget_bytes)
        attempt.set_result(value)
        return value

    def _keep(self, key: Key, value: Value, budget_bytes: int) -> None:
        self._values[key] = value
        self.made += 1
        while len(self._values) > 1 and sum(map(self._size_of, self._values.values())) > budget_bytes:
            self._values.popitem(last=False)
            self.dropped += 1
