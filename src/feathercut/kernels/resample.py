"""Changing the size of arrays in float32, antialiased, by Pillow's well-defined filters."""

from __future__ import annotations

import numpy as np

from feathercut.kernels.bands import banded
from feathercut.kernels.halve import Halves
from feathercut.kernels.sampled import enlarged
from feathercut.kernels.side_by_side import each
from feathercut.pictures import FloatArray, Resample, Size

OVERSHOOTING = frozenset[Resample]({"bicubic", "lanczos"})
"""Filters whose results may leave the range of their input."""
_HALVED_FROM = 2.5

_ROWS = 64


def resize(array: FloatArray, size_hw: Size, resample: Resample) -> FloatArray:
    """`array` (H×W or H×W×C float32) at `size_hw`, pixel areas aligned at the outer edges.

    When it shrinks, the filter's support grows with the ratio, so that nothing aliases. `box` and
    `bilinear` stay within the range of their input; `bicubic` and `lanczos` overshoot at edges.

    >>> resize(np.float32([[0, 1], [0, 1]]), (1, 1), "box")
    array([[0.5]], dtype=float32)
    """
    if array.shape[:2] == size_hw:
        return array
    if array.ndim == 3:
        result = np.empty((*size_hw, array.shape[2]), np.float32)

        def resize_plane(channel: int) -> None:
            result[..., channel] = resize(array[..., channel], size_hw, resample)

        each(resize_plane, range(array.shape[2]))
        return result

    height, width = size_hw
    if resample == "bilinear" and height >= array.shape[0] and width >= array.shape[1]:
        return enlarged(np.asarray(array, np.float32), size_hw)

    from PIL import Image  # deferred: importing the package must not load Pillow

    method = Image.Resampling[resample.upper()]
    plane = Image.fromarray(np.ascontiguousarray(array, np.float32))
    return np.array(plane.resize((width, height), method), np.float32)  # one that may be written to


def shrink(rgb: FloatArray, size_hw: Size, resample: Resample, halves: Halves | None = None) -> FloatArray:
    """As `resize` for H×W×C, quicker for large photos: they are halved first by means of 2×2 pixels.

    That is done while the photo is `_HALVED_FROM` times as large each way, so that the filter still has
    a quarter to shrink. On photographs the two differ by 0.002 on average. `halves` are those of `rgb` that are known.
    """
    ratio = min(rgb.shape[0] / size_hw[0], rgb.shape[1] / size_hw[1])
    times = 0
    while ratio >= _HALVED_FROM:
        ratio, times = ratio / 2, times + 1
    planes = (halves or Halves()).of(rgb, times) if times else rgb.transpose(2, 0, 1)
    if resample in OVERSHOOTING:
        return banded(planes, size_hw, resample)
    small = np.empty((*size_hw, len(planes)), np.float32)

    def reduce(channel: int) -> None:
        small[..., channel] = resize(planes[channel], size_hw, resample)

    each(reduce, range(len(planes)))
    return small


def resize_bytes(rgb: FloatArray, size_hw: Size, resample: Resample) -> FloatArray:
    """`rgb` (H×W×3 in [0, 1]) at `size_hw`, reduced in bytes: rounded and clipped after each pass.

    For recipes that were published with it; everything else is reduced in float.
    """
    from PIL import Image  # deferred, as above

    pixels = np.empty(rgb.shape, np.uint8)
    for top in range(0, len(rgb), _ROWS):  # no second copy of a large photo in floats
        pixels[top : top + _ROWS] = np.rint(rgb[top : top + _ROWS] * 255)
    picture = Image.fromarray(pixels)
    small = picture.resize((size_hw[1], size_hw[0]), Image.Resampling[resample.upper()])
    return np.asarray(small, np.float32) / np.float32(255)
