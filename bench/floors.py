"""What the sections on floors share: which scenes, and how long something takes at 2 megapixels."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence

from feathercut.evaluate.synthetic.floors import KEPT_BACK, PLAIN, TEXTURED
from feathercut.evaluate.synthetic.seeds import HELD_OUT
from feathercut.pictures import Size

LARGE: Size = (1224, 1632)
"""2 megapixels."""


def scenes(tuned_on: Sequence[int], *, is_held_out: bool) -> tuple[tuple[str, ...], Sequence[int]]:
    """Floors and seeds: those that something was `tuned_on`, or the ones that nothing was."""
    floors = (*PLAIN, *(KEPT_BACK if is_held_out else TEXTURED))
    return floors, HELD_OUT if is_held_out else tuned_on


def named(is_held_out: bool) -> str:
    return "held-out" if is_held_out else "tuning"


def row_of_time(work: Callable[[], object], times: int, columns: int) -> tuple[str, ...]:
    """A row of a table: the median of a processor's time for `work` on a `LARGE` scene."""
    spent = []
    for _ in range(times):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return ("time, 2 megapixels", f"{statistics.median(spent) * 1000:.0f} ms", *([""] * (columns - 2)))
