"""A subject in front of a plain backdrop, by how far each colour is from what the backdrop would be there.

What is only darker than the backdrop, evenly in all channels and as smooth, is a shadow on it and goes with it
(the chromaticity test of T. Horprasert, D. Harwood, L. Davis, "A Statistical Approach for Real-time Robust Background
Subtraction", ICCV FRAME-RATE workshop 1999). Where subject and backdrop meet nothing is decided here: that is the
matte solver's.
"""

from __future__ import annotations

import numpy as np

from feathercut.kernels.backdrop import plate, smooth_plate
from feathercut.kernels.composite import gaussian_blur
from feathercut.kernels.pieces import label, spread
from feathercut.kernels.windows import Marks
from feathercut.pictures import FloatArray

_BORDER = 0.04
"""Of the shorter side, at three sides: what is taken for the backdrop at first."""
_UNEVEN = 0.05
"""A border that lies farther from a smooth surface than this, at the median, is no plain backdrop."""
_ROUNDS = 3
_FAR, _LEAST_FAR = 4.0, 0.025
"""A pixel is not the backdrop's from so many times the usual distance on."""
_DARKEST, _TINT = 0.35, 0.03
"""A shadow leaves at least this of the light, and changes the colour by less."""
_NEAR_PX, _ROUGHER, _LEAST_ROUGH = 2.0, 1.7, 0.003
"""Within so many px a shadow is as smooth as the backdrop: the subject, be it of the same colour, seldom is."""
_BAND = 1 / 80
"""Of the shorter side: how far on either side of an outline alpha is to be solved for."""
_LEAST_HOLE = 2e-4
"""Of the photo: smaller places of the backdrop's colour inside the subject are the subject's own."""


def plain_trimap(rgb: FloatArray) -> FloatArray | None:
    """What is surely the backdrop (0), surely the subject (1) and what is neither (0.5); None for no plain backdrop.

    `rgb` is H×W×3 in [0, 1], its upper and outer border mostly backdrop; the result is H×W.
    """
    border = _border(rgb.shape[:2])
    behind = smooth_plate(rgb, border)
    far = np.linalg.norm(rgb - behind, axis=2)
    if float(np.median(far[border])) > _UNEVEN:
        return None
    shows = border
    for _ in range(_ROUNDS):
        shows = far < _reach(far, border)
        behind = smooth_plate(rgb, shows)
        far = np.linalg.norm(rgb - behind, axis=2)
    shows = far < _reach(far, border)
    behind = behind + plate(rgb - behind, shows.astype(np.float32))
    far = np.linalg.norm(rgb - behind, axis=2)
    shows = far < _reach(far, border)
    return band(~_open(shows | _shaded(rgb, behind, shows)), _BAND)


def _reach(far: FloatArray, border: Marks) -> float:
    return max(_FAR * float(np.median(far[border])), _LEAST_FAR)


def band(subject: Marks, share: float) -> FloatArray:
    """A trimap around an outline: 0.5 within `share` of the shorter side, H×W."""
    radius = max(2, round(share * min(subject.shape)))
    trimap = np.full(subject.shape, 0.5, np.float32)
    trimap[~spread(subject, radius)] = 0
    trimap[~spread(~subject, radius)] = 1
    return trimap


def _border(size: tuple[int, ...]) -> Marks:
    side = max(1, round(_BORDER * min(size[:2])))
    marks = np.zeros((size[0], size[1]), bool)
    marks[:side] = True  # not the lower edge: a subject stands there
    marks[:, :side] = marks[:, -side:] = True
    return marks


def _shaded(rgb: FloatArray, behind: FloatArray, shows: Marks) -> Marks:
    """Where the backdrop is darker and no rougher than where it `shows`."""
    light = (rgb * behind).sum(axis=2) / np.maximum((behind * behind).sum(axis=2), np.float32(1e-6))
    tint = np.linalg.norm(rgb - light[..., None] * behind, axis=2)
    rough = gaussian_blur(np.abs(light[..., None] - gaussian_blur(light[..., None], _NEAR_PX)), _NEAR_PX)[..., 0]
    usual = float(np.median(rough[shows])) if shows.any() else 0.0
    is_even = rough < max(_ROUGHER * usual, _LEAST_ROUGH)
    shaded: Marks = (light > _DARKEST) & (light <= 1 + _TINT) & (tint < _TINT) & is_even
    return shaded


def _open(maybe: Marks) -> Marks:
    """Pieces of `maybe` that touch the border, and inside the subject those that are not small."""
    pieces, count = label(maybe)
    edges = np.concatenate([pieces[0], pieces[-1], pieces[:, 0], pieces[:, -1]])
    keeps = np.bincount(pieces.ravel(), minlength=count + 1) > _LEAST_HOLE * pieces.size
    keeps[edges] = True
    keeps[0] = False
    backdrop: Marks = keeps[pieces]
    return backdrop
