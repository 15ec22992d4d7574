"""The reflection that a photo already has below its subject, as a layer of its own colours with alpha.

The subject is turned over at the ground. A smooth surface is fitted to the ground beside; where the photo differs from
it in the same details as the mirrored subject does, outline and pattern, that is its reflection. How much of it is seen
is told by least squares, fading with the depth; a shadow has other outlines, and no pattern.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from feathercut.kernels.box_sums import box_mean
from feathercut.kernels.composite import gaussian_blur
from feathercut.kernels.pieces import spread
from feathercut.kernels.reflection import Mirrored, mirrored
from feathercut.kernels.resample import resize
from feathercut.kernels.windows import Marks
from feathercut.pictures import FloatArray

_GRID = 384
_SHOWS = 0.02
# Where the ground is looked at: below the feet and above, and beside, in the subject's height and breadth.
_ABOVE, _BELOW, _ASIDE, _NEAR = 0.25, 0.8, 1.2, 0.35
_LEAST_CELLS, _ROUNDS = 200, 4
# How alike the details of ground and mirrored subject must be to be a reflection; how fine they are, of its height.
_ALIKE, _FINE = 0.4, 10
_LEAST, _MOST = 0.04, 0.95
# Right under the subject its shadow has its outline, and what the frame cuts off close below tells nothing; of its
# height.
_CONTACT, _SEEN_DEEP = 0.03, 0.12
# How a share fades with the depth, in heights of the subject; the one that explains most is taken.
_BANDS, _FADES = 16, (0.2, 0.35, 0.5, 0.8, 1.2, 2.0, 4.0)
_SOFT_PX = 1.5


@dataclass(frozen=True)
class _Share:
    """`first` of the mirrored subject is seen at the ground, less by e with each `fade` heights below it; of what the
    photo has there `own` is not the floor's texture. `alike` are the details, on ground that `is_level` or not."""

    first: float
    fade: float
    own: float
    alike: float
    is_level: bool = False


def kept_reflection(rgb: FloatArray, alpha: FloatArray) -> tuple[FloatArray, FloatArray] | None:
    """Straight colours H×W×3 and alpha H×W of the reflection in a photo H×W×3 with this matte; None where none is.

    >>> kept_reflection(np.full((40, 40, 3), 0.5, np.float32), np.zeros((40, 40), np.float32)) is None
    True
    """
    ratio = min(1.0, _GRID / max(alpha.shape))
    size = max(1, round(alpha.shape[0] * ratio)), max(1, round(alpha.shape[1] * ratio))
    small, matte = np.clip(resize(rgb, size, "box"), 0, 1), np.clip(resize(alpha, size, "box"), 0, 1)
    found = [one for is_level in (False, True) if (one := _found(small, matte, is_level=is_level)) is not None]
    if not found:
        return None
    share, surface = max(found, key=lambda one: one[0].alike)
    return _layer(rgb, alpha, surface, share)


def _found(rgb: FloatArray, matte: FloatArray, *, is_level: bool) -> tuple[_Share, FloatArray] | None:
    """How much of the mirrored subject a small photo shows, and the surface that shows it."""
    turned = mirrored(rgb, matte, is_level=is_level)
    if turned is None:
        return None
    fitted = _surface(rgb, matte, turned)
    if fitted is None:
        return None
    surface, texture = fitted
    share = _share(rgb[turned.top :] - surface, turned, matte[turned.top :], surface, texture)
    return None if share is None else (replace(share, is_level=is_level), surface)


def _surface(rgb: FloatArray, matte: FloatArray, turned: Mirrored) -> tuple[FloatArray, float] | None:
    """The ground's smooth colours from the mirrored subject's first row on, and the variance of its texture.

    A polynomial of second order for each channel, by weighted least squares that doubt what is far off.
    """
    columns = np.flatnonzero((matte > 0.5).any(axis=0))
    broad = float(columns[-1] - columns[0] + 1)
    unit = max(broad, float(turned.tall))
    y, x = np.mgrid[: len(rgb), : rgb.shape[1]].astype(np.float32)
    down = (y - turned.top + turned.deep[0]) / turned.tall
    across = (x - (columns[0] + columns[-1]) / 2) / unit
    shadowed = matte > _SHOWS
    shadowed[turned.top :] |= turned.alpha > _SHOWS
    away = np.maximum(np.abs(across) - broad / unit / 2, 0)
    near = np.exp(-0.5 * (away / _NEAR) ** 2) * (np.abs(across) < _ASIDE) * (down > -_ABOVE) * (down < _BELOW)
    near = near * ~spread(shadowed, 2)
    seen = near > _SHOWS
    if seen.sum() < _LEAST_CELLS:
        return None
    terms = np.stack([np.ones_like(down), across, down, across**2, across * down, down**2], axis=-1).astype(np.float64)
    fitted = np.empty((len(rgb) - turned.top, *rgb.shape[1:]), np.float32)
    texture = 0.0
    for channel in range(3):
        values, weight = rgb[..., channel][seen].astype(np.float64), near[seen].astype(np.float64)
        doubted = weight
        for _ in range(_ROUNDS):
            root = np.sqrt(doubted)
            solved = np.linalg.lstsq(terms[seen] * root[:, None], values * root, rcond=None)[0]
            off = values - terms[seen] @ solved
            doubted = weight / (1 + (off / max(3 * float(np.median(np.abs(off))), 0.008)) ** 2)
        texture += float((doubted * off**2).sum() / doubted.sum()) / 3
        fitted[..., channel] = terms[turned.top :] @ solved
    return np.clip(fitted, 0, 1), texture


def _share(off: FloatArray, turned: Mirrored, matte: FloatArray, surface: FloatArray, texture: float) -> _Share | None:
    """How much of the mirrored subject the ground shows, that is `off` from its surface; None where none."""
    deep = turned.deep / turned.tall
    inside = spread(turned.alpha > _SHOWS, max(3, turned.tall // (_FINE + 2)))
    inside &= (matte < _SHOWS) & (turned.deep > 1) & (deep > _CONTACT) & (deep < 1)
    if inside.sum() < _LEAST_CELLS / 2 or deep[inside].max() < _SEEN_DEEP:
        return None
    radius = max(2, turned.tall // _FINE)
    there = _details(off, inside, radius)
    wanted = _details((turned.rgb - surface) * turned.alpha[..., None], inside, radius)
    bands = np.clip((deep[inside] * _BANDS).astype(np.int64), 0, _BANDS - 1)
    power = np.bincount(bands, (wanted[inside] ** 2).sum(axis=1), _BANDS)
    shared = np.bincount(bands, (wanted[inside] * there[inside]).sum(axis=1), _BANDS)
    middles = (np.arange(_BANDS) + 0.5) / _BANDS
    best = (0.0, 0.0, 1.0)
    for fade in _FADES:
        falls = np.exp(-middles / fade)
        first = float((shared * falls).sum() / max((power * falls**2).sum(), 1e-9))
        best = max(best, (first * float((shared * falls).sum()), first, fade))
    explained, first, fade = best
    total = float((there[inside] ** 2).sum())
    falls = np.exp(-middles / fade)
    strength = float((power * falls**2).sum()) * first**2
    alike = explained / max((total * strength) ** 0.5, 1e-9)
    if alike < _ALIKE or first < _LEAST:
        return None
    own = float(np.clip(1 - texture * 3 * inside.sum() / max(total, 1e-9), 0, 1))
    return _Share(min(first, _MOST), fade, own, alike)


def _details(planes: FloatArray, inside: Marks, radius: int) -> FloatArray:
    """What differs from the mean around, inside; h×w×3."""
    weight = inside.astype(np.float32)
    around = np.maximum(box_mean(weight, radius), np.float32(1e-3))
    means = box_mean(np.ascontiguousarray((planes * weight[..., None]).transpose(2, 0, 1)), radius) / around
    details: FloatArray = (planes - means.transpose(1, 2, 0)) * weight[..., None]
    return details


def _layer(
    rgb: FloatArray, alpha: FloatArray, surface: FloatArray, share: _Share
) -> tuple[FloatArray, FloatArray] | None:
    """The layer at the photo's size: un-mixed from the surface, or nearer to the mirrored colours on texture."""
    turned = mirrored(rgb, alpha, is_level=share.is_level)
    if turned is None:
        return None
    coverage = gaussian_blur(turned.alpha[..., None], _SOFT_PX)[..., 0] * (turned.deep > 0)
    deep = np.maximum(turned.deep, 0) / turned.tall
    shown = share.first * np.exp(-deep / share.fade) * np.clip(coverage, 0, 1) * (1 - alpha[turned.top :])
    shown = np.asarray(shown, np.float32)
    ground = resize(surface, (shown.shape[0], shown.shape[1]), "bilinear")
    part = shown[..., None]
    own = (rgb[turned.top :] - (1 - part) * ground) / np.maximum(part, np.float32(_SHOWS))
    colours, layer = np.zeros_like(rgb), np.zeros_like(alpha)
    colours[turned.top :] = np.clip(turned.rgb + np.float32(share.own) * (own - turned.rgb), 0, 1)
    layer[turned.top :] = shown
    return np.where(layer[..., None] > 0, colours, np.float32(0)), layer
