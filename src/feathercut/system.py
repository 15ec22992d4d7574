"""What is done differently from one operating system to the next: all of it, in this one file.

Everything else runs the same on Linux, macOS and Windows; `tests/test_portability.py` sees to it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TextIO

_PROCESSOR = Path("/proc/cpuinfo")


def usable_cores() -> int:
    """How many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):  # Linux; a container or `taskset` may allow fewer than there are
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def multiplies_bytes(description: Path = _PROCESSOR) -> bool:
    """Whether the processor has instructions that multiply bytes and add them up in 32 bits (VNNI of x86).

    Without them products are added up in 16 bits, and what does not fit is cut off. Only Linux says what
    its processor has; elsewhere, and of processors that were not measured, the answer is no.
    """
    try:
        text = description.read_text("utf-8", "replace")
    except OSError:
        return False
    flags = next((line.split() for line in text.splitlines() if line.startswith("flags")), [])
    return "avx512_vnni" in flags or "avx_vnni" in flags


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
