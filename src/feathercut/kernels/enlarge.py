"""Windows of a small grid at full size, so that no array of that size is made."""

from __future__ import annotations

from feathercut.kernels.resample import resize
from feathercut.kernels.windows import Window
from feathercut.pictures import FloatArray, Resample

_AROUND = 2
"""Cells that a filter looks at beyond its own when it enlarges."""


def enlarged(small: FloatArray, window: Window, step: int, resample: Resample) -> FloatArray:
    """What `window` (in pixels) shows of `small` (h×w), of which each cell is `step`×`step` pixels.

    >>> enlarged(np.float32([[0, 1]]), (slice(0, 1), slice(2, 5)), 4, "bilinear").tolist()
    [[0.125, 0.375, 0.625]]
    """
    rows, columns = (slice(max(0, one.start // step - _AROUND), -(-one.stop // step) + _AROUND) for one in window)
    part = small[rows, columns]
    large = resize(part, (part.shape[0] * step, part.shape[1] * step), resample)
    top, left = window[0].start - rows.start * step, window[1].start - columns.start * step
    height, width = window[0].stop - window[0].start, window[1].stop - window[1].start
    return large[top : top + height, left : left + width]
