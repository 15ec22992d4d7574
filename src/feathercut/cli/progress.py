"""How far a long run is: a line that is drawn over."""

from __future__ import annotations

import os
import shutil
import time

from feathercut.cli import console

_PAUSE_S = 0.1


class Progress:
    """One line on stderr: how much of all, how fast, how long still, and a name.

    On a terminal only; elsewhere nothing is drawn, so that logs stay readable. `unit` is what is
    counted; `MB` counts bytes.
    """

    def __init__(self, unit: str, *, is_quiet: bool = False) -> None:
        self._unit = unit
        self._is_shown = not is_quiet and console.draws() and os.environ.get("TERM") != "dumb"
        self._started = time.monotonic()
        self._first: int | None = None
        self._drawn = 0.0
        self._width = 0

    def show(self, name: str, done: int, total: int | None) -> None:
        """Draws the line anew, at most ten times a second while it is there."""
        now = time.monotonic()
        if self._first is None:
            self._first, self._started = done, now  # a resumed download did not do what was there
        is_last = total is not None and done >= total
        if not self._is_shown or (self._width and now - self._drawn < _PAUSE_S and not is_last):
            return
        self._drawn = now
        line = f"{self._amount(done, total)}{self._pace(done, total, now)}  {name}"
        self._width = console.draw(line, shutil.get_terminal_size().columns - 1, self._width)

    def clear(self) -> None:
        """Takes the line away."""
        if self._is_shown and self._width:
            self._width = console.draw("", 0, self._width)

    def _amount(self, done: int, total: int | None) -> str:
        if self._unit == "MB":
            whole = f"/{total / 1e6:.1f}" if total else ""
            return f"{done / 1e6:.1f}{whole} MB"
        return f"{done}/{total} {self._unit}" if total else f"{done} {self._unit}"

    def _pace(self, done: int, total: int | None, now: float) -> str:
        since = now - self._started
        moved = done - (self._first or 0)
        if since <= 0 or moved <= 0:
            return ""
        rate = moved / since
        left = f", {clock((total - done) / rate)} left" if total and total > done else ""
        return f"  {self._speed(rate)}{left}"

    def _speed(self, rate: float) -> str:
        if self._unit == "MB":
            return f"{rate / 1e6:.1f} MB/s"
        return f"{rate:.1f} {self._unit}/s" if rate >= 1 else f"{rate * 60:.1f} {self._unit}/min"


def clock(seconds: float) -> str:
    """Seconds as a clock shows them.

    >>> clock(75.2), clock(3675)
    ('1:15', '1:01:15')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
