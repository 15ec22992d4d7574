"""The errors of a matte, pixel by pixel, after Rhemann, Rother, Wang, Gelautz, Kohli and Rott, "A perceptually
motivated online benchmark for image matting", CVPR 2009.

Maps, not sums, so that the same error can be summed over the photo and over the unknown band.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from feathercut.evaluate.arrays import Mask, Values
from feathercut.evaluate.extra import ndimage

_SIGMA = 1.4
_TAIL = 1e-2  # the kernel ends where the Gaussian falls below this
_STEP = 0.1
_TOLERANCE = 0.15  # a pixel this much above its level still counts as connected


def gradient_error(alpha: Values, truth: Values) -> Values:
    """(|∇alpha| − |∇truth|)², with derivatives of a Gaussian of sigma 1.4 and edges repeated; H×W.

    Raises OptionError where SciPy is not installed.
    """
    difference: Values = (_gradient(alpha) - _gradient(truth)) ** 2
    return difference


def connectivity_error(alpha: Values, truth: Values) -> Values:
    """How much the two differ in being connected to what is solid in both; H×W in [0, 1].

    A pixel's level is the highest threshold, in steps of 0.1, at which it belongs to the largest
    region that both reach. Raises OptionError where SciPy is not installed.
    """
    level = _levels(alpha, truth)
    error: Values = np.abs(_apart(truth, level) - _apart(alpha, level))
    return error


def _gradient(alpha: Values) -> Values:
    """The length of the gradient. The kernels of the paper are products, so each is two passes of a line."""
    filtered = ndimage().correlate1d
    half = int(np.ceil(_SIGMA * np.sqrt(-2 * np.log(np.sqrt(2 * np.pi) * _SIGMA * _TAIL))))
    x = np.arange(-half, half + 1, dtype=np.float64)
    smooth = np.exp(-(x**2) / (2 * _SIGMA**2))
    slope = x * smooth
    smooth, slope = smooth / np.sqrt((smooth**2).sum()), slope / np.sqrt((slope**2).sum())
    across = filtered(filtered(alpha, smooth, axis=0, mode="nearest"), slope, axis=1, mode="nearest")
    down = filtered(filtered(alpha, slope, axis=0, mode="nearest"), smooth, axis=1, mode="nearest")
    length: Values = np.hypot(across, down)
    return length


def _levels(alpha: Values, truth: Values) -> Values:
    """The level of each pixel, H×W; zero where the two do not both reach the first threshold."""
    level = np.zeros(alpha.shape)
    # The very numbers of the reference: 0.6 is not 0.6000000000000001, and 8-bit mattes have 153/255.
    thresholds = np.arange(0, 1 + _STEP, _STEP)
    both = np.minimum(alpha, truth)
    box = _box(both >= thresholds[1])
    if box is None:
        return level
    # Outside the box nothing reaches the first threshold: all regions lie inside, in the same order.
    inner = both[box]
    inside = np.full(inner.shape, -1.0)
    for lower, threshold in pairwise(thresholds):
        inside[(inside == -1) & ~_largest(inner >= threshold)] = lower
    inside[inside == -1] = 1
    level[box] = inside
    return level


def _largest(mask: Mask) -> Mask:
    """The largest region of a mask, by sides; of equals the first in reading order."""
    labels, count = ndimage().label(mask)
    if not count:
        return np.zeros_like(mask)
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    largest: Mask = labels == sizes.argmax()
    return largest


def _box(mask: Mask) -> tuple[slice, slice] | None:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return None
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _apart(alpha: Values, level: Values) -> Values:
    """How far alpha is above the level, where that is more than the tolerance."""
    above = alpha - level
    apart: Values = above * (above >= _TOLERANCE)
    return apart
