"""The wall clock of a server's processes, which a test sets."""

from __future__ import annotations

from pathlib import Path

_SETS_CLOCK = """
import pathlib, time
_real = time.time
def _set():
    try:
        return _real() + float(pathlib.Path({path!r}).read_text() or 0)
    except (OSError, ValueError):
        return _real()
time.time = _set
"""


class Clock:
    """It is right until it is set; processes go by it that are started with its `home` as their `PYTHONPATH`."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "clock"
        self.home.mkdir()
        self._offset = self.home / "offset"
        (self.home / "sitecustomize.py").write_text(_SETS_CLOCK.format(path=str(self._offset)))

    def set_off(self, seconds: float) -> None:
        """Lets it be ahead by so much, or behind."""
        self._offset.write_text(str(seconds))
