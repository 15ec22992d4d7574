"""Parts of the subject are transparent: what lies behind shows in them, or they are half transparent in the matte."""

from __future__ import annotations

import numpy as np

from feathercut.diagnose.evidence import Evidence
from feathercut.diagnose.sign import Shown, Sign
from feathercut.kernels.extremes import largest, smallest
from feathercut.kernels.glass import behind, reduced
from feathercut.kernels.likeness import likeness
from feathercut.kernels.pieces import spread
from feathercut.kernels.resample import resize
from feathercut.kernels.transparent import transparent_places
from feathercut.kernels.windows import Marks

_BARE, _RIM = 0.05, 2
_INSIDE, _LOW, _HIGH = 2, 0.08, 0.92
_GREY = 1 / 3
"""What a grey cell counts beside one of glass: mostly the networks are in doubt there."""


def _look(evidence: Evidence) -> Shown:
    glass, grey = _glass(evidence), _grey(evidence)
    body = max(np.count_nonzero(evidence.matte > _LOW), 1)
    return float((glass.sum() + _GREY * (grey & ~glass).sum()) / body), glass | spread(grey, _INSIDE)


def _glass(evidence: Evidence) -> Marks:
    """The cells of pieces that the networks drew as solid and that show their backdrop as glass does."""
    small = reduced(evidence.rgb)
    alpha = resize(evidence.matte, (small.shape[1], small.shape[2]), "box")
    back = behind(small, ~spread(alpha >= _BARE, _RIM))
    if back is None:
        return np.zeros(evidence.matte.shape, bool)
    places = transparent_places(small, alpha, back)
    return resize(places, (evidence.matte.shape[0], evidence.matte.shape[1]), "bilinear") > _BARE


def _grey(evidence: Evidence) -> Marks:
    """The cells inside that are half transparent in the matte, in colours of the background."""
    grey = (smallest(evidence.matte, _INSIDE) > _LOW) & (largest(evidence.matte, _INSIDE) < _HIGH)
    if grey.any():
        looks = likeness(evidence.rgb, smallest(evidence.matte, 1) > 0.95, largest(evidence.matte, 1) < 0.05)
        grey &= looks < 0.5
    return grey


SIGN = Sign(
    "transparent",
    _look,
    0.1,
    "A part of the subject seems to be transparent, as glass, smoke or a veil is.",
    "Look at it on the new background: `transparency` `strong` lets more of that through; draw what must be solid in "
    "the editor, or give a `trimap`.",
)
