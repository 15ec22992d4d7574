"""What is done differently from one operating system to the next: all of it, in this one file.

Everything else runs the same on Linux, macOS and Windows; `tests/test_portability.py` sees to it.
"""

from __future__ import annotations

import os
from typing import TextIO


def usable_cores() -> int:
    """How many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):  # Linux; a container or `taskset` may allow fewer than there are
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def take_small_pages() -> None:
    """Asks numpy not to ask Linux for huge pages; only the command does, before numpy is loaded.

    In a process that handles one photo, finding and clearing huge pages costs more than they save: a
    tenth of the time for 12 megapixels (measured). The user's own setting is kept.
    """
    os.environ.setdefault("NUMPY_MADVISE_HUGEPAGE", "0")


def abandon(stream: TextIO) -> None:
    """Points a stream that can no longer be written at nothing.

    What is still in its buffer would otherwise fail once more, with a traceback, when Python ends.
    """
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, stream.fileno())
    finally:
        os.close(nothing)
