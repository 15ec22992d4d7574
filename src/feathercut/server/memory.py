"""How much memory this process takes, and how it gives back what it does not need."""

from __future__ import annotations

import contextlib
import ctypes
import os
from pathlib import Path

_STATM = Path("/proc/self/statm")


def resident_bytes() -> int:
    """Bytes in memory now; 0 where the system does not say it to its own process as Linux does."""
    try:
        return int(_STATM.read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def give_back() -> None:
    """Gives freed memory back to the system, where the C library keeps it unless it is told (glibc's does).

    Many threads that each decoded a large photo leave hundreds of megabytes behind, which none of them needs again.
    """
    trim = None
    with contextlib.suppress(AttributeError, OSError, TypeError):  # another C library; Windows has none of this name
        trim = ctypes.CDLL(None).malloc_trim
    if trim is not None:
        trim(0)
