"""What a subject is made of while it is drawn: colours with their coverage, one layer over another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np

from feathercut.pictures import FloatArray


@dataclass(frozen=True, eq=False)
class Layer:
    """`alpha` H×W and `colour` H×W×3 in [0, 1], straight; the colour means nothing where alpha is 0."""

    alpha: FloatArray
    colour: FloatArray


def over(*front_to_back: Layer) -> Layer:
    """Layers over one another, the nearest first. Source: Porter and Duff, Compositing Digital Images, 1984."""
    return reduce(_over, front_to_back)


def _over(front: Layer, back: Layer) -> Layer:
    behind = back.alpha * (1 - front.alpha)
    alpha = front.alpha + behind
    share = behind / np.maximum(alpha, np.float32(1e-12))
    return Layer(np.minimum(alpha, 1), front.colour + share[..., None] * (back.colour - front.colour))


def extended(layer: Layer) -> FloatArray:
    """The layer's colour, H×W×3, where alpha is 0 that of what is near: means over ever larger blocks."""
    return _filled(layer.colour * layer.alpha[..., None], layer.alpha, layer.colour)


def _filled(weighted: FloatArray, weight: FloatArray, colour: FloatArray) -> FloatArray:
    """`colour` where there is weight; elsewhere `weighted` over `weight` of the blocks twice as large."""
    if weight.all() or not weight.any() or min(weight.shape) < 2:
        mean = weighted.sum((0, 1)) / max(float(weight.sum()), 1e-12)
        return np.where(weight[..., None] > 0, colour, mean.astype(np.float32))
    height, width = weight.shape
    coarse_weight = _pairs(weight)
    coarse = _pairs(weighted)
    means = coarse / np.maximum(coarse_weight, np.float32(1e-12))[..., None]
    above = _filled(coarse, coarse_weight, means).repeat(2, 0).repeat(2, 1)[:height, :width]
    return np.where(weight[..., None] > 0, colour, above)


def _pairs(array: FloatArray) -> FloatArray:
    """Sums over 2×2 pixels; an odd last row or column stands alone."""
    padding = [(0, array.shape[0] % 2), (0, array.shape[1] % 2), *[(0, 0)] * (array.ndim - 2)]
    even = np.pad(array, padding)
    result: FloatArray = even[0::2, 0::2] + even[0::2, 1::2] + even[1::2, 0::2] + even[1::2, 1::2]
    return result
