"""A picture that goes evenly from one colour to another."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from feathercut.pictures import FloatArray, Size

_LEAST = 1e-6
Rgba = tuple[float, float, float, float]


def gradient(size_hw: Size, start: Rgba, end: Rgba, angle_deg: float) -> tuple[FloatArray, FloatArray]:
    """Colours H×W×3 and alpha H×W, straight, of a gradient that fills a picture from corner to corner.

    `start` and `end` are red, green, blue and alpha. It runs in the direction of `angle_deg`: 0 is to the right,
    90 down. Colours are mixed by their alpha, so that one that fades out keeps its hue.

    >>> from feathercut.kernels.gradient import gradient
    >>> gradient((1, 2), (0, 0, 0, 1), (1, 1, 1, 1), 0)[0][..., 0].tolist()
    [[0.25, 0.75]]
    """
    radians = math.radians(angle_deg)
    across, down = math.cos(radians), math.sin(radians)
    height, width = size_hw
    length = abs(width * across) + abs(height * down)
    y, x = np.arange(height)[:, None] + 0.5 - height / 2, np.arange(width)[None] + 0.5 - width / 2
    share: NDArray[np.float64] = np.clip((x * across + y * down) / length + 0.5, 0, 1)
    alpha = start[3] + (end[3] - start[3]) * share
    rgb = np.empty((height, width, 3), np.float32)
    for channel in range(3):
        first, last = start[channel] * start[3], end[channel] * end[3]
        rgb[..., channel] = np.clip((first + (last - first) * share) / np.maximum(alpha, _LEAST), 0, 1)
    return rgb, alpha.astype(np.float32)
