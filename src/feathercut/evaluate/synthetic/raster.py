"""Convex shapes painted over one another, each pixel looked at in 16 × 16 points.

What is seen at a point is the last shape that holds it: the share of points that hold any shape is the
pixel's alpha, exact to 1/256, and the mean of what is seen there is its foreground colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feathercut.evaluate.synthetic.layers import Layer
from feathercut.pictures import FloatArray, Size

POINTS = 16
"""Points a pixel, each way."""
_BAND_POINTS = 1 << 22
"""Points that are held at a time."""

Doubles = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Shapes:
    """Convex quadrilaterals, the nearest last.

    `corners` is n×4×2, (x, y) in pixels from the photo's upper left corner, in order around the shape; a
    triangle repeats a corner. `colours` is n×3. `textures` is n: which texture colours the shape instead,
    or -1.
    """

    corners: Doubles
    colours: FloatArray
    textures: Integers


def joined(*shapes: Shapes) -> Shapes:
    """Shapes over shapes, the nearest last."""
    return Shapes(
        np.concatenate([one.corners for one in shapes]),
        np.concatenate([one.colours for one in shapes]),
        np.concatenate([one.textures for one in shapes]),
    )


def paint(shapes: Shapes, textures: Sequence[FloatArray], size_hw: Size) -> Layer:
    """The shapes as they are seen, with `textures` (H×W×3 each) for those that name one."""
    height, width = size_hw
    alpha = np.zeros(size_hw, np.float32)
    colour = np.zeros((*size_hw, 3), np.float32)
    # At a point stands 0 for nothing, then a texture's number, then a shape's.
    first = 1 + len(textures)
    codes = np.where(shapes.textures < 0, first + np.arange(len(shapes.corners)), 1 + shapes.textures)
    table = np.concatenate([np.zeros((first, 3), np.float32), shapes.colours.astype(np.float32)])
    tops = shapes.corners[..., 1].min(1)
    bottoms = shapes.corners[..., 1].max(1)
    rows = max(1, _BAND_POINTS // (width * POINTS * POINTS))
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        here = np.flatnonzero((tops < bottom) & (bottoms > top))
        if not len(here):
            continue
        seen = np.zeros(((bottom - top) * POINTS, width * POINTS), np.int32)
        corners = shapes.corners[here] * POINTS
        corners[..., 1] -= top * POINTS
        _fill(seen, corners, codes[here])
        here_textures = [texture[top:bottom] for texture in textures]
        alpha[top:bottom], colour[top:bottom] = _means(seen, table, here_textures)
    return Layer(alpha, colour)


def _fill(seen: NDArray[np.int32], corners: Doubles, codes: Integers) -> None:
    """Writes the codes at the points that the shapes hold; the later stay where several do."""
    height, width = seen.shape
    # A row of points is at its middle, y + 0.5: the first at or below the shape's top is ⌈top − 0.5⌉.
    first = np.clip(np.ceil(corners[..., 1].min(1) - 0.5), 0, height).astype(np.int64)
    last = np.clip(np.ceil(corners[..., 1].max(1) - 0.5), 0, height).astype(np.int64)
    shape, row = _expanded(first, last - first)
    left, right = _span(corners, shape, (row + 0.5).astype(np.float64))
    start = np.clip(np.ceil(left - 0.5), 0, width).astype(np.int64)
    stop = np.clip(np.ceil(right - 0.5), 0, width).astype(np.int64)
    span, point = _expanded(row * width + start, np.maximum(stop - start, 0))
    # numpy keeps the last value where an index comes twice, so the order of shapes holds.
    seen.reshape(-1)[point] = codes[shape].astype(np.int32)[span]


def _expanded(starts: Integers, counts: Integers) -> tuple[Integers, Integers]:
    """For every run of `counts[i]` numbers from `starts[i]`: the i of each number, and the number."""
    which = np.repeat(np.arange(len(starts)), counts)
    before = np.cumsum(counts) - counts
    return which, np.arange(len(which)) + (starts - before)[which]


def _span(corners: Doubles, shape: Integers, y: Doubles) -> tuple[Doubles, Doubles]:
    """Where the line at `y` enters and leaves each shape."""
    left = np.full(len(y), np.inf)
    right = np.full(len(y), -np.inf)
    for one in range(4):
        x0, y0 = corners[:, one].T
        x1, y1 = corners[:, (one + 1) % 4].T
        rise = y1 - y0
        slope = (x1 - x0) / np.where(rise == 0, 1, rise)
        crosses = (y0[shape] <= y) != (y1[shape] <= y)
        x = (x0 - y0 * slope)[shape] + y * slope[shape]
        left = np.where(crosses, np.minimum(left, x), left)
        right = np.where(crosses, np.maximum(right, x), right)
    return left, np.where(np.isfinite(right), right, left)


def _means(seen: NDArray[np.int32], table: FloatArray, textures: Sequence[FloatArray]) -> tuple[FloatArray, FloatArray]:
    """Alpha h×w and colour h×w×3 of the pixels from what is seen at their points."""
    height, width = seen.shape[0] // POINTS, seen.shape[1] // POINTS
    points = seen.reshape(height, POINTS, width, POINTS).transpose(0, 2, 1, 3)
    most, least = points.max((2, 3)), points.min((2, 3))
    alpha = (least > 0).astype(np.float32)
    colour = np.zeros((height, width, 3), np.float32)
    for number, texture in enumerate(textures, 1):
        is_all = (least == number) & (most == number)
        colour[is_all] = texture[is_all]
    y, x = np.nonzero((most > 0) & ~((least == most) & (most <= len(textures))))
    if len(y):
        codes = points[y, x].reshape(len(y), POINTS * POINTS)
        held = np.count_nonzero(codes, axis=1)
        total = np.stack([table[:, channel][codes].sum(1) for channel in range(3)], axis=1)
        for number, texture in enumerate(textures, 1):
            total += np.count_nonzero(codes == number, axis=1)[:, None] * texture[y, x]
        alpha[y, x] = held / np.float32(POINTS * POINTS)
        colour[y, x] = total / held[:, None]
    return alpha, colour
