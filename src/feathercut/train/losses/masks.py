"""Losses that look at regions: where the subject is.

All take B×1×H×W; `logits` are unbounded, `alpha` and `truth` lie in [0, 1]. All give one number, 0 for a perfect answer
(the cross entropy of a soft truth has the truth's own entropy as its least).
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

WINDOW = 11
"""Side of the neighbourhoods that `structure` compares."""
_SIGMA = 1.5
_C1, _C2 = 0.01**2, 0.03**2
_PIXEL = 1.0


def cross_entropy(logits: Tensor, truth: Tensor) -> Tensor:
    """Binary cross entropy, the mean over all pixels: -t·log(a) - (1-t)·log(1-a), a = sigmoid(logits)."""
    return functional.binary_cross_entropy_with_logits(logits, truth)


def region(alpha: Tensor, truth: Tensor) -> Tensor:
    """One minus the soft intersection over union, the mean over photos (Qin et al., BASNet, CVPR 2019, equation 5).

    One pixel is added to both, so that an empty answer to an empty truth is perfect.
    """
    both = (alpha * truth).sum(dim=(1, 2, 3))
    either = (alpha + truth - alpha * truth).sum(dim=(1, 2, 3))
    return (1 - (both + _PIXEL) / (either + _PIXEL)).mean()


def structure(alpha: Tensor, truth: Tensor) -> Tensor:
    """One minus the structural similarity, the mean over all whole neighbourhoods (Wang et al., 2004, equation 13).

    Neighbourhoods are Gaussian, 11×11, sigma 1.5, as there; H and W must be at least 11.
    """
    blurred = _gaussian(alpha)
    mean_a, mean_t = blurred(alpha), blurred(truth)
    variance_a = blurred(alpha * alpha) - mean_a * mean_a
    variance_t = blurred(truth * truth) - mean_t * mean_t
    covariance = blurred(alpha * truth) - mean_a * mean_t
    likeness = (2 * mean_a * mean_t + _C1) * (2 * covariance + _C2)
    return (1 - likeness / ((mean_a**2 + mean_t**2 + _C1) * (variance_a + variance_t + _C2))).mean()


def _gaussian(like: Tensor) -> Callable[[Tensor], Tensor]:
    """Gives the Gaussian mean of each whole neighbourhood, by columns and then by rows: 22 multiplications, not 121."""
    places = torch.arange(WINDOW, device=like.device, dtype=like.dtype) - WINDOW // 2
    weights = torch.exp(-(places**2) / (2 * _SIGMA**2))
    weights = weights / weights.sum()
    down, along = weights.view(1, 1, -1, 1), weights.view(1, 1, 1, -1)
    return lambda maps: functional.conv2d(functional.conv2d(maps, down), along)
