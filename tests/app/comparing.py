"""A downloaded picture beside the one that Python makes of the same recipe."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image as Pillow

import feathercut


def premultiplied(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Alpha H×W and colours H×W×3 times it, both 0 to 255: a colour that is hardly seen counts for little."""
    rgba = np.asarray(Pillow.open(path).convert("RGBA")).astype(np.float64)
    return rgba[..., 3], rgba[..., :3] * rgba[..., 3:] / 255


def replayed(photo: Path, recipe: Path) -> Path:
    """The picture that Python makes of a photo and its recipe, beside the recipe."""
    path = recipe.with_name("replayed.png")
    feathercut.replay(photo, recipe).save(path)
    return path


def difference(one: Path, other: Path) -> float:
    """The most that two pictures differ by anywhere, in levels."""
    pairs = zip(premultiplied(one), premultiplied(other), strict=True)
    return float(max(np.abs(ours - theirs).max() for ours, theirs in pairs))
