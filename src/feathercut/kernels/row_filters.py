"""PNG's row filters: each pixel as its difference from its neighbours, which packs better.

W3C, "Portable Network Graphics Specification", section 9. One filter serves a whole picture here; which
one is told by packing a sample of rows.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from feathercut.kernels.side_by_side import each

RowFilter = Literal["none", "sub", "up", "paeth"]
NUMBERS: dict[RowFilter, int] = {"none": 0, "sub": 1, "up": 2, "paeth": 4}

Bytes = NDArray[np.uint8]
_ROWS = 64  # a strip of int16 stays in the processor's cache


def filter_rows(rows: Bytes, pixel_bytes: int, name: RowFilter) -> Bytes:
    """`rows` (h×n bytes) filtered, h×(n + 1): each row begins with the filter's number.

    `pixel_bytes` is the distance to the pixel on the left.
    """
    result = np.empty((rows.shape[0], rows.shape[1] + 1), np.uint8)
    result[:, 0] = NUMBERS[name]
    body = result[:, 1:]
    match name:
        case "none":
            body[:] = rows
        case "sub":
            body[:, :pixel_bytes] = rows[:, :pixel_bytes]
            np.subtract(rows[:, pixel_bytes:], rows[:, :-pixel_bytes], out=body[:, pixel_bytes:])
        case "up":
            body[0] = rows[0]
            np.subtract(rows[1:], rows[:-1], out=body[1:])
        case "paeth":

            def filter_strip(top: int) -> None:
                above = rows[top - 1] if top else np.zeros_like(rows[0])
                strip = rows[top : top + _ROWS]
                body[top : top + _ROWS] = strip - _paeth(strip, above, pixel_bytes)

            each(filter_strip, range(0, len(rows), _ROWS))
    return result


def _paeth(strip: Bytes, above: Bytes, pixel_bytes: int) -> Bytes:
    """Whichever of left, above and above-left is nearest to left + above − above-left, ties in that order."""
    up = np.concatenate([above[None], strip[:-1]]).astype(np.int16)
    left, corner = np.zeros_like(up), np.zeros_like(up)
    left[:, pixel_bytes:] = strip[:, :-pixel_bytes]
    corner[:, pixel_bytes:] = up[:, :-pixel_bytes]
    to_left, to_up = np.abs(up - corner), np.abs(left - corner)
    to_corner = np.abs(left + up - 2 * corner)
    nearest = np.where(to_up <= to_corner, up, corner)
    return np.where((to_left <= to_up) & (to_left <= to_corner), left, nearest).astype(np.uint8)
