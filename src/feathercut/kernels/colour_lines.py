"""A plane as a linear function of a photo's colours around each pixel, which a larger photo then follows.

K. He, J. Sun, X. Tang, "Guided Image Filtering", PAMI 2013; K. He, J. Sun, "Fast Guided Filter", arXiv:1505.00996.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from feathercut.kernels.box_sums import box_mean
from feathercut.kernels.matrices import PAIRS, inverted, times
from feathercut.kernels.sampled import sampled
from feathercut.kernels.windows import Window
from feathercut.pictures import FloatArray

_RADIUS = 1


@dataclass(frozen=True)
class Lines:
    """value ≈ slopes · rgb + level: the three planes of slopes and the one of levels, 4×h×w."""

    planes: FloatArray

    @classmethod
    def through(cls, rgb: FloatArray, values: FloatArray, epsilon: float) -> Lines:
        """The best lines through `values` (h×w) over the 3×3 pixels around each; `rgb` is 3×h×w.

        `epsilon` is the colours' variance below which they count as one, and the line is level.
        """
        products = np.stack([rgb[row] * rgb[column] for row, column in PAIRS])
        means = box_mean(np.concatenate([rgb, values[None], rgb * values, products]), _RADIUS)
        mean, level = means[:3], means[3]
        together = means[4:7] - mean * level
        covariance = means[7:].astype(np.float64)
        for place, (row, column) in enumerate(PAIRS):
            covariance[place] -= mean[row] * mean[column]
            if row == column:
                covariance[place] += epsilon
        slopes = times(inverted(covariance).astype(np.float32), together)
        level -= (slopes * mean).sum(axis=0)
        return cls(box_mean(np.concatenate([slopes, level[None]]), _RADIUS))

    def at(self, rgb: FloatArray, window: Window, whole_hw: tuple[int, ...]) -> FloatArray:
        """The values, h×w, for a window of a larger photo of `whole_hw` pixels; `rgb`, h×w×3, is what it shows."""
        result: FloatArray
        *slopes, result = sampled(self.planes, window, (whole_hw[0], whole_hw[1]))
        for channel, slope in enumerate(slopes):
            result += slope * rgb[..., channel]
        return result
