"""Windows of a reduced array at full size, so that no whole array of that size is made."""

from __future__ import annotations

import numpy as np

from feathercut.kernels.windows import Window
from feathercut.pictures import FloatArray, Size


def full_window(cells: Window, small: Size, full: Size) -> Window:
    """The pixels of a `full` picture whose first corner lies in these cells of a `small` one: windows of cells
    that cover the small one without overlap cover the full one so, too."""
    rows, columns = (
        slice(-(-one.start * long // short), -(-one.stop * long // short))
        for one, short, long in zip(cells, small, full, strict=True)
    )
    return rows, columns


def sampled(planes: FloatArray, window: Window, full: Size) -> FloatArray:
    """What `window` (in pixels of a picture of size `full`) shows of `planes` (…×h×w), bilinear.

    Pixel areas are aligned at the outer edges, as in `kernels.resample`; for arrays that are enlarged.

    >>> sampled(np.float32([[0, 1]]), (slice(0, 1), slice(1, 3)), (1, 4)).tolist()
    [[0.25, 0.75]]
    """
    small: Size = (planes.shape[-2], planes.shape[-1])
    if small == full:
        return planes[(..., *window)]
    (top, bottom, down), (left, right, across) = (
        _between(one, short, long) for one, short, long in zip(window, small, full, strict=True)
    )
    rows = planes[..., top, :] * (1 - down[:, None])
    rows += planes[..., bottom, :] * down[:, None]
    result: FloatArray = rows[..., left] * (1 - across)
    result += rows[..., right] * across
    return result


def _between(window: slice, short: int, long: int) -> tuple[np.ndarray, np.ndarray, FloatArray]:
    """For each pixel the cell before and after its centre, and how far it has gone to the second."""
    at = np.clip((np.arange(window.start, window.stop) + 0.5) * (short / long) - 0.5, 0, short - 1)
    before = np.floor(at).astype(np.intp)
    return before, np.minimum(before + 1, short - 1), (at - before).astype(np.float32)
