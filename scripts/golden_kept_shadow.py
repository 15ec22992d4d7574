"""Golden cases of a photo's own shadow: taken from the photo, and put on a canvas beyond the subject's box."""

from __future__ import annotations

from typing import Any

import numpy as np

from feathercut.kernels.kept_shadow import kept_shadow
from feathercut.options import Compose
from feathercut.pictures import Cutout, FloatArray, Image, Matte
from feathercut.steps.compose import compose
from feathercut.steps.shade import shade

Case = dict[str, Any]
_SIZE = 60, 80


def cases() -> list[Case]:
    """A box on a plain and on a tiled floor, larger than the grid too; one cut off by the frame; canvases around it."""
    return [
        *(
            {"kernel": "kept_shadow", "floor": floor, "scale": scale, "is_cut": is_cut,
             "expected": _kept(floor, scale, is_cut)}
            for floor, scale, is_cut in (
                ("plain", 1, False), ("tiles", 1, False), ("tiles", 5, False), ("plain", 1, True),
            )
        ),
        *(_composed(options) for options in (
            {"shadow_softness": 1.5, "shadow_opacity": 70},
            {"crop": True, "margin": "3px"},
            {"crop": True, "size": "50x64"},
            {"size": "40x70", "scale": "40%"},
        )),
    ]  # fmt: skip


def _kept(floor: str, scale: int, is_cut: bool) -> FloatArray:
    rgb, alpha = _drawn(floor, scale)
    if is_cut:
        rgb, alpha = rgb[: 40 * scale], alpha[: 40 * scale]
    return kept_shadow(rgb, alpha)[::scale, ::scale]


def _composed(options: dict[str, Any]) -> Case:
    """The alpha of what is on the canvas."""
    rgb, alpha = _drawn("plain", 1)
    photo, wanted = Image(rgb), Compose(shadow="keep", **options)
    cutout = Cutout(rgb * alpha[..., None], alpha, shadow=shade(photo, Matte(alpha), wanted))
    return {"kernel": "compose", "options": options, "expected": compose(cutout, photo, wanted).alpha}


def _drawn(floor: str, scale: int) -> tuple[FloatArray, FloatArray]:
    """Photo and outline, so many times as large: a box on a floor, in light that falls off, in 8 bits."""
    y, x = np.mgrid[: _SIZE[0], : _SIZE[1]].astype(np.float64)
    light = 0.75 + 0.1 * x / 80 - 0.12 * y / 60
    dark = 0.55 * np.exp(-(((x - 50) / 14) ** 2) - ((y - 45) / 4) ** 2)
    colour = np.stack([light, light * 0.95, light * 0.85], axis=2)
    if floor == "tiles":
        tone = ((x // 9 * 3 + y // 7 * 5) % 4) / 4
        colour = colour * np.stack([1 - 0.12 * tone, 1 - 0.2 * tone, 1 - 0.25 * tone], axis=2)
    inside = (y >= 10) & (y < 46) & (x >= 26) & (x < 46)
    photo = np.where(inside[..., None], [0.2, 0.45, 0.6], colour * (1 - dark[..., None]))
    photo = np.floor(photo * 255 + 0.5).astype(np.float32) / np.float32(255)
    alpha = inside.astype(np.float32)
    return photo.repeat(scale, 0).repeat(scale, 1), alpha.repeat(scale, 0).repeat(scale, 1)
