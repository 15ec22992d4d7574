"""Work on parts of arrays by all processors at once: numpy lets go of the interpreter's lock.

One rule for all threads: whoever works on a photo beside others takes a processor (`at_work`), and `each` has help from
those that are free. So no more threads work than there are processors, and the last photo of many has them all.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from typing import TypeVar

from feathercut import system

Part = TypeVar("Part")
_MOST = 8
_here = threading.local()


def each(work: Callable[[Part], None], parts: Iterable[Part]) -> None:
    """Does `work` on every part; no part may touch what another writes. Raises what one of them raised.

    The calling thread works too, and threads that are kept for this help it as far as they are free. Work
    that itself calls this does its parts one after the other: the processors are all taken.
    """
    if getattr(_here, "is_working", False):
        for part in parts:
            work(part)
        return
    queue = _Queue(parts)
    with _processors(os.getpid()).helping(_count() - 1) as count:
        helpers = [_threads(os.getpid()).submit(_work_off, work, queue) for _ in range(count)]
        try:
            _work_off(work, queue)
        finally:
            queue.close()  # after an error the others end with the part they are at
            errors = [helper.exception() for helper in helpers if not helper.cancel()]
    for error in errors:
        if error is not None:
            raise error


def at_work() -> AbstractContextManager[None]:
    """Takes a processor meanwhile for the thread that is here, which works on a photo beside others."""
    return _processors(os.getpid()).at_work()


class _Processors:
    """How many processors are taken by threads that work on photos of their own, and by those that help them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = 0

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Takes one meanwhile, whether one is free or not, for the thread that is here."""
        if getattr(_here, "has_processor", False):
            yield
            return
        with self._lock:
            self._taken += 1
        _here.has_processor = True
        try:
            yield
        finally:
            _here.has_processor = False
            with self._lock:
                self._taken -= 1

    @contextmanager
    def helping(self, most: int) -> Iterator[int]:
        """Takes up to `most` free ones meanwhile, for threads that help; gives how many."""
        with self._lock:
            # A thread that took none works all the same: it stands on one.
            own = 0 if getattr(_here, "has_processor", False) else 1
            count = max(0, min(most, system.usable_cores() - self._taken - own))
            self._taken += count
        try:
            yield count
        finally:
            with self._lock:
                self._taken -= count


class _Queue(Iterator[Part]):
    """Parts that several threads take from, until there are no more or it is closed."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self._parts = iter(parts)
        self._lock = threading.Lock()

    def __next__(self) -> Part:
        with self._lock:
            return next(self._parts)

    def close(self) -> None:
        with self._lock:
            self._parts = iter(())


def _work_off(work: Callable[[Part], None], queue: _Queue[Part]) -> None:
    _here.is_working = True
    try:
        for part in queue:
            work(part)
    except BaseException:
        queue.close()
        raise
    finally:
        _here.is_working = False


def _count() -> int:
    return min(_MOST, system.usable_cores())


@lru_cache(maxsize=1)
def _processors(_process: int) -> _Processors:
    """The count of a process; a fork begins without what its parent's threads have taken."""
    return _Processors()


@lru_cache(maxsize=1)
def _threads(_process: int) -> ThreadPoolExecutor:
    """The threads that help in a process; a fork begins without any of its parent's."""
    return ThreadPoolExecutor(max(1, _count() - 1), "feathercut")
