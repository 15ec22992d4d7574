"""Matte → Matte: glass and smoke let through what is behind them."""

from __future__ import annotations

import numpy as np

from feathercut.kernels.glass import behind, grid_size, thinned
from feathercut.kernels.pieces import spread
from feathercut.kernels.resample import resize
from feathercut.kernels.transparent import thin_places, transparent_places
from feathercut.options import Refine
from feathercut.pictures import FloatArray, Image, Matte, Through
from feathercut.steps.seen import reduced

_BARE = np.float32(0.05)
_RIM = 2
_EDGE = 2
_SOLID_FROM, _SOLID = np.float32(0.99), 0.02


def see_through(image: Image, matte: Matte, options: Refine) -> Matte:
    """The matte with its transparent parts as thin as they are; the very same one where none is.

    What is behind is guessed from around the subject, so that the photo's colours tell what is left of it
    (`kernels/glass.py`). With `options.transparency` `auto` that is done where several signs agree that a piece of the
    subject is glass (`kernels/transparent.py`), with `strong` wherever colours allow it. A photo that brought its own
    alpha, and one that the subject fills, stay as they are.
    """
    if options.transparency == "off" or image.alpha is not None or matte.is_empty:
        return matte
    small = np.ascontiguousarray(reduced(image, grid_size(image.size), "box").transpose(2, 0, 1))
    alpha = resize(matte.alpha, (small.shape[1], small.shape[2]), "box")
    back = behind(small, ~spread(alpha >= _BARE, _RIM))
    if back is None:
        return matte
    is_strong = options.transparency == "strong"
    if options.trimap is not None:  # alpha is settled; only what is behind is still to be taken from the colours
        places = _soft_places(alpha, is_sure=is_strong)
        return Matte(matte.alpha, Through(places, back.colour)) if places.any() else matte
    found = thin_places if is_strong else transparent_places
    places = found(small, alpha, back)
    if not is_strong:
        places[places < 1] = 0
    if not places.any():
        return matte
    return Matte(thinned(image.rgb, matte.alpha, places, back), Through(places, back.colour))


def _soft_places(alpha: FloatArray, *, is_sure: bool) -> FloatArray:
    """Where a matte on the grid (h×w) is soft not only along an edge; nowhere if it is solid in places, unless sure."""
    is_solid = float((alpha > _SOLID_FROM).sum()) >= _SOLID * float((alpha > _BARE).sum())
    if is_solid and not is_sure:
        return np.zeros_like(alpha)
    soft = (alpha > 0) & (alpha < _SOLID_FROM)
    return np.asarray(spread(~spread(~soft, _EDGE), _EDGE), np.float32)
