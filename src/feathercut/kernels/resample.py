"""Changing the size of arrays in float32, antialiased, by Pillow's well-defined filters."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from feathercut.pictures import FloatArray, Resample, Size


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
        # Pillow and numpy let go of the interpreter's lock: planes are resized side by side.
        channels = range(array.shape[2])
        with ThreadPoolExecutor(max_workers=len(channels)) as pool:
            planes = list(pool.map(lambda channel: resize(array[..., channel], size_hw, resample), channels))
        return np.stack(planes, axis=-1)

    from PIL import Image  # deferred: importing the package must not load Pillow

    method = Image.Resampling[resample.upper()]
    height, width = size_hw
    plane = Image.fromarray(np.ascontiguousarray(array, np.float32))
    return np.asarray(plane.resize((width, height), method), np.float32)


def resize_bytes(rgb: FloatArray, size_hw: Size, resample: Resample) -> FloatArray:
    """`rgb` (H×W×3 in [0, 1]) at `size_hw`, reduced in bytes: rounded and clipped after each pass.

    For recipes that were published with it; everything else is reduced in float.
    """
    from PIL import Image  # deferred, as above

    picture = Image.fromarray(np.round(rgb * 255).astype(np.uint8))
    small = picture.resize((size_hw[1], size_hw[0]), Image.Resampling[resample.upper()])
    return np.asarray(small, np.float32) / np.float32(255)
