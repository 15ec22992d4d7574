"""The subject's own colours at soft pixels, where the photo shows a mixture.

A pixel is I = αF + (1 − α)B with F and B nearly the same all over a cell of pixels (`mixture.py`); what
they leave of a pixel unexplained is shared out between the two at the end. Only what is near soft pixels is worked
on closely, so that the cost follows the length of the edges more than the photo's area.
"""

from __future__ import annotations

import numpy as np

from feathercut.kernels.fours import any_of, at_pixels, pixels
from feathercut.kernels.mixture import unmix
from feathercut.kernels.windows import Marks, around, grid, shifted
from feathercut.pictures import FloatArray

_TILE = 28
"""Cells a side: all of them stay in the processor's cache. Numpy's steps are too short there to be shared out."""
_PIXEL = np.dtype("V12")
"""The three numbers of a pixel as one thing, which is what choosing pixels is quickest with."""
_OWN = np.float32(2)
"""How much more of what a cell leaves unexplained is the subject's than the background's, more often out of focus."""
_UNSURE = np.float32(0.1)
"""How much of that is neither's, since alpha is not quite right."""


def estimate_foreground(
    rgb: FloatArray, alpha: FloatArray, weight: FloatArray | None = None, *, in_place: bool = False
) -> FloatArray:
    """F of I = αF + (1 − α)B, H×W×3 in [0, 1].

    `rgb` is I, H×W×3; `alpha` H×W; both in [0, 1]. `weight` H×W says how much each pixel's colour may
    be believed (None: all alike). Where alpha is 1 the photo's colour is kept to the bit, where it
    is 0 the result is 0. `in_place` writes F over I, which spares a large photo's memory.
    """
    colours = unmix(rgb, alpha, weight)
    result = rgb if in_place else np.zeros_like(rgb)  # memory for empty parts is never touched
    size = (alpha.shape[0] + 3) // 4, (alpha.shape[1] + 3) // 4

    for cells in grid(size, _TILE):
        tile = pixels(cells, alpha.shape)
        there = alpha[tile] > 0
        if in_place:
            _empty(~there, result[tile])
        else:
            _take(rgb[tile], there, result[tile])
        soft = there & (alpha[tile] < 1)
        if colours is None or not soft.any():
            continue
        for near in around(any_of(soft), _TILE, 0):
            window = shifted(near, cells)
            part = pixels(window, alpha.shape)
            believed = None if weight is None else weight[part]
            own = _own_colours(rgb[part], alpha[part], at_pixels(colours, window), believed)
            _take(own, soft[pixels(near, soft.shape)], result[part])
    return result


def _take(rgb: FloatArray, where: Marks, result: FloatArray) -> None:
    """Writes the colours (h×w×3) of the pixels that are marked."""
    if where.all():
        result[:] = rgb
    elif where.any():
        np.copyto(result.view(_PIXEL)[..., 0], rgb.view(_PIXEL)[..., 0], where=where)


def _empty(where: Marks, result: FloatArray) -> None:
    """Writes zeros where it is marked."""
    if where.all():
        result[:] = 0
    elif where.any():
        np.copyto(result.view(_PIXEL)[..., 0], np.zeros((), _PIXEL), where=where)


def _own_colours(rgb: FloatArray, alpha: FloatArray, pair: FloatArray, weight: FloatArray | None) -> FloatArray:
    """F of single pixels, h×w×3, from F̂ and B̂ that hold all around (6×h×w or a little more).

    The rest r = I − αF̂ − (1 − α)B̂ is F's and B's as they vary and weigh in it, k to 1:
    F = F̂ + kα r / (kα² + (1 − α)² + s), the least sum of squares.
    """
    height, width = alpha.shape
    f, b = pair[:3, :height, :width], pair[3:, :height, :width]
    gain = alpha * _OWN
    gain /= gain * alpha + (1 - alpha) ** 2 + _UNSURE
    if weight is not None:
        gain *= weight
    rest = rgb.transpose(2, 0, 1) - b
    rest -= (f - b) * alpha
    rest *= gain
    rest += f
    np.minimum(np.maximum(rest, 0, out=rest), 1, out=rest)
    result = np.empty_like(rgb)
    for channel in range(3):  # four times as fast as the same in one go
        result[..., channel] = rest[channel]
    return result
