"""Values that many ask for and that are costly to make: made once, kept within a budget."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
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
        self._making: dict[Key, threading.Lock] = {}
        self._values: OrderedDict[Key, Value] = OrderedDict()

    def get(self, key: Key, budget_bytes: int) -> Value:
        """The value of a key, made where it is not there."""
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._values:
                    self._values.move_to_end(key)
                    return self._values[key]
            value = self._make(key)
            with self._lock:
                self._values[key] = value
                while len(self._values) > 1 and sum(map(self._size_of, self._values.values())) > budget_bytes:
                    self._values.popitem(last=False)
            return value

    def clear(self) -> None:
        """Drops all of them."""
        with self._lock:
            self._values.clear()
            self._making.clear()
