"""Scenes whose reflection is known exactly: a thing on a glossy floor that mirrors it, weaker with the depth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from feathercut.errors import OptionError
from feathercut.evaluate.synthetic.floors import FLOORS
from feathercut.evaluate.synthetic.seeds import HELD_OUT, TUNING
from feathercut.evaluate.synthetic.shadows import SIZE_HW, darkness, encoded, light_of, photographed, thing
from feathercut.evaluate.synthetic.textures import material, noise, pick
from feathercut.kernels.composite import gaussian_blur
from feathercut.pictures import FloatArray, Size


@dataclass(frozen=True, eq=False)
class ReflectionScene:
    """A photograph of which the subject and its reflection are known; float32 in [0, 1], colours sRGB-encoded.

    `mirrored` H×W×3 are the reflection's colours and `share` H×W how much of it is seen before the floor.
    """

    rgb: FloatArray
    alpha: FloatArray
    mirrored: FloatArray
    share: FloatArray


def render(seed: int, floor: str, size_hw: Size = SIZE_HW, *, has_reflection: bool = True) -> ReflectionScene:
    """The scene of a seed on one of `floors.FLOORS`, with a shadow, a camera's noise, through JPEG.

    Raises OptionError for a seed of no range or a floor that is none.
    """
    if seed not in TUNING and seed not in HELD_OUT:
        raise OptionError(f"{seed} is no seed: {TUNING[0]} to {HELD_OUT[-1]} are")
    if floor not in FLOORS:
        raise OptionError(f"`{floor}` is no floor: {', '.join(FLOORS)} are")
    random = np.random.Generator(np.random.PCG64([seed, 300 + sorted(FLOORS).index(floor)]))
    unit = min(size_hw) / 768
    alpha = thing(random, seed, size_hw)
    lit = FLOORS[floor](random, size_hw, unit) * light_of(random, size_hw)
    dark = 0.6 * darkness(random, alpha, unit) if random.random() < 0.6 else np.zeros(size_hw, np.float32)
    ground = encoded(np.asarray(lit * (1 - dark[..., None]), np.float32))
    subject = _decorated(random, size_hw)
    rows = np.flatnonzero((alpha > 0.5).any(axis=1))
    foot, tall = int(rows[-1]) + 1, len(rows)
    strength, fades = random.uniform(0.12, 0.5), random.uniform(0.3, 1.5)
    softness = random.uniform(0, 5) * unit
    mirrored, share = _mirrored(subject, alpha, foot, softness)
    deep = (np.arange(size_hw[0], dtype=np.float32) + np.float32(0.5) - foot)[:, None] / tall
    share = share * np.float32(strength) * np.exp(-np.maximum(deep, 0) / np.float32(fades)) * (deep > 0)
    if not has_reflection:
        share = np.zeros_like(share)
    ground = ground + share[..., None] * (mirrored - ground)
    rgb = alpha[..., None] * subject + (1 - alpha[..., None]) * ground
    photo = photographed(random, np.asarray(np.clip(rgb, 0, 1), np.float32))
    return ReflectionScene(photo, alpha, mirrored, np.asarray(share * (1 - alpha), np.float32))


def _decorated(random: np.random.Generator, size_hw: Size) -> FloatArray:
    """A thing's colours: two materials in patches, as a label on a bottle and its glass."""
    one, other = (material(random, size_hw, pick(random, "thing"), 0.5) for _ in range(2))
    patch = np.clip((noise(random, size_hw, random.uniform(30, 90)) - 0.5) * 12 + 0.5, 0, 1)[..., None]
    return np.asarray(one + patch * (other - one), np.float32)


def _mirrored(subject: FloatArray, alpha: FloatArray, foot: int, softness: float) -> tuple[FloatArray, FloatArray]:
    """The subject turned over at the row of its foot, less sharp by `softness` px: straight colours and coverage."""
    height = len(alpha)
    source = np.clip(2 * foot - 1 - np.arange(height), 0, height - 1)
    share = alpha[source] * (np.arange(height) >= foot)[:, None]
    weighted = subject[source] * share[..., None]
    if softness > 0.3:
        weighted, share = gaussian_blur(weighted, softness), gaussian_blur(share[..., None], softness)[..., 0]
    return np.asarray(weighted / np.maximum(share, np.float32(1e-4))[..., None], np.float32), share
