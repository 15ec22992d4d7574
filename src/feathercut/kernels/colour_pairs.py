"""Alpha of single pixels from colours that are known nearby: how far each lies on the way from a background's to a
subject's.

The known pixels of either side fall into groups of like colour; each group has, at each place, the mean colour of
its pixels nearby. All pairs of a subject's group and a background's are tried: a pair counts by how well its
mixture gives the pixel and by how far away its colours were found, as in K. He, C. Rhemann, C. Rother, X. Tang,
J. Sun, "A Global Sampling Method for Alpha Matting", CVPR 2011. Where all pairs that count agree, the guess is
trusted.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from feathercut.kernels.box_sums import box_mean
from feathercut.kernels.halve import halved
from feathercut.kernels.resample import resize
from feathercut.kernels.side_by_side import each
from feathercut.kernels.windows import Marks
from feathercut.pictures import FloatArray

Exact = NDArray[np.float64]

_GROUPS = 12
_ROUNDS = 12
_SAMPLES = 4000
_GOLDEN = 0.6180339887498949
_NEAR_PX = 50
"""Known pixels this near to unknown ones are asked for their colours."""
_NOISE = np.float32(0.02)
"""How much a mixture usually differs from the pixel, in each channel."""
_AWAY = np.float32(1)
"""How much it counts against a pair that its colours lie twice as far away as the nearest ones."""
_SPREAD = np.float32(0.02)
"""The variance of alpha at which a guess is trusted half."""
_LEAST_APART = np.float32(1e-4)
_CELL_PX = 4
"""Known pixels are summed up in squares of so many, of which the unknown ones ask."""
_CHUNK = 4096
_FEWEST = 50


def guess_alpha(rgb: FloatArray, trimap: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Alpha and how far it can be trusted, both h×w in [0, 1], with the known pixels as they are.

    `rgb` is 3×h×w in [0, 1]. `trimap` has 0 for background, 1 for the subject and unknown pixels between; where one
    of the two is nowhere to be found, nothing can be trusted.
    """
    unknown = (trimap > 0) & (trimap < 1)
    guess, trust = trimap.copy(), np.zeros_like(trimap)
    near = box_mean(unknown.astype(np.float32), _NEAR_PX) > 0
    sides = [_colours_around(rgb, trimap == value, near, unknown) for value in (1, 0)]
    if not all(side.size for side in sides):
        return guess, trust
    own, behind = sides
    pixels = rgb[:, unknown]
    found = np.empty((2, pixels.shape[1]), np.float32)

    def compare(start: int) -> None:
        part = slice(start, start + _CHUNK)
        found[:, part] = _compared(pixels[:, part], own[..., part], behind[..., part])

    each(compare, range(0, pixels.shape[1], _CHUNK))
    guess[unknown], trust[unknown] = found
    return guess, trust


def _compared(pixels: FloatArray, own: FloatArray, behind: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Alpha and trust of n pixels (3×n) from the groups' colours and distances (groups×4×n) on both sides."""
    way = own[:, None, :3] - behind[None, :, :3]
    apart = np.einsum("fbcn,fbcn->fbn", way, way) + _LEAST_APART
    off = pixels - behind[:, :3]
    along = np.einsum("fbcn,bcn->fbn", way, off)
    alpha = np.clip(along / apart, 0, 1)
    cost = (off * off).sum(axis=1) - 2 * alpha * along + alpha * alpha * apart
    np.maximum(cost, 0, out=cost)
    cost *= 1 / _NOISE**2
    cost += _AWAY * (_farness(own)[:, None] + _farness(behind))
    best = cost.min(axis=(0, 1))
    counts = np.exp((best - cost) / 2)
    counts /= counts.sum(axis=(0, 1))
    mean = (counts * alpha).sum(axis=(0, 1))
    variance = (counts * (alpha - mean) ** 2).sum(axis=(0, 1))
    trust = np.exp(best / -8) / (1 + variance / _SPREAD)
    return mean, trust


def _farness(side: FloatArray) -> FloatArray:
    """How much farther than the nearest group each lies, as a share; groups×n."""
    distance = side[:, 3] + 1
    result: FloatArray = distance / distance.min(axis=0) - 1
    return result


def _colours_around(rgb: FloatArray, known: Marks, near: Marks, unknown: Marks) -> FloatArray:
    """Each group's colour (3) and distance in pixels (1) at the n unknown pixels, groups×4×n; perhaps no groups."""
    asked = known & near
    if asked.sum() < _FEWEST:
        asked = known
    places = np.flatnonzero(unknown)
    if not asked.any():
        return np.empty((0, 4, len(places)), np.float32)
    cells = _cells(rgb, asked)
    height, width = (_CELL_PX * side for side in cells.shape[2:])
    result = np.empty((len(cells), 4, len(places)), np.float32)
    y, x = np.divmod(places, unknown.shape[1])
    at = y * width + x

    def fill(group: int) -> None:
        # One plane after the other, since five at the size of the picture would be large.
        values = (resize(plane, (height, width), "bilinear").ravel()[at] for plane in cells[group])
        for channel in range(3):
            result[group, channel] = next(values)
        result[group, 3] = np.hypot(next(values) - y, next(values) - x)

    each(fill, range(len(cells)))
    return result


def _cells(rgb: FloatArray, asked: Marks) -> FloatArray:
    """Each group's mean colour, y and x at every cell, groups×5×h×w: the cell's own or those of ever larger ones."""
    y, x = np.nonzero(asked)
    colours = rgb[:, y, x]
    exact = colours.T.astype(np.float64)
    nearest = _nearest(exact, _group_centres(exact))
    _, nearest = np.unique(nearest, return_inverse=True)
    height, width = (-(-side // _CELL_PX) for side in asked.shape)
    groups = int(nearest.max()) + 1
    cell = (nearest * height + y // _CELL_PX) * width + x // _CELL_PX
    sums = [
        np.bincount(cell, values, groups * height * width).reshape(groups, height, width)
        for values in (*colours, y, x, np.ones(len(y)))
    ]
    return _filled(np.stack(sums, axis=1).astype(np.float32))


def _filled(sums: FloatArray) -> FloatArray:
    """Means of the planes before the last, groups×(c + 1)×h×w, which says how many pixels were summed up."""
    if max(sums.shape[2:]) == 1:
        return sums[:, :-1] / sums[:, -1:]
    coarse = _filled(halved(sums) * np.float32(4))
    height, width = sums.shape[2:]
    twice = (2 * coarse.shape[2], 2 * coarse.shape[3])
    count = sums[:, -1:]
    share = np.minimum(count, 1)
    result: FloatArray = sums[:, :-1] * (share / np.maximum(count, 1))
    for group, cells, rest in zip(result, coarse, 1 - share[:, 0], strict=True):
        for plane, values in zip(group, cells, strict=True):
            plane += rest * resize(values, twice, "bilinear")[:height, :width]
    return result


def _group_centres(colours: Exact) -> Exact:
    """Colours (groups×3) that those given (n×3) gather around: k-means, from starts that lie apart (k-means++).

    What k-means++ leaves to chance is taken from a lattice sequence, and in double precision no last digit decides
    which group a colour is in: any language finds the same.
    """
    count = min(len(colours), _SAMPLES)
    sample = colours[np.arange(count) * len(colours) // count]
    centres: Exact = sample[[count // 2]]
    for number in range(1, _GROUPS):
        distance = ((sample[:, None] - centres) ** 2).sum(axis=2).min(axis=1)
        reached = distance.cumsum()
        if reached[-1] == 0:
            break
        drawn = (number * _GOLDEN + 0.5) % 1 * reached[-1]
        centres = np.concatenate([centres, sample[[min(int(np.searchsorted(reached, drawn, "right")), count - 1)]]])
    for _ in range(_ROUNDS):
        nearest = _nearest(sample, centres)
        members = nearest[:, None] == np.arange(len(centres))
        counts = members.sum(axis=0)
        centres = np.where(
            counts[:, None] > 0, members.T.astype(np.float64) @ sample / np.maximum(counts, 1)[:, None], centres
        )
    return centres


def _nearest(colours: Exact, centres: Exact) -> NDArray[np.intp]:
    """The number of the centre nearest to each colour."""
    distances = (centres * centres).sum(axis=1) - 2 * colours @ centres.T
    nearest: NDArray[np.intp] = distances.argmin(axis=1)
    return nearest
