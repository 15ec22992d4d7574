"""Work on parts of arrays by all processors at once: numpy lets go of the interpreter's lock."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from feathercut import system

Part = TypeVar("Part")
_MOST = 8
_here = threading.local()


def each(work: Callable[[Part], None], parts: Iterable[Part]) -> None:
    """Does `work` on every part; no part may touch what another writes. Raises what one of them raised.

    Work that itself calls this does its parts one after the other: the processors are all taken.
    """
    if getattr(_here, "is_worker", False):
        for part in parts:
            work(part)
        return
    with ThreadPoolExecutor(min(_MOST, system.usable_cores()), initializer=_begin) as pool:
        for _ in pool.map(work, parts):
            pass


def _begin() -> None:
    _here.is_worker = True
