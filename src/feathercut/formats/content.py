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
class Layer:
    """A layer of 8 bits, as large as the picture: `rgb` H×W×3, None for black; `alpha` H×W, None where it is opaque.

    `mask` H×W hides without taking away: what it hides can be painted back.
    """

    name: str
    rgb: Integers | None
    alpha: Integers | None = None
    mask: Integers | None = None


@dataclass(frozen=True)
class Layered:
    """A picture of layers, the lowest first, and how it looks with all of them."""

    merged: Still
    layers: tuple[Layer, ...]


@dataclass(frozen=True)
class Moving:
    """An animation to write: `frames` come as they are needed, all with the same shape; `loop` 0 is for ever."""

    frames: Iterator[Still]
    durations_ms: tuple[float, ...]
    loop: int
