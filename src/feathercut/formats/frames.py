"""Frames that are decoded when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from threading import Lock
from typing import overload

from feathercut.formats.damage import cut_short, damage_as_ours
from feathercut.pictures import Image


class LazyFrames(Sequence[Image]):
    """The frames of an animation, of which one at a time is held.

    `start` begins a decoding from the first frame. Going forward decodes each frame once; going
    back starts anew. Raises DamagedPictureError at a frame that is damaged. Threads take turns.
    """

    def __init__(self, name: str, count: int, start: Callable[[], Iterator[Image]]) -> None:
        self._name, self._count, self._start = name, count, start
        self._lock = Lock()
        self._next, self._running = 0, iter(())  # type: tuple[int, Iterator[Image]]
        self._last: Image | None = None

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Image: ...
    @overload
    def __getitem__(self, index: slice) -> list[Image]: ...
    def __getitem__(self, index: int | slice) -> Image | list[Image]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(self._count))]
        place = index + self._count if index < 0 else index
        if not 0 <= place < self._count:
            raise IndexError(f"Frame {index} of {self._count}")
        with self._lock, damage_as_ours(self._name):
            return self._frame(place)

    def _frame(self, place: int) -> Image:
        if self._last is not None and place == self._next - 1:
            return self._last
        if place < self._next or self._last is None:
            self._next, self._running = 0, self._start()
        try:
            while self._next <= place:
                self._last = None  # so that a damaged frame is met again, not its neighbour
                self._last = next(self._running)
                self._next += 1
        except StopIteration:
            raise cut_short(self._name) from None
        assert self._last is not None  # the loop ran, or the last call left it
        return self._last
