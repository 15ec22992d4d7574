"""A shadow drawn from a matte alone: moved, blurred, and weaker."""

from __future__ import annotations

import math

import numpy as np

from feathercut.kernels.composite import gaussian_blur
from feathercut.pictures import FloatArray


def drop_shadow(
    alpha: FloatArray, angle_deg: float, distance_px: float, softness_px: float, opacity: float
) -> FloatArray:
    """The alpha of black, h×w, that falls behind a subject of `alpha`, h×w.

    It falls `distance_px` away in the direction of `angle_deg`: 0 is to the right, 90 straight down. `softness_px` is
    the standard deviation of its blur. Beyond the border the subject goes on as it ends.

    >>> drop_shadow(np.float32([[1, 0, 0]]), 0, 1, 0, 0.5).tolist()
    [[0.5, 0.5, 0.0]]
    """
    radians = math.radians(angle_deg)
    across, down = distance_px * math.cos(radians), distance_px * math.sin(radians)
    shadow = _moved(_moved(alpha, down).T, across).T
    if softness_px > 0:
        shadow = gaussian_blur(shadow[..., None], softness_px)[..., 0]
    return np.asarray(shadow * np.float32(opacity), np.float32)


def _moved(plane: FloatArray, by: float) -> FloatArray:
    """`plane` moved by so many rows, parts of a row too, its border repeated."""
    at = np.clip(np.arange(len(plane)) - by, 0, len(plane) - 1)
    before = np.floor(at).astype(np.intp)
    gone = (at - before).astype(np.float32)[:, None]
    moved: FloatArray = plane[before] * (1 - gone) + plane[np.minimum(before + 1, len(plane) - 1)] * gone
    return moved
