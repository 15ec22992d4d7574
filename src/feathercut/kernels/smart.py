"""What a brush that says only roughly where makes of a matte: inside its stroke the photo's own edges decide.

Alpha in the stroke is solved for anew between what the matte says around it: in each square of 3×3 pixels it is a
linear function of their colours (`matting_laplacian.py`), and colours that only the subject or only the background has
around (`likeness.py`) pull it to 1 or 0. Where a zero beside the stroke has the subject's colours, it counts as not
known: a lock of hair that is missing is missing beyond the stroke, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from feathercut.kernels.guided import linear_model
from feathercut.kernels.likeness import likeness
from feathercut.kernels.matting_laplacian import MattingLaplacian, solve
from feathercut.kernels.resample import resize
from feathercut.kernels.sampled import sampled
from feathercut.kernels.strokes import Box, Mode, around, brush
from feathercut.kernels.windows import Marks
from feathercut.pictures import FloatArray, Size

_LONGEST = 512
"""The longer side that alpha is solved at, at most."""
_LEAST_MARGIN_PX = 8
_RING = 1.5
"""How far beyond the stroke what the matte says is doubted, as a share of its radius."""
_CORE = 0.25
_SURE, _DONE = 0.95, 0.99
_FEWEST = 0.01
"""Of the stroke's pixels: with fewer known ones of the subject around, the stroke's core shows its colours."""
_LIKENESS, _WISH = 2e-2, 1e-4
"""How much colours, and what the person wants, count beside what the 3×3 neighbours say."""
_EPSILON = 3e-7
_ROUNDS, _MOST_ROUNDS, _TOLERANCE = 25, 100, 1e-6
"""Rounds at the solved size, twice as many at each half of it."""
_SMALLEST = 48
_CLEAR = 0.1
"""What is this near to nothing or to all is taken for it: far from what is known the solution is never quite either."""
_FINE_EPSILON = 1e-4
_ROWS = 64


@dataclass(frozen=True)
class Drawn:
    """A stroke: points are (x, y, pressure), in px of the picture that it is drawn on."""

    mode: Mode
    diameter_px: float
    hardness: float
    opacity: float
    points: Sequence[Sequence[float]]

    def within(self, box: Box, scale: tuple[float, float]) -> Drawn:
        """The same on a part of the picture, drawn `scale` (down, across) times as large."""
        points = [((x - box[1]) * scale[1], (y - box[0]) * scale[0], pressure) for x, y, pressure in self.points]
        return Drawn(self.mode, self.diameter_px * (scale[0] + scale[1]) / 2, self.hardness, self.opacity, points)


def smart_box(size_hw: Size, stroke: Drawn) -> Box | None:
    """The part of a photo that `smart_alpha` looks at; None where the stroke touches nothing of it."""
    reach = stroke.diameter_px / 2 + 1
    if around(size_hw, stroke.points, reach) is None:
        return None
    return around(size_hw, stroke.points, reach + max(_LEAST_MARGIN_PX, stroke.diameter_px / 2))


def smart_alpha(
    rgb: FloatArray, alpha: FloatArray, box: Box, stroke: Drawn, ceiling: FloatArray | None = None
) -> FloatArray:
    """Alpha of the box, h×w, after the stroke; restoring never lowers it and erasing never raises it.

    `rgb` h×w×3, `alpha` h×w and the photo's own alpha `ceiling` are of the box that `smart_box` gives; the stroke is in
    px of the photo. Large boxes are solved at reduced size and follow the photo's colours from there.
    """
    own = stroke.within(box, (1, 1))
    covered = brush(alpha.shape, own.diameter_px, own.hardness, own.points)
    if covered is None:
        return alpha
    (top, left, bottom, right), coverage = covered
    part = np.s_[top:bottom, left:right]
    solved = np.clip((_solved(rgb, alpha, own)[part] - _CLEAR) / (1 - 2 * _CLEAR), 0, 1)
    before, shown = alpha[part], None if ceiling is None else ceiling[part]
    if stroke.mode == "erase":
        wanted = np.minimum(before, solved)
    else:
        wanted = np.maximum(before, solved if shown is None else np.minimum(solved, shown))
    result = alpha.copy()
    result[part] = before + (wanted - before) * (coverage * np.float32(stroke.opacity))
    return result


def _solved(rgb: FloatArray, alpha: FloatArray, stroke: Drawn) -> FloatArray:
    """What the photo says of the stroke's pixels, h×w in [0, 1]; elsewhere it is of no use."""
    height, width = alpha.shape
    ratio = min(1.0, _LONGEST / max(height, width))
    size = max(1, round(height * ratio)), max(1, round(width * ratio))
    planes = np.stack([resize(np.ascontiguousarray(rgb[..., channel]), size, "box") for channel in range(3)])
    known = resize(alpha, size, "box")
    scaled = stroke.within((0, 0, height, width), (size[0] / height, size[1] / width))
    # To erase is to restore the background: all is turned round, and back.
    small = _restored(planes, known, scaled) if stroke.mode == "restore" else 1 - _restored(planes, 1 - known, scaled)
    if size == alpha.shape:
        return small
    lines = linear_model(planes, small, np.ones(size, np.float32), 1, _FINE_EPSILON)[:4]
    result = np.empty_like(alpha)
    for start in range(0, height, _ROWS):
        rows = slice(start, min(start + _ROWS, height))
        *slopes, value = sampled(lines, (rows, slice(0, width)), (height, width))
        for channel, slope in enumerate(slopes):
            value += slope * rgb[rows, :, channel]
        np.clip(value, 0, 1, out=result[rows])
    return result


def _restored(planes: FloatArray, alpha: FloatArray, stroke: Drawn) -> FloatArray:
    """Alpha where a stroke restores, at the size of `planes` (3×h×w)."""
    unknown = _touched(alpha.shape, stroke, 1) & (alpha < _DONE)
    if not unknown.any():
        return alpha
    rgb = np.ascontiguousarray(planes.transpose(1, 2, 0))
    subject = ~unknown & (alpha > _SURE)
    if subject.sum() < _FEWEST * unknown.sum():
        subject |= _touched(alpha.shape, stroke, _CORE) & unknown
    background = ~unknown & (alpha < 1 - _SURE)
    doubted = _touched(alpha.shape, stroke, _RING) & background & (likeness(rgb, subject, background) > 0.5)
    like = likeness(rgb, subject, background & ~doubted)
    unknown |= doubted
    says = np.float32(_LIKENESS) * (2 * like - 1) ** 4
    weight = np.where(unknown, np.float32(_WISH) + says, 0).astype(np.float32)
    guess = np.where(unknown, (np.float32(_WISH) + says * like) / (np.float32(_WISH) + says), alpha).astype(np.float32)
    return np.clip(_relaxed(planes, alpha, unknown, guess, weight, _ROUNDS), 0, 1)


def _touched(size_hw: Size, stroke: Drawn, times: float) -> Marks:
    """The pixels that the stroke would touch, were it so many times as wide."""
    marks = np.zeros(size_hw, np.bool_)
    covered = brush(size_hw, stroke.diameter_px * times, 1, stroke.points)
    if covered is not None:
        (top, left, bottom, right), coverage = covered
        marks[top:bottom, left:right] = coverage > 0
    return marks


def _relaxed(
    planes: FloatArray, alpha: FloatArray, unknown: Marks, guess: FloatArray, weight: FloatArray, rounds: int
) -> FloatArray:
    """Alpha, solved from half the size on, where what is far apart is settled in fewer rounds."""
    height, width = alpha.shape
    start = np.where(unknown, guess, alpha)
    if min(height, width) >= _SMALLEST:
        half = height // 2, width // 2
        reduced = [resize(plane, half, "box") for plane in (*planes, alpha, unknown.astype(np.float32), guess, weight)]
        coarse = _relaxed(
            np.stack(reduced[:3]), reduced[3], reduced[4] > 0, reduced[5], reduced[6], min(2 * rounds, _MOST_ROUNDS)
        )
        start = np.where(unknown, resize(coarse, (height, width), "bilinear"), alpha)
    else:
        rounds = _MOST_ROUNDS
    laplacian = MattingLaplacian(planes, unknown, _EPSILON)
    relaxed = solve(laplacian, start, guess, weight, _TOLERANCE, rounds)
    return np.clip(relaxed, 0, 1)
