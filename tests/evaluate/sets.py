"""Small sets and mattes on the disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from factories import soft_disc

SIZE = (48, 64)
"""(height, width) of every photo here."""


def levels(alpha: NDArray[Any]) -> NDArray[np.uint8]:
    """Alpha as a file holds it."""
    return np.floor(alpha * 255 + 0.5).astype(np.uint8)


def truth(number: int = 0) -> NDArray[np.uint8]:
    """A soft disc, softer with each number."""
    return levels(soft_disc(SIZE, 4.0 + number))


def photo_of(alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Red over black, so that the red channel is the alpha."""
    return np.stack([alpha, np.zeros_like(alpha), np.zeros_like(alpha)], axis=2)


def save(path: Path, array: NDArray[Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(array).save(path)
    return path


def make_set(folder: Path, ids: tuple[str, ...] = ("a-1", "a-2", "b-1", "b-2")) -> Path:
    """A set of red discs over black."""
    for number, name in enumerate(ids):
        save(folder / "images" / f"{name}.png", photo_of(truth(number)))
        save(folder / "alpha" / f"{name}.png", truth(number))
    return folder


def make_predictions(folder: Path, ids: tuple[str, ...] = ("a-1", "a-2", "b-1", "b-2"), less: int = 20) -> Path:
    """Mattes that are a little too low everywhere inside."""
    for number, name in enumerate(ids):
        alpha = truth(number).astype(int)
        save(folder / f"{name}.png", np.clip(alpha - less, 0, 255).astype(np.uint8))
    return folder
