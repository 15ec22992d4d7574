"""What a brush, a lasso and a rectangle cover of each pixel, and what that makes of a matte.

A stroke's coverage is the most that any of its places covers, so that opacity never piles up where a stroke crosses
itself; the same holds however many points a hand left. Points are (x, y) in px, pixel centres at .5.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from feathercut.pictures import FloatArray, Size

Mode = Literal["restore", "erase"]
Box = tuple[int, int, int, int]
"""(top, left, bottom, right) in pixels, the last two exclusive."""
Covered = tuple[Box, FloatArray]
"""A box of the photo and how much of each of its pixels is covered, 0 to 1."""
Exact = NDArray[np.float64]

_LIGHTEST = 0.2
"""Of the diameter, where the hand hardly presses."""
_ROWS_A_PX = 16
"""Lines a pixel on which a lasso is measured; across, its coverage is exact."""


def diameter_at(diameter_px: float, pressure: float) -> float:
    """The brush's diameter where the hand presses so: a fifth of it at 0, all of it at 1."""
    return diameter_px * (_LIGHTEST + (1 - _LIGHTEST) * pressure)


def brush(size_hw: Size, diameter_px: float, hardness: float, points: Sequence[Sequence[float]]) -> Covered | None:
    """What a stroke through `points` (x, y, pressure) covers; None where that is nothing of the photo.

    `hardness` 1 is a disc with an edge one pixel wide, 0 a cone; between, the inner part is full. Along a segment the
    radius changes evenly.
    """
    radius = diameter_px / 2
    box = around(size_hw, [(x, y) for x, y, *_ in points], radius + 1)
    if box is None:
        return None
    coverage = np.zeros((box[2] - box[0], box[3] - box[1]), np.float32)
    for start, end in zip([points[0], *points], points, strict=False):  # the first is a disc on its own
        _draw_segment(coverage, box, start, end, diameter_px, hardness)
    return box, coverage


def _draw_segment(
    coverage: FloatArray,
    box: Box,
    start: Sequence[float],
    end: Sequence[float],
    diameter_px: float,
    hardness: float,
) -> None:
    """Raises `coverage` to what one segment covers, in place."""
    (x0, y0), (x1, y1) = start[:2], end[:2]
    r0, r1 = diameter_at(diameter_px, start[2]) / 2, diameter_at(diameter_px, end[2]) / 2
    reach = max(r0, r1) + 1
    top, bottom = max(box[0], int(np.floor(min(y0, y1) - reach))), min(box[2], int(np.ceil(max(y0, y1) + reach)))
    left, right = max(box[1], int(np.floor(min(x0, x1) - reach))), min(box[3], int(np.ceil(max(x0, x1) + reach)))
    if top >= bottom or left >= right:
        return
    y, x = np.arange(top, bottom)[:, None] + 0.5 - y0, np.arange(left, right)[None] + 0.5 - x0
    along_x, along_y = x1 - x0, y1 - y0
    length = along_x * along_x + along_y * along_y
    share = (
        np.clip((x * along_x + y * along_y) / length, 0, 1) if length > 0 else np.zeros((bottom - top, right - left))
    )
    distance = np.hypot(x - share * along_x, y - share * along_y)
    radius = r0 + share * (r1 - r0)
    outer = radius + 0.5 * hardness
    covered = np.clip((outer - distance) / np.maximum(1, outer - radius * hardness), 0, 1)
    part = coverage[top - box[0] : bottom - box[0], left - box[1] : right - box[1]]
    np.maximum(part, covered.astype(np.float32), out=part)


def rectangle(size_hw: Size, corners: tuple[float, float, float, float]) -> Covered | None:
    """What a rectangle (left, top, right, bottom) covers, parts of a pixel too.

    >>> rectangle((2, 3), (0.5, 0, 2, 1.5))[1].tolist()
    [[0.5, 1.0], [0.25, 0.5]]
    """
    left, right = sorted((corners[0], corners[2]))
    top, bottom = sorted((corners[1], corners[3]))
    box = around(size_hw, [(left, top), (right, bottom)], 0)
    if box is None:
        return None
    rows, columns = (
        np.clip(np.minimum(np.arange(first, last) + 1, end) - np.maximum(np.arange(first, last), start), 0, 1)
        for first, last, start, end in ((box[0], box[2], top, bottom), (box[1], box[3], left, right))
    )
    return box, (rows[:, None] * columns).astype(np.float32)


def lasso(size_hw: Size, points: Sequence[Sequence[float]]) -> Covered | None:
    """What a closed outline covers, by the non-zero rule: a loop inside a loop is filled too."""
    box = around(size_hw, points, 0)
    if box is None:
        return None
    top, left, bottom, right = box
    outline = np.array([point[:2] for point in points], np.float64)
    sums = np.zeros((bottom - top, right - left + 2))
    for place in range((bottom - top) * _ROWS_A_PX):
        y = top + (place + 0.5) / _ROWS_A_PX
        for start, end in _spans(outline, y):
            _add_span(sums[place // _ROWS_A_PX], max(start, left) - left, min(end, right) - left)
    # Sums of differences: what lies between a start and an end is added up from the left.
    coverage = np.cumsum(sums, axis=1)[:, :-2] / _ROWS_A_PX
    return box, np.clip(coverage, 0, 1).astype(np.float32)


def _spans(outline: Exact, y: float) -> list[tuple[float, float]]:
    """The parts of a line at `y` that lie inside a closed `outline` (n×2), left to right."""
    x0, y0 = outline.T
    x1, y1 = np.roll(outline, -1, axis=0).T
    crosses = np.flatnonzero((y0 <= y) != (y1 <= y))
    if not crosses.size:
        return []
    x0, y0, x1, y1 = x0[crosses], y0[crosses], x1[crosses], y1[crosses]
    places = x0 + (y - y0) / (y1 - y0) * (x1 - x0)
    spans, turns, start = [], 0, 0.0
    for x, turn in sorted(zip(places.tolist(), np.where(y0 <= y, 1, -1).tolist(), strict=True)):
        if turns == 0:
            start = x
        turns += turn
        if turns == 0:
            spans.append((start, x))
    return spans


def _add_span(row: Exact, start: float, end: float) -> None:
    """Adds 1 for the part of each pixel from `start` to `end` to a row of differences."""
    if end <= start:
        return
    for x, sign in ((start, 1), (end, -1)):
        pixel = int(x)
        part = 1 - (x - pixel)
        row[pixel] += sign * part
        row[pixel + 1] += sign * (1 - part)


def blend(
    alpha: FloatArray, coverage: FloatArray, mode: Mode, opacity: float, ceiling: FloatArray | None = None
) -> FloatArray:
    """`alpha` (h×w) gone `coverage`·`opacity` of the way to nothing, or to the photo's own alpha (`ceiling`).

    >>> blend(np.float32([[0.5, 1]]), np.float32([[0.5, 0.5]]), "erase", 1).tolist()
    [[0.25, 0.5]]
    """
    share = coverage * np.float32(opacity)
    if mode == "erase":
        return alpha - alpha * share
    goal = np.float32(1) if ceiling is None else ceiling
    return alpha + (goal - alpha) * share


def around(size_hw: Size, points: Sequence[Sequence[float]], reach: float) -> Box | None:
    """The whole pixels of the photo within `reach` of points' box; None where there are none."""
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    if not xs:
        return None
    top, bottom = max(0, int(np.floor(min(ys) - reach))), min(size_hw[0], int(np.ceil(max(ys) + reach)))
    left, right = max(0, int(np.floor(min(xs) - reach))), min(size_hw[1], int(np.ceil(max(xs) + reach)))
    return None if top >= bottom or left >= right else (top, left, bottom, right)
