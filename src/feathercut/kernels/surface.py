"""The surface that a subject stands on, as it would be without its shadow."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from feathercut.kernels.box_sums import box_mean
from feathercut.pictures import FloatArray

Doubles = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

# Radius in cells of the window over which texture is averaged before the surface is looked for.
_COARSE = 7
_TRIES, _PLANE_TRIES, _WIDE_TRIES = 12, 4, 3
_FEWEST = 30
# The light level is looked for from here on: most of the surface is not in the shadow.
_BRIGHTER_THAN = 0.65
_LEAST_SPREAD, _MOST_SPREAD, _MOST_HUE = 0.02, 0.2, 0.15


class Surface(NamedTuple):
    """`rest` h×w×3 is what the smooth surface leaves of the photo's `tones`; `lit` h×w is how much of the lit surface
    a cell is; `strange` h×w how far its colour is from the surface's, 1 where that is doubtful."""

    rest: FloatArray
    lit: FloatArray
    strange: FloatArray


def tones(rgb: FloatArray) -> FloatArray:
    """The logarithm of brightness, and of red and of blue against green, H×W×3: light changes the first alone."""
    logs = np.log(np.maximum(rgb, np.float32(2 / 255)))
    hues = logs[..., 0] - logs[..., 1], logs[..., 2] - logs[..., 1]
    return np.stack([logs.mean(axis=2), *hues], axis=2)


def surface(seen: FloatArray, near: FloatArray, valid: FloatArray, place: FloatArray) -> Surface | None:
    """The lit surface as a polynomial of the second order in the place, for each of the `tones` `seen`; None where
    too little of it can be seen.

    `near` h×w is how likely a cell belongs to it, `valid` 1 where no subject is, `place` h×w×2 is (down, across) in
    sizes of the subject. Fitted by reweighted least squares (P. Holland, R. Welsch, 1977) to what is left when texture
    is averaged: what is darker or of another colour than most counts the less, and how far the lit surface varies
    is measured above it, where no shadow is.
    """
    usable = near > 0.01
    if int(usable.sum()) < _FEWEST:
        return None
    coarse = np.stack([averaged(seen[..., tone], valid, _COARSE)[0] for tone in range(3)], axis=2)
    terms = _terms(place.astype(np.float64))
    coefficients, spread, hue = _fitted(coarse[usable].astype(np.float64), near[usable], terms[usable])
    fitted = terms @ coefficients
    above = coarse - fitted
    strange = np.sqrt((above[..., 1:] ** 2).sum(axis=2))
    lit = near * _weights(above, spread, hue)
    darker = np.maximum(-above[..., 0], 0)
    strange = strange / (2 * hue + 0.02 + 0.2 * darker)
    return Surface((seen - fitted).astype(np.float32), lit.astype(np.float32), strange.astype(np.float32))


def averaged(plane: FloatArray, weight: FloatArray, radius: int) -> tuple[FloatArray, FloatArray]:
    """Means of a plane by weight, over a square twice, and the weight's own."""
    both = box_mean(box_mean(np.stack([plane * weight, weight]), radius), radius)
    return both[0] / np.maximum(both[1], np.float32(1e-4)), both[1]


def _fitted(values: Doubles, near: FloatArray, terms: Doubles) -> tuple[Doubles, float, float]:
    """Coefficients 6×3, and how far brightness and hue of the lit surface vary."""
    prior = near.astype(np.float64)
    level = [_quantile(values[:, tone], prior, share) for tone, share in enumerate((_BRIGHTER_THAN, 0.5, 0.5))]
    fit = np.broadcast_to(np.array(level), values.shape)
    spread, hue = 0.3, 0.2
    coefficients = np.zeros((6, 3))
    for attempt in range(_TRIES):
        weight = prior * _weights(values - fit, spread, hue)
        count = 3 if attempt < _PLANE_TRIES else 6
        coefficients[:count] = _solved(terms[:, :count], weight, values)
        fit = terms @ coefficients
        if attempt < _WIDE_TRIES:
            spread, hue = 0.8 * spread, 0.8 * hue
            continue
        above = values - fit
        away = np.sqrt((above[:, 1:] ** 2).sum(axis=1))
        higher = (above[:, 0] > 0) & (above[:, 0] < 0.5)
        if int(higher.sum()) > 5:
            alike = prior[higher] / (1 + (away[higher] / hue) ** 2) ** 2
            spread = 1.3 / 0.67 * _quantile(above[higher, 0], alike, 0.5)
            spread = min(max(spread, _LEAST_SPREAD), _MOST_SPREAD)
        hue = min(max(1.5 / 0.8 * _quantile(away, weight, 0.5), _LEAST_SPREAD), _MOST_HUE)
    return coefficients, spread, hue


def _weights(above: Doubles, spread: float, hue: float) -> Doubles:
    """How much each residual (…×3) counts: less the darker, the brighter, and the more of another colour it is."""
    darker, brighter = np.maximum(-above[..., 0], 0) / spread, np.maximum(above[..., 0], 0) / (1.5 * spread)
    colour = (above[..., 1:] ** 2).sum(axis=-1) / hue**2
    result: Doubles = 1 / (1 + darker**2 + brighter**2) ** 2 / (1 + colour) ** 2
    return result


def _solved(terms: Doubles, weight: Doubles, values: Doubles) -> Doubles:
    """Weighted least squares, slopes and curves held back a little."""
    weighted = terms * weight[:, None]
    hold = weight.sum() * np.diag([1e-6] + [1e-3] * (terms.shape[1] - 1))
    result: Doubles = np.linalg.solve(weighted.T @ terms + hold + 1e-12 * np.eye(terms.shape[1]), weighted.T @ values)
    return result


def _terms(place: Doubles) -> Doubles:
    down, across = place[..., 0], place[..., 1]
    return np.stack([np.ones_like(down), across, down, across**2, across * down, down**2], axis=-1)


def _quantile(values: Doubles, weight: Doubles, share: float) -> float:
    """The value under which lies `share` of the weight."""
    order = np.argsort(values, kind="stable")
    summed = np.cumsum(weight[order])
    return float(values[order][min(int(np.searchsorted(summed, share * summed[-1])), len(order) - 1)])
