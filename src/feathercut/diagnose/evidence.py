"""What a diagnosis looks at: photo, answers and matte on one small grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from feathercut.kernels.colour import to_srgb
from feathercut.kernels.extremes import largest, smallest
from feathercut.kernels.resample import resize, shrink
from feathercut.kernels.windows import Marks
from feathercut.pictures import FloatArray, Image, Matte, Prediction, Size
from feathercut.steps.seen import reduced

SIDE = 256
"""Longer side of the grid; distances of the signs are in its cells."""
_FINE = 2
"""The photo's sharpness is judged on a grid so many times as fine."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """A photo of `size` (height, width) and what was made of it, on a grid of h×w.

    `rgb` h×w×3 is the photo in sRGB, `fine` its grey at twice the grid; `matte` is what was delivered, `answers` are
    those of the networks from near, the one that draws first; none where a trimap spoke. All in [0, 1].
    """

    size: Size
    rgb: FloatArray
    fine: FloatArray
    matte: FloatArray
    answers: tuple[FloatArray, ...] = ()

    @property
    def subject(self) -> Marks:
        """The cells that are mostly subject."""
        return self.matte > 0.5

    @property
    def edge(self) -> Marks:
        """The cells on both sides of the subject's outline."""
        return (largest(self.matte, 1) > 0.5) & (smallest(self.matte, 1) <= 0.5)


def evidence_of(photo: Image, predictions: Sequence[Prediction], matte: Matte) -> Evidence:
    """What the networks saw, said and were made to say of a photo, reduced."""
    fine = reduced(photo, _fitted(photo.size, _FINE * SIDE), "box")
    fine = to_srgb(np.clip(fine, 0.0, 1.0), photo.metadata.profile)
    grid = _fitted(photo.size, SIDE)
    return Evidence(
        photo.size,
        resize(fine, grid, "box"),
        np.asarray(fine @ np.array([0.299, 0.587, 0.114], np.float32), np.float32),
        _reduced(matte.alpha, grid),
        tuple(_reduced(one.shown, grid) for one in predictions if not one.is_afar),
    )


def _reduced(alpha: FloatArray, grid: Size) -> FloatArray:
    return np.ascontiguousarray(np.clip(shrink(alpha[..., None], grid, "box")[..., 0], 0.0, 1.0))


def _fitted(size: Size, side: int) -> Size:
    ratio = min(1.0, side / max(size))
    return max(1, round(size[0] * ratio)), max(1, round(size[1] * ratio))
