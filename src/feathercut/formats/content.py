"""What a writer gets: integers, and what the file says besides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from feathercut.kernels.quantise import Integers


@dataclass(frozen=True)
class Still:
    """A picture to write: `samples` H×W (grey), H×W×3 (RGB) or H×W×4 (straight alpha), of 8 or 16 bits.

    `quality` is 1 to 100, for formats that lose some.
    """

    samples: Integers
    profile: bytes | None
    dpi: tuple[float, float] | None
    exif: bytes | None
    quality: int


@dataclass(frozen=True)
class Moving:
    """An animation to write: `frames` come as they are needed, all with the same shape; `loop` 0 is for ever."""

    frames: Iterator[Still]
    durations_ms: tuple[float, ...]
    loop: int
