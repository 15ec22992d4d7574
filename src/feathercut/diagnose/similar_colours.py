"""Along parts of the outline both sides have the same colour, and the photo changes no more there than beside it."""

from __future__ import annotations

import numpy as np

from feathercut.diagnose.evidence import Evidence
from feathercut.diagnose.sign import Shown, Sign
from feathercut.kernels.box_sums import box_mean
from feathercut.kernels.extremes import largest
from feathercut.kernels.pieces import spread
from feathercut.kernels.windows import Marks
from feathercut.pictures import FloatArray

_AROUND, _FARTHER, _BESIDE = 4, 6, 2
_APART, _MORE = 0.16, 1.3
_GREY, _TINT = (0.299, 0.587, 0.114), np.float32(2)
"""How light a colour is, and how much more its tint counts: for the eye, and for the networks, tints lie close."""
_LEAST = np.float32(1e-3)


def _look(evidence: Evidence) -> Shown:
    edge = evidence.edge
    if not edge.any():
        return 0.0, None
    planes = np.ascontiguousarray(evidence.rgb.transpose(2, 0, 1))
    tints = _tints(evidence.rgb)
    inside, outside = (_mean_of(tints, marks) for marks in (evidence.subject, ~evidence.subject))
    apart = np.sqrt(((inside - outside) ** 2).sum(axis=0))
    steps = _steps(planes)
    alike = edge & (apart < _APART) & (steps < _MORE * box_mean(steps, _FARTHER))
    return float(alike.sum() / edge.sum()), spread(alike, _BESIDE)


def _tints(rgb: FloatArray) -> FloatArray:
    """How light each cell is, and its red and blue beyond that, 3×h×w."""
    light = np.asarray(rgb @ np.array(_GREY, np.float32), np.float32)
    return np.stack([light, _TINT * (rgb[..., 0] - light), _TINT * (rgb[..., 2] - light)])


def _mean_of(planes: FloatArray, marks: Marks) -> FloatArray:
    """The mean colour of the marked cells around each one."""
    weights = marks.astype(np.float32)
    mean: FloatArray = box_mean(planes * weights, _AROUND) / np.maximum(box_mean(weights, _AROUND), _LEAST)
    return mean


def _steps(planes: FloatArray) -> FloatArray:
    """How much the colour changes from cell to cell, the most of it near each."""
    down = np.abs(np.diff(planes, axis=1, append=planes[:, -1:]))
    across = np.abs(np.diff(planes, axis=2, append=planes[:, :, -1:]))
    return largest(np.maximum(down, across).max(axis=0), 1)


SIGN = Sign(
    "similar-colours",
    _look,
    0.29,
    "Subject and background have nearly the same colour along a part of the outline.",
    "Check the outline there; repair it in the editor, or give a `trimap`.",
)
