"""PNG's row filters: each pixel as its difference from its neighbours, which packs better.

W3C, "Portable Network Graphics Specification", section 9. One filter serves a whole picture here; which
one is told by packing a sample of rows.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

RowFilter = Literal["none", "sub", "up", "paeth"]
NUMBERS: dict[RowFilter, int] = {"none": 0, "sub": 1, "up": 2, "paeth": 4}

Bytes = NDArray[np.uint8]
_ROWS = 32  # a strip and what is computed of it stay in the processor's cache


def filter_rows(rows: Bytes, pixel_bytes: int, name: RowFilter, above: Bytes | None = None) -> Bytes:
    """`rows` (h×n bytes) filtered, h×(n + 1): each row begins with the filter's number.

    `pixel_bytes` is the distance to the pixel on the left; `above` (n bytes) is the row before the first, None
    where the picture begins.
    """
    # Zeros cost nothing before they are touched, and most of a cutout never is.
    result = np.zeros((rows.shape[0], rows.shape[1] + 1), np.uint8)
    result[:, 0] = NUMBERS[name]
    body = result[:, 1:]
    match name:
        case "none":
            body[:] = rows
        case "sub":
            body[:, :pixel_bytes] = rows[:, :pixel_bytes]
            np.subtract(rows[:, pixel_bytes:], rows[:, :-pixel_bytes], out=body[:, pixel_bytes:])
        case "up":
            body[0] = rows[0] if above is None else rows[0] - above
            np.subtract(rows[1:], rows[:-1], out=body[1:])
        case "paeth":
            for top in range(0, len(rows), _ROWS):
                _filter_strip(rows, body, top, pixel_bytes, above if top == 0 else rows[top - 1])
    return result


def _filter_strip(rows: Bytes, body: Bytes, top: int, pixel_bytes: int, above: Bytes | None) -> None:
    """Writes `_ROWS` of Paeth's differences from `top` on into `body`, which is zero."""
    strip = rows[top : top + _ROWS]
    any_bit = np.bitwise_or.reduce(strip, axis=0)
    if above is not None:
        any_bit |= above
    used = np.flatnonzero(any_bit)
    if not used.size:
        return
    # The pixel after the last one is foretold from it. Beyond these columns zeros are foretold from zeros.
    start, stop = int(used[0]), min(int(used[-1]) + 1 + pixel_bytes, rows.shape[1])
    # The strip with what is above and to the left of it: zeros where the picture ends.
    framed = np.zeros((len(strip) + 1, pixel_bytes + stop - start), np.uint8)
    framed[1:, pixel_bytes:] = strip[:, start:stop]
    if above is not None:
        framed[0, pixel_bytes:] = above[start:stop]
    foretold = _paeth(framed[1:, :-pixel_bytes], framed[:-1, pixel_bytes:], framed[:-1, :-pixel_bytes])
    np.subtract(framed[1:, pixel_bytes:], foretold, out=body[top : top + len(strip), start:stop])


def _paeth(left: Bytes, up: Bytes, corner: Bytes) -> Bytes:
    """Whichever of left, up and corner (above-left) is nearest to left + up − corner, ties in that order.

    From there it is |up − corner| to left, |left − corner| to up, and to corner the two together: their
    sum where both go the same way, so that corner is never nearest, and else the difference of the two.
    All of it fits into bytes, of which a processor takes most at once.
    """
    lower = np.minimum(up, corner)
    to_left = np.maximum(up, corner)
    to_left -= lower
    np.minimum(left, corner, out=lower)
    to_up = np.maximum(left, corner)
    to_up -= lower
    nearer = np.minimum(to_left, to_up, out=lower)
    to_corner = np.maximum(to_left, to_up)
    to_corner -= nearer
    to_corner |= _mask((up >= corner) == (left >= corner))
    is_corner = _mask(to_corner < nearer)
    is_left = _mask(to_left <= to_up)
    # Chosen by bits, which is quicker than np.where: a ^ ((a ^ b) & mask) is b where the mask is set.
    nearest: Bytes = np.bitwise_xor(left, up, out=to_left)
    nearest &= is_left
    nearest ^= up
    other = np.bitwise_xor(nearest, corner, out=to_up)
    other &= is_corner
    nearest ^= other
    return nearest


def _mask(condition: NDArray[np.bool_]) -> Bytes:
    """255 where the condition holds and 0 elsewhere, in its own memory."""
    mask = condition.view(np.uint8)
    return np.negative(mask, out=mask)
