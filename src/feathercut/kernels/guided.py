"""Alpha as a linear function of colour, window by window.

The guided filter of K. He, J. Sun, X. Tang ("Guided Image Filtering", ECCV 2010), with a weight a pixel, so
that what is known speaks and what is in doubt is told. Its coefficients are smooth: computed on a reduced
photo, they are applied to the colours of the full one (K. He, J. Sun, "Fast Guided Filter", arXiv
1505.00996, 2015).
"""

from __future__ import annotations

import numpy as np

from feathercut.kernels.box_sums import box_mean
from feathercut.kernels.matrices import PAIRS, inverted, times
from feathercut.pictures import FloatArray

_LEAST_VARIANCE = np.float32(1e-3)


def linear_model(planes: FloatArray, alpha: FloatArray, weight: FloatArray, radius: int, epsilon: float) -> FloatArray:
    """Coefficients (red, green, blue, constant) of alpha as a linear function of colour, and how much of it
    they explain: 5×h×w.

    `planes` 3×h×w and `alpha` h×w in [0, 1]; `weight` h×w, more than 0 everywhere, says how far each
    pixel's alpha is believed. Windows reach `radius` pixels each way; `epsilon` is the variance of colour
    below which a window counts as flat and gets its mean. The last plane is the share of alpha's variance
    nearby that colours account for, 0 to 1.
    """
    products = [planes[a] * planes[b] for a, b in PAIRS]
    sums = box_mean(
        np.stack([np.ones_like(alpha), alpha, *planes, *(planes * alpha), *products, alpha * alpha]) * weight, radius
    )
    total = sums[0]
    sums[1:] /= total
    mean_alpha, mean = sums[1], sums[2:5]
    covariance = sums[5:8] - mean * mean_alpha
    spread = sums[8:14]
    for place, (a, b) in enumerate(PAIRS):
        spread[place] -= mean[a] * mean[b]
        if a == b:
            spread[place] += np.float32(epsilon)
    # In double: where all colours around lie on a line, float32 would leave errors of 0.0004 in the matte.
    exact = times(inverted(spread.astype(np.float64)), covariance.astype(np.float64))
    slope = exact.astype(np.float32)
    explained = (slope * covariance).sum(axis=0) / (sums[14] - mean_alpha * mean_alpha + _LEAST_VARIANCE)
    constant = mean_alpha - (slope * mean).sum(axis=0)
    # Each pixel lies in many windows; those that know more count for more.
    spread_out = box_mean(
        np.concatenate([slope, constant[None], explained[None], np.ones_like(total)[None]]) * total, radius
    )
    coefficients: FloatArray = spread_out[:5] / spread_out[5]
    return coefficients
