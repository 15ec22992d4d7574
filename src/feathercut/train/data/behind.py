"""What is put behind a subject: photos of a folder, other pairs without their subjects, or what is made up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from feathercut.evaluate.synthetic.backgrounds import background, photographs
from feathercut.evaluate.synthetic.textures import material, noise
from feathercut.kernels.backdrop import plate
from feathercut.kernels.composite import gaussian_blur
from feathercut.kernels.extremes import largest
from feathercut.kernels.resample import resize
from feathercut.pictures import FloatArray, Size
from feathercut.train.data.pair import Pair

Other = Callable[[np.random.Generator], Pair]
"""Another pair of the set, whichever."""
Behind = Callable[[np.random.Generator, Size], FloatArray]
"""A background H×W×3 of that size."""

_LONGEST = 512
"""Pixels on which a background without its subject is made: it is out of focus anyway."""


def from_folder(folder: Path) -> Behind:
    """Parts of a folder's photos, most of them out of focus. Raises OptionError where there are none."""
    photos = photographs(folder)
    return lambda random, size_hw: background(random, photos, size_hw)


def from_pairs(pairs: Sequence[Pair]) -> Behind:
    """What is made up, or what lies around the subjects of other pairs, half and half."""
    other = any_of(pairs)
    return lambda random, size_hw: (
        made_up(random, size_hw) if random.random() < 0.5 else around_subject(random, other(random), size_hw)
    )


def any_of(pairs: Sequence[Pair]) -> Other:
    """A pair of these, whichever."""
    return lambda random: pairs[int(random.integers(len(pairs)))]


def made_up(random: np.random.Generator, size_hw: Size) -> FloatArray:
    """A studio's paper, a gradient, or a surface: H×W×3, with grain, since nothing in a photo is quite even."""
    kind = random.random()
    first, second = random.uniform(0.03, 1, (2, 3)).astype(np.float32)
    if kind < 0.3:  # paper, nearly of one colour: white, grey or black as often as coloured
        grey = np.full(3, random.choice([0.02, 0.2, 0.5, 0.8, 0.97]), np.float32)
        first = grey if random.random() < 0.6 else first
        second = np.clip(first * np.float32(random.uniform(0.8, 1.1)), 0, 1)
    if kind < 0.6:
        y, x = np.mgrid[0 : 1 : size_hw[0] * 1j, 0 : 1 : size_hw[1] * 1j].astype(np.float32)
        angle = random.uniform(0, 2 * np.pi)
        along = (np.cos(angle) * (x - 0.5) + np.sin(angle) * (y - 0.5) + 0.5).astype(np.float32)
        rgb = first + (second - first) * np.clip(along, 0, 1)[..., None]
        rgb += (noise(random, size_hw, 6, 2)[..., None] - 0.5) * np.float32(random.uniform(0.005, 0.03))
        return np.asarray(np.clip(rgb, 0, 1), np.float32)
    if kind < 0.8:
        return material(random, size_hw, first, random.uniform(0.2, 1.2))
    share = noise(random, size_hw, max(8.0, min(size_hw) * random.uniform(0.05, 0.4)))[..., None]
    edges = np.clip((share - 0.5) * np.float32(random.uniform(1, 30)) + 0.5, 0, 1)
    return np.asarray(np.clip(first + (second - first) * edges, 0, 1), np.float32)


def around_subject(random: np.random.Generator, pair: Pair, size_hw: Size) -> FloatArray:
    """What a pair's photo shows around its subject, continued where that was, mirrored or not, and out of focus.

    A subject that were left in it would be one that the truth does not have.
    """
    ratio = min(1.0, _LONGEST / max(pair.size))
    small = max(2, round(pair.size[0] * ratio)), max(2, round(pair.size[1] * ratio))
    rgb, alpha = resize(pair.pixels, small, "box"), resize(pair.alpha[0], small, "box")
    if float(np.mean(alpha > 0.02)) > 0.9:  # too little is seen around it
        return made_up(random, size_hw)
    shows = (largest(alpha, max(2, max(small) // 64)) < 0.02).astype(np.float32)
    kept = np.where(shows[..., None] > 0, rgb, np.clip(plate(rgb, shows), 0, 1))
    if random.random() < 0.5:
        kept = kept[:, ::-1]
    blurred = gaussian_blur(np.ascontiguousarray(kept), random.uniform(0.01, 0.05) * max(small))
    return np.clip(resize(blurred, size_hw, "bilinear"), 0, 1)
