"""Golden cases of the subjects of a matte: what is found, and the shares of those that are kept."""

from __future__ import annotations

from typing import Any

import numpy as np

from feathercut.kernels.subjects import find_subjects
from feathercut.kernels.territories import share_of
from feathercut.pictures import FloatArray

Case = dict[str, Any]
_SIZE = (48, 72)


def cases() -> list[Case]:
    """Those apart, those that touch, soft hair between two, a part held apart, and nothing."""
    apart = _drawn(((24, 16), 12), ((20, 54), 8), ((6, 38), 4))
    touching = np.maximum(_person(27.0), _person(46.0))
    hair = _drawn(((24, 14), 11), ((24, 58), 11))
    hair[18:30, 25:44] = np.linspace(0.875, 0.0625, 19, dtype=np.float32)
    held = _drawn(((26, 30), 16), ((11, 46), 3))
    photo = _photo()
    return [
        _case(apart, photo, [2]),
        _case(apart, photo, [1, 3]),
        _case(touching, photo, [1]),
        _case(touching, photo, [2]),
        _case(hair, photo, [1]),
        _case(held, photo, [1]),
        _case(np.zeros(_SIZE, np.float32), photo, [1]),
    ]


def _case(alpha: FloatArray, photo: FloatArray, wanted: list[int]) -> Case:
    found = find_subjects(alpha, photo)
    return {
        "alpha": alpha,
        "photo": "two cloths 48×72×3",
        "wanted": wanted,
        "boxes": [list(one.box) for one in found.each],
        "areas": [one.area for one in found.each],
        "centres": [list(one.centre) for one in found.each],
        "labels": found.labels,
        "expected": share_of(found, wanted, photo, alpha) if found.each else alpha,
    }


def _drawn(*discs: tuple[tuple[int, int], int]) -> FloatArray:
    y, x = np.mgrid[: _SIZE[0], : _SIZE[1]]
    alpha = np.zeros(_SIZE, np.float32)
    for (row, column), radius in discs:
        alpha = np.maximum(alpha, (np.clip(radius + 0.5 - np.hypot(y - row, x - column), 0, 1) * 16).round() / 16)
    return alpha.astype(np.float32)


def _person(middle: float) -> FloatArray:
    y, x = np.mgrid[: _SIZE[0], : _SIZE[1]]
    head = np.hypot((x - middle) / 5, (y - 8) / 6) < 1
    body = np.hypot((x - middle) / 10.5, (y - 32) / 15) < 1
    return np.asarray(head | body, np.float32)


def _photo() -> FloatArray:
    """Red on the left, blue from the middle between the two on, and cloth that is not flat: both sides make it anew."""
    y, x = np.mgrid[: _SIZE[0], : _SIZE[1]]
    cloth = ((x * 3 + y * 5) % 4 - 1.5) / 64
    colours = np.where((x > 36)[..., None], [0.1875, 0.25, 0.75], [0.8125, 0.1875, 0.125])
    photo: FloatArray = np.clip(colours + cloth[..., None], 0, 1).astype(np.float32)
    return photo
