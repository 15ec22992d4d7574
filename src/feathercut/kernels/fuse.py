"""One matte of two networks that fail differently.

IS-Net draws fine edges and leaves bodies grey or half out; U²-Net is coarse and sure of bodies. So the
first draws, and the second says what is body: it fills from its inside, never along its own edges, which
would close holes and harden hair. Holes and hair that the first drew are kept where it drew most of what
the second sees. Colours that only the subject has bring what either network merely suspects, and edges are drawn
a little towards the side whose colours they show. All of it is judged on a small grid; the drawing itself is
looked at once, at its end.
"""

from __future__ import annotations

import numpy as np

from feathercut.kernels.box_sums import box_mean
from feathercut.kernels.extremes import largest, smallest
from feathercut.kernels.likeness import likeness
from feathercut.kernels.resample import resize
from feathercut.kernels.side_by_side import each
from feathercut.pictures import FloatArray, Size

_SIDE = 320
"""Longer side of the grid on which all is judged; the distances below are in its cells."""
_INSIDE, _EDGE, _MISSED, _DETAIL, _AROUND = 1, 2, 3, 8, 40
_SURE = 0.85
_ROWS = 64
"""Of a strip of the drawing, which stays in the processor's cache."""
_LEAST_WEIGHT = np.float32(1e-4)
_HOLE, _HAIR = (0.05, 0.3), (0.3, 0.9)
"""What is drawn no darker than the first of these is a hole or hair, at the second it is body as well."""
_CUT = np.float32(0.055)
"""Networks leave a fog this faint on sure pixels of either side."""
_MOST = np.float32(0.999)
"""What is as good as certain, yet has odds that can be lowered; the fog's share at this end is far larger."""
_BY_COLOUR, _TOO_WIDE = np.float32(0.2), np.float32(0.4)
"""How an uncertain pixel's log odds move: with those of its colour, and down, as networks draw edges too wide."""
_GREY, _GREY_AROUND = (0.3, 0.7), 5
"""Share of grey cells around, and how far that looks: an edge has few of them, a body left grey is all grey."""

Levels = tuple[FloatArray, FloatArray, FloatArray]
"""The least alpha of a pixel by how it was drawn: not at all, as faintly as hair is, or as a body."""


def fuse(first: FloatArray, second: FloatArray, rgb: FloatArray) -> FloatArray:
    """Alpha of h×w: the drawing of `first` (h×w), its bodies filled by `second` (any size), cleared of fog and strays.

    `rgb` is the photo in sRGB, reduced to `seen_at` of its size; all cover the same part of it.
    """
    drawn, body, looks = _seen(first, second, rgb)
    levels = _levels(drawn, body, looks)
    odds = _odds(_filled(drawn, *levels), looks) * (1 - _stray(drawn, body))
    planes = _at_size_of(first, *levels, odds)
    result = np.empty_like(first)

    def fill(top: int) -> None:
        rows = slice(top, top + _ROWS)
        *least, odds = (plane[rows] for plane in planes)
        alpha = np.minimum(_filled(first[rows], *least), _MOST)
        # alpha · odds / (1 + alpha · (odds - 1)), and the fog, in few passes
        tilted = alpha * odds
        np.subtract(tilted, alpha, out=alpha)
        alpha += 1
        tilted /= alpha
        tilted -= _CUT
        tilted /= 1 - 2 * _CUT
        np.clip(tilted, 0.0, 1.0, out=result[rows])

    each(fill, range(0, len(first), _ROWS))
    return result


def mean_of_twins(first: FloatArray, twin: FloatArray, rgb: FloatArray) -> FloatArray:
    """Two drawings of one network (h×w), of the photo and of its mirror image turned back, as one.

    Each is filled by the other before their mean is taken: where one of them fails, a plain mean would be
    half transparent. `rgb` as in `fuse`.
    """
    one, other, looks = _seen(first, twin, rgb)
    mean = _filled(first, *_at_size_of(first, *_levels(one, other, looks)))
    mean += _filled(twin, *_at_size_of(first, *_levels(other, one, looks)))
    mean *= np.float32(0.5)
    return mean


def seen_at(size: Size) -> Size:
    """The size at which `fuse` sees a photo of that size."""
    return fitted(size, _SIDE)


def step(values: FloatArray, low: float, high: float) -> FloatArray:
    """0 up to `low`, 1 from `high` on, smooth between."""
    share = _ramp(values, low, high)
    return np.asarray(share * share * (3 - 2 * share), np.float32)


def fitted(shape: tuple[int, ...], side: int) -> Size:
    """The size of that shape whose longer side is `side`."""
    ratio = side / max(shape[:2])
    return max(1, round(shape[0] * ratio)), max(1, round(shape[1] * ratio))


def _seen(first: FloatArray, second: FloatArray, rgb: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Both networks' alpha on the grid, and how much each cell's colour is the subject's by where both agree."""
    size = (rgb.shape[0], rgb.shape[1])
    drawn, body = resize(first, size, "box"), resize(second, size, "bilinear")
    ours, theirs = (drawn > _SURE) & (body > _SURE), (drawn < 1 - _SURE) & (body < 1 - _SURE)
    return drawn, body, likeness(rgb, ours, theirs)


def _levels(drawn: FloatArray, body: FloatArray, looks: FloatArray) -> Levels:
    """What to fill the drawing up to, as its holes and its hair are believed. All are on the grid."""
    covered = box_mean(np.minimum(drawn, body), _AROUND) / np.maximum(box_mean(body, _AROUND), _LEAST_WEIGHT)
    unseen = _unseen(drawn, body)
    body_level = _inside(drawn, body, looks)
    hair_level = body_level * (1 - _hair(drawn, covered))
    hole_level = hair_level * (1 - _holes(body, looks, covered))
    return np.maximum(hole_level, unseen), np.maximum(hair_level, unseen), np.maximum(body_level, unseen)


def _inside(drawn: FloatArray, body: FloatArray, looks: FloatArray) -> FloatArray:
    """The inside of the second network's bodies, and what it suspects that has the subject's own colours."""
    # Where the first network is all but certain that there is nothing, the second must be as sure.
    in_doubt = step(box_mean(step(drawn, 0.0005, 0.004), _DETAIL), 0.2, 0.6)
    inside = step(smallest(body, _INSIDE), 0.3, 0.8) * np.maximum(in_doubt, step(body, 0.85, 0.99))
    return box_mean(np.maximum(inside, step(body, 0.1, 0.3) * step(looks, 0.9, 0.99)), 1)


def _unseen(drawn: FloatArray, body: FloatArray) -> FloatArray:
    """Bodies far from all that the first network drew: no detail to protect there, thin parts come whole."""
    return (1 - step(_level_around(drawn), 0.1, 0.5)) * step(body, 0.85, 0.99)


def _holes(body: FloatArray, looks: FloatArray, covered: FloatArray) -> FloatArray:
    """How far a hole is believed: where the first network has most of the body, and in no colour of the subject's."""
    kept = step(covered, 0.45, 0.8) * (1 - step(looks, 0.5, 0.9))
    # Nor is it one where the second is certain all around, unless it clearly shows the background.
    return kept * (1 - step(smallest(body, _EDGE), 0.97, 0.995) * step(looks, 0.2, 0.5))


def _hair(drawn: FloatArray, covered: FloatArray) -> FloatArray:
    """How far fine detail is believed: where dark and light are near, of a body that is there for the most part."""
    return step(largest(drawn, _EDGE) - smallest(drawn, _EDGE), 0.4, 0.8) * step(covered, 0.65, 0.92)


def _stray(drawn: FloatArray, body: FloatArray) -> FloatArray:
    """How far each cell is a faint place of which the second network sees nothing."""
    return (1 - step(largest(body, _MISSED), 0.05, 0.5)) * (1 - step(_level_around(drawn), 0.2, 0.6))


def _level_around(drawn: FloatArray) -> FloatArray:
    return box_mean(largest(drawn, _DETAIL), _DETAIL)


def _odds(alpha: FloatArray, looks: FloatArray) -> FloatArray:
    """What the odds of each cell's being subject are times as high, by its colour; in bodies left grey they stay."""
    grey = ((alpha > 0.1) & (alpha < 0.9)).astype(np.float32)
    is_edge = 1 - step(box_mean(grey, _GREY_AROUND), *_GREY)
    bounded = np.clip(looks, 0.01, 0.99)
    return np.asarray(np.exp(is_edge * (_BY_COLOUR * np.log(bounded / (1 - bounded)) - _TOO_WIDE)), np.float32)


def _filled(drawn: FloatArray, hole: FloatArray, hair: FloatArray, body: FloatArray) -> FloatArray:
    """The drawing, no darker than the levels have it; all of one size."""
    level = hair - hole
    level *= _ramp(drawn, *_HOLE)
    level += hole
    more = body - hair
    more *= _ramp(drawn, *_HAIR)
    level += more
    np.maximum(drawn, level, out=level)
    return level


def _ramp(values: FloatArray, low: float, high: float) -> FloatArray:
    """0 up to `low`, 1 from `high` on, straight between."""
    share = values - np.float32(low)
    share *= np.float32(1 / (high - low))
    return np.clip(share, 0.0, 1.0, out=share)


def _at_size_of(drawing: FloatArray, *planes: FloatArray) -> list[FloatArray]:
    return [resize(plane, (drawing.shape[0], drawing.shape[1]), "bilinear") for plane in planes]
