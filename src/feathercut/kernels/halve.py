"""Half the size, by means of 2×2 pixels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from feathercut.kernels.side_by_side import each
from feathercut.pictures import FloatArray

_STRIP = 32
"""Rows that are worked on at a time; an even number, so that pairs of rows stay together."""
_QUARTER = np.float32(0.25)


def halved(planes: FloatArray) -> FloatArray:
    """Means of 2×2 pixels of …×h×w: …×⌈h/2⌉×⌈w/2⌉. A last row or column that is alone counts twice.

    >>> halved(np.float32([[0, 1, 5], [2, 3, 7]])).tolist()
    [[1.5, 6.0]]
    """
    height, width = planes.shape[-2:]
    result = np.empty((*planes.shape[:-2], (height + 1) // 2, (width + 1) // 2), np.float32)
    return _by_strips(lambda rows: squares(planes[..., rows, :]), height, result)


def halved_pixels(rgb: FloatArray) -> FloatArray:
    """As `halved`, of H×W×C, as planes."""
    height, width, channels = rgb.shape
    result = np.empty((channels, (height + 1) // 2, (width + 1) // 2), np.float32)
    return _by_strips(lambda rows: squares_of_pixels(rgb[rows]), height, result)


def _by_strips(halve: Callable[[slice], FloatArray], height: int, result: FloatArray) -> FloatArray:
    def fill(top: int) -> None:
        result[..., top // 2 : (top + _STRIP) // 2, :] = halve(slice(top, top + _STRIP))

    each(fill, range(0, height, _STRIP))
    return result


def squares(planes: FloatArray) -> FloatArray:
    """As `halved`, of something small by this processor alone."""
    height, width = planes.shape[-2:]
    if height % 2 or width % 2:
        planes = np.pad(planes, [(0, 0)] * (planes.ndim - 2) + [(0, height % 2), (0, width % 2)], mode="edge")
    down = planes[..., 0::2, :] + planes[..., 1::2, :]
    result: FloatArray = down[..., 0::2] + down[..., 1::2]
    result *= _QUARTER
    return result


def squares_of_pixels(rgb: FloatArray) -> FloatArray:
    """As `squares`, of h×w×C, as planes: rows are added while they lie in one piece."""
    height, width, channels = rgb.shape
    if height % 2 or width % 2:
        rgb = np.pad(rgb, [(0, height % 2), (0, width % 2), (0, 0)], mode="edge")
    down = rgb[0::2] + rgb[1::2]
    down *= _QUARTER
    planes = np.empty((channels, down.shape[0], down.shape[1] // 2), np.float32)
    for channel, plane in enumerate(planes):
        np.add(down[:, 0::2, channel], down[:, 1::2, channel], out=plane)
    return planes
