"""A subject as a layer of its own, and layers before a background."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from feathercut.kernels.composite import over, resize_straight
from feathercut.kernels.foreground import estimate_foreground
from feathercut.pictures import FloatArray, Size

_TOUCHES, _MARGIN = 0.02, 100
"""The share of an edge at which a subject is cut off there, and the part of a side that counts as its edge: the very
last rows of a matte are often empty."""


@dataclass(frozen=True, eq=False)
class Layer:
    """A subject on nothing: straight colours H×W×3, its own, and alpha H×W."""

    rgb: FloatArray
    alpha: FloatArray

    @property
    def size(self) -> Size:
        """(height, width) in pixels."""
        return self.alpha.shape[0], self.alpha.shape[1]


def layer_of(rgb: FloatArray, alpha: FloatArray) -> Layer:
    """The subject of a photo with its own colours: what it stood before is bled out of its soft edges."""
    return Layer(estimate_foreground(rgb, alpha), alpha)


def together(layers: Sequence[Layer], background: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The photo of layers, the first in front, before a background of their size, and the alpha of all."""
    rgb, alpha = layers[0].rgb, layers[0].alpha
    for layer in layers[1:]:
        rgb, alpha = over(rgb, alpha, layer.rgb, layer.alpha)
    share = alpha[..., None]
    return np.clip(rgb * share + background * (1 - share), 0, 1), alpha


def placed(random: np.random.Generator, layer: Layer, size_hw: Size) -> Layer:
    """The layer at another size and place of a frame: a half to one and a half times as large.

    Where the frame's edge cut the subject off it stays at that edge, so that no cut shows inside the photo; one that
    is cut off on both sides does not become smaller.
    """
    ends = _cut_off(layer.alpha)
    least = 1.0 if ends[0] == ends[1] == 1 or ends[2] == ends[3] == 1 else 0.5
    fits = min(size_hw[0] / layer.size[0], size_hw[1] / layer.size[1])
    if least == 1.0:
        fits = max(size_hw[0] / layer.size[0], size_hw[1] / layer.size[1])
    scale = float(np.exp(random.uniform(np.log(least), np.log(1.5)))) * fits
    new = max(1, round(layer.size[0] * scale)), max(1, round(layer.size[1] * scale))
    rgb, alpha = resize_straight(layer.rgb, layer.alpha, new)
    middle = _middle(alpha)
    top = _offset(random, ends[:2], new[0], size_hw[0], middle[0])
    left = _offset(random, ends[2:], new[1], size_hw[1], middle[1])
    frame = Layer(np.zeros((*size_hw, 3), np.float32), np.zeros(size_hw, np.float32))
    rows, own_rows = _overlap(top, new[0], size_hw[0])
    columns, own_columns = _overlap(left, new[1], size_hw[1])
    frame.rgb[rows, columns] = rgb[own_rows, own_columns]
    frame.alpha[rows, columns] = alpha[own_rows, own_columns]
    return frame


def like(random: np.random.Generator, background: FloatArray, layer: Layer) -> FloatArray:
    """The background with the mean and the spread of the subject's colours, or most of the way there.

    After E. Reinhard et al., *Color Transfer between Images*, 2001, in the photo's own colours.
    """
    own = layer.rgb[layer.alpha > 0.9]
    if not len(own):
        return background
    mean, spread = background.mean((0, 1)), background.std((0, 1)) + np.float32(1e-3)
    wanted = (background - mean) * (own.std(0) / spread) + own.mean(0)
    share = np.float32(random.uniform(0.6, 1.0))
    return np.asarray(np.clip(background + share * (wanted - background), 0, 1), np.float32)


def _cut_off(alpha: FloatArray) -> tuple[int, int, int, int]:
    """1 for each of top, bottom, left and right at which the frame cuts the subject off."""
    rows, columns = (max(1, length // _MARGIN) for length in alpha.shape)
    edges = (alpha[:rows], alpha[-rows:], alpha[:, :columns].T, alpha[:, -columns:].T)
    top, bottom, left, right = (int(edge.max(0).mean() > _TOUCHES) for edge in edges)
    return top, bottom, left, right


def _middle(alpha: FloatArray) -> tuple[float, float]:
    total = max(float(alpha.sum()), 1e-6)
    rows, columns = alpha.sum(1), alpha.sum(0)
    return float(rows @ np.arange(len(rows))) / total, float(columns @ np.arange(len(columns))) / total


def _offset(random: np.random.Generator, ends: tuple[int, ...], length: int, room: int, middle: float) -> int:
    """Where a layer of that length begins in the room: at the edge that cuts it off, else anywhere about its middle."""
    if ends[0] and ends[1]:
        return round((room - length) * random.random())
    if ends[0]:
        return 0
    if ends[1]:
        return room - length
    return round(room * random.uniform(0.25, 0.75) - middle)


def _overlap(start: int, length: int, room: int) -> tuple[slice, slice]:
    """The part of the room that a layer covers, and the part of the layer that covers it."""
    first, last = max(0, start), min(room, start + length)
    return slice(first, max(first, last)), slice(first - start, max(first, last) - start)
