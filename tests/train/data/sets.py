"""Small data sets on the disk: photos that do not look alike, and their mattes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from factories import soft_disc
from feathercut.pictures import FloatArray, Size
from feathercut.train.data import Pair

Bytes = NDArray[np.uint8]
SIZE: Size = (48, 64)
"""(height, width) of every photo here."""


def levels(values: NDArray[Any]) -> Bytes:
    return np.asarray(np.rint(values * 255), np.uint8)


def pattern(number: int, size_hw: Size = SIZE) -> FloatArray:
    """A coarse pattern that no other number has, H×W×3."""
    coarse = Image.fromarray(np.random.default_rng(number).integers(0, 256, (6, 8, 3), np.uint8))
    return np.asarray(coarse.resize(size_hw[::-1], Image.Resampling.BICUBIC), np.float32) / np.float32(255)


def scene(number: int, size_hw: Size = SIZE) -> FloatArray:
    """A photo of a dark disc, that of `matte`, before something bright; both of a pattern of their number."""
    rgb, alpha = pattern(number, size_hw), matte(number, size_hw)[..., None]
    return np.asarray((0.05 + 0.2 * rgb) * alpha + (0.65 + 0.3 * rgb) * (1 - alpha), np.float32)


def matte(number: int = 0, size_hw: Size = SIZE) -> FloatArray:
    """A soft disc, softer with each number."""
    return soft_disc(size_hw, 4.0 + number)


def save(path: Path, array: NDArray[Any], **options: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(array).save(path, **options)
    return path


def add(folder: Path, name: str, number: int, size_hw: Size = SIZE) -> None:
    save(folder / "images" / f"{name}.png", levels(scene(number, size_hw)))
    save(folder / "alpha" / f"{name}.png", levels(matte(number, size_hw)))


def make_set(folder: Path, count: int = 4) -> Path:
    """Pairs `p0`, `p1` …, all in order."""
    for number in range(count):
        add(folder, f"p{number}", number)
    return folder


def pairs_of(count: int, size_hw: Size = SIZE) -> Sequence[Pair]:
    """The same in memory."""
    return [Pair.of(scene(number, size_hw), matte(number, size_hw)) for number in range(count)]
