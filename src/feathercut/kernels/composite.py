"""Putting straight-alpha layers on top of each other, and changing their size without fringes."""

from __future__ import annotations

import numpy as np

from feathercut.kernels.resample import resize
from feathercut.pictures import FloatArray, Size

_LEAST = np.float32(1e-6)


def over(
    rgb: FloatArray, alpha: FloatArray, below_rgb: FloatArray, below_alpha: FloatArray | float
) -> tuple[FloatArray, FloatArray]:
    """One straight-alpha layer over another: colours and alpha of both together.

    `rgb` H×W×3, `alpha` H×W; `below_rgb` H×W×3 or one colour of 3, `below_alpha` H×W or a number. The
    result is straight too, and zero where nothing shows. T. Porter, T. Duff, "Compositing Digital
    Images", SIGGRAPH 1984, on encoded values, as every picture editor does it.

    >>> grey, alpha = over(np.zeros((1, 1, 3), np.float32), np.float32([[0.5]]), np.ones(3, np.float32), 1.0)
    >>> grey.tolist(), alpha.tolist()
    ([[[0.5, 0.5, 0.5]]], [[1.0]])
    """
    a = alpha[..., None]
    b = np.broadcast_to(np.asarray(below_alpha, np.float32), alpha.shape)[..., None] * (1 - a)
    total = a + b
    mixed = rgb * a + below_rgb * b
    mixed = np.divide(mixed, total, out=np.zeros_like(mixed), where=total > _LEAST)
    return np.clip(mixed, 0, 1), np.clip(total[..., 0], 0, 1)


def resize_straight(rgb: FloatArray, alpha: FloatArray, size_hw: Size) -> tuple[FloatArray, FloatArray]:
    """A straight-alpha picture at another size, by Lanczos on premultiplied colours.

    Colours are weighted by their alpha, so that hidden ones never bleed into an edge. Where a filter that
    does not ring sees nothing or all of a pixel, so it is: no ghost line runs along the edge.
    """
    if alpha.shape == size_hw:
        return rgb, alpha
    new_alpha = resize(alpha, size_hw, "lanczos")
    new_rgb = resize(rgb * alpha[..., None], size_hw, "lanczos")
    shows = new_alpha > np.float32(1 / 1024)
    new_rgb = np.divide(new_rgb, new_alpha[..., None], out=np.zeros_like(new_rgb), where=shows[..., None])
    plain = resize(alpha, size_hw, "bilinear")
    new_alpha = np.where(plain >= 1 - _LEAST, np.float32(1), np.clip(new_alpha, 0, 1))
    shows &= plain > _LEAST
    return np.where(shows[..., None], np.clip(new_rgb, 0, 1), np.float32(0)), np.where(shows, new_alpha, np.float32(0))


def gaussian_blur(rgb: FloatArray, radius_px: float) -> FloatArray:
    """`rgb` (H×W×C) blurred by a Gaussian of standard deviation `radius_px`, the border repeated.

    Wide blurs are computed at reduced size, where nothing of them is lost. None is wider than the
    picture's longer side, where it is all but flat already.
    """
    radius_px = min(radius_px, max(rgb.shape[:2]))
    reduction = max(1.0, radius_px / 4)
    height, width = rgb.shape[:2]
    size = (max(1, round(height / reduction)), max(1, round(width / reduction)))
    small = resize(rgb, size, "box")
    small = _convolve(_convolve(small, radius_px * size[0] / height, 0), radius_px * size[1] / width, 1)
    return np.clip(resize(small, (height, width), "bicubic"), 0, 1)


def _convolve(rgb: FloatArray, sigma: float, axis: int) -> FloatArray:
    reach = max(1, int(np.ceil(3 * sigma)))
    offsets = np.arange(-reach, reach + 1)
    taps = np.exp(-0.5 * (offsets / max(sigma, 1e-3)) ** 2)
    taps /= taps.sum()
    index = np.arange(rgb.shape[axis])
    total = np.zeros_like(rgb)
    for offset, tap in zip(offsets, taps, strict=True):
        total += np.float32(tap) * np.take(rgb, np.clip(index + offset, 0, len(index) - 1), axis)
    return total
