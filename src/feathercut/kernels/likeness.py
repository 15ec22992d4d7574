"""Whether a colour is the subject's or the background's, from how often each of them has it.

Two histograms of colours, smoothed, as in M. Jones, J. Rehg, "Statistical color models with application to
skin detection", IJCV 46, 2002. Unlike a model of the neighbourhood it knows what a subject of several colours
has anywhere, and what its background never has.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from feathercut.kernels.windows import Marks
from feathercut.pictures import FloatArray

Colours = NDArray[np.intp]
Shares = NDArray[np.float64]

_LEVELS = 12
"""Steps a channel."""
_RARE = 2e-4
"""The share of either side below which a colour says little."""


def likeness(rgb: FloatArray, subject: Marks, background: Marks) -> FloatArray:
    """h×w in (0, 1): 1 where only the subject has such colours, 0 where only the background has, else between.

    `rgb` is h×w×3 in [0, 1]; `subject` and `background` mark the pixels that are known. Half everywhere where one
    of the two has none.

    >>> black_to_white = np.linspace(0, 1, 6, dtype=np.float32)[None, :, None].repeat(3, axis=2)
    >>> known = np.array([[True, False, False, False, False, False]])
    >>> likeness(black_to_white, known, known[:, ::-1]).round(2)[0, [0, 2, 5]].tolist()
    [1.0, 0.5, 0.0]
    """
    if not (subject.any() and background.any()):
        return np.full(subject.shape, 0.5, np.float32)
    red, green, blue = np.rint(np.moveaxis(rgb, 2, 0) * (_LEVELS - 1)).astype(np.intp)
    colour = ((red * _LEVELS + green) * _LEVELS + blue).ravel()
    ours, theirs = _shares(colour, subject), _shares(colour, background)
    odds = (ours + _RARE) / (ours + theirs + 2 * _RARE)
    return np.asarray(odds[colour].reshape(subject.shape), np.float32)


def _shares(colour: Colours, marks: Marks) -> Shares:
    """The share of the marked pixels that have each colour or one beside it, less by distance."""
    counts = np.bincount(colour[marks.ravel()], minlength=_LEVELS**3) / marks.sum()
    cube = counts.reshape(_LEVELS, _LEVELS, _LEVELS)
    for axis in range(3):
        cube = np.moveaxis(cube, axis, 0)
        framed = np.pad(cube, ((1, 1), (0, 0), (0, 0)))
        cube = np.moveaxis((framed[:-2] + 2 * framed[1:-1] + framed[2:]) / 4, 0, axis)
    return np.asarray(cube.ravel(), np.float64)
