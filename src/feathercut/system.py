"""What is done differently from one operating system to the next: all of it, in this one file.

Everything else runs the same on Linux, macOS and Windows; `tests/test_portability.py` sees to it.
"""

from __future__ import annotations

import math
import os
import signal
from functools import cache
from pathlib import Path
from typing import TextIO

_PROCESSOR = Path("/proc/cpuinfo")
_MEMORY, _STATUS = Path("/proc/self/statm"), Path("/proc/self/status")
_GROUPS, _OWN_GROUPS = Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")
_MANY_CORES = 1 << 16
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""What `mallopt` of the C library calls them: how much is kept free, and what is got from the system for itself."""
_KEPT_BYTES = 1 << 30


def usable_cores() -> int:
    """How many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):  # Linux; a container or `taskset` may allow fewer than there are
        return min(len(os.sched_getaffinity(0)), _cores_of_quota())
    return os.cpu_count() or 1


@cache
def _cores_of_quota(groups: Path = _GROUPS, own: Path = _OWN_GROUPS) -> int:
    """How many cores' time a container's or a service's bound lets this process have, rounded up; many without one.

    With a thread a core of a large machine such a process would stand still for most of each tenth of a second.
    """
    try:
        lines = [line.split(":", 2) for line in own.read_text("utf-8").splitlines() if line.count(":") >= 2]
    except (OSError, ValueError):
        return _MANY_CORES
    shares = [float(_MANY_CORES)]
    for _, controllers, path in lines:
        # The second version of groups has one tree for all; the first has one a controller. Inside a container the
        # path may be one that is not seen from there: then the group is the tree's root.
        is_cpu = "cpu" in controllers.split(",")
        tree = groups if not controllers else groups / "cpu" if is_cpu else None
        if tree is not None:
            within = tree / path.lstrip("/")
            shares += [_share(one) for one in (within, *within.parents) if one.is_relative_to(tree)]
    return max(1, math.ceil(min(shares)))


def _share(group: Path) -> float:
    """The cores' time that a group of processes may have: its quota in a period."""
    try:
        if (both := group / "cpu.max").is_file():
            quota, period = both.read_text("ascii").split()
        else:
            quota = (group / "cpu.cfs_quota_us").read_text("ascii")
            period = (group / "cpu.cfs_period_us").read_text("ascii")
        return int(quota) / int(period) if int(quota) > 0 else _MANY_CORES
    except (OSError, ValueError, ZeroDivisionError):  # no bound is `max` in the one, -1 in the other
        return _MANY_CORES


def multiplies_bytes(description: Path = _PROCESSOR) -> bool:
    """Whether the processor has instructions that multiply bytes and add them up in 32 bits (VNNI of x86).

    Without them products are added up in 16 bits, and what does not fit is cut off. Only Linux says what
    its processor has; elsewhere, and of processors that were not measured, the answer is no.
    """
    return bool({"avx512_vnni", "avx_vnni"} & _flags(description))


def multiplies_halves(description: Path = _PROCESSOR) -> bool:
    """Whether the processor has instructions for bf16: U²-Net-p learns in it in two thirds of the time (measured).

    Only Linux says what its processor has; elsewhere the answer is no.
    """
    return bool({"avx512_bf16", "amx_bf16"} & _flags(description))


def _flags(description: Path) -> set[str]:
    """What a processor says that it has; nothing where it does not say."""
    try:
        text = description.read_text("utf-8", "replace")
    except OSError:
        return set()
    return next((set(line.split()) for line in text.splitlines() if line.startswith("flags")), set())


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


def wait_without_turning() -> None:
    """Has PyTorch's threads sleep while they wait for each other; only the command does, before it is loaded.

    They turn in circles otherwise, which beside other work takes twice the processors' time (measured). The user's own
    setting is kept.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


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


def peak_bytes() -> int:
    """Bytes that were in memory when it was most; 0 where the system does not say it as Linux does."""
    try:
        lines = _STATUS.read_text("ascii", "replace").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
    except (OSError, ValueError, IndexError, StopIteration):
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
