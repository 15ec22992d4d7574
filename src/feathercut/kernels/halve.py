"""Half the size, by means of 2×2 pixels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from feathercut.kernels.side_by_side import each
from feathercut.pictures import FloatArray

_STRIP = 32
"""Rows that are worked on at a time; an even number, so that pairs of rows stay together."""
_QUARTER = np.float32(0.25)
_KEPT = 4_000_000
"""Numbers of a half that is kept, 16 MB: of large photos the first is made anew for the one who wants it."""


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


class Halves:
    """A picture halved again and again, for many who reduce it: what is small is counted once, and kept."""

    def __init__(self) -> None:
        self._kept: dict[int, FloatArray] = {}

    def of(self, rgb: FloatArray, times: int) -> FloatArray:
        """`rgb` (H×W×C, the same at each call) halved so many times, at least once, as planes; not to be written to."""
        if times not in self._kept:
            planes = halved_pixels(rgb) if times == 1 else halved(self.of(rgb, times - 1))
            if planes.size > _KEPT:
                return planes
            self._kept[times] = planes
        return self._kept[times]


def _by_strips(halve: Callable[[slice], FloatArray], height: int, result: FloatArray) -> FloatArray:
    def fill(top: int) -> None:
        result[..., top // 2 : (top + _STRIP) // 2, :] = halve(slice(top, top + _STRIP))

    each(fill, range(0, height, _STRIP))
    return result


def squares(planes: FloatArray) -> FloatArray:
    """As `halved`, of something small by this processor alone."""
    height, width = planes.shape[-2:]
    down = np.empty((*planes.shape[:-2], (height + 1) // 2, width), np.float32)
    np.add(planes[..., 0 : height - 1 : 2, :], planes[..., 1::2, :], out=down[..., : height // 2, :])
    if height % 2:
        np.add(planes[..., -1, :], planes[..., -1, :], out=down[..., -1, :])
    result = np.empty((*down.shape[:-1], (width + 1) // 2), np.float32)
    _add_pairs(down, result)
    result *= _QUARTER
    return result


def squares_of_pixels(rgb: FloatArray) -> FloatArray:
    """As `squares`, of h×w×C, as planes: rows are added while they lie in one piece."""
    height, width, channels = rgb.shape
    down = np.empty(((height + 1) // 2, width, channels), np.float32)
    np.add(rgb[0 : height - 1 : 2], rgb[1::2], out=down[: height // 2])
    if height % 2:
        np.add(rgb[-1], rgb[-1], out=down[-1])
    down *= _QUARTER
    planes = np.empty((channels, len(down), (width + 1) // 2), np.float32)
    for channel, plane in enumerate(planes):
        _add_pairs(down[..., channel], plane)
    return planes


def _add_pairs(rows: FloatArray, into: FloatArray) -> None:
    """The sums of neighbouring columns of …×w, …×⌈w/2⌉; a last one that is alone counts twice."""
    width = rows.shape[-1]
    np.add(rows[..., 0 : width - 1 : 2], rows[..., 1::2], out=into[..., : width // 2])
    if width % 2:
        np.add(rows[..., -1], rows[..., -1], out=into[..., -1])
