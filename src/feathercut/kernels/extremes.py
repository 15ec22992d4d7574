"""The largest and the smallest values in square windows."""

from __future__ import annotations

import numpy as np

from feathercut.pictures import FloatArray


def largest(plane: FloatArray, radius: int) -> FloatArray:
    """The largest value within `radius` pixels each way of every pixel of h×w; windows end at the border.

    >>> largest(np.float32([[0, 0, 1, 0, 0]]), 1).tolist()
    [[0.0, 1.0, 1.0, 1.0, 0.0]]
    """
    return _along(_along(plane, radius).T, radius).T


def smallest(plane: FloatArray, radius: int) -> FloatArray:
    """The smallest value within `radius` pixels each way of every pixel of h×w; windows end at the border."""
    return -largest(-plane, radius)


def _along(plane: FloatArray, radius: int) -> FloatArray:
    """Windows over rows: maxima of 1, 2, 4 … rows are each made of the one before, two of them cover any window."""
    size = 2 * radius + 1
    highest = np.pad(plane, ((radius, radius), (0, 0)), mode="edge")
    span = 1
    while 2 * span <= size:
        highest = np.maximum(highest[:-span], highest[span:])
        span *= 2
    rest = size - span
    return np.maximum(highest[: len(plane)], highest[rest : rest + len(plane)])
