"""Shadows drawn from a matte alone: dropped behind it, laid on the ground, or dark where it stands."""

from __future__ import annotations

import math

import numpy as np

from feathercut.kernels.composite import gaussian_blur
from feathercut.kernels.extremes import largest
from feathercut.kernels.resample import resize
from feathercut.pictures import FloatArray

_SOLID = 0.5
# A shadow that falls exactly to the side would be a line: it keeps this share of its length as its depth.
_FLATTEST = 0.12
# The blur of a shadow on the ground, as shares of its softness: where it begins, on the way, at its end.
_BLURS = (0.15, 0.5, 1.0)
# How much of a cast shadow is left at its end: light from the sky fills it up.
_LEFT = 0.6
# What counts as standing: lowest points for their neighbourhood, and not far above the lowest of all; in shares of the
# subject's width and height.
_NEIGHBOURHOOD, _RISE, _DEPTH = 0.06, 0.015, 0.18
# A tight line and the wider dark around it: width as a share of softness, and strength.
_TIGHT, _WIDE = (0.25, 0.6), (1.0, 0.4)


def drop_shadow(
    alpha: FloatArray, angle_deg: float, distance_px: float, softness_px: float, opacity: float
) -> FloatArray:
    """The alpha of black, h×w, that falls behind a subject of `alpha`, h×w.

    It falls `distance_px` away in the direction of `angle_deg`: 0 is to the right, 90 straight down. `softness_px` is
    the standard deviation of its blur. Beyond the border the subject goes on as it ends.

    >>> drop_shadow(np.float32([[1, 0, 0]]), 0, 1, 0, 0.5).tolist()
    [[0.5, 0.5, 0.0]]
    """
    radians = math.radians(angle_deg)
    across, down = distance_px * math.cos(radians), distance_px * math.sin(radians)
    shadow = _moved(_moved(alpha, down).T, across).T
    if softness_px > 0:
        shadow = gaussian_blur(shadow[..., None], softness_px)[..., 0]
    return np.asarray(shadow * np.float32(opacity), np.float32)


def cast_shadow(
    alpha: FloatArray, angle_deg: float, distance_px: float, softness_px: float, opacity: float
) -> FloatArray:
    """The alpha of black, h×w, of a subject's silhouette laid on the ground from where it stands.

    The shadow of its highest point lies `distance_px` from its lowest row in the direction of `angle_deg` (0 is to the
    right, 90 towards the viewer, 270 away), and is blurred by a Gaussian of `softness_px` there, by little at the foot.
    Zero where no alpha reaches a half.
    """
    shadow = np.zeros(alpha.shape, np.float32)
    rows = np.flatnonzero((alpha > _SOLID).any(axis=1))
    if not rows.size:
        return shadow
    foot = int(rows[-1]) + 1
    radians = math.radians(angle_deg)
    across, down = distance_px * math.cos(radians), distance_px * math.sin(radians)
    depth = max(1, round(max(abs(down), _FLATTEST * distance_px)))
    flat = resize(alpha[int(rows[0]) : foot], (depth, alpha.shape[1]), "box")
    for step in range(depth):  # from the foot on
        y = foot + step if down > 0 else foot - 1 - step
        if 0 <= y < len(shadow):
            shadow[y] = _shifted(flat[depth - 1 - step], across * (step + 0.5) / depth)
    way = np.abs(np.arange(len(shadow)) + 0.5 - foot) / depth  # 0 at the foot, 1 at the end
    shadow = _blurred_along(shadow, np.clip(way, 0, 1), softness_px)
    left = 1 - (1 - _LEFT) * np.clip(way, 0, 1)
    return np.asarray(shadow * (left * opacity).astype(np.float32)[:, None], np.float32)


def contact_shadow(alpha: FloatArray, softness_px: float, opacity: float) -> FloatArray:
    """The alpha of black, h×w, of the darkness right where a subject stands: along its lowest points, soon gone.

    A tight line and a wider, weaker one, twice as wide as high; `opacity` is what it has where it is darkest. Points
    count that are the lowest of those near them and not much above the lowest of all, so that each leg stands and no
    belly does. Zero where no alpha reaches a half.
    """
    solid = alpha > _SOLID
    if not solid.any():
        return np.zeros(alpha.shape, np.float32)
    stands, bottom = _standing(solid)
    y = np.arange(len(alpha), dtype=np.float32)[:, None] + np.float32(0.5)
    total = np.zeros(alpha.shape, np.float32)
    for width, strength in (_TIGHT, _WIDE):
        blur = max(softness_px * width, 0.5)
        band = np.clip(np.minimum(y - (bottom - blur), bottom + blur - y) + 0.5, 0, 1) * stands
        half = resize(np.asarray(band, np.float32), (len(alpha), max(1, alpha.shape[1] // 2)), "box")
        wide = resize(gaussian_blur(half[..., None], blur)[..., 0], (len(alpha), alpha.shape[1]), "bilinear")
        total += np.float32(strength) * wide / np.maximum(wide.max(), np.float32(1e-6))
    return np.asarray(total * np.float32(opacity / max(float(total.max()), 1e-6)), np.float32)


def _standing(solid: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> tuple[FloatArray, FloatArray]:
    """For each column how much the subject stands there, 0 to 1, and the row under its lowest pixel."""
    height = len(solid)
    has = solid.any(axis=0)
    bottom = np.where(has, height - np.argmax(solid[::-1], axis=0), 0).astype(np.float32)
    columns, rows = np.flatnonzero(has), np.flatnonzero(solid.any(axis=1))
    tall, broad = rows[-1] + 1 - rows[0], columns[-1] + 1 - columns[0]
    lowest = largest(bottom[None], max(1, round(_NEIGHBOURHOOD * float(broad))))[0]
    rise = (lowest - bottom) / (_RISE * float(tall)) + (bottom.max() - bottom) / (_DEPTH * float(tall))
    return np.where(has, np.exp(-rise), 0).astype(np.float32), bottom


def _blurred_along(
    plane: FloatArray, way: np.ndarray[tuple[int], np.dtype[np.float64]], softness_px: float
) -> FloatArray:
    """Rows blurred the more the further they are on their way from 0 to 1."""
    if softness_px <= 0:
        return plane
    blurred = [gaussian_blur(plane[..., None], max(softness_px * share, 1e-3))[..., 0] for share in _BLURS]
    wanted = _BLURS[0] + way * (1 - _BLURS[0])
    result = np.zeros_like(plane)
    for index, one in enumerate(blurred):
        weight = np.interp(wanted, _BLURS, [float(index == other) for other in range(len(_BLURS))])
        result += one * weight.astype(np.float32)[:, None]
    return result


def _shifted(row: FloatArray, by: float) -> FloatArray:
    """A row moved to the right by so many pixels, parts too; nothing comes in at its ends."""
    at = np.arange(len(row)) - by
    moved: FloatArray = np.interp(at, np.arange(len(row)), row, left=0, right=0).astype(np.float32)
    return moved


def _moved(plane: FloatArray, by: float) -> FloatArray:
    """`plane` moved by so many rows, parts of a row too, its border repeated."""
    at = np.clip(np.arange(len(plane)) - by, 0, len(plane) - 1)
    before = np.floor(at).astype(np.intp)
    gone = (at - before).astype(np.float32)[:, None]
    moved: FloatArray = plane[before] * (1 - gone) + plane[np.minimum(before + 1, len(plane) - 1)] * gone
    return moved
