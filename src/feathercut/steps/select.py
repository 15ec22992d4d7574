"""Matte → Matte: what counts as the subject."""

from __future__ import annotations

import numpy as np

from feathercut.kernels.resample import shrink
from feathercut.kernels.side_by_side import each
from feathercut.options import Select
from feathercut.pictures import FloatArray, Matte

# What eight bits round to nothing or to all of a pixel: networks leave such a fog on whole backgrounds.
_FOG = 0.5 / 255
_CELLS = 128
_ROWS = 64  # a strip stays in the processor's cache


def select(matte: Matte, options: Select) -> Matte:
    """The matte of the subject; empty where there is none.

    A network answers a photo without a subject with faint noise, so a matte whose peak does not reach
    `options.presence` is emptied. One that does is left as it is but for the fog on sure pixels, too
    faint for eight bits: a subject that is half transparent stays half.

    >>> select(Matte(np.full((2, 2), 0.02, np.float32)), Select()).is_empty
    True
    """
    if _peak(matte.alpha) >= options.presence:
        return Matte(_without_fog(matte.alpha))
    return Matte(np.zeros_like(matte.alpha))


def _without_fog(alpha: FloatArray) -> FloatArray:
    """`alpha` (H×W) with 0 and 1 where eight bits would show no more and no less."""
    result = np.empty_like(alpha)

    def snap(top: int) -> None:
        rows, snapped = alpha[top : top + _ROWS], result[top : top + _ROWS]
        np.multiply(rows, rows >= _FOG, out=snapped)  # by 0 or 1: quicker than to choose
        np.maximum(snapped, rows > 1 - _FOG, out=snapped)

    each(snap, range(0, len(alpha), _ROWS))
    return result


def _peak(alpha: FloatArray) -> float:
    """The largest alpha in a grid of at most 128 cells each way.

    Noise and patterns have single strong pixels, subjects have places: a bird of a hundredth of the
    photo's width still fills a cell.
    """
    size = min(alpha.shape[0], _CELLS), min(alpha.shape[1], _CELLS)
    return float(shrink(alpha[..., None], size, "box").max())
