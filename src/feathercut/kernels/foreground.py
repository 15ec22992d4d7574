"""The subject's own colours at soft pixels, where the photo shows a mixture.

A pixel is I = αF + (1 − α)B with F and B nearly the same all over a cell of pixels (`mixture.py`); what
they leave of a pixel unexplained is shared out between the two at the end. Only what is near soft pixels is worked
on closely, so that the cost follows the length of the edges more than the photo's area.
"""

from __future__ import annotations

import numpy as np

from feathercut.kernels.mixture import quarters, unmix
from feathercut.kernels.side_by_side import each
from feathercut.kernels.windows import Window, around, even, grid
from feathercut.pictures import FloatArray

_TILE = 192
_OWN = np.float32(2)
"""How much more of what a cell leaves unexplained is the subject's than the background's, more often out of focus."""
_UNSURE = np.float32(0.1)
"""How much of that is neither's, since alpha is not quite right."""


def estimate_foreground(rgb: FloatArray, alpha: FloatArray, weight: FloatArray | None = None) -> FloatArray:
    """F of I = αF + (1 − α)B, H×W×3 in [0, 1].

    `rgb` is I, H×W×3; `alpha` H×W; both in [0, 1]. `weight` H×W says how much each pixel's colour may
    be believed (None: all alike). Where alpha is 1 the photo's colour is kept to the bit, where it
    is 0 the result is 0.
    """
    result = np.zeros_like(rgb)  # memory for empty parts is never touched
    soft = (alpha > 0) & (alpha < 1)
    colours = unmix(rgb, alpha, weight, soft) if soft.any() else None

    def finish(tile: Window) -> None:
        _keep(rgb[tile], alpha[tile], result[tile])
        if colours is None:
            return
        for window in around(soft[tile], _TILE, 0):
            here = even((_shifted(window[0], tile[0]), _shifted(window[1], tile[1])))
            for quarter, pair in quarters(colours, here):
                where = soft[here][quarter]
                believed = None if weight is None else weight[here][quarter]
                own = _own_colours(rgb[here][quarter], alpha[here][quarter], pair, believed)
                into = result[here][quarter]
                for channel in range(3):
                    np.copyto(into[..., channel], own[channel], where=where)

    each(finish, grid(alpha.shape, _TILE))
    return result


def _shifted(window: slice, by: slice) -> slice:
    return slice(by.start + window.start, by.start + window.stop)


def _keep(rgb: FloatArray, alpha: FloatArray, result: FloatArray) -> None:
    """Writes the photo where the subject is, into zeros."""
    there = alpha > 0
    if there.all():
        result[:] = rgb
    elif there.any():
        for channel in range(3):
            np.copyto(result[..., channel], rgb[..., channel], where=there)


def _own_colours(rgb: FloatArray, alpha: FloatArray, pair: FloatArray, weight: FloatArray | None) -> FloatArray:
    """F of single pixels, 3×h×w, from F̂ and B̂ (2×3×h×w) that hold all around.

    The rest r = I − αF̂ − (1 − α)B̂ is F's and B's as they vary and weigh in it, k to 1:
    F = F̂ + kα r / (kα² + (1 − α)² + s), the least sum of squares.
    """
    f, b = pair
    gain = alpha * _OWN
    gain /= gain * alpha + (1 - alpha) ** 2 + _UNSURE
    if weight is not None:
        gain *= weight
    rest = rgb.transpose(2, 0, 1) - b
    rest -= (f - b) * alpha
    rest *= gain
    rest += f
    result: FloatArray = np.minimum(np.maximum(rest, 0, out=rest), 1, out=rest)
    return result
