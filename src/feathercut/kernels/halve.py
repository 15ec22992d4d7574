"""Half the size, by means of 2×2 pixels."""

from __future__ import annotations

import numpy as np

from feathercut.kernels.side_by_side import each
from feathercut.pictures import FloatArray

_STRIP = 64
"""Rows that are worked on at a time; an even number, so that pairs of rows stay together."""


def halved(array: FloatArray) -> FloatArray:
    """Means of 2×2 pixels of …×h×w, which is …×⌈h/2⌉×⌈w/2⌉; an odd last row or column stands alone.

    >>> halved(np.float32([[0, 1, 5], [2, 3, 7]])).tolist()
    [[1.5, 6.0]]
    """
    height, width = array.shape[-2:]
    result = np.empty((*array.shape[:-2], (height + 1) // 2, (width + 1) // 2), np.float32)

    def halve(top: int) -> None:
        rows = array[..., top : top + _STRIP, :]
        down = rows[..., 0::2, :].copy()
        pairs = rows.shape[-2] // 2
        down[..., :pairs, :] += rows[..., 1::2, :]
        down[..., :pairs, :] *= np.float32(0.5)
        across = result[..., top // 2 : top // 2 + down.shape[-2], :]
        across[:] = down[..., 0::2]
        across[..., : width // 2] += down[..., 1::2]
        across[..., : width // 2] *= np.float32(0.5)

    each(halve, range(0, height, _STRIP))
    return result
