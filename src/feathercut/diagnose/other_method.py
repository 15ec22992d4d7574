"""Which method without a network would do better, where the photo shows that one would."""

from __future__ import annotations

import numpy as np

from feathercut.diagnose.evidence import Evidence
from feathercut.kernels.chroma import find_screen
from feathercut.kernels.windows import Marks
from feathercut.report import Method, Verdict

_BORDER = 0.04
"""Of the shorter side, at three sides: below stands the subject."""
_STRONG, _COVERED, _HUE = 0.25, 0.9, 0.05
"""A screen has so much more of its channel than of the others, and nearly all of the border has its hue: a sky ends."""
_PLAIN, _USUAL, _MOST = 0.025, 0.75, 0.06
"""How far a plain backdrop is from a smooth surface at the median, and how far three quarters of it are at the most."""
_ROUNDS, _NEAREST = 3, 0.8


def other_method(evidence: Evidence, verdict: Verdict) -> Method | None:
    """`chroma` before a screen of one strong colour, else `plain` before a plain backdrop if the matte is not fine.

    None where networks are as good, or no network was asked.
    """
    if not evidence.answers or min(evidence.size) < 2:
        return None
    border = _border(evidence)
    if not border.any():
        return None
    if _is_screen(evidence, border):
        return "chroma"
    return "plain" if verdict != "fine" and _is_plain(evidence, border) else None


def _border(evidence: Evidence) -> Marks:
    height, width = evidence.matte.shape
    side = max(1, round(_BORDER * min(height, width)))
    marks = np.zeros((height, width), bool)
    marks[:side] = True
    marks[:, :side] = marks[:, -side:] = True
    return marks


def _is_screen(evidence: Evidence, border: Marks) -> bool:
    screen = find_screen(evidence.rgb)
    if screen is None:
        return False
    _, middle, most = np.sort(screen)
    colours = evidence.rgb[border & ~evidence.subject]
    if most - middle < _STRONG or not len(colours):
        return False
    hues = colours / np.maximum(colours.sum(axis=1, keepdims=True), np.float32(1e-3))
    return float((np.abs(hues - screen / screen.sum()).max(axis=1) < _HUE).mean()) > _COVERED


def _is_plain(evidence: Evidence, border: Marks) -> bool:
    """Whether the border is a smooth surface, but for a subject that is cut off by it."""
    height, width = evidence.matte.shape
    rows, columns = np.nonzero(border)
    y, x = 2 * rows / height - 1, 2 * columns / width - 1
    terms = np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], axis=1)
    colours = evidence.rgb[border].astype(np.float64)
    away, reach = np.zeros(len(colours)), 0.0
    for _ in range(_ROUNDS):
        chosen = away <= reach
        inner = terms[chosen].T
        fit = np.linalg.lstsq(inner @ inner.T, inner @ colours[chosen], rcond=None)[0]
        away = np.sqrt(((colours - terms @ fit) ** 2).sum(axis=1))
        reach = float(np.quantile(away, _NEAREST))
    return float(np.median(away)) < _PLAIN and float(np.quantile(away, _USUAL)) < _MOST
