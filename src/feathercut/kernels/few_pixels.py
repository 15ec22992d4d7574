"""Edges of a photo that has few pixels, solved for from its colours.

Enlarged to what a network sees, such a photo is all blur, and the network draws its edges as wide as the blur: at the
photo's own size they are soft over pixels that are whole. Which pixels they are the network knows; what is on either
side tells the alpha between (`trimap.py`), and where pixels are few that costs next to nothing.
"""

from __future__ import annotations

import numpy as np

from feathercut.kernels.box_sums import box_mean
from feathercut.kernels.extremes import largest, smallest
from feathercut.kernels.fuse import step
from feathercut.kernels.trimap import alpha_from_trimap
from feathercut.pictures import FloatArray, Size

FEW = 400 * 400
"""Pixels of a photo; with as many or more the network sees enough of its edges."""
_OUT, _IN = np.float32(0.35), np.float32(0.8)
"""Alpha up to which a pixel and its neighbours are background, and from which on they are subject: edges are drawn too
wide, so that more of them lies outside than inside."""
_AROUND = 1
_DEEP, _GREY = 6, (0.8, 1.0)
"""What is all grey for so many pixels around is no edge: smoke, a veil, or a body in doubt."""
_SURE, _LONE = np.float32(0.7), 2
"""What is drawn as densely, with no sure subject within so many pixels, is a thin part: a chain, a stalk."""


def has_few(size: Size) -> bool:
    """Whether a photo of that size has so few pixels."""
    return size[0] * size[1] < FEW


def solved_edges(rgb: FloatArray, alpha: FloatArray) -> FloatArray:
    """`alpha` (H×W in [0, 1]) with its edges solved for from the colours of `rgb` (H×W×3) beside them.

    Wide grey parts stay as they are, thin parts that are sure get no fainter, and a matte without a subject or without
    a background is left alone.
    """
    subject, background = smallest(alpha, _AROUND) > _IN, largest(alpha, _AROUND) < _OUT
    if not (subject.any() and background.any()):
        return alpha
    trimap = np.full(alpha.shape, 0.5, np.float32)
    trimap[subject], trimap[background] = 1, 0
    grey = (trimap == 0.5).astype(np.float32)
    solved = alpha_from_trimap(rgb, trimap)
    solved -= alpha
    solved *= 1 - step(box_mean(grey, _DEEP), *_GREY)
    solved += alpha
    thin = (alpha > _SURE) & (largest(subject.astype(np.float32), _LONE) == 0)
    if thin.any():
        kept = box_mean(largest(thin.astype(np.float32), _AROUND), _AROUND)
        solved += kept * np.maximum(alpha - solved, 0)
    return np.clip(solved, 0.0, 1.0, out=solved)
