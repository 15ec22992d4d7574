"""A tumbler before a wall, its alpha and colours known: what tests of transparency look at."""

from __future__ import annotations

import numpy as np

from factories import floats
from feathercut.pictures import FloatArray, Size

TINT = floats((0.35, 0.6, 0.55))


def wall(size_hw: Size = (180, 240)) -> FloatArray:
    """H×W×3: light above and darker below, with a slant of warmth; nothing in it is sharp."""
    y, x = np.mgrid[0 : 1 : size_hw[0] * 1j, 0 : 1 : size_hw[1] * 1j]
    return floats(np.stack([0.85 - 0.45 * y, 0.8 - 0.4 * y + 0.1 * x, 0.7 - 0.3 * y + 0.2 * x], axis=2))


def outline(size_hw: Size = (180, 240)) -> FloatArray:
    """H×W: 1 in the tumbler, in the middle of the picture."""
    alpha = np.zeros(size_hw, np.float32)
    alpha[size_hw[0] // 6 : -size_hw[0] // 6, size_hw[1] // 3 : -size_hw[1] // 3] = 1
    return alpha


def tumbler(size_hw: Size = (180, 240)) -> tuple[FloatArray, FloatArray]:
    """Its alpha H×W and colours H×W×3: thin walls of a tint, two white highlights, a dark rim."""
    inside = outline(size_hw)
    alpha, colour = inside * np.float32(0.15), np.broadcast_to(TINT, (*size_hw, 3)).copy()
    top, left, bottom, right = (
        size_hw[0] // 6,
        size_hw[1] // 3,
        size_hw[0] - size_hw[0] // 6,
        size_hw[1] - size_hw[1] // 3,
    )
    for column in (left + 14, right - 20):
        alpha[top + 20 : bottom - 20, column : column + 4] = 0.9
        colour[top + 20 : bottom - 20, column : column + 4] = 1
    for rim in (np.s_[top : top + 3, left:right], np.s_[bottom - 3 : bottom, left:right]):
        alpha[rim], colour[rim] = 0.8, 0.05
    return alpha, colour


def before(behind: FloatArray, alpha: FloatArray, colour: FloatArray) -> FloatArray:
    """The photo, H×W×3, in 8 bits."""
    share = alpha[..., None]
    return floats(np.round((share * colour + (1 - share) * behind) * 255) / 255)


def stone(behind: FloatArray) -> FloatArray:
    """The photo of a rough, opaque thing of about the wall's colour, in the tumbler's outline."""
    rough = np.random.default_rng(3).normal(0, 0.12, behind.shape).astype(np.float32)
    return before(behind, outline(behind.shape[:2]), np.clip(behind.mean((0, 1)) + rough, 0, 1))
