"""What is done differently from one operating system to the next: all of it, in this one file.

Everything else runs the same on Linux, macOS and Windows; `tests/test_portability.py` sees to it.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TextIO

_PROCESSOR = Path("/proc/cpuinfo")
_MEMORY = Path("/proc/self/statm")
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""What `mallopt` of the C library calls them: how much is kept free, and what is got from the system for itself."""
_KEPT_BYTES = 1 << 30


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


def take_one_thread_for_products() -> None:
    """Has numpy's products of matrices run in the thread that asks for them; only the command does, before numpy.

    Photos are worked on in parts by all processors already: more threads wait in circles, a tenth of the processors'
    time (measured). The user's own setting is kept.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def keep_freed_memory() -> None:
    """Asks Linux's C library to keep what is freed for what is asked for next; only the command does, for many photos.

    Their arrays have the same sizes again and again: to get each anew from the system takes 5 % of the time (measured).
    """
    import ctypes
    import sys

    if sys.platform != "linux":
        return
    try:
        adjust = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library
        return
    for what in (_TRIM_THRESHOLD, _MMAP_THRESHOLD):
        adjust(what, _KEPT_BYTES)


def resident_bytes() -> int:
    """Bytes in memory now; 0 where the system does not say it to its own process as Linux does."""
    try:
        return int(_MEMORY.read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def give_memory_back() -> None:
    """Gives freed memory back to the system, where the C library keeps it unless it is told (glibc's does).

    Many threads that each decoded a large photo leave hundreds of megabytes behind, which none of them needs again.
    """
    import contextlib
    import ctypes

    trim = None
    with contextlib.suppress(AttributeError, OSError, TypeError):  # another C library; Windows has none of this name
        trim = ctypes.CDLL(None).malloc_trim
    if trim is not None:
        trim(0)


def signals_to_end() -> tuple[signal.Signals, ...]:
    """The signals that ask a process to end: a person's Ctrl-C, and a service manager's, which Windows never sends."""
    return signal.SIGINT, signal.SIGTERM


def abandon(stream: TextIO) -> None:
    """Points a stream that can no longer be written at nothing.

    What is still in its buffer would otherwise fail once more, with a traceback, when Python ends.
    """
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, stream.fileno())
    finally:
        os.close(nothing)
