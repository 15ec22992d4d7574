"""A subject in front of a screen of one strong colour: its matte and its own colours, from the colours alone.

Where screen and subject are known, alpha at a pixel between them is a linear function of its colour: along Fisher's
discriminant ("The use of multiple measurements in taxonomic problems", 1936), the direction in which the subject's
own colours differ least and the two most. Mostly that is colour without lightness, which is what a keyer looks at
(P. Vlahos, US patent 4 100 569, 1978; A. R. Smith, J. F. Blinn, "Blue Screen Matting", SIGGRAPH 1996), but it also
finds grey hair, green jackets in front of blue, and screens that are unevenly lit. Solid things of nearly the screen's
own colour are found first (`solid_parts.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from feathercut.kernels.backdrop import filled, grid_size, plate, smooth_plate
from feathercut.kernels.matrices import PAIRS, inverted, times
from feathercut.kernels.pieces import label, spread
from feathercut.kernels.resample import resize, shrink
from feathercut.kernels.solid_parts import is_smooth, solid_parts
from feathercut.kernels.windows import Marks
from feathercut.pictures import FloatArray

_LEAST_EXCESS = 0.08
"""How much more a screen has of its own channel than of the larger of the two others."""
_BORDER, _LEAST_BORDER, _MOST_HUES = 0.06, 0.3, 0.015
"""A screen is looked for in this part of the photo at three sides, is so much of that, and its colour, lightness aside,
is so even: walls and lawns are not."""
_SIMILAR, _DARKEST = 0.8, 0.4
"""A pixel is like the screen with this part of its saturation, and this part of its excess."""
_ROUNDS, _FAR, _LEAST_FAR = 3, 2.0, 0.01
_NONE, _GROWN = 0.08, 2
"""With this part of the screen's excess or less, and so many px beyond, a pixel is surely the subject's."""
_DENSE, _DENSE_PX = 0.25, 3
"""What has no more of the screen's excess for so many px around, and no smooth surface, is hair that may have a little
of the screen's hue itself: its colours are the subject's, if not surely all of each pixel."""
_BESIDE = 3
"""So many px around, solid parts of the screen's hue count as the subject's own colours."""
_LEAST_VARIANCE = 2e-3
_SIGMAS, _DOUBTS = 3.0, 1.0
_SOLID, _SOLID_PX = 0.8, 3
"""What is at least this for so many px around has no edge in it: a part that is a little of the screen's hue."""
_UNSURE = np.float32(0.03)
_SPILL, _USUAL, _OWN_HUE = 0.01, 0.98, np.float32(1.2)
"""How far into the subject spill is looked for, of the shorter side; beyond, so much is free of it. And this many times
what the subject has of the screen's hue around is none."""


@dataclass(frozen=True, eq=False)
class Keyed:
    """`alpha` H×W, and `rgb`, the subject's own colours, H×W×3, near it where alpha is 0; both in [0, 1]."""

    alpha: FloatArray
    rgb: FloatArray


def find_screen(rgb: FloatArray) -> FloatArray | None:
    """The colour of the screen around a subject (3 numbers), None where the photo's border has none.

    >>> find_screen(np.full((8, 8, 3), 0.5, np.float32)) is None
    True
    """
    side = max(1, round(_BORDER * min(rgb.shape[:2])))
    border = np.concatenate(
        [
            rgb[:side].reshape(-1, 3),
            rgb[:, :side].reshape(-1, 3),
            rgb[:, -side:].reshape(-1, 3),
        ]
    )  # not the lower edge: a subject stands there
    ordered = np.sort(border, axis=1)
    excess = ordered[:, 2] - ordered[:, 1]
    strong = excess > _LEAST_EXCESS
    channel = border.argmax(axis=1)
    counts = [int((strong & (channel == one)).sum()) for one in range(3)]
    best = int(np.argmax(counts))
    if counts[best] < _LEAST_BORDER * len(border):
        return None
    ours = border[strong & (channel == best)]
    hues = ours / ours.sum(axis=1, keepdims=True)
    if float(np.median(np.abs(hues - np.median(hues, axis=0)).max(axis=1))) > _MOST_HUES:
        return None
    return np.asarray(np.median(ours, axis=0), np.float32)


def is_strong(screen: FloatArray) -> bool:
    """Whether a colour (3 numbers) has enough more of one channel than of the others."""
    _, middle, most = sorted(screen.tolist())
    return bool(most - middle > _LEAST_EXCESS)


def key(rgb: FloatArray, screen: FloatArray, despill: float) -> Keyed:
    """The subject in front of a screen of the colour `screen` (3 numbers in [0, 1]).

    `rgb` is H×W×3 in [0, 1]; `despill`, 0 to 1, says how much of the screen's light is taken off the subject's edges.
    """
    channel = int(screen.argmax())
    excess = _excess(rgb, channel)
    behind, shows = _screen(rgb, _like(rgb, excess, screen, channel))
    whole = np.maximum(_excess(behind, channel), np.float32(_LEAST_EXCESS / 2))
    own = ~spread(excess > _NONE * whole, _GROWN)
    smooth = is_smooth(rgb, np.linalg.norm(rgb - behind, axis=2))
    dense = ~spread(excess > _DENSE * whole, _DENSE_PX) & ~smooth
    mean, way, doubt = _discriminant(rgb, behind, own | dense)
    solid = solid_parts(rgb, behind, own, shows)
    if solid.any():  # elsewhere the colours of what is nearby decide, which are often others
        own, beside = own | solid, spread(solid, _BESIDE)
        there = _discriminant(rgb, behind, own | dense)
        for one, other in zip((mean, way, doubt), there, strict=True):
            one[beside] = other[beside]
    alpha = ((rgb - behind) * way).sum(axis=2)
    alpha = _settled(alpha, doubt, own, shows)
    return Keyed(alpha, _colours(rgb, behind, mean, alpha, channel, despill))


def _excess(rgb: FloatArray, channel: int) -> FloatArray:
    """How much more of `channel` than of the larger of the two others."""
    one, other = (rgb[..., place] for place in range(3) if place != channel)
    return np.asarray(rgb[..., channel] - np.maximum(one, other), np.float32)


def _like(rgb: FloatArray, excess: FloatArray, screen: FloatArray, channel: int) -> Marks:
    """Pixels of about the screen's colour, be they lighter or darker."""
    whole = float(screen[channel] - max(screen[place] for place in range(3) if place != channel))
    share = excess / np.maximum(rgb[..., channel], np.float32(1e-3))
    like: Marks = (share > _SIMILAR * whole / screen[channel]) & (excess > _DARKEST * whole)
    return like


def _screen(rgb: FloatArray, like: Marks) -> tuple[FloatArray, Marks]:
    """The screen without the subject, H×W×3, and where it shows: a polynomial first, then what it differs by."""
    behind = smooth_plate(rgb, like)
    shows = like
    for _ in range(_ROUNDS):
        far = np.linalg.norm(rgb - behind, axis=2)
        usual = float(np.median(far[like])) if like.any() else 0.0
        shows = like & (far < max(_FAR * usual, _LEAST_FAR))
        behind = behind + plate(rgb - behind, shows.astype(np.float32))
    return behind, shows


def _discriminant(rgb: FloatArray, behind: FloatArray, own: Marks) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The subject's mean colour around each pixel, the direction (both H×W×3) along which alpha goes from 0 to 1, and
    how far off the subject's own pixels are on that way, H×W.

    Means and covariances are those of the pixels that are the subject's `own`, or of the nearest ones.
    """
    size, whole = grid_size(own.shape), (own.shape[0], own.shape[1])
    weight = own.astype(np.float32)
    cells = shrink(weight[..., None], size, "box")[..., 0]
    products = [rgb[..., row] * rgb[..., column] for row, column in PAIRS]
    planes = np.stack([*np.moveaxis(rgb, 2, 0), *products], axis=2) * weight[..., None]
    moments = np.moveaxis(filled(shrink(planes, size, "box"), cells), 2, 0).astype(np.float64)
    mean, covariance = moments[:3], moments[3:]
    for place, (row, column) in enumerate(PAIRS):
        covariance[place] -= mean[row] * mean[column]
        covariance[place] += _LEAST_VARIANCE if row == column else 0
    towards = mean - np.moveaxis(shrink(behind, size, "box"), 2, 0)
    way = times(inverted(covariance), towards)
    distance = np.maximum((way * towards).sum(axis=0), 1e-6)
    way /= distance
    doubt = np.asarray(1 / np.sqrt(distance), np.float32)
    mean_hw3, way_hw3 = (np.ascontiguousarray(np.moveaxis(one, 0, 2), np.float32) for one in (mean, way))
    return resize(mean_hw3, whole, "bilinear"), resize(way_hw3, whole, "bilinear"), resize(doubt, whole, "bilinear")


def _settled(alpha: FloatArray, doubt: FloatArray, own: Marks, shows: Marks) -> FloatArray:
    """`alpha` in [0, 1], 0 and 1 where noise is all that keeps it from that, and 1 inside the subject."""
    low = _SIGMAS * _deviation(alpha[shows])
    high = _DOUBTS * doubt
    around = _mean_of_nine(alpha)
    alpha = np.where((alpha < low) & (around < low / 2), 0, alpha)
    alpha = np.where((alpha > 1 - high) & (around > 1 - high / 2), 1, alpha)
    alpha = np.where(own | ~spread(alpha < _SOLID, _SOLID_PX), 1, alpha)
    # What shows no screen anywhere is a reflection or a colour of the subject's.
    pieces, count = label(~own)
    touched = np.bincount(pieces[shows], minlength=count + 1) > 0
    touched[0] = True
    return np.asarray(np.clip(np.where(touched[pieces], alpha, 1), 0, 1), np.float32)


def _deviation(values: FloatArray) -> float:
    return float(np.median(np.abs(values)) * 1.4826) if values.size else 0.0


def _mean_of_nine(plane: FloatArray) -> FloatArray:
    padded = np.pad(plane, 1, mode="edge")
    rows = padded[:-2] + padded[1:-1] + padded[2:]
    return np.asarray((rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / 9, np.float32)


def _colours(
    rgb: FloatArray, behind: FloatArray, mean: FloatArray, alpha: FloatArray, channel: int, despill: float
) -> FloatArray:
    """The subject's own colours: the screen taken out, and where little is left to see, those around."""
    share = alpha[..., None]
    seen = (rgb - (1 - share) * behind) / np.maximum(share, np.float32(1e-3))
    trust = share**2 / (share**2 + _UNSURE)
    own = np.clip(mean + trust * (seen - mean), 0, 1)
    own = np.where(share == 1, rgb, own)
    near = spread((alpha > 0) & (alpha < 1), max(1, round(_SPILL * min(alpha.shape)))) & (alpha > 0)
    inner = _excess(rgb[(alpha == 1) & ~near], channel)
    usual = max(0.0, float(np.quantile(inner, _USUAL))) if inner.size else 0.0
    allowed = np.maximum(_OWN_HUE * _excess(mean, channel), np.float32(usual))
    spilt = np.maximum(_excess(own, channel) - allowed, 0)
    own[..., channel] -= np.where(near, np.float32(despill) * spilt, 0)
    return np.asarray(own, np.float32)
