"""What the student and its teacher look at: parts of the photos of `student_photos.py`, varied without end.

A view may show anything, a subject cut in two or four photos in one: what is asked for is what the teacher sees there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from feathercut.train.data.camera import exposed, noisy

if TYPE_CHECKING:
    from feathercut.pictures import FloatArray

_KEPT_SIDE = 480
_SHARES = {"photo": 0.5, "drawn": 0.25, "rendered": 0.15, "scene": 0.1}
"""How often a view is of a photo, of a drawn picture, of a rendered scene, of a photo of the world outside."""
_MIXED = {"tiles": 0.15, "pasted": 0.2}
_NOISY = 0.2
_LEAST_OF_SUBJECT = 0.6
"""How much of its subject a view must show for the matte of the whole photo to be its truth."""


@dataclass(frozen=True)
class View:
    """`rgb` 3×S×S float32 in [0, 1]; `alpha` 1×S×S, which is a truth only where `is_known`."""

    rgb: FloatArray
    alpha: FloatArray
    is_known: bool


class Views:
    """Views of some of the pairs, which are decoded once and kept in memory."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        found = {kind: [_opened(folder, name) for name in names if name.startswith(kind)] for kind in _SHARES}
        self._pairs = {kind: pairs for kind, pairs in found.items() if pairs}

    def view(self, random: np.random.Generator, size: int) -> View:
        """A view of size×size, as chance will have it."""
        how = random.choice([*_MIXED, "plain"], p=[*_MIXED.values(), 1 - sum(_MIXED.values())])
        if how == "tiles":
            return _finished(random, self._tiles(random, size), np.zeros((size, size), np.float32), is_known=False)
        rgb, alpha, is_known = self._part(random, size, size)
        if how == "pasted":
            other, shape, _ = self._part(random, size, size)
            rgb = rgb + shape[..., None] * (other - rgb)
        return _finished(random, rgb, alpha, is_known=is_known and how == "plain")

    def whole(self, number: int, size: int) -> View:
        """A photo, undisturbed."""
        photos = self._pairs["photo"]
        photo, matte = photos[number % len(photos)]
        rgb = _array(photo.resize((size, size), Image.Resampling.BOX))
        alpha = _array(matte.resize((size, size), Image.Resampling.BOX))
        return View(np.ascontiguousarray(rgb.transpose(2, 0, 1)), alpha[None], is_known=True)

    @property
    def photos(self) -> int:
        """How many photos there are."""
        return len(self._pairs["photo"])

    def _tiles(self, random: np.random.Generator, size: int) -> FloatArray:
        """Two photos side by side, or four."""
        first = size // 2
        widths, rows = (first, size - first), int(random.integers(1, 3))
        heights = widths if rows == 2 else (size,)
        return np.concatenate(
            [np.concatenate([self._part(random, width, height)[0] for width in widths], 1) for height in heights]
        )

    def _part(self, random: np.random.Generator, width: int, height: int) -> tuple[FloatArray, FloatArray, bool]:
        """A part of a pair, height×width×3 and height×width, and whether it shows most of its subject."""
        shares = np.array([_SHARES[kind] for kind in self._pairs])
        pairs = self._pairs[kind := str(random.choice([*self._pairs], p=shares / shares.sum()))]
        photo, matte = pairs[int(random.integers(len(pairs)))]
        share, aspect = random.uniform(0.3, 1.0), float(np.exp(random.uniform(-0.3, 0.3)))
        wide, high = (min(1.0, float(side)) for side in (np.sqrt(share * aspect), np.sqrt(share / aspect)))
        left, top = random.random() * (1 - wide), random.random() * (1 - high)
        (width_px, height_px), (right, bottom) = photo.size, (left + wide, top + high)
        box = (int(left * width_px), int(top * height_px), int(right * width_px), int(bottom * height_px))
        parts = [one.resize((width, height), Image.Resampling.BILINEAR, box, 1.5) for one in (photo, matte)]
        if random.random() < 0.5:
            parts = [one.transpose(Image.Transpose.FLIP_LEFT_RIGHT) for one in parts]
        whole, seen = np.asarray(matte).sum(), np.asarray(matte.crop(box)).sum()
        return _array(parts[0]), _array(parts[1]), kind != "scene" and bool(seen >= _LEAST_OF_SUBJECT * whole)


def _finished(random: np.random.Generator, rgb: FloatArray, alpha: FloatArray, *, is_known: bool) -> View:
    """In other light, sometimes with noise."""
    taken = exposed(random, rgb)
    if random.random() < _NOISY:
        taken = noisy(random, taken)
    return View(np.ascontiguousarray(taken.transpose(2, 0, 1)), alpha[None], is_known)


def _opened(folder: Path, name: str) -> tuple[Image.Image, Image.Image]:
    with Image.open(folder / "images" / f"{name}.jpg") as photo, Image.open(folder / "alpha" / f"{name}.png") as matte:
        parts = (photo.convert("RGB"), matte.convert("L"))
    for part in parts:
        part.thumbnail((_KEPT_SIDE, _KEPT_SIDE), Image.Resampling.BOX)
    return parts


def _array(picture: Image.Image) -> FloatArray:
    return np.asarray(picture, np.float32) / np.float32(255)
