"""From float to the integers that files hold."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from feathercut.kernels.side_by_side import each
from feathercut.pictures import FloatArray

Integers = NDArray[np.uint8] | NDArray[np.uint16]

_ROWS = 64  # a strip stays in the processor's cache, and the float copy of a large photo is never whole


def quantise(rgb: FloatArray | None, alpha: FloatArray | None, depth: Literal[8, 16]) -> Integers:
    """Integers of `depth` bits: H×W×4, or H×W×3 without `alpha`, or H×W of `alpha` alone without `rgb`.

    Halves are rounded up. Colours are zero where alpha comes out as zero.

    >>> quantise(np.ones((1, 1, 3), np.float32), np.full((1, 1), 0.001, np.float32), 8).tolist()
    [[[0, 0, 0, 0]]]
    """
    shown = alpha if rgb is None else rgb
    assert shown is not None  # one of the two is always given
    shape = shown.shape if rgb is None or alpha is None else (*alpha.shape, 4)
    # Zeros cost nothing before they are touched, and most of a cutout never is.
    result: Integers = np.zeros(shape, np.uint8) if depth == 8 else np.zeros(shape, np.uint16)

    def strip(top: int) -> None:
        rows = slice(top, top + _ROWS)
        if rgb is None or alpha is None:
            result[rows] = _scaled(shown[rows], result)  # assignment truncates
        else:
            matte = np.empty_like(result[rows, :, 3])
            matte[:] = _scaled(alpha[rows], result)
            _fill(result[rows], rgb[rows], matte)

    each(strip, range(0, len(shown), _ROWS))
    return result


def _fill(result: Integers, rgb: FloatArray, alpha: Integers) -> None:
    """Writes h×w×4, which is zero, in the columns where anything shows."""
    shows = np.flatnonzero(np.bitwise_or.reduce(alpha, axis=0))
    if not shows.size:
        return
    columns = slice(shows[0], shows[-1] + 1)
    result, alpha = result[:, columns], alpha[:, columns]
    colours = _scaled(rgb[:, columns], result)
    for channel in range(3):  # one at a time: numpy is slow along an axis of three
        result[..., channel] = colours[..., channel]
    result[..., 3] = alpha
    # All four as one number, to be kept or not.
    pixels = result.view(np.uint32 if result.dtype == np.uint8 else np.uint64)[..., 0]
    np.multiply(pixels, alpha != 0, out=pixels)


def _scaled(values: FloatArray, integers: Integers) -> FloatArray:
    """Floats that become integers of that kind when what is behind the point is dropped."""
    scaled: FloatArray = values * np.float32(np.iinfo(integers.dtype).max)
    scaled += np.float32(0.5)
    return scaled
