"""Golden cases of glass: what is behind, its signs, how thin it becomes, and its own colours."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from feathercut.diagnose import transparent
from feathercut.diagnose.evidence import evidence_of
from feathercut.kernels.glass import behind, least_alpha, own_colours, reduced
from feathercut.kernels.surroundings import filled
from feathercut.kernels.transparent import signs
from feathercut.options import Refine
from feathercut.pictures import FloatArray, Image, Matte, Through
from feathercut.steps.see_through import see_through

Case = dict[str, Any]
_SIZE = 60, 80
_ROW = 30
"""The row of pixels whose colours are written down."""


def cases() -> list[Case]:
    """Holes that are filled; a tumbler's signs; it and a thing of about its colours by every word, large ones too."""
    planes, known = _holes()
    return [
        {"kernel": "filled", "expected": filled(planes, known)},
        {"kernel": "signs", "expected": _signs()},
        {"kernel": "finding", "expected": _found()},
        *(
            _seen(thing, word, scale)
            for thing, word, scale in (
                ("tumbler", "auto", 1),
                ("tumbler", "strong", 1),
                ("stone", "auto", 1),
                ("stone", "strong", 1),
                ("tumbler", "auto", 5),
            )
        ),
    ]


def _holes() -> tuple[FloatArray, np.ndarray]:
    y, x = np.mgrid[:9, :14]
    planes = np.stack([(x * 3 + y * 5) % 7 / 8, (x + y * 2) % 5 / 8]).astype(np.float32)
    return planes, (np.hypot(x - 7, y - 4) > 3.2) & (x > 1)


def _signs() -> dict[str, float]:
    photo, alpha = _drawn("tumbler", 1)
    small, piece = reduced(photo), alpha > 0.5
    back = behind(small, alpha < 0.05)
    assert back is not None
    found = signs(small, piece, alpha < 0.05, least_alpha(small, back.colour, np.float32(0.03)), back)
    assert found is not None
    return asdict(found)


def _found() -> list[float]:
    """How strongly the diagnosis finds glass in a tumbler of more pixels, and in how many cells."""
    photo, alpha = _drawn("tumbler", 3)
    strength, marks = transparent.SIGN.look(evidence_of(Image(photo), (), Matte(alpha)))
    return [strength, 0 if marks is None else int(marks.sum())]


def _seen(thing: str, word: str, scale: int) -> Case:
    photo, alpha = _drawn(thing, scale)
    matte = see_through(Image(photo), Matte(alpha), Refine.model_validate({"transparency": word}))
    case = {"kernel": "see_through", "thing": thing, "transparency": word, "scale": scale}
    if matte.through is None:
        return {**case, "expected": None}
    row = slice(_ROW * scale, _ROW * scale + 1)
    return {
        **case,
        "expected": {"alpha": matte.alpha[::scale, ::scale], "colours": _own(photo, matte.alpha, matte.through)[row]},
    }


def _own(photo: FloatArray, alpha: FloatArray, through: Through) -> FloatArray:
    result = np.zeros_like(photo)
    own_colours(photo, alpha, through, result)
    return result


def _drawn(thing: str, scale: int) -> tuple[FloatArray, FloatArray]:
    """Photo and outline, so many times as large: a thing in the middle before a slanting wall, in 8 bits."""
    y, x = np.mgrid[: _SIZE[0], : _SIZE[1]]
    wall = np.stack(
        [0.85 - 0.45 * y / 64, 0.8 - 0.4 * y / 64 + 0.1 * x / 64, 0.7 - 0.3 * y / 64 + 0.2 * x / 64], axis=2
    )
    inside = (y >= 10) & (y < 50) & (x >= 26) & (x < 54)
    share, colour = np.where(inside, 0.15, 0.0), np.broadcast_to([0.35, 0.6, 0.55], wall.shape).copy()
    if thing == "stone":
        share = inside.astype(float)
        colour = 0.3 + 0.4 * np.stack([(x * x * 3 + y * 17 + x * y) % 41 / 41] * 3, axis=2)
    else:
        bright = inside & ((x == 32) | (x == 46)) & (y >= 18) & (y < 42)
        rim = inside & ((y < 12) | (y >= 48))
        share, colour[bright], colour[rim] = np.where(bright, 0.9, np.where(rim, 0.8, share)), 1, 0.05
    photo = share[..., None] * colour + (1 - share[..., None]) * wall
    photo = np.floor(photo * 255 + 0.5).astype(np.float32) / np.float32(255)
    alpha = inside.astype(np.float32)
    return photo.repeat(scale, 0).repeat(scale, 1), alpha.repeat(scale, 0).repeat(scale, 1)
