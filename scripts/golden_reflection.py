"""Golden cases of a subject mirrored below itself, and of canvases that have room for it."""

from __future__ import annotations

from typing import Any

import numpy as np

from feathercut.kernels.reflection import reflection
from feathercut.options import Compose
from feathercut.pictures import Cutout, FloatArray, Image
from feathercut.steps.compose import compose

Case = dict[str, Any]
_SIZE = 30, 26


def cases() -> list[Case]:
    """A table on three legs, the middle one short; at its place, and on canvases."""
    return [
        *({"kernel": "reflection", "opacity": opacity, "expected": list(_mirrored(opacity))} for opacity in (0.4, 1.0)),
        *(_composed(options) for options in (
            {"reflection": 60},
            {"reflection": 40, "crop": True, "margin": "2px"},
            {"reflection": 80, "size": "40x50", "scale": "50%", "background": "#336699"},
        )),
    ]  # fmt: skip


def _mirrored(opacity: float) -> tuple[FloatArray, FloatArray]:
    found = reflection(*_drawn(), opacity)
    assert found is not None
    return found


def _composed(options: dict[str, Any]) -> Case:
    rgb, alpha = _drawn()
    made = compose(Cutout(rgb, alpha), Image(rgb), Compose(**options))
    return {"kernel": "compose", "options": options, "expected": {"rgb": made.rgb, "alpha": made.alpha}}


def _drawn() -> tuple[FloatArray, FloatArray]:
    """Straight colours and alpha, in fifteenths."""
    y, x = np.mgrid[: _SIZE[0], : _SIZE[1]]
    inside = (y >= 5) & (y < 10) & (x >= 3) & (x < 22)
    for left, foot in ((4, 19), (11, 14), (18, 18)):
        inside |= (y >= 10) & (y < foot) & (x >= left) & (x < left + 3)
    alpha = np.where(inside, 1.0, np.where((y >= 5) & (y < 10) & (x == 22), 9 / 15, 0.0)).astype(np.float32)
    rgb = np.stack([(x * 3 + y) % 16, (x + y * 5) % 16, (x * 7 + y * 2) % 16], axis=2) / 15
    return np.where(alpha[..., None] > 0, rgb, 0).astype(np.float32), alpha
