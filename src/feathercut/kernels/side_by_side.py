"""Work on parts of arrays by all processors at once: numpy lets go of the interpreter's lock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from feathercut import system

Part = TypeVar("Part")
_MOST = 8


def each(work: Callable[[Part], None], parts: Iterable[Part]) -> None:
    """Does `work` on every part; no part may touch what another writes. Raises what one of them raised."""
    with ThreadPoolExecutor(max_workers=min(_MOST, system.usable_cores())) as pool:
        for _ in pool.map(work, parts):
            pass
