"""Means over square windows, at a cost that hardly grows with the window.

Sums of 2, 4, 8 … neighbours are each made from the one before, and a window is put together from those. Unlike
differences of running sums, nothing large is subtracted, so float32 is exact to its last digits at any size.
"""

from __future__ import annotations

import numpy as np

from feathercut.kernels.side_by_side import each
from feathercut.pictures import FloatArray

_ROWS = 48  # a strip and its sums stay in the processor's cache
_MOST = 1 << 17
"""Numbers of a strip of several planes: small ones are worked on together, as numpy's steps would be short."""
_WIDE = 1024
"""Columns of which a strip is work enough for numpy to be shared out."""


def box_mean(planes: FloatArray, radius: int) -> FloatArray:
    """The mean over the square of 2 radius + 1 pixels around each pixel, of each plane of (..., h, w).

    At the border the square is cut: its mean is over the pixels that lie inside. `radius` is at least 0.
    """
    height, width = planes.shape[-2:]
    stacked = planes.reshape(-1, height, width)
    result = np.empty(stacked.shape, np.float32)
    rows, columns = _shares(height, radius), _shares(width, radius)
    step = max(_ROWS, 2 * radius)
    count = max(1, _MOST // ((min(step, height) + 2 * radius) * (width + 2 * radius)))

    def fill(first: int, top: int) -> None:
        some = slice(first, first + count)
        strip = _strip(stacked[some], top, min(top + step, height), radius)
        strip *= rows[top : top + step, None]
        np.multiply(strip, columns, out=result[some, top : top + step])

    parts = [(first, top) for first in range(0, len(stacked), count) for top in range(0, height, step)]
    if width < _WIDE:
        for part in parts:
            fill(*part)
    else:
        each(lambda part: fill(*part), parts)
    return result.reshape(planes.shape)


def _shares(length: int, radius: int) -> FloatArray:
    """One over the number of pixels within `radius` of each that lie inside, along one axis."""
    at = np.arange(length)
    counts = np.minimum(at + radius, length - 1) - np.maximum(at - radius, 0) + 1
    shares: FloatArray = (1 / counts).astype(np.float32)
    return shares


def _strip(planes: FloatArray, top: int, bottom: int, radius: int) -> FloatArray:
    """The sums for the rows from `top` to `bottom` of n×h×w, with nothing beyond the planes' borders."""
    count, height, width = planes.shape
    framed = np.zeros((count, bottom - top + 2 * radius, width + 2 * radius), np.float32)
    start, stop = max(0, top - radius), min(height, bottom + radius)
    into = start - (top - radius)
    framed[:, into : into + stop - start, radius : radius + width] = planes[:, start:stop]
    size = 2 * radius + 1
    return _window_sums(_window_sums(framed, size, -2), size, -1)


def _window_sums(values: FloatArray, size: int, axis: int) -> FloatArray:
    """The sums of `size` neighbours along an axis, from each on that has so many behind it; `size` is odd."""

    def some(array: FloatArray, start: int, stop: int) -> FloatArray:
        return array[..., start:stop, :] if axis == -2 else array[..., start:stop]

    count = values.shape[axis] - size + 1
    result = some(values, 0, count).copy()
    sums, span, start = values, 1, 1
    while 2 * span <= size:
        length = sums.shape[axis]
        sums = some(sums, 0, length - span) + some(sums, span, length)
        span *= 2
        if size & span:
            result += some(sums, start, start + count)
            start += span
    return result
