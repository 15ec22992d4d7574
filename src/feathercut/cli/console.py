"""The only file that writes to the terminal: results to stdout, everything else to stderr."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Sequence
from typing import BinaryIO

_NEW_LINE_PAUSE_S = 0.1


def result(text: str) -> None:
    """A line of what was asked for, on stdout."""
    sys.stdout.write(_printable(f"{text}\n", sys.stdout.encoding))
    sys.stdout.flush()


def document(value: object) -> None:
    """A JSON document on stdout, for programs that listen."""
    result(json.dumps(value, indent=2, ensure_ascii=True))


def say(text: str) -> None:
    """A line for people, on stderr."""
    sys.stderr.write(_printable(f"{text}\n", sys.stderr.encoding))
    sys.stderr.flush()


def stdin_bytes() -> BinaryIO:
    """Standard input, as bytes."""
    return sys.stdin.buffer


def stdout_bytes() -> BinaryIO:
    """Standard output, as bytes."""
    return sys.stdout.buffer


def stdout_is_terminal() -> bool:
    """Someone reads stdout on a screen."""
    return sys.stdout.isatty()


def table(rows: Sequence[Sequence[str]]) -> None:
    """Rows in columns on stdout; the first row heads them."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        result("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _printable(text: str, encoding: str | None) -> str:
    """Text that a terminal of any encoding takes: a name from a disk may hold anything."""
    chosen = encoding or "utf-8"
    return text.encode(chosen, "backslashreplace").decode(chosen, "replace")


class Progress:
    """One line on stderr that is drawn over: a name, how much, how fast, how long still.

    On a terminal only; elsewhere nothing is drawn, so that logs stay readable. `unit` is what is
    counted; `MB` counts bytes.
    """

    def __init__(self, unit: str, *, is_quiet: bool = False) -> None:
        self._unit = unit
        self._is_shown = not is_quiet and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._started = time.monotonic()
        self._first: int | None = None
        self._drawn = 0.0
        self._length = 0

    def show(self, name: str, done: int, total: int | None) -> None:
        """Draws the line anew, at most ten times a second."""
        now = time.monotonic()
        if self._first is None:
            self._first, self._started = done, now  # a resumed download did not do what was there
        is_last = total is not None and done >= total
        if not self._is_shown or (now - self._drawn < _NEW_LINE_PAUSE_S and not is_last):
            return
        self._drawn = now
        self._draw(f"{self._amount(done, total)}{self._pace(done, total, now)}  {name}")

    def clear(self) -> None:
        """Takes the line away."""
        if self._is_shown and self._length:
            sys.stderr.write("\r" + " " * self._length + "\r")
            sys.stderr.flush()
            self._length = 0

    def _draw(self, line: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        line = _printable(line, sys.stderr.encoding)[:width]
        sys.stderr.write("\r" + line.ljust(self._length))
        sys.stderr.flush()
        self._length = len(line)

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
        pace = f"{rate / 1e6:.1f} MB/s" if self._unit == "MB" else f"{rate:.2g} {self._unit}/s"
        left = f", {_clock((total - done) / rate)} left" if total and total > done else ""
        return f"  {pace}{left}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
