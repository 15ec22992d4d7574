"""Edges that follow the photo's own, at its own size.

A network saw a reduced photo. Where its matte is soft over some width (hair, fur, blur), the model of
`kernels.guided`, learned from the pixels around that it is sure of, says alpha from the colours of the full
photo. At a crisp edge, which networks draw too wide, the model of `kernels.two_sides` does, for the pixels that
were drawn soft and where both sides have colours of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from feathercut.kernels.box_sums import box_mean
from feathercut.kernels.fuse import fitted, step
from feathercut.kernels.guided import linear_model
from feathercut.kernels.resample import resize
from feathercut.kernels.sampled import looked_at, sampled
from feathercut.kernels.two_sides import model_of_two_sides
from feathercut.kernels.windows import Marks, grid, grown, inside
from feathercut.pictures import FloatArray, Size

_SIDE = 384
"""Longer side at which the model is learned: windows see the same share of a photo of any size."""
_SEEN_SIDE = 1024
"""Longer side, at least, at which pixels are called soft; of larger photos each second or third is looked at."""
_REACH = 1 / 100
"""Of the longer side: how far the model looks."""
_EPSILON = 1e-4
_LEAST_WEIGHT = np.float32(0.05)
_SOFT = 0.03
_CRISP, _WIDE = np.float32(0.15), np.float32(0.5)
"""Share of soft pixels around, below which an edge is crisp and from which it is all the model's."""
_SMALL, _LARGE = 480, 800
"""Photos this small were enlarged for the network, whose edges are finer than their pixels: the model adds blur."""
_EXPLAINED = (0.2, 0.6)
"""Share of the matte's variance that colours must account for: hair before its like is left as it was drawn."""
_SIDES_REACH = 1 / 128
"""Of the longer side: how far the colours of either side of a crisp edge are looked for."""
_ALL_WIDE = np.float32(2 / 3)
"""How wide an edge is for the model of crisp edges to have no say."""
_MIXED = np.float32(0.1)
"""Alpha less than this from 0 or 1 was drawn as all but sure, and a crisp edge's model has less of a say."""
_LEARNED_TILE, _DRAWN_TILE = 96, 112


_NOTHING = np.float32(1e-6)

Model = Callable[[FloatArray, FloatArray], FloatArray]
"""The photo's planes (3×h×w) and a matte → coefficients and how far they count, 5×h×w."""


def learned_at(size: Size) -> Size:
    """The size at which `follow_edges` looks at a photo of that size to learn."""
    return size if max(size) <= _SIDE else fitted(size, _SIDE)


def follow_edges(rgb: FloatArray, small: FloatArray, alpha: FloatArray) -> FloatArray:
    """`alpha` with its soft edges drawn anew after the photo.

    `rgb` H×W×3 and `alpha` H×W, both in [0, 1]; `small` is `rgb` reduced to `learned_at` its size. Works only
    near soft pixels, in tiles, and in `alpha` itself.
    """
    longer = max(alpha.shape)
    strength = np.float32(min(1.0, max(0.0, (longer - _SMALL) / (_LARGE - _SMALL))))
    size = _size(small)
    reach, sides_reach = (max(2, round(max(size) * share)) for share in (_REACH, _SIDES_REACH))
    every = max(1, longer // _SEEN_SIDE)
    seen = alpha[every // 2 :: every, every // 2 :: every]
    soft = resize(_soft(seen), size, "box")
    gate = _gate(soft, reach)
    edge = np.where(box_mean(soft, 1) > 0, np.maximum(1 - gate / _ALL_WIDE, 0), np.float32(0)) * strength
    gate *= strength
    if not (gate.any() or edge.any()):
        return alpha
    planes, reduced = small.transpose(2, 0, 1), resize(seen, size, "box")
    wide = _learned(planes, reduced, gate > 0, 2 * reach, partial(_guided, reach))
    crisp = _learned(planes, reduced, edge > 0, sides_reach, partial(_two_sides, sides_reach))
    _draw(rgb, alpha, _together(wide, gate, crisp, edge))
    return alpha


def _soft(alpha: FloatArray) -> FloatArray:
    """1 where alpha is neither nearly 0 nor nearly 1."""
    return ((alpha > _SOFT) & (alpha < 1 - _SOFT)).astype(np.float32)


def _gate(soft: FloatArray, reach: int) -> FloatArray:
    """How far each pixel is the model's: 1 in wide soft parts, 0 at crisp edges and in bodies."""
    share = np.clip((box_mean(soft, reach) - _CRISP) / (_WIDE - _CRISP), 0.0, 1.0)
    gate = box_mean(share, max(1, reach // 2))
    return np.where(gate > np.float32(1e-3), gate, np.float32(0))


def _learned(planes: FloatArray, alpha: FloatArray, wanted: Marks, margin: int, model: Model) -> FloatArray:
    """A model's coefficients and how far they count, 5×h×w, where they are wanted; zero elsewhere."""
    result = np.zeros((5, *alpha.shape), np.float32)
    for tile in grid(_size(alpha), _LEARNED_TILE):
        if not wanted[grown(tile, 1, alpha.shape)].any():  # a pixel of an open cell looks at the ones beside it, too
            continue
        wide = grown(tile, margin, alpha.shape)
        part = model(planes[(slice(None), *wide)], alpha[wide])
        result[(slice(None), *tile)] = part[(slice(None), *inside(tile, wide))]
    return result


def _guided(reach: int, planes: FloatArray, alpha: FloatArray) -> FloatArray:
    return linear_model(planes, alpha, (2 * alpha - 1) ** 2 + _LEAST_WEIGHT, reach, _EPSILON)


def _two_sides(reach: int, planes: FloatArray, alpha: FloatArray) -> FloatArray:
    return model_of_two_sides(planes, alpha, reach)


def _together(wide: FloatArray, gate: FloatArray, crisp: FloatArray, edge: FloatArray) -> FloatArray:
    """One model of two, coefficients weighted by how far each counts, and how far each does: 6×h×w."""
    gate = gate * step(wide[4], *_EXPLAINED)
    edge = edge * crisp[4]
    model = (wide[:4] * gate + crisp[:4] * edge) / np.maximum(gate + edge, _NOTHING)
    return np.concatenate([model, gate[None], edge[None]])


def _draw(rgb: FloatArray, alpha: FloatArray, planes: FloatArray) -> None:
    """The model's matte at the photo's size, as far as the gates (the last two of `planes`) are open, into `alpha`."""
    size, full = _size(planes[0]), _size(alpha)
    is_open = (planes[4] > 0) | (planes[5] > 0)

    for tile in grid(full, _DRAWN_TILE):
        if not is_open[looked_at(tile, size, full)].any():
            continue
        *model, gate, edge = sampled(planes, tile, full)
        drawn = model[3]
        for channel in range(3):
            drawn += model[channel] * rgb[(*tile, channel)]
        known = alpha[tile]
        mixed = np.minimum(known, 1 - known)
        np.minimum(mixed, _MIXED, out=mixed)
        mixed *= edge
        mixed *= 1 / _MIXED
        mixed += gate
        drawn -= known
        drawn *= mixed
        drawn += known
        np.minimum(np.maximum(drawn, 0, out=drawn), 1, out=known)


def _size(plane: FloatArray) -> Size:
    return plane.shape[0], plane.shape[1]
