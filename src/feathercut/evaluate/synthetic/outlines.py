"""Solid bodies as convex pieces, and shapes told by their distance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from feathercut.evaluate.synthetic.raster import POINTS, Doubles, Integers, Shapes
from feathercut.pictures import FloatArray, Size

Distance = Callable[[Doubles, Doubles], Doubles]
"""From x and y in pixels to the distance from an outline, in pixels, negative inside; never greater than it is."""

_BLOCK = 1 << 14


def fan(middle_xy: tuple[float, float], rim: Doubles, texture: int) -> Shapes:
    """The body whose outline n×2 is seen whole from `middle_xy`, as triangles that `texture` colours."""
    count = len(rim)
    middle = np.broadcast_to(np.array(middle_xy), (count, 2))
    following = np.roll(rim, -1, axis=0)
    corners = np.stack([middle, rim, following, following], axis=1).astype(np.float64)
    return Shapes(corners, np.zeros((count, 3), np.float32), np.full(count, texture))


def ellipse(middle_xy: tuple[float, float], radii_xy: tuple[float, float], turn: float = 0.0) -> Doubles:
    """An ellipse's outline, 180×2, turned by `turn` radians."""
    angles = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    x, y = radii_xy[0] * np.cos(angles), radii_xy[1] * np.sin(angles)
    return np.stack(
        [middle_xy[0] + x * np.cos(turn) - y * np.sin(turn), middle_xy[1] + x * np.sin(turn) + y * np.cos(turn)], axis=1
    )


def coverage(distance: Distance, size_hw: Size) -> FloatArray:
    """The share of each pixel inside the outline, from 16 × 16 points in the pixels that it may cross."""
    height, width = size_hw
    alpha = np.empty(size_hw, np.float32)
    for top in range(0, height, 64):
        y, x = np.mgrid[top : min(top + 64, height), :width] + 0.5
        away = distance(x, y)
        strip = (away < 0).astype(np.float32)
        rows, columns = np.nonzero(np.abs(away) < 0.75)
        for start in range(0, len(rows), _BLOCK):
            here = slice(start, start + _BLOCK)
            strip[rows[here], columns[here]] = _share(distance, columns[here], rows[here] + top)
        alpha[top : top + 64] = strip
    return alpha


def _share(distance: Distance, columns: Integers, rows: Integers) -> FloatArray:
    offsets = (np.arange(POINTS) + 0.5) / POINTS
    x = np.broadcast_to(columns[:, None, None] + offsets, (len(columns), POINTS, POINTS))
    y = np.broadcast_to(rows[:, None, None] + offsets[:, None], x.shape)
    share: FloatArray = (distance(x, y) < 0).mean((1, 2), dtype=np.float32)
    return share


def round_line(points: Sequence[tuple[float, float]], width_px: float) -> Distance:
    """A line through points, with round ends."""

    def distance(x: Doubles, y: Doubles) -> Doubles:
        nearest = np.full(x.shape, np.inf)
        for (x0, y0), (x1, y1) in pairwise(points):
            length = max((x1 - x0) ** 2 + (y1 - y0) ** 2, 1e-12)
            along = np.clip(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length, 0, 1)
            away = (x - x0 - along * (x1 - x0)) ** 2 + (y - y0 - along * (y1 - y0)) ** 2
            nearest = np.minimum(nearest, away)
        return np.asarray(np.sqrt(nearest) - width_px / 2)

    return distance


def disc(middle_xy: tuple[float, float], radii_xy: tuple[float, float]) -> Distance:
    """An upright ellipse. Its distance is exact for a circle, and never too long for an ellipse."""
    short = min(radii_xy)

    def distance(x: Doubles, y: Doubles) -> Doubles:
        return np.asarray((np.hypot((x - middle_xy[0]) / radii_xy[0], (y - middle_xy[1]) / radii_xy[1]) - 1) * short)

    return distance


def ring(shape: Distance, width_px: float) -> Distance:
    """The line of that width along a shape's outline."""
    return lambda x, y: np.abs(shape(x, y)) - width_px / 2


def union(*shapes: Distance) -> Distance:
    """Whatever any of the shapes holds."""
    return lambda x, y: np.asarray(np.minimum.reduce([shape(x, y) for shape in shapes]))


def both(*shapes: Distance) -> Distance:
    """What all of the shapes hold."""
    return lambda x, y: np.asarray(np.maximum.reduce([shape(x, y) for shape in shapes]))


def without(shape: Distance, hole: Distance) -> Distance:
    """A shape with a hole in it."""
    return lambda x, y: np.maximum(shape(x, y), -hole(x, y))


def mesh(step_px: float, width_px: float, turn: float) -> Distance:
    """Crossing threads, `step_px` apart, over the whole plane."""
    across, down = np.cos(turn), np.sin(turn)

    def distance(x: Doubles, y: Doubles) -> Doubles:
        one, other = x * across + y * down, y * across - x * down
        nearest = [np.abs((value / step_px) % 1 - 0.5) * step_px for value in (one, other)]
        return np.asarray(np.minimum(*nearest) - width_px / 2)

    return distance
