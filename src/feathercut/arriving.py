"""Things that are made one after the other: each can be used as soon as it is there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar, overload

Made = TypeVar("Made")


class Arriving(Sequence[Made]):
    """What makers give, in their order; to take one waits until `make` has it, in another thread or before.

    The last is made first. Taking one raises what kept it from being made.
    """

    def __init__(self, makers: Sequence[Callable[[], Made]]) -> None:
        self._makers = tuple(makers)
        self._made: dict[int, Made] = {}
        self._error: BaseException | None = None
        # Plain locks, each held until its thing is there: Ctrl-C may leave any other way of waiting broken.
        self._gates = [threading.Lock() for _ in self._makers]
        for gate in self._gates:
            gate.acquire()

    def make(self) -> None:
        """Makes them all, once. What goes wrong is raised where it is taken; only Ctrl-C is raised here as well."""
        try:
            for place in reversed(range(len(self))):
                self._made[place] = self._makers[place]()
                self._gates[place].release()
        except BaseException as error:
            self._error = error
            for place in range(len(self)):
                if place not in self._made:
                    self._gates[place].release()
            if not isinstance(error, Exception):
                raise

    def __len__(self) -> int:
        return len(self._makers)

    @overload
    def __getitem__(self, place: int) -> Made: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Made]: ...
    def __getitem__(self, place: int | slice) -> Made | Sequence[Made]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        place = range(len(self))[place]
        if place not in self._made:  # what is there needs no gate: Ctrl-C may have come before it was opened
            with self._gates[place]:
                pass
        if place not in self._made:
            assert self._error is not None  # nothing else opens a gate
            raise self._error
        return self._made[place]
