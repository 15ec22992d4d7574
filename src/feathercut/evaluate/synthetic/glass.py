"""A drinking glass: a tinted, half transparent body, darker and denser at its sides, with highlights and a drink.

What shows through is not bent: the colour of a pixel is the mix that alpha says, so that truth is exact.
"""

from __future__ import annotations

import numpy as np

from feathercut.evaluate.synthetic import outlines
from feathercut.evaluate.synthetic.layers import Layer, over
from feathercut.evaluate.synthetic.raster import Doubles
from feathercut.evaluate.synthetic.textures import colour_of, material, noise, pick
from feathercut.pictures import FloatArray, Size

WHITE = colour_of(0.98, 0.98, 0.97)


def draw(random: np.random.Generator, seed: int, size_hw: Size) -> Layer:
    """The subject, in turn a goblet with a stem and a tumbler; a straw stands in some."""
    height, width = size_hw
    unit = min(size_hw) / 768
    x, y = width * random.uniform(0.42, 0.58), height * random.uniform(0.46, 0.52)
    bowl = 215 * unit if seed % 2 else 280 * unit
    flare, belly = random.uniform(-0.2, 0.25), random.uniform(0.15, 0.45)
    radius = random.uniform(110, 140) * unit
    tint = np.clip(0.8 + random.uniform(-0.35, 0.12, 3), 0, 1).astype(np.float32)

    def half_width(down: Doubles) -> Doubles:
        along = np.clip((down - (y - bowl)) / (2 * bowl), 0, 1)
        close = np.sqrt(np.clip(1 - np.clip((along - 0.55) / 0.45, 0, 1) ** 2, 0, 1)) if seed % 2 else 1.0
        return np.asarray(radius * (1 - flare * along + belly * np.sin(np.pi * along)) * close)

    def body(right: Doubles, down: Doubles) -> Doubles:
        side = (np.abs(right - x) - half_width(down)) * 0.7  # an outline that leans is nearer than across
        return np.maximum(side, np.abs(down - y) - bowl)

    def layer(shape: outlines.Distance, density: FloatArray | float, colour: FloatArray) -> Layer:
        return Layer(outlines.coverage(shape, size_hw) * np.float32(density), colour)

    rows, columns = np.mgrid[:height, :width].astype(np.float64) + 0.5
    across = np.clip((columns - x) / np.maximum(half_width(rows), 1e-6), -1, 1)
    # The way through a wall grows towards the sides.
    wall = 1 / np.sqrt(np.maximum(1 - 0.985 * across**2, 1e-3))
    thickness = random.uniform(0.08, 0.2)
    glass = layer(body, (1 - np.exp(-thickness * wall)).astype(np.float32), material(random, size_hw, tint, 0.25))
    level = y - bowl * random.uniform(0.0, 0.5)
    drink = layer(
        outlines.both(body, lambda _, down: level - down),
        (1 - np.exp(-random.uniform(0.5, 1.6) * np.sqrt(1 - 0.9 * across**2))).astype(np.float32),
        material(random, size_hw, pick(random, "thing"), 0.3),
    )
    parts = [*_highlights(random, (x, y), radius, bowl, unit, size_hw), glass, drink]
    if random.random() < 0.5:
        straw = outlines.round_line([(x - 20 * unit, y + bowl * 0.8), (x + 90 * unit, y - bowl - 90 * unit)], 15 * unit)
        parts.append(layer(straw, 1.0, material(random, size_hw, pick(random, "thing"), 0.5)))
    if seed % 2:
        foot = outlines.disc((x, y + bowl + 115 * unit), (95 * unit, 15 * unit))
        stem = outlines.union(outlines.round_line([(x, y + bowl), (x, y + bowl + 110 * unit)], 13 * unit), foot)
        parts.append(layer(stem, random.uniform(0.45, 0.75), material(random, size_hw, tint, 0.7)))
    return over(*parts)


def _highlights(
    random: np.random.Generator,
    middle: tuple[float, float],
    radius: float,
    bowl: float,
    unit: float,
    size_hw: Size,
) -> list[Layer]:
    """Windows that the glass mirrors, nearly opaque, and its bright brim."""
    x, y = middle
    colour = np.broadcast_to(WHITE, (*size_hw, 3)).astype(np.float32)
    layers = []
    for side, width_px in ((-0.6, 16), (0.45, 8), (-0.3, 5)):
        right = x + side * radius
        streak = outlines.round_line(
            [(right, y - bowl * random.uniform(0.4, 0.8)), (right + 6 * unit, y + bowl * random.uniform(-0.1, 0.5))],
            width_px * unit,
        )
        strength = np.float32(random.uniform(0.55, 0.95)) * (0.6 + 0.4 * noise(random, size_hw, 60 * unit, 2))
        layers.append(Layer(outlines.coverage(streak, size_hw) * strength, colour))
    brim = outlines.ring(outlines.disc((x, y - bowl), (radius, 20 * unit)), max(2.5 * unit, 1.0))
    layers.append(Layer(outlines.coverage(brim, size_hw) * np.float32(random.uniform(0.5, 0.8)), colour))
    return layers
