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
    kind = np.uint8 if depth == 8 else np.uint16
    if rgb is None:
        assert alpha is not None  # one of the two is always given
        matte: Integers = np.empty(alpha.shape, kind)
        _fill(matte, alpha)
        return matte
    result: Integers = np.empty((*rgb.shape[:2], 3 if alpha is None else 4), kind)

    def strip(top: int) -> None:
        rows = slice(top, top + _ROWS)
        _fill(result[rows, :, :3], rgb[rows])
        if alpha is not None:
            _fill(result[rows, :, 3], alpha[rows])
            result[rows][result[rows, :, 3] == 0] = 0

    each(strip, range(0, len(rgb), _ROWS))
    return result


def _fill(result: Integers, values: FloatArray) -> None:
    whole = np.float32(np.iinfo(result.dtype).max)
    for top in range(0, len(values), _ROWS):
        scaled = values[top : top + _ROWS] * whole
        scaled += np.float32(0.5)
        result[top : top + _ROWS] = scaled  # assignment truncates
