"""What things stand on: plain backdrops, and floors with a texture, as reflectance before any light falls on them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from feathercut.evaluate.synthetic.textures import noise
from feathercut.pictures import FloatArray, Size

Draw = Callable[[np.random.Generator, Size, float], FloatArray]
"""From random numbers, a size and the length of a 768th of its shorter side to reflectance H×W×3, linear."""


def plain(random: np.random.Generator, size_hw: Size, unit: float) -> FloatArray:
    """One colour, most often a light grey, with the faintest unevenness."""
    grey = random.uniform(0.25, 0.9)
    colour = np.clip(grey * (1 + random.normal(0, 0.04 if random.random() < 0.7 else 0.25, 3)), 0.05, 0.95)
    return _painted(colour, 1 + 0.01 * (noise(random, size_hw, 40 * unit) - 0.5))


def wood(random: np.random.Generator, size_hw: Size, unit: float) -> FloatArray:
    """Boards of different tones with grain along them and dark joints; along or across the picture."""
    height, width = size_hw
    along_hw = (width, height) if random.random() < 0.5 else size_hw
    board = random.uniform(45, 110) * unit
    grain = noise(random, (along_hw[0], max(4, along_hw[1] // 10)), 5 * unit, 3).repeat(11, 1)[:, : along_hw[1]]
    if grain.shape[1] < along_hw[1]:
        grain = np.pad(grain, ((0, 0), (0, along_hw[1] - grain.shape[1])), mode="edge")
    rows = np.arange(along_hw[0]) / board
    tones = random.uniform(0.75, 1.2, int(rows[-1]) + 2)[rows.astype(int)]
    tone = tones[:, None] * (1 + 0.5 * (grain - 0.5))
    tone[(rows % 1) * board < 2.5 * unit] *= 0.45
    if along_hw != size_hw:
        tone = tone.T
    return _painted(np.array([0.42, 0.25, 0.13]) * random.uniform(0.6, 1.5), tone, hue=(-0.1, 0, 0.15))


def tiles(random: np.random.Generator, size_hw: Size, unit: float) -> FloatArray:
    """Square tiles, each a little different, with joints darker or lighter than they are."""
    step, joint = random.uniform(60, 140) * unit, random.uniform(2.5, 6) * unit
    y, x = np.mgrid[: size_hw[0], : size_hw[1]]
    rows, columns = (y / step).astype(int), (x / step).astype(int)
    tones = random.uniform(0.85, 1.1, (rows.max() + 1, columns.max() + 1))[rows, columns]
    tone = tones * (1 + 0.12 * (noise(random, size_hw, 25 * unit) - 0.5))
    is_joint = (y % step < joint) | (x % step < joint)
    tone[is_joint] *= random.choice([0.45, 1.5])
    return _painted(np.clip(random.uniform(0.3, 0.6) * (1 + random.normal(0, 0.15, 3)), 0.08, 0.65), tone)


def carpet(random: np.random.Generator, size_hw: Size, unit: float) -> FloatArray:
    """Fine pile, trodden in patches."""
    pile = random.normal(0, 0.22, size_hw) + 1.2 * (noise(random, size_hw, 4 * unit, 2) - 0.5)
    tone = np.exp(pile + 0.25 * (noise(random, size_hw, 60 * unit, 2) - 0.5))
    return _painted(np.clip(random.uniform(0.15, 0.5) * (1 + random.normal(0, 0.25, 3)), 0.05, 0.7), tone)


def concrete(random: np.random.Generator, size_hw: Size, unit: float) -> FloatArray:
    """Stains of all sizes and grit."""
    stains = noise(random, size_hw, 120 * unit, 6) - 0.5
    tone = np.exp(0.7 * stains + random.normal(0, 0.06, size_hw))
    return _painted(random.uniform(0.25, 0.55) * np.array([1.03, 1, 0.95]), tone)


def bricks(random: np.random.Generator, size_hw: Size, unit: float) -> FloatArray:
    """Paving of bricks in running bond, of reds and browns, light mortar between."""
    high, broad = random.uniform(28, 45) * unit, random.uniform(75, 110) * unit
    y, x = np.mgrid[: size_hw[0], : size_hw[1]]
    rows = (y / high).astype(int)
    moved = x + (rows % 2) * broad / 2
    columns = (moved / broad).astype(int)
    tones = random.uniform(0.7, 1.25, (rows.max() + 1, columns.max() + 1))[rows, columns]
    tone = tones * (1 + 0.3 * (noise(random, size_hw, 8 * unit, 3) - 0.5))
    floor = _painted(np.array([0.34, 0.17, 0.12]) * random.uniform(0.8, 1.4), tone, hue=(0.1, 0, -0.1))
    mortar = (y % high < 4 * unit) | (moved % broad < 4 * unit)
    floor[mortar] = np.float32(random.uniform(0.35, 0.55))
    return floor


def terrazzo(random: np.random.Generator, size_hw: Size, unit: float) -> FloatArray:
    """Chips of several colours in a light ground."""
    floor = plain(random, size_hw, unit)
    for colour in random.uniform(0.1, 0.85, (4, 3)):
        chips = noise(random, size_hw, random.uniform(8, 18) * unit, 2) > 0.64
        floor[chips] = colour.astype(np.float32)
    return floor


def weave(random: np.random.Generator, size_hw: Size, unit: float) -> FloatArray:
    """Coarse cloth with stripes of another colour."""
    y, x = np.mgrid[: size_hw[0], : size_hw[1]]
    thread = random.uniform(5, 9) * unit
    tone = 1 + 0.2 * np.sin(2 * np.pi * x / thread) * np.sign(np.sin(2 * np.pi * y / thread))
    tone = tone * (1 + 0.3 * (noise(random, size_hw, 10 * unit, 3) - 0.5))
    floor = _painted(random.uniform(0.3, 0.6, 3), tone)
    stripes = (y / (random.uniform(40, 90) * unit)) % 1 < random.uniform(0.2, 0.5)
    floor[stripes] *= random.uniform(0.55, 0.95, 3).astype(np.float32)
    return np.clip(floor, 0.01, 1)


PLAIN = {"plain": plain}
TEXTURED: dict[str, Draw] = {"wood": wood, "tiles": tiles, "carpet": carpet, "concrete": concrete}
"""Floors that methods are tuned on."""
KEPT_BACK: dict[str, Draw] = {"bricks": bricks, "terrazzo": terrazzo, "weave": weave}
"""Floors that are looked at once, at the end."""
FLOORS: dict[str, Draw] = {**PLAIN, **TEXTURED, **KEPT_BACK}


def _painted(
    colour: np.ndarray[tuple[int], np.dtype[np.float64]],
    tone: np.ndarray[tuple[int, int], np.dtype[np.float64]] | FloatArray,
    hue: tuple[float, float, float] = (0, 0, 0),
) -> FloatArray:
    """A colour times a tone for each pixel, H×W×3; `hue` is how far each channel goes beyond the tone."""
    powers = 1 + np.array(hue)
    shade = np.maximum(np.asarray(tone, np.float64), 0.02)[..., None] ** powers
    painted: FloatArray = np.clip(colour * shade, 0.01, 1).astype(np.float32)
    return painted
