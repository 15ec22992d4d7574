"""Colours that vary as those of real things do: noise in octaves, light from one side."""

from __future__ import annotations

import numpy as np

from feathercut.kernels.resample import resize
from feathercut.pictures import FloatArray, Size

PALETTES = {
    "hair": ((0.09, 0.07, 0.06), (0.28, 0.18, 0.11), (0.62, 0.46, 0.27), (0.45, 0.2, 0.09), (0.6, 0.58, 0.56)),
    "fur": ((0.5, 0.36, 0.22), (0.85, 0.8, 0.72), (0.16, 0.14, 0.14), (0.7, 0.42, 0.2), (0.5, 0.5, 0.5)),
    "skin": ((0.87, 0.68, 0.57), (0.7, 0.5, 0.38), (0.42, 0.28, 0.2), (0.93, 0.77, 0.68)),
    "thing": (
        (0.75, 0.2, 0.16),
        (0.15, 0.35, 0.6),
        (0.2, 0.5, 0.3),
        (0.85, 0.7, 0.25),
        (0.85, 0.85, 0.83),
        (0.2, 0.2, 0.24),
    ),
}


def colour_of(red: float, green: float, blue: float) -> FloatArray:
    """A colour, each part in [0, 1]."""
    return np.array([red, green, blue], np.float32)


def pick(random: np.random.Generator, palette: str) -> FloatArray:
    """One colour of a palette, a little changed."""
    colours = PALETTES[palette]
    colour = np.array(colours[int(random.random() * len(colours))])
    return np.clip(colour * random.uniform(0.85, 1.15) + random.uniform(-0.03, 0.03, 3), 0.02, 0.98).astype(np.float32)


def noise(random: np.random.Generator, size_hw: Size, cell_px: float, octaves: int = 4) -> FloatArray:
    """Smooth noise H×W in [0, 1] about 0.5, in octaves from `cell_px` downwards, each half as strong."""
    height, width = size_hw
    total, strength, strongest = np.zeros(size_hw, np.float32), 1.0, 0.0
    for octave in range(octaves):
        cell = max(cell_px / 2**octave, 1.0)
        rows, columns = int(np.ceil(height / cell)) + 2, int(np.ceil(width / cell)) + 2
        grid = random.random((rows, columns)).astype(np.float32)
        # Enlarged by whole cells and cut, so that a cell is a cell at any size.
        large = resize(grid, (round(rows * cell), round(columns * cell)), "bicubic")[:height, :width]
        total += np.float32(strength) * large
        strongest += strength
        strength /= 2
    return np.clip(total / np.float32(strongest), 0, 1)


def material(random: np.random.Generator, size_hw: Size, colour: FloatArray, contrast: float = 0.5) -> FloatArray:
    """A surface of that colour, H×W×3: lit from a side, with patches, grain and a drift of hue."""
    height, width = size_hw
    unit = min(size_hw) / 768
    y, x = np.mgrid[:height, :width].astype(np.float32)
    angle = random.uniform(0, 2 * np.pi)
    light = (np.cos(angle) * (x / width - 0.5) + np.sin(angle) * (y / height - 0.5)).astype(np.float32)
    patches = noise(random, size_hw, 90 * unit) - 0.5
    grain = noise(random, size_hw, 9 * unit, 3) - 0.5
    shade = 1 + np.float32(contrast) * (light + patches + np.float32(0.6) * grain)
    hue = random.uniform(-0.12, 0.12, 3).astype(np.float32)
    drift = (noise(random, size_hw, 160 * unit, 2) - 0.5)[..., None] * hue
    lit: FloatArray = np.clip(colour * shade[..., None] + drift, 0, 1).astype(np.float32)
    return lit
