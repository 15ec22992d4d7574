"""One matte of two networks that fail differently.

IS-Net draws fine edges and leaves bodies grey or half out; U²-Net is coarse and sure of bodies. So the
first draws, and the second says what is body: it fills from its inside, never along its own edges, which
would close holes and harden hair. Holes and hair that the first drew are kept where it drew most of what
the second sees; where it missed much of it, the photo's colours decide. Colours that only the subject has
bring what either network merely suspects, and edges are drawn a little towards the side whose colours they show.
"""

from __future__ import annotations

import numpy as np

from feathercut.kernels.box_sums import box_mean
from feathercut.kernels.extremes import largest, smallest
from feathercut.kernels.guided import applied, linear_model
from feathercut.kernels.likeness import likeness
from feathercut.kernels.resample import resize
from feathercut.kernels.side_by_side import each
from feathercut.kernels.windows import Marks
from feathercut.pictures import FloatArray, Size

_SIDE = 320
"""Longer side of the grid on which bodies are judged; all distances below are in its cells."""
_EDGE, _MISSED, _DETAIL, _AROUND = 2, 3, 8, 40
_COLOUR_SIDE, _COLOUR_REACH = 256, 12
_SURE = 0.85
_ROWS = 64
"""Of a strip of the drawing, which stays in the processor's cache."""
_LEAST_WEIGHT = np.float32(1e-4)
_CUT = np.float32(0.055)
"""Networks leave a fog this faint on sure pixels of either side."""
_BY_COLOUR, _TOO_WIDE = np.float32(0.2), np.float32(0.3)
"""How an uncertain pixel's log odds move: with those of its colour, and down, as networks draw edges too wide."""
_GREY, _GREY_AROUND = (0.3, 0.7), 5
"""Share of grey cells around, and how far that looks: an edge has few of them, a body left grey is all grey."""


def fuse(first: FloatArray, second: FloatArray, rgb: FloatArray) -> FloatArray:
    """Alpha of h×w: the drawing of `first` (h×w), its bodies filled by `second` (any size), cleared of fog and strays.

    `rgb` is the photo in sRGB, reduced to `seen_at` of its size; all cover the same part of it.
    """
    seen = _seen(first, second, rgb)
    looks = _looks(*seen, rgb)
    alpha = _tilted(_filled(first, second, looks, _colour_vote(*seen, rgb)), looks)
    alpha = np.clip((alpha - _CUT) / (1 - 2 * _CUT), 0.0, 1.0)
    size = fitted(rgb.shape[:2], _SIDE)
    stray = resize(_stray(alpha, resize(second, size, "bilinear"), size), (first.shape[0], first.shape[1]), "bilinear")
    return np.asarray(np.clip(alpha * (1 - stray), 0.0, 1.0), np.float32)


def mean_of_twins(first: FloatArray, twin: FloatArray, rgb: FloatArray) -> FloatArray:
    """Two drawings of one network (h×w), of the photo and of its mirror image turned back, as one.

    Each is filled by the other before their mean is taken: where one of them fails, a plain mean would be
    half transparent. `rgb` as in `fuse`.
    """
    seen = _seen(first, twin, rgb)
    looks, vote = _looks(*seen, rgb), _colour_vote(*seen, rgb)
    mean = (_filled(first, twin, looks, vote) + _filled(twin, first, looks, vote)) * np.float32(0.5)
    return np.asarray(mean, np.float32)


def _filled(first: FloatArray, second: FloatArray, looks: FloatArray, vote: FloatArray) -> FloatArray:
    """`first` with the bodies of `second`, as `looks` (see `_looks`) and `vote` (see `_colour_vote`) have it."""
    size: Size = (looks.shape[0], looks.shape[1])
    body, drawn = resize(second, size, "bilinear"), resize(first, size, "box")
    reach = largest(drawn, _DETAIL)
    trust = _trust(drawn, body)
    says_no = resize(1 - step(vote, 0.4, 0.9), size, "bilinear")
    # What has the subject's own colours is no hole, whatever was drawn of the rest.
    keeps_holes = trust * (1 - step(looks, 0.5, 0.9)) + (1 - trust) * step(reach, 0.7, 0.95) * says_no
    # Nor is it one where the second is certain all around, unless it clearly shows the background.
    keeps_holes = keeps_holes * (1 - step(smallest(body, _EDGE), 0.97, 0.995) * step(looks, 0.2, 0.5))
    keeps_hair = step(largest(drawn, _EDGE) - smallest(drawn, _EDGE), 0.4, 0.8) * trust
    # Where the first network is all but certain that there is nothing, the second must be as sure.
    in_doubt = step(box_mean(step(drawn, 0.0005, 0.004), _DETAIL), 0.2, 0.6)
    sure = np.maximum(in_doubt, step(body, 0.85, 0.99))
    inside = smallest(step(body, 0.3, 0.8), _EDGE) * sure
    inside = box_mean(np.maximum(inside, step(body, 0.1, 0.3) * step(looks, 0.9, 0.99)), 1)
    # Far from all that the first network drew there is no detail to protect: thin parts come whole.
    unseen = (1 - step(box_mean(reach, _DETAIL), 0.1, 0.5)) * step(body, 0.85, 0.99)
    large: Size = (first.shape[0], first.shape[1])
    planes = [resize(plane, large, "bilinear") for plane in (inside, keeps_holes, keeps_hair, unseen)]
    result = np.empty_like(first)

    def fill(top: int) -> None:
        rows = slice(top, top + _ROWS)
        drawn, inside, keeps_holes, keeps_hair, unseen = (plane[rows] for plane in (first, *planes))
        inside = inside * (1 - keeps_holes * (1 - step(drawn, 0.05, 0.3)))
        inside *= 1 - keeps_hair * (1 - step(drawn, 0.3, 0.9))
        np.maximum(np.maximum(drawn, inside), unseen, out=result[rows])

    each(fill, range(0, large[0], _ROWS))
    return result


def seen_at(size: Size) -> Size:
    """The size at which `fuse` sees a photo of that size."""
    return fitted(size, _COLOUR_SIDE)


def step(values: FloatArray, low: float, high: float) -> FloatArray:
    """0 up to `low`, 1 from `high` on, smooth between."""
    share = np.clip((values - np.float32(low)) / np.float32(high - low), 0.0, 1.0)
    return np.asarray(share * share * (3 - 2 * share), np.float32)


def fitted(shape: tuple[int, ...], side: int) -> Size:
    """The size of that shape whose longer side is `side`."""
    ratio = side / max(shape[:2])
    return max(1, round(shape[0] * ratio)), max(1, round(shape[1] * ratio))


def _trust(drawn: FloatArray, body: FloatArray) -> FloatArray:
    """How far the first network's holes are believed: not where it missed most of a body that the second sees."""
    covered = box_mean(np.minimum(drawn, body), _AROUND) / np.maximum(box_mean(body, _AROUND), _LEAST_WEIGHT)
    return step(covered, 0.65, 0.92)


def _seen(first: FloatArray, second: FloatArray, rgb: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Both networks' alpha at the size of `rgb`."""
    size = (rgb.shape[0], rgb.shape[1])
    return resize(first, size, "box"), resize(second, size, "bilinear")


def _looks(one: FloatArray, other: FloatArray, rgb: FloatArray) -> FloatArray:
    """How much each cell's colour is the subject's rather than the background's, by where both networks agree.

    All are of one size; so they are for `_colour_vote`.
    """
    return resize(likeness(rgb, *_agreed(one, other)), fitted(rgb.shape, _SIDE), "bilinear")


def _tilted(alpha: FloatArray, looks: FloatArray) -> FloatArray:
    """`alpha` with its edges nearer to what their colours say; sure pixels and grey bodies stay as they are."""
    size: Size = (looks.shape[0], looks.shape[1])
    small = resize(alpha, size, "box")
    grey = ((small > 0.1) & (small < 0.9)).astype(np.float32)
    is_edge = 1 - step(box_mean(grey, _GREY_AROUND), *_GREY)
    bounded = np.clip(looks, 0.01, 0.99)
    odds = np.exp(is_edge * (_BY_COLOUR * np.log(bounded / (1 - bounded)) - _TOO_WIDE))
    odds = resize(odds, (alpha.shape[0], alpha.shape[1]), "bilinear")
    # alpha · odds / (1 + alpha · (odds - 1)), in few passes over large arrays
    tilted = alpha * odds
    odds = tilted - alpha
    odds += 1
    tilted /= odds
    return tilted


def _stray(alpha: FloatArray, body: FloatArray, size: Size) -> FloatArray:
    """How far each cell is a faint place of which the second network sees nothing."""
    level = box_mean(largest(resize(alpha, size, "box"), _DETAIL), _DETAIL)
    return (1 - step(largest(body, _MISSED), 0.05, 0.5)) * (1 - step(level, 0.2, 0.6))


def _colour_vote(one: FloatArray, other: FloatArray, rgb: FloatArray) -> FloatArray:
    """The alpha that colours speak for, learned nearby from the pixels on which both networks agree."""
    subject, background = _agreed(one, other)
    weight = (subject | background).astype(np.float32) + _LEAST_WEIGHT
    small = rgb.transpose(2, 0, 1)
    return applied(linear_model(small, np.asarray((one + other) / 2, np.float32), weight, _COLOUR_REACH, 2e-3), small)


def _agreed(one: FloatArray, other: FloatArray) -> tuple[Marks, Marks]:
    """Where both networks are sure of the subject, and where of the background."""
    return (one > _SURE) & (other > _SURE), (one < 1 - _SURE) & (other < 1 - _SURE)
