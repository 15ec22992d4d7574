"""Smoke that rises from a bowl: a soft density of noise, thinner the higher it is.

Alpha is what a density holds back, 1 − exp(−density) (Beer and Lambert).
"""

from __future__ import annotations

import numpy as np

from feathercut.evaluate.synthetic import outlines
from feathercut.evaluate.synthetic.layers import Layer, over
from feathercut.evaluate.synthetic.textures import colour_of, material, noise, pick
from feathercut.pictures import Size


def draw(random: np.random.Generator, _seed: int, size_hw: Size) -> Layer:
    """The subject: the bowl, which is solid, in front of its plume."""
    height, width = size_hw
    unit = min(size_hw) / 768
    x, y = width * random.uniform(0.4, 0.6), height * random.uniform(0.82, 0.88)
    bowl = outlines.both(
        outlines.disc((x, y - 20 * unit), (130 * unit, 95 * unit)), lambda _, down: y - 30 * unit - down
    )
    foot = outlines.disc((x, y + 78 * unit), (75 * unit, 16 * unit))
    solid = Layer(
        outlines.coverage(outlines.union(bowl, foot), size_hw), material(random, size_hw, pick(random, "thing"), 0.8)
    )
    return over(solid, _plume(random, size_hw, (x, y - 40 * unit), unit))


def _plume(random: np.random.Generator, size_hw: Size, source: tuple[float, float], unit: float) -> Layer:
    height, width = size_hw
    rows, columns = np.mgrid[:height, :width].astype(np.float32) + np.float32(0.5)
    risen = np.clip((source[1] - rows) / (height * 0.9), 0, 1)
    # The column of air sways and tears its noise along.
    sway = (noise(random, size_hw, 260 * unit, 3) - 0.5) * risen**0.7 * 420 * unit
    lean = random.uniform(-0.35, 0.35) * height * risen**1.5
    spread = (26 + random.uniform(120, 260) * risen**0.8) * np.float32(unit)
    across = (columns - source[0] - lean - sway) / spread
    wisps = noise(random, size_hw, random.uniform(60, 110) * unit, 5)
    curls = 1 - np.abs(2 * noise(random, size_hw, random.uniform(90, 150) * unit, 4) - 1) * 2.5
    texture = np.clip(1.8 * (wisps - 0.33), 0, None) + 0.7 * np.clip(curls, 0, None)
    shape = np.exp(-(across**2) * 1.6) * np.exp(-random.uniform(0.3, 1.2) * risen) * (risen > 0)
    start = np.clip(risen / 0.03, 0, 1)
    density = random.uniform(1.6, 3.2) * shape * start * texture
    # What is thinner than half a step of 16 bits is nothing: smoke ends somewhere.
    alpha = np.clip((1 - np.exp(-density)) * 1.004 - 0.004, 0, 1).astype(np.float32)
    grey = (colour_of(0.8, 0.81, 0.83) * random.uniform(0.75, 1.15)).astype(np.float32)
    return Layer(alpha, material(random, size_hw, grey, 0.35))
