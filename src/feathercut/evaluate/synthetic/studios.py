"""The subjects of scenes in front of screens and studio backdrops, as cameras see them: noise, eight bits."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from feathercut.evaluate.synthetic.scenes import SIZE_HW, Scene, render
from feathercut.evaluate.synthetic.seeds import Kind, generator
from feathercut.kernels.shadow import drop_shadow
from feathercut.pictures import FloatArray, Size

Studio = Literal["screen", "backdrop"]

_SCREENS = ((0.12, 0.62, 0.22), (0.1, 0.75, 0.25), (0.2, 0.55, 0.2), (0.1, 0.2, 0.65))
_BACKDROPS = ((0.93, 0.93, 0.94), (0.75, 0.74, 0.72), (0.3, 0.32, 0.35), (0.85, 0.8, 0.7))
_ROOM = 3
"""The stream of a seed's random numbers that this file draws from."""


def in_studio(seed: int, kind: Kind, studio: Studio, size_hw: Size = SIZE_HW, noise: float = 0.008) -> Scene:
    """The subject of `render` before a green or blue `screen`, or before a plain `backdrop` on which its shadow falls.

    Light falls off over both. `rgb` has eight bits after noise of this standard deviation; the rest is exact.
    """
    scene = render(seed, kind, size_hw)
    random = generator(seed, kind, _ROOM)
    colours = _SCREENS if studio == "screen" else _BACKDROPS
    behind = _lit(np.array(colours[seed % len(colours)], np.float32), random, size_hw)
    if studio == "backdrop":
        unit = min(size_hw) / 768
        shadow = drop_shadow(scene.alpha, random.uniform(30, 150), 30 * unit, 18 * unit, 0.3)
        behind = behind * (1 - shadow[..., None])
    share = scene.alpha[..., None]
    seen = share * scene.foreground + (1 - share) * behind + random.normal(0, noise, behind.shape) * (noise > 0)
    eight = np.round(np.clip(seen, 0, 1) * 255) / 255
    return replace(scene, rgb=eight.astype(np.float32), background=behind)


def _lit(colour: FloatArray, random: np.random.Generator, size_hw: Size) -> FloatArray:
    y, x = np.mgrid[0 : 1 : size_hw[0] * 1j, 0 : 1 : size_hw[1] * 1j]
    fall = 1 + 0.18 * np.cos((x - random.uniform(0.2, 0.8)) * 2) - 0.22 * (y - random.uniform(0, 1)) ** 2
    lit: FloatArray = np.clip(colour * (fall / fall.max())[..., None], 0, 1).astype(np.float32)
    return lit
