"""A broken file leaves nothing behind: whoever sends a thousand of them takes no memory."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from feathercut.errors import DamagedPictureError
from feathercut.steps.decode import decode
from formats.samples import chunk, pillow, png
from server.attacks.bombs import HEIC

_SIDE = 1500
_TIMES = 40

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads memory in /proc, as on Linux")


def held_mb() -> float:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1000


def without_its_last_row() -> bytes:
    """A PNG whose last row is missing: the decoder has written all others by then."""
    return png((_SIDE, _SIDE), 8, 0, [bytes(_SIDE)] * (_SIDE - 1))


def frame_without_its_last_row() -> bytes:
    whole = png((_SIDE, _SIDE), 8, 0, [bytes(_SIDE)] * _SIDE)
    short = zlib.compress((b"\0" + bytes(_SIDE)) * (_SIDE - 1))
    control = (0, _SIDE, _SIDE, 0, 0)
    frame = b"".join(number.to_bytes(4, "big") for number in control) + b"\0\1\0\1\0\0"
    start = whole.index(b"IDAT") - 4
    return (
        whole[:start]
        + chunk(b"acTL", b"\0\0\0\1\0\0\0\0")
        + chunk(b"fcTL", frame)
        + chunk(b"IDAT", short)
        + whole[-12:]
    )


def cut(name: str, **how: object) -> bytes:
    """A noisy picture of a format, with its middle overwritten."""
    noise = np.random.default_rng(1).integers(0, 255, (_SIDE // 2, _SIDE // 2, 3), np.uint8)
    data = bytearray(pillow(noise, name, **how))
    middle = len(data) * 3 // 4
    data[middle : middle + 2000] = b"\xff" * 2000
    return bytes(data)


BROKEN: dict[str, Callable[[], bytes]] = {
    "png": without_its_last_row,
    "apng": frame_without_its_last_row,
    "png-packed-wrong": lambda: cut("PNG"),
    "tiff": lambda: cut("TIFF", compression="tiff_lzw"),
    "heic": lambda: HEIC.read_bytes()[:-300],
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_pictures_leave_no_memory_behind(name: str) -> None:
    data = BROKEN[name]()

    def met() -> None:
        with pytest.raises(DamagedPictureError):
            decode(data).frames[0]

    for _ in range(3):
        met()
    before = held_mb()
    for _ in range(_TIMES):
        met()
    assert held_mb() < before + _SIDE * _SIDE / 1e6 * _TIMES / 4
