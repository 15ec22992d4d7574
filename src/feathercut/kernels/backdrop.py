"""What the backdrop would look like without the subject: a smooth plate through the pixels where it shows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from feathercut.kernels.resample import resize, shrink
from feathercut.kernels.windows import Marks
from feathercut.pictures import FloatArray, Size

_LONGEST = 256
"""Cells of the longer side that the plate is made of: light falls off over larger parts of a backdrop than a cell."""
_ROUNDS, _TUKEY = 12, 4.685
_ENOUGH = np.float32(0.25)
"""Of a cell: with less of it known, what is around it counts as well."""


def plate(rgb: FloatArray, shows: FloatArray) -> FloatArray:
    """The backdrop's colours, H×W×3, as they are where it shows and smooth in between.

    `rgb` is H×W×3; `shows` H×W in [0, 1] says how far each pixel is the backdrop's. Holes are filled with means of ever
    larger blocks: S. Gortler et al., "The Lumigraph", SIGGRAPH 1996 (pull and push).
    """
    size = grid_size(shows.shape)
    known = shrink(np.ascontiguousarray(shows[..., None]), size, "box")[..., 0]
    sums = shrink(rgb * shows[..., None], size, "box")
    return resize(filled(sums, known), (shows.shape[0], shows.shape[1]), "bilinear")


def grid_size(size: tuple[int, ...]) -> Size:
    """Rows and columns of the plate's cells for a photo of this size."""
    ratio = min(1.0, _LONGEST / max(size[:2]))
    return max(1, round(size[0] * ratio)), max(1, round(size[1] * ratio))


def filled(sums: FloatArray, weight: FloatArray) -> FloatArray:
    """Weighted sums (h×w×c) over weights (h×w), where weights are small with what the blocks around them say."""
    height, width = weight.shape
    if min(height, width) < 2:
        return np.broadcast_to(sums.sum((0, 1)) / max(float(weight.sum()), 1e-9), sums.shape).astype(np.float32)
    half = ((height + 1) // 2, (width + 1) // 2)
    behind = resize(filled(resize(sums, half, "box"), resize(weight, half, "box")), (height, width), "bilinear")
    own = np.minimum(weight / _ENOUGH, 1)[..., None]
    means = sums / np.maximum(weight, np.float32(1e-6))[..., None]
    return np.asarray(behind + own * (means - behind), np.float32)


def smooth_plate(rgb: FloatArray, shows: Marks) -> FloatArray:
    """The backdrop as a polynomial of the place, cubic, through the pixels that show it; the far ones count less.

    H×W×3 in [0, 1]. Unlike `plate` it does not follow what lies before the backdrop and looks much like it, and goes on
    behind the subject as it falls off beside it. Tukey's weights: F. Hampel et al., "Robust Statistics", 1986.
    """
    size = grid_size(shows.shape)
    cells = shrink(shows[..., None].astype(np.float32), size, "box")[..., 0]
    colours = shrink(rgb * shows[..., None], size, "box") / np.maximum(cells, np.float32(1e-6))[..., None]
    terms = _terms(size)
    chosen = cells > _ENOUGH
    if chosen.sum() < 2 * terms.shape[-1]:
        return plate(rgb, shows.astype(np.float32))
    known, wanted = terms[chosen], colours[chosen].astype(np.float64)
    trust = np.ones(len(wanted))
    for _ in range(_ROUNDS):
        root = np.sqrt(trust)[:, None]
        fit = np.linalg.lstsq(known * root, wanted * root, rcond=None)[0]
        far = np.linalg.norm(wanted - known @ fit, axis=1)
        reach = _TUKEY * max(float(np.median(far)) * 1.4826, 1e-4)
        trust = np.where(far < reach, (1 - (far / reach) ** 2) ** 2, 0)
    small = np.clip(terms @ fit, 0, 1).astype(np.float32)
    return resize(small, (shows.shape[0], shows.shape[1]), "bilinear")


def _terms(size: Size) -> NDArray[np.float64]:
    """The ten products of coordinates up to the third power at each cell, h×w×10."""
    y, x = np.mgrid[-1 : 1 : size[0] * 1j, -1 : 1 : size[1] * 1j]
    return np.stack([x**across * y**down for down in range(4) for across in range(4 - down)], axis=2)
