"""What a photo shows behind its subject, guessed from what lies around it.

What is known is averaged over ever larger squares, and each hole takes the average of the smallest square that knows
something, smoothed on the way back: the push-pull scheme of S. Gortler, R. Grzeszczuk, R. Szeliski and M. Cohen, *The
Lumigraph*, SIGGRAPH 1996. It is close to a harmonic continuation at a small part of its cost.
"""

from __future__ import annotations

import numpy as np

from feathercut.kernels.box_sums import box_mean
from feathercut.kernels.halve import squares
from feathercut.kernels.windows import Marks
from feathercut.pictures import FloatArray

_AROUND = 10
"""Pixels around each over which the backdrop's own variation is measured."""
_LEAST = np.float32(1e-6)


def backdrop(planes: FloatArray, known: Marks) -> tuple[FloatArray, FloatArray]:
    """The backdrop's colours, and how much they vary around there; both of the shape of `planes`.

    `planes` is 3×h×w in [0, 1]; `known` h×w marks where the backdrop itself is seen, at least at one pixel. There the
    colours are kept. The variation is the standard deviation over a square of some pixels of what is known.
    """
    weight = known.astype(np.float32)
    share = np.maximum(box_mean(weight, _AROUND), _LEAST)
    means = box_mean(np.concatenate((planes, planes * planes)) * weight, _AROUND) / share
    spread = np.sqrt(np.maximum(means[3:] - means[:3] ** 2, 0))
    both = filled(np.concatenate((planes, spread)), known)
    return both[:3], both[3:]


def filled(planes: FloatArray, known: Marks) -> FloatArray:
    """`planes` (c×h×w) with what is not `known` (h×w) continued smoothly from around; zeros where nothing is.

    >>> filled(np.float32([[[0.25, 0.9, 0.25]]]), np.array([[True, False, True]])).round(2).tolist()
    [[[0.25, 0.25, 0.25]]]
    """
    if known.all():
        return planes
    if known.size == 1 or not known.any():
        return np.where(known, planes, np.float32(0))
    weight = known.astype(np.float32)
    share = squares(weight)
    coarse = filled(squares(planes * weight) / np.maximum(share, _LEAST), share > 0)
    height, width = known.shape
    result = np.where(known, planes, coarse.repeat(2, 1).repeat(2, 2)[:, :height, :width])
    for radius in (2, 1):
        result = np.where(known, planes, box_mean(result, radius))
    return result
