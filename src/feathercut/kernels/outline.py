"""The main shape of a photo by its edges alone: found, closed, filled.

J. Canny, "A Computational Approach to Edge Detection", PAMI 1986, has the thresholds with hysteresis; the strength of
an edge in colours is the largest eigenvalue of Di Zenzo's tensor, "A note on the gradient of a multi-image", 1986.
"""

from __future__ import annotations

import numpy as np

from feathercut.kernels.composite import gaussian_blur
from feathercut.kernels.pieces import label, spread
from feathercut.kernels.plain import band
from feathercut.kernels.resample import resize, shrink
from feathercut.kernels.windows import Marks
from feathercut.pictures import FloatArray

_LONGEST = 384
_BLUR_PX = 1.2
_STRONG, _WEAK = 0.90, 0.35
"""The strong edges are the strongest tenth that Otsu's threshold leaves; weak ones count where they touch those."""
_GAP = 6
"""Cells that two ends of an outline may be apart."""
_LEAST = 0.01
_BAND = 1 / 80


def outline_trimap(rgb: FloatArray) -> FloatArray | None:
    """Around the largest closed shape: 0 outside, 1 inside, 0.5 on the outline, H×W; None where nothing closes.

    `rgb` is H×W×3 in [0, 1].
    """
    ratio = min(1.0, _LONGEST / max(rgb.shape[:2]))
    size = (max(1, round(rgb.shape[0] * ratio)), max(1, round(rgb.shape[1] * ratio)))
    edges = _edges(gaussian_blur(shrink(rgb, size, "box"), _BLUR_PX))
    for gap in range(1, _GAP + 1):
        shape = _filled(spread(edges, gap), gap)
        if shape is not None:
            whole = resize(shape.astype(np.float32), (rgb.shape[0], rgb.shape[1]), "bilinear") > 0.5
            return band(whole, _BAND)
    return None


def _edges(rgb: FloatArray) -> Marks:
    down, across = np.gradient(rgb, axis=(0, 1)) if min(rgb.shape[:2]) > 1 else (np.zeros_like(rgb), np.zeros_like(rgb))
    yy, xx, xy = (down * down).sum(2), (across * across).sum(2), (down * across).sum(2)
    strength = np.sqrt(np.maximum((yy + xx) / 2 + np.sqrt(((yy - xx) / 2) ** 2 + xy**2), 0))
    threshold = _otsu(strength)
    strong, weak = strength > threshold * _STRONG, strength > threshold * _WEAK
    pieces, count = label(weak)
    touched = np.bincount(pieces[strong], minlength=count + 1) > 0
    touched[0] = False
    return touched[pieces]


def _otsu(values: FloatArray) -> float:
    """The threshold between two classes that differ most: N. Otsu, IEEE Trans. SMC 9, 1979."""
    counts, steps = np.histogram(values, 128)
    middles = (steps[:-1] + steps[1:]) / 2
    below = np.cumsum(counts)
    sums = np.cumsum(counts * middles)
    above = below[-1] - below
    between = below * above * (sums / np.maximum(below, 1) - (sums[-1] - sums) / np.maximum(above, 1)) ** 2
    return float(middles[int(np.argmax(between))])


def _filled(walls: Marks, gap: int) -> Marks | None:
    """What no way from the border reaches, less the walls' thickness: its largest piece, None if small."""
    framed = np.pad(~walls, 1, constant_values=True)
    pieces, _ = label(framed)
    inside = (pieces != pieces[0, 0])[1:-1, 1:-1]
    if (inside & ~walls).mean() < _LEAST:
        return None
    shape = ~spread(~inside, gap)
    pieces, count = label(shape)
    if not count:
        return None
    largest: Marks = pieces == 1 + int(np.argmax(np.bincount(pieces.ravel(), minlength=count + 1)[1:]))
    return largest
