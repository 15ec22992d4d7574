"""How much work a key may ask for in a minute: a window that begins with the first picture and is over 60 s later."""

from __future__ import annotations

import math
from dataclasses import dataclass

WINDOW_S = 60.0


@dataclass(frozen=True)
class Minute:
    """When the window began, in seconds of the wall clock, and what was used of it."""

    started_at: float
    used: int

    @property
    def ends_at(self) -> float:
        """When all is there again."""
        return self.started_at + WINDOW_S


@dataclass(frozen=True)
class Verdict:
    """Whether a picture may be worked on now, and the window afterwards."""

    is_let_in: bool
    minute: Minute
    remaining: int


def cost_of(megapixels: float) -> int:
    """What a picture counts: its megapixels rounded up, 1 at least."""
    return max(1, math.ceil(megapixels))


def judge(minute: Minute | None, now: float, cost: int, limit: int) -> Verdict:
    """Whether `cost` more still fits into the window.

    A window that is over, or that begins in the future, is no window any more: a clock that was set back must lock
    nobody out; at worst it gives one minute's work more. A picture that alone is over the limit may have a window of
    its own.

    >>> judge(Minute(1000.0, 499), 1001.0, 2, 500).is_let_in, judge(Minute(1000.0, 499), 999.0, 2, 500).is_let_in
    (False, True)
    """
    if minute is None or not minute.started_at <= now < minute.ends_at:
        minute = Minute(now, 0)
    used = minute.used + cost
    if used > limit and minute.used > 0:
        return Verdict(False, minute, max(0, limit - minute.used))
    return Verdict(True, Minute(minute.started_at, used), max(0, limit - used))
