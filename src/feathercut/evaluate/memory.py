"""The most memory that this process held, where Linux tells it."""

from __future__ import annotations

from pathlib import Path

_STATUS = Path("/proc/self/status")
_FORGET = Path("/proc/self/clear_refs")


def forget_peak() -> None:
    """Lets the peak be counted anew from now; where that is not allowed, it stays that of the whole run."""
    try:
        _FORGET.write_text("5", "ascii")
    except OSError:
        return


def peak_mb() -> float | None:
    """The peak of resident memory in MB since `forget_peak`, or None where the system does not tell."""
    try:
        lines = _STATUS.read_text("ascii", errors="replace").splitlines()
    except OSError:
        return None
    kilobytes = next((line.split()[1] for line in lines if line.startswith("VmHWM:")), None)
    return None if kilobytes is None else int(kilobytes) * 1024 / 1e6
