"""Where weights come from besides a URL: folders on this machine, and other programs' package registries.

Each source raises WeightsError with its reason; `models/weights.py` collects the reasons and goes on
to the next. Only `models/weights.py` opens sockets.
"""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int | None], None]
"""Told (name, bytes done, bytes in all or None where that is not known)."""


def no_progress(name: str, done_bytes: int, total_bytes: int | None) -> None:
    """Tells nobody."""
