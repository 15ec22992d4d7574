"""The shadow that a photo already has, as a layer of its own: how much darker the ground is than it would be."""

from __future__ import annotations

import numpy as np

from feathercut.kernels.pieces import label, spread
from feathercut.kernels.resample import resize
from feathercut.kernels.surface import Surface, averaged, surface, tones
from feathercut.kernels.windows import Marks
from feathercut.pictures import FloatArray

# Cells along the longer side.
_GRID = 256
_SOLID, _SHOWS = 0.5, 0.02
# Where the ground is: beside the subject and below it, in shares of its size; less so above its foot.
_BESIDE, _ABOVE, _BELOW = 0.5, 0.35, 0.6
# Details of these radii in cells are told from texture one by one; what is not so much stronger goes.
_RADII, _STRONGER, _SURE = (1, 2, 4, 8), 2.5, 2.0
# How well hues tell texture from light: that much they may differ for other reasons.
_HUE_NOISE = 0.03
# A shadow begins in the lower third and ends within these shares of the subject's size and height.
_FOOT, _FAR, _HIGH = 0.65, 1.1, 0.8
# A border of the frame of which so much is so dark lies in a bar, or in the ground's own colour.
_BAR, _BAR_DEPTH = 0.8, 0.2
_LEVELS = (0.02, 0.04, 0.07, 0.11, 0.16, 0.23, 0.32, 0.45, 0.62, 0.85, 1.2, 1.7, 2.5)


def kept_shadow(rgb: FloatArray, alpha: FloatArray) -> FloatArray:
    """The alpha of black, H×W, that turns the lit ground into the ground that a photo shows around its subject.

    `rgb` H×W×3 is the photo, `alpha` H×W its matte. Worked on a grid of at most 256 cells each way. A smooth surface
    is fitted to the lit ground (`kernels/surface.py`); what is darker than it is
    freed from texture, which changes hue where a shadow does not, and whose strength at each scale is known from
    the lit ground (shrinking of wavelets: D. Donoho, I. Johnstone, 1994); then only what begins at the subject's foot,
    and is darker than what comes in from afar, is kept (connected filters of a max-tree: P. Salembier, A. Oliveras,
    L. Garrido, IEEE Transactions on Image Processing 1998). Zero where the frame cuts off the foot, and where no alpha
    reaches a half.

    >>> kept_shadow(np.full((8, 8, 3), 0.5, np.float32), np.zeros((8, 8), np.float32)).any()
    np.False_
    """
    height, width = alpha.shape
    ratio = min(1.0, _GRID / max(height, width))
    size = max(1, round(height * ratio)), max(1, round(width * ratio))
    small = np.clip(resize(alpha, size, "box"), 0, 1)
    solid = small > _SOLID
    if not solid.any() or _is_cut_off(solid):
        return np.zeros(alpha.shape, np.float32)
    valid = (~spread(small > _SHOWS, 1)).astype(np.float32)
    place, beside = _places(solid)
    beyond = np.where(place[..., 0] < 0, place[..., 0] / _ABOVE, place[..., 0] / _BELOW)
    near = np.exp(-0.5 * (beside / _BESIDE) ** 2 - 0.5 * beyond**2) * valid
    found = surface(tones(resize(rgb, size, "box")), near, valid, place)
    if found is None:
        return np.zeros(alpha.shape, np.float32)
    depth = _under(_darkness(found, valid), valid)
    dark = 1 - np.exp(-_from_the_foot(depth, solid, valid, place, beside))
    return np.clip(resize(dark.astype(np.float32), (height, width), "bilinear"), 0, 1)


def _is_cut_off(solid: Marks) -> bool:
    """Whether the frame's lower border cuts what stands lowest: nobody sees where the subject stands."""
    rows = np.flatnonzero(solid.any(axis=1))
    lowest = solid[int(rows[0] + 0.9 * (rows[-1] + 1 - rows[0])) :].any(axis=0)
    return bool(solid[-1].sum() > 0.5 * lowest.sum())


def _places(solid: Marks) -> tuple[FloatArray, FloatArray]:
    """Each cell's place h×w×2, (down from the foot, across from the middle) in sizes of the subject, and how far
    beside the subject it is."""
    rows, columns = np.flatnonzero(solid.any(axis=1)), np.flatnonzero(solid.any(axis=0))
    tall, broad = float(rows[-1] + 1 - rows[0]), float(columns[-1] + 1 - columns[0])
    unit = max(tall, broad)
    y, x = np.mgrid[: solid.shape[0], : solid.shape[1]].astype(np.float32) + np.float32(0.5)
    down, across = (y - (rows[-1] + 1)) / unit, (x - (columns[0] + columns[-1] + 1) / 2) / unit
    place = np.stack([down, across], axis=2).astype(np.float32)
    return place, np.maximum(np.abs(place[..., 1]) - np.float32(broad / unit / 2), 0)


def _darkness(found: Surface, valid: FloatArray) -> FloatArray:
    """How much darker than the lit surface, as a logarithm, h×w, without texture; zero where it is another thing."""
    lit = found.lit / max(float(found.lit.sum()), 1e-6)
    rest = found.rest - (found.rest * lit[..., None]).sum(axis=(0, 1))
    together = np.einsum("yxi,yxj,yx->ij", rest, rest, lit).astype(np.float64)
    along = np.linalg.solve(together[1:, 1:] + np.eye(2) * _HUE_NOISE**2, together[1:, 0]).astype(np.float32)
    light = np.clip(rest[..., 0] - rest[..., 1:] @ along, -3, 0.7).astype(np.float32)
    sure = valid / (1 + found.strange**4)
    weight = sure + np.float32(1e-3) * valid
    smooth = np.zeros_like(light)
    for radius in _RADII:
        wider, _ = averaged(light, weight, radius)
        detail = light - wider
        texture = float((detail**2 * lit).sum())
        strength, _ = averaged(detail**2, valid, radius)
        smooth += detail * np.maximum(0, 1 - _STRONGER**2 * texture / np.maximum(strength, np.float32(1e-9)))
        light = wider
    smooth += light
    doubt = _SURE**2 * float((smooth**2 * lit).sum())
    darker = np.maximum(-smooth, 0)
    darker *= np.maximum(0, 1 - doubt / np.maximum(darker**2, np.float32(1e-9)))
    around, weighed = averaged(sure, np.ones_like(sure), 1)[0], averaged(valid, np.ones_like(valid), 1)[0]
    trust = np.clip(1.5 * around / np.maximum(weighed, np.float32(0.01)), 0, 1)
    return np.asarray(darker * trust * valid, np.float32)


def _under(depth: FloatArray, valid: FloatArray) -> FloatArray:
    """`depth` where it is valid, elsewhere means of what is near: a shadow goes on under its subject."""
    result, missing = np.where(valid > 0, depth, np.float32(0)), valid == 0
    for radius in _RADII:
        means, known = averaged(depth, valid, radius)
        reached = missing & (known > 0.02)
        result = np.where(reached, means, result)
        missing &= ~reached
    return np.asarray(result, np.float32)


def _from_the_foot(
    depth: FloatArray, solid: Marks, valid: FloatArray, place: FloatArray, beside: FloatArray
) -> FloatArray:
    """What of `depth` begins at the subject's foot and does not come in from afar, level by level; h×w."""
    rows = np.flatnonzero(solid.any(axis=1))
    tall = (rows[-1] + 1 - rows[0]) / max(rows[-1] + 1 - rows[0], float(np.ptp(np.flatnonzero(solid.any(axis=0)))) + 1)
    away = np.hypot(beside, np.maximum(place[..., 0], 0))
    afar = (away > _FAR) | (-place[..., 0] > _HIGH * tall)
    for border in ((0, slice(None)), (-1, slice(None)), (slice(None), 0), (slice(None), -1)):
        afar[border] |= bool((depth[border] > _BAR_DEPTH).mean() > _BAR)
    foot = spread(solid, 2) & (-place[..., 0] < (1 - _FOOT) * tall) & ~afar
    afar &= valid > 0
    total = np.zeros_like(depth)
    for low, high in zip(_LEVELS, (*_LEVELS[1:], np.inf), strict=True):
        labels, count = label((depth > low) & (~solid | foot))
        if count == 0:
            break
        stays = np.zeros(count + 1, bool)
        stays[labels[foot]] = True
        stays[labels[afar]] = False
        stays[0] = False
        total += np.where(stays[labels], np.clip(depth - low, 0, high - low), 0)
    fades = np.clip((_FAR + 0.25 - away) / 0.25, 0, 1)
    return np.asarray(total * fades, np.float32)
