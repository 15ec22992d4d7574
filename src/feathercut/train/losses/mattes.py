"""Losses that look at edges: how soft, how sharp, how fine.

All take B×1×H×W in [0, 1] and give one number, 0 for a perfect answer.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

LEVELS = 5
REACH_PX = 7
"""How far from a soft pixel the unknown band reaches, at the size that is trained at."""
_SOFT = 1 / 255


def laplacian(alpha: Tensor, truth: Tensor) -> Tensor:
    """The difference of both Laplacian pyramids, coarse levels counting more.

    The sum over levels s = 0..4 of 2^s times the mean absolute difference (Hou and Liu, "Context-Aware Image Matting",
    ICCV 2019, equation 3; Burt and Adelson, 1983, for the pyramid). Fewer levels where a side would be under 8.
    """
    return _pyramid_difference(alpha - truth)


def _pyramid_difference(difference: Tensor) -> Tensor:
    """A pyramid is linear: that of a difference is the difference of two."""
    total: Tensor = difference.new_zeros(())
    for level in range(LEVELS):
        if level == LEVELS - 1 or min(difference.shape[-2:]) < 8:
            total = total + 2**level * difference.abs().mean()
            break
        small = blur(difference)[..., ::2, ::2]
        large = functional.interpolate(small, size=difference.shape[-2:], mode="bilinear", align_corners=False)
        total = total + 2**level * (difference - large).abs().mean()
        difference = small
    return total


def gradient(alpha: Tensor, truth: Tensor) -> Tensor:
    """The mean absolute difference of both gradients, by Sobel's operator, over x and y.

    (Tang et al., "Learning-Based Sampling for Natural Image Matting", CVPR 2019.) A border pixel's missing neighbours
    are like itself.
    """
    rows = alpha.new_tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]]) / 8
    kernels = torch.stack([rows, rows.T])[:, None]
    padded = functional.pad(alpha - truth, (1, 1, 1, 1), mode="replicate")
    return functional.conv2d(padded, kernels).abs().mean()


def unknown(alpha: Tensor, truth: Tensor) -> Tensor:
    """The mean absolute difference in the unknown band; 0 where there is none.

    (Xu et al., "Deep Image Matting", CVPR 2017, equation 1, without its smoothing.)
    """
    there = band(truth)
    return ((alpha - truth).abs() * there).sum() / there.sum().clamp(min=1)


def band(truth: Tensor, reach_px: int = REACH_PX) -> Tensor:
    """1 within `reach_px` (a square) of what is neither subject nor background or of where they meet, else 0."""
    side = 2 * reach_px + 1
    highest = functional.max_pool2d(truth, side, stride=1, padding=reach_px)
    lowest = -functional.max_pool2d(-truth, side, stride=1, padding=reach_px)
    return ((highest > _SOFT) & (lowest < 1 - _SOFT)).to(truth.dtype)


def blur(values: Tensor) -> Tensor:
    """Burt's and Adelson's filter, (1 4 6 4 1)/16 both ways; a border pixel's missing neighbours are like itself."""
    row = values.new_tensor([1.0, 4.0, 6.0, 4.0, 1.0]) / 16
    padded = functional.pad(values, (2, 2, 2, 2), mode="replicate")
    return functional.conv2d(functional.conv2d(padded, row[None, None, None, :]), row[None, None, :, None])
