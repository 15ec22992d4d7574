"""Glass and smoke: how much of its backdrop a subject lets through.

A pixel is I = αF + (1 − α)B. With B guessed from around the subject (`surroundings.py`), the least α that still
leaves F a colour is the share of light that cannot be the backdrop's: highlights and dark rims keep a high one, and
what shows the backdrop as it is gets nearly none. It is GIMP's "color to alpha" (S. Burgess's plug-in, 1999) with a
backdrop that differs from place to place; of environment matting (D. Zongker, D. Werner, B. Curless, D. Salesin,
SIGGRAPH 1999) it keeps the attenuation and leaves out refraction, which one photo does not show.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from feathercut.kernels.resample import resize, shrink
from feathercut.kernels.sampled import sampled
from feathercut.kernels.side_by_side import each
from feathercut.kernels.surroundings import backdrop
from feathercut.kernels.windows import Marks, Window, around
from feathercut.pictures import FloatArray, Size, Through

GRID = 224
"""The longer side, at most, that the backdrop is guessed at."""
_BODY = np.float32(1.75)
"""How much denser things are than they must be at least: what is left through is taken to this power."""
_NOISE, _DOUBT = np.float32(0.015), np.float32(0.5)
"""Differences from the backdrop that say nothing: always, and as a share of how much it varies around there."""
_DOUBT_BESIDE = np.float32(1.5)
"""The same where the matte's solver knew the subject's colours and is to be corrected only where it must be."""
_SOLID = 0.02
"""Under this share of what a trimap does not call background, what it calls solid is next to nothing."""
_DARKEST = np.float32(0.04)
_TILE = 256


@dataclass(frozen=True, eq=False)
class Behind:
    """The backdrop on a small grid: its colours and how much they vary, 3×h×w in [0, 1]."""

    colour: FloatArray
    variation: FloatArray


def grid_size(size_hw: Size) -> Size:
    """The grid of a photo of this size."""
    ratio = min(1.0, GRID / max(size_hw))
    return max(1, round(size_hw[0] * ratio)), max(1, round(size_hw[1] * ratio))


def reduced(rgb: FloatArray) -> FloatArray:
    """A photo (H×W×3) on the grid, 3×h×w."""
    return np.ascontiguousarray(shrink(rgb, grid_size(rgb.shape[:2]), "box").transpose(2, 0, 1))


def behind(small: FloatArray, known: Marks) -> Behind | None:
    """What is behind, where `known` (h×w) marks what shows it bare; None where nothing does."""
    return Behind(*backdrop(small, known)) if known.any() else None


def least_alpha(planes: FloatArray, colour: FloatArray, tolerance: FloatArray | np.float32) -> FloatArray:
    """The least alpha, h×w, with which `planes` over `colour` (3×h×w, in [0, 1]) needs no colour beyond [0, 1].

    Differences up to `tolerance` count as the backdrop's.

    >>> least_alpha(np.full((3, 1, 1), 0.5, np.float32), np.ones((3, 1, 1), np.float32), np.float32(0)).tolist()
    [[0.5]]
    """
    difference = planes - colour
    room = np.where(difference > 0, 1 - colour, colour)
    np.abs(difference, out=difference)
    difference -= tolerance
    difference /= np.maximum(room, _DARKEST)
    result: FloatArray = np.clip(difference.max(axis=0), 0, 1)
    return result


def thinned(rgb: FloatArray, alpha: FloatArray, places: FloatArray, back: Behind) -> FloatArray:
    """`alpha` (H×W) where `places` (h×w in [0, 1]) are transparent: as thin as the photo's colours allow.

    `rgb` is H×W×3. Highlights, dark rims and what is inside stay as dense as they must be; no alpha grows.
    """
    result = alpha.copy()

    def thin(window: Window) -> None:
        least = _least_at(rgb, window, alpha.shape, back, _DOUBT)
        through = sampled(places, window, alpha.shape) * (1 - least) ** _BODY
        np.minimum(alpha[window], 1 - through, out=result[window])

    each(thin, _windows(places > 0, alpha.shape))
    return result


def thickened(rgb: FloatArray, alpha: FloatArray, trimap: FloatArray, *, is_sure: bool) -> FloatArray:
    """`alpha` (H×W, solved from `trimap`) at least as dense as the photo's colours before the backdrop ask for.

    Where the trimap knows next to nothing solid, a solver of alpha has no colour of the subject to go by and takes all
    for background. Where it does, alpha is touched only if `is_sure` says that the subject is transparent, and only by
    what the backdrop is far from explaining. `rgb` is H×W×3; known pixels stay as they are.
    """
    knows_subject = float((trimap == 1).sum()) >= _SOLID * float((trimap > 0).sum())
    if knows_subject and not is_sure:
        return alpha
    small = reduced(rgb)
    back = behind(small, resize((trimap > 0).astype(np.float32), _size(small), "box") == 0)
    if back is None:
        return alpha
    unknown = (trimap > 0) & (trimap < 1)
    doubt, result = _DOUBT_BESIDE if knows_subject else _DOUBT, alpha.copy()

    def thicken(window: Window) -> None:
        least = _least_at(rgb, window, alpha.shape, back, doubt)
        np.maximum(alpha[window], least, out=result[window], where=unknown[window])

    each(thicken, around(unknown, _TILE, 0))
    return result


def _least_at(rgb: FloatArray, window: Window, size: Size, back: Behind, doubt: np.float32) -> FloatArray:
    """The least alpha of a window of a photo (H×W×3)."""
    colour, variation = (np.clip(sampled(one, window, size), 0, 1) for one in (back.colour, back.variation))
    return least_alpha(rgb[window].transpose(2, 0, 1), colour, _NOISE + doubt * variation)


def _size(planes: FloatArray) -> Size:
    return planes.shape[-2], planes.shape[-1]


def own_colours(rgb: FloatArray, alpha: FloatArray, through: Through, result: FloatArray) -> None:
    """Writes F of I = αF + (1 − α)B into `result` (H×W×3) where the subject is transparent and `alpha` is soft."""

    def solve(window: Window) -> None:
        share = alpha[window]
        soft = (share > 0) & (share < 1) & (sampled(through.places, window, alpha.shape) > 0)
        colour = np.clip(sampled(through.backdrop, window, alpha.shape), 0, 1).transpose(1, 2, 0)
        own = (rgb[window] - (1 - share[..., None]) * colour) / np.maximum(share, np.float32(1e-3))[..., None]
        np.copyto(result[window], np.clip(own, 0, 1), where=soft[..., None])

    each(solve, _windows(through.places > 0, alpha.shape))


def _windows(cells: Marks, size: Size) -> list[Window]:
    """The parts of a photo that marked cells of the grid lie in; none overlaps another."""
    rows, columns = (full / short for full, short in zip(size, cells.shape, strict=True))
    found = []
    for down, across in around(cells, 48, 0):
        top, bottom = round(down.start * rows), round(down.stop * rows)
        left, right = round(across.start * columns), round(across.stop * columns)
        found.append((slice(top, bottom), slice(left, right)))
    return found
