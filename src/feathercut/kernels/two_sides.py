"""Alpha as the way from the background's colour to the subject's, window by window.

At a crisp edge few pixels are mixed, and those that a network draws soft say little. What is sure on either side says
what its colours are, and a pixel's alpha is how far its own colour has gone from one to the other. That is linear in
colour, as the model of `kernels.guided` is: learned on a reduced photo, applied to the colours of the full one.
"""

from __future__ import annotations

import numpy as np

from feathercut.kernels.box_sums import box_mean
from feathercut.kernels.fuse import step
from feathercut.pictures import FloatArray

_SUBJECT, _BACKGROUND = (0.9, 0.98), (0.02, 0.1)
"""Alpha from which on a pixel is surely the one, and up to which the other."""
_SEEN = (0.02, 0.08)
"""Share of a window that either side needs."""
_APART = (4.0, 12.0)
"""How far apart both colours must be, squared, in terms of how uneven they are together."""
_NOISE, _LEAST = np.float32(4e-4), np.float32(1e-4)


def model_of_two_sides(planes: FloatArray, alpha: FloatArray, radius: int) -> FloatArray:
    """Coefficients (red, green, blue, constant) of alpha as a linear function of colour, and how far they are
    to be believed, 0 to 1: 5×h×w.

    `planes` 3×h×w and `alpha` h×w in [0, 1]. Windows reach `radius` pixels each way. Nothing is believed where a
    window has only one side, or where its sides differ less in colour than each does within itself.
    """
    ours, theirs = step(alpha, *_SUBJECT), 1 - step(alpha, *_BACKGROUND)
    square = (planes * planes).sum(axis=0)
    sums = box_mean(
        np.stack([ours, *(planes * ours), square * ours, theirs, *(planes * theirs), square * theirs]), radius
    )
    share, other_share = sums[0], sums[5]
    colour, spread = _moments(sums[:5])
    other, other_spread = _moments(sums[5:])
    way = colour - other
    apart = (way * way).sum(axis=0)
    trust = step(np.minimum(share, other_share), *_SEEN) * step(apart / (spread + other_spread + _NOISE), *_APART)
    slope = way / (apart + _LEAST)
    return np.concatenate([slope, -(other * slope).sum(axis=0)[None], trust[None]])


def _moments(sums: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The mean colour of one side, 3×h×w, and its variance over all channels."""
    mean = sums[1:] / np.maximum(sums[0], _LEAST)
    colour = mean[:3]
    return colour, np.maximum(mean[3] - (colour * colour).sum(axis=0), 0)
