"""Reduced arrays at full size, bilinear, whole or a window of them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from feathercut.kernels.side_by_side import each
from feathercut.kernels.windows import Window
from feathercut.pictures import FloatArray, Size

Places = NDArray[np.intp]
_ROWS = 64


def enlarged(plane: FloatArray, full: Size) -> FloatArray:
    """`plane` (h×w) at the size `full`, which is no smaller either way."""
    result = np.empty(full, np.float32)
    left, across = _between(slice(0, full[1]), plane.shape[1], full[1])

    def fill(start: int) -> None:
        rows = slice(start, min(start + _ROWS, full[0]))
        top, down = _between(rows, plane.shape[0], full[0])
        part = plane[int(top[0]) : int(top[-1]) + 2]
        # Turned, so that it is whole rows that are picked both times.
        wide = np.ascontiguousarray(_mixed(np.ascontiguousarray(part.T), left, across).T)
        _mixed(wide, top - top[0], down, result[rows])

    each(fill, range(0, full[0], _ROWS))
    return result


def sampled(planes: FloatArray, window: Window, full: Size) -> FloatArray:
    """What `window` (in pixels of a picture of size `full`) shows of `planes` (…×h×w), bilinear.

    Pixel areas are aligned at the outer edges, as in `kernels.resample`; for arrays that are enlarged.

    >>> sampled(np.float32([[0, 1]]), (slice(0, 1), slice(1, 3)), (1, 4)).tolist()
    [[0.25, 0.75]]
    """
    small: Size = (planes.shape[-2], planes.shape[-1])
    if small == full:
        return planes[(..., *window)]
    rows, down = _shares(window[0].start, window[0].stop, small[0], full[0])
    columns, across = _shares(window[1].start, window[1].stop, small[1], full[1])
    # As products of matrices, most of whose numbers are zero: for a small window still faster than to pick cells.
    return np.asarray(down @ planes[..., rows, columns] @ across.T, np.float32)


def looked_at(window: Window, small: Size, full: Size) -> Window:
    """The cells of an array of size `small` that `sampled` looks at for a window."""
    rows, columns = (
        _shares(one.start, one.stop, short, long)[0] for one, short, long in zip(window, small, full, strict=True)
    )
    return rows, columns


@lru_cache(maxsize=256)  # tiles of one row share theirs
def _shares(start: int, stop: int, short: int, long: int) -> tuple[slice, FloatArray]:
    """The cells that some pixels look at, and the share of each in each pixel, pixels×cells."""
    before, gone = _between(slice(start, stop), short, long)
    cells = slice(int(before[0]), min(int(before[-1]) + 2, short))
    shares = np.zeros((len(before), cells.stop - cells.start), np.float32)
    pixels = np.arange(len(before))
    shares[pixels, before - cells.start] = 1 - gone
    shares[pixels, np.minimum(before + 1, short - 1) - cells.start] += gone
    return cells, shares


def _mixed(rows: FloatArray, before: Places, gone: FloatArray, result: FloatArray | None = None) -> FloatArray:
    """Between the rows `before` and the ones after them, as far as `gone`; in `result`, where there is one."""
    # Clipped, as nothing lies beyond the last: that spares looking, and a copy.
    result = rows.take(before, axis=0, out=result, mode="clip")
    after = rows.take(before + 1, axis=0, mode="clip")
    after -= result
    after *= gone[:, None]
    result += after
    return result


def _between(window: slice, short: int, long: int) -> tuple[Places, FloatArray]:
    """For each pixel the cell before its centre, and how far it has gone to the next one."""
    at = np.clip((np.arange(window.start, window.stop) + 0.5) * (short / long) - 0.5, 0, short - 1)
    before = np.floor(at).astype(np.intp)
    return before, (at - before).astype(np.float32)
