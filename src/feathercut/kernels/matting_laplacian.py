"""Alpha that is, in each square of 3×3 pixels, a linear function of their colours.

A. Levin, D. Lischinski, Y. Weiss, "A Closed-Form Solution to Natural Image Matting", PAMI 2008, has the quadratic
form; K. He, J. Sun, X. Tang, "Fast Matting Using Large Kernel Matting Laplacian Matrices", CVPR 2010, applies its
matrix without making it: each window's best line through alpha, as in a guided filter, and then what pixels differ
from the lines of their windows. Solved by conjugate gradients with the matrix's diagonal as preconditioner.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feathercut.kernels.matrices import PAIRS, inverted, times
from feathercut.kernels.side_by_side import each
from feathercut.kernels.windows import Marks, Window, around
from feathercut.pictures import FloatArray

Exact = NDArray[np.float64]
"""Float32 will not do: windows of nearly one colour have inverses so large that rounding would be all that counts."""

_TILE = 128  # what is computed of a tile stays in the processor's cache
_WINDOW = 9  # pixels
_LEAST_SHARE = 0.02
"""The diagonal is at least this part of what it is for a pixel that no window explains."""


@dataclass(frozen=True)
class _Part:
    """Some pixels, the windows that hold any of them, and what is known of those from the photo alone."""

    pixels: Window
    windows: Window
    seen: Window
    """All pixels of the windows."""
    rgb: Exact
    """3 planes, of `seen`."""
    mean: Exact
    """3 planes, of `windows`, as is `inverse`: 6 planes, the inverse covariances."""
    inverse: Exact
    counts: Exact
    """How many windows hold each of `pixels`."""


class MattingLaplacian:
    """The matrix of the quadratic form, for the pixels that are marked and their neighbours as they are."""

    def __init__(self, rgb: FloatArray, marks: Marks, epsilon: float) -> None:
        """`rgb` is 3×h×w; `epsilon` is the colours' variance below which a window counts as of one colour."""
        self.marks = marks
        self.diagonal: Exact = np.ones(marks.shape)
        self._parts: list[_Part] = []
        if min(marks.shape) < 3:
            return

        def make(window: Window) -> None:
            part = _part(rgb, window, epsilon)
            self.diagonal[window] = _diagonal(part)
            self._parts.append(part)

        each(make, around(marks, _TILE, 0))

    def at_marks(self, alpha: Exact) -> Exact:
        """What the matrix makes of `alpha` (h×w) at the marks, one after the other, row by row."""
        result = np.zeros_like(alpha)  # outside the parts' pixels memory is never touched

        def apply(part: _Part) -> None:
            result[part.pixels] = _applied(part, alpha)

        each(apply, self._parts)
        return result[self.marks]


def solve(
    laplacian: MattingLaplacian,
    start: FloatArray,
    guess: FloatArray,
    weight: FloatArray,
    tolerance: float,
    most_rounds: int,
) -> FloatArray:
    """Alpha, h×w, that has the least of the quadratic form plus Σ weight (alpha − guess)².

    Pixels that are not marked stay as they are in `start`. Ends where the residual, as the
    preconditioner weighs it, is `tolerance` of what it was for a first guess of one half.
    """
    marks = laplacian.marks
    trusted, wanted = weight[marks].astype(np.float64), guess[marks].astype(np.float64)
    inverse = 1 / (laplacian.diagonal[marks] + trusted)
    field = start.astype(np.float64)

    def residual(values: Exact) -> Exact:
        field[marks] = values
        return trusted * (wanted - values) - laplacian.at_marks(field)

    wrong = residual(np.full_like(wanted, 0.5))
    goal = tolerance**2 * float(wrong @ (wrong * inverse))
    alpha = start[marks].astype(np.float64)
    rest = residual(alpha)
    step = rest * inverse
    size = float(rest @ step)
    field[:] = 0
    for _ in range(most_rounds):
        if size <= goal:
            break
        field[marks] = step
        change = laplacian.at_marks(field)
        change += trusted * step
        length = size / float(step @ change)
        alpha += length * step
        rest -= length * change
        bettered = rest * inverse
        size, before = float(rest @ bettered), size
        step *= size / before
        step += bettered
    result = start.copy()
    result[marks] = alpha
    return result


def _part(rgb: FloatArray, pixels: Window, epsilon: float) -> _Part:
    height, width = rgb.shape[1:]
    # Windows lie wholly inside the picture: their centres are neither its first nor its last row or column.
    windows = (
        slice(max(1, pixels[0].start - 1), min(height - 1, pixels[0].stop + 1)),
        slice(max(1, pixels[1].start - 1), min(width - 1, pixels[1].stop + 1)),
    )
    seen = tuple(slice(side.start - 1, side.stop + 1) for side in windows)
    # Around the tile's own mean: lines through colours may start anywhere, and small numbers keep more digits.
    colours = rgb[:, seen[0], seen[1]].astype(np.float64)
    colours -= colours.mean(axis=(1, 2), keepdims=True)
    mean = _sums_of_nine(colours) / _WINDOW
    covariance = _sums_of_nine(np.stack([colours[row] * colours[column] for row, column in PAIRS])) / _WINDOW
    for place, (row, column) in enumerate(PAIRS):
        covariance[place] -= mean[row] * mean[column]
        if row == column:
            covariance[place] += epsilon
    return _Part(
        pixels,
        windows,
        (seen[0], seen[1]),
        colours,
        mean,
        inverted(covariance),
        _gathered(pixels, windows, np.ones((1, *mean.shape[1:])))[0],
    )


def _diagonal(part: _Part) -> Exact:
    """The matrix's diagonal: how much of a pixel its own windows' lines do not follow."""
    height, width = part.mean.shape[1:]
    result = part.counts.copy()
    explained = np.empty((1, height, width))
    top, left = part.windows[0].start - part.pixels[0].start, part.windows[1].start - part.pixels[1].start
    for down in range(3):
        for across in range(3):
            off = part.rgb[:, down : down + height, across : across + width] - part.mean
            lines = times(part.inverse, off)
            explained[0] = (1 + (lines * off).sum(axis=0)) / _WINDOW
            # The pixel that lies (down, across) in each window, as far as it is one of this part's.
            y, x = top + down - 1, left + across - 1
            rows = slice(max(0, y), min(result.shape[0], y + height))
            columns = slice(max(0, x), min(result.shape[1], x + width))
            result[rows, columns] -= explained[0, rows.start - y : rows.stop - y, columns.start - x : columns.stop - x]
    return np.maximum(result, _LEAST_SHARE * part.counts + _LEAST_SHARE)


def _applied(part: _Part, alpha: Exact) -> Exact:
    seen = alpha[part.seen]
    planes = np.empty((4, *seen.shape))
    planes[0] = seen
    np.multiply(part.rgb, seen, out=planes[1:])
    means = _sums_of_nine(planes)
    means /= _WINDOW
    together = means[1:]
    together -= part.mean * means[0]
    slopes = times(part.inverse, together)
    lines = np.empty_like(means)  # of each window: alpha ≈ slopes · rgb + level
    lines[1:] = slopes
    slopes *= part.mean
    np.subtract(means[0], slopes.sum(axis=0), out=lines[0])
    gathered = _gathered(part.pixels, part.windows, lines)
    top, left = part.pixels[0].start - part.seen[0].start, part.pixels[1].start - part.seen[1].start
    height, width = part.counts.shape
    own = part.rgb[:, top : top + height, left : left + width]
    gathered[1:] *= own
    result: Exact = part.counts * alpha[part.pixels]
    result -= gathered.sum(axis=0)
    return result


def _gathered(pixels: Window, windows: Window, planes: Exact) -> Exact:
    """For each of the pixels the sum over its windows."""
    height, width = (side.stop - side.start for side in pixels)
    framed = np.zeros((len(planes), height + 2, width + 2))
    top, left = windows[0].start - pixels[0].start + 1, windows[1].start - pixels[1].start + 1
    framed[:, top : top + planes.shape[1], left : left + planes.shape[2]] = planes
    return _sums_of_nine(framed)


def _sums_of_nine(planes: Exact) -> Exact:
    """The sums over 3×3 pixels of each plane, which is smaller by one pixel at each side."""
    down = planes[:, :-2] + planes[:, 1:-1]
    down += planes[:, 2:]
    across: Exact = down[:, :, :-2] + down[:, :, 1:-1]
    across += down[:, :, 2:]
    return across
