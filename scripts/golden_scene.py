"""A photo and what networks might make of it, drawn by arithmetic that any language repeats to the last bit.

A disc with a hole, strands around it and glass at its right, before a slope of colours; a speck far away. Only + − × ÷
and square roots are used, and products of small whole numbers. `web/tests/scene.ts` draws the same.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from feathercut.pictures import Image, Metadata, Prediction

HEIGHT, WIDTH = 660, 880
_CENTRE_Y, _CENTRE_X, _RADIUS = 330.0, 400.0, 180.0
_STRANDS = 70.0
_FIRST, _SECOND, _SECOND_INSIDE = 220, 80, (10, 0, 70, 80)

Numbers = NDArray[np.float64]


def photo(*, is_shown_through: bool = False, profile: bytes | None = None) -> Image:
    """The photo, in whole 255ths; `is_shown_through` makes its lower rows half transparent."""
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.int64)
    share = _truth(y + 0.5, x + 0.5)
    grain = (x * 7 + y * 13 + x * y % 31 * 5) % 24
    other = (x * 5 + y * 11 + x * y % 17 * 3) % 16
    behind = np.stack([40 + x * 120 // WIDTH + grain, 90 + y * 100 // HEIGHT + other, 150 + grain], axis=-1)
    own = np.stack([190 + other, 100 + y * 60 // HEIGHT + grain, 40 + other], axis=-1)
    mixed = share[..., None] * own + (1 - share[..., None]) * behind
    alpha = None
    if is_shown_through:
        alpha = np.where(y < HEIGHT - 120, 255, 255 - (y - (HEIGHT - 120)) * 2).astype(np.float32) / np.float32(255)
    return Image(np.floor(mixed + 0.5).astype(np.float32) / np.float32(255), alpha, Metadata(profile=profile))


def predictions() -> tuple[Prediction, Prediction]:
    """A drawing with soft strands whose left is grey, and a coarse body that knows of no hole, on a letterbox."""
    y, x = _places(_FIRST, (0, 0, _FIRST, _FIRST))
    away = _away(y, x)
    drawn = np.minimum(_ramp((_RADIUS + 35 - away) / 70), _around_hole(y, x))
    drawn = np.maximum(np.where(x < _CENTRE_X - 60, drawn * 0.4, drawn), np.maximum(_glass(y, x), _speck(y, x)))
    y, x = _places(_SECOND, _SECOND_INSIDE)
    body = _ramp((_RADIUS - _away(y, x)) / 16 + 0.5)
    whole = ((0, 0, _FIRST, _FIRST), _SECOND_INSIDE)
    return (
        Prediction(drawn.astype(np.float32), whole[0], "drawing"),
        Prediction(body.astype(np.float32), whole[1], "body", "bilinear"),
    )


def _places(side: int, inside: tuple[int, int, int, int]) -> tuple[Numbers, Numbers]:
    """Where in the photo the pixels of a canvas lie, part of which shows it."""
    top, left, bottom, right = inside
    row, column = np.mgrid[:side, :side].astype(np.float64)
    return (row - top + 0.5) * HEIGHT / (bottom - top), (column - left + 0.5) * WIDTH / (right - left)


def _truth(y: Numbers, x: Numbers) -> Numbers:
    away = _away(y, x)
    body = np.minimum(_ramp(_RADIUS - away), _around_hole(y, x))
    is_strand = (np.floor(x) * 3 + np.floor(y) * 5) % 12 < 4
    strands = np.where(is_strand & (away > _RADIUS - 5), _ramp(1 - (away - _RADIUS) / _STRANDS) * 0.8, 0.0)
    result: Numbers = np.maximum(np.maximum(body, strands), np.maximum(_glass(y, x), _speck(y, x)))
    return result


def _away(y: Numbers, x: Numbers) -> Numbers:
    result: Numbers = np.sqrt((y - _CENTRE_Y) * (y - _CENTRE_Y) + (x - _CENTRE_X) * (x - _CENTRE_X))
    return result


def _around_hole(y: Numbers, x: Numbers) -> Numbers:
    return _ramp(np.sqrt((y - 300) * (y - 300) + (x - 440) * (x - 440)) - 30)


def _glass(y: Numbers, x: Numbers) -> Numbers:
    return _ramp((70 - np.sqrt((y - 330) * (y - 330) + (x - 600) * (x - 600))) / 4) * 0.5


def _speck(y: Numbers, x: Numbers) -> Numbers:
    return _ramp(6 - np.sqrt((y - 60) * (y - 60) + (x - 820) * (x - 820)))


def _ramp(values: Numbers) -> Numbers:
    result: Numbers = np.clip(values, 0.0, 1.0)
    return result
