"""What the measure computes with: double precision, as the published numbers were."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from feathercut.errors import ShapeError

Values = NDArray[np.float64]
Mask = NDArray[np.bool_]


def as_values(alpha: NDArray[Any]) -> Values:
    """An alpha as the measure takes it: H×W float64 in [0, 1].

    Integers are taken at their own depth (8 or 16 bits). Floats are rounded to 8 bits first, halves
    up, as they are when a matte is written. Raises ShapeError.

    >>> as_values(np.array([[0, 51, 255]], np.uint8)).tolist()
    [[0.0, 0.2, 1.0]]
    >>> as_values(np.array([[0.2001]], np.float32)).tolist()
    [[0.2]]
    """
    if alpha.ndim != 2 or alpha.size == 0:
        raise ShapeError(f"An alpha must be H×W, got {'×'.join(map(str, alpha.shape))}")
    if alpha.dtype in (np.uint8, np.uint16):
        return alpha.astype(np.float64) / np.iinfo(alpha.dtype).max
    if alpha.dtype.kind != "f":
        raise ShapeError(f"An alpha must be uint8, uint16 or float, got {alpha.dtype}")
    low, high = float(alpha.min()), float(alpha.max())
    if not (low >= 0 and high <= 1):
        raise ShapeError(f"An alpha of floats must lie in [0, 1], got {low:g} to {high:g}")
    levels: Values = np.floor(alpha.astype(np.float64) * 255 + 0.5) / 255
    return levels


def is_kept(truth: Values, ignore: int | None) -> Mask:
    """Which pixels count: all but those whose truth is within 2 of `ignore` (0 to 255)."""
    if ignore is None:
        return np.ones(truth.shape, np.bool_)
    kept: Mask = np.abs(truth - ignore / 255) > 0.01  # 2.55 of 255: two levels each way
    return kept
