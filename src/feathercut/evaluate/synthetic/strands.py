"""Hairs: tapered, curved ribbons that are thinner than a pixel, with a colour that changes along each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from feathercut.evaluate.synthetic.raster import Doubles, Shapes
from feathercut.pictures import FloatArray


@dataclass(frozen=True, eq=False)
class Growth:
    """How n strands grow: each value is n long, lengths in pixels, angles in radians, 0 to the right, down positive.

    `roots` is n×2, (x, y). A strand leaves its root at `angles`, turns by `turns` over its length, waves
    by `waves` radians `frequencies` times, and falls: its direction is drawn downwards by `weights`.
    """

    roots: Doubles
    angles: Doubles
    lengths: Doubles
    turns: Doubles
    waves: Doubles
    frequencies: Doubles
    phases: Doubles
    weights: Doubles


def grown(growth: Growth, segments: int) -> Doubles:
    """The middle lines of the strands, n×(segments + 1)×2."""
    along = (np.arange(segments) + 0.5) / segments
    angles = growth.angles[:, None] + growth.turns[:, None] * along
    angles += (
        growth.waves[:, None]
        * np.sin(2 * np.pi * growth.frequencies[:, None] * along + growth.phases[:, None])
        * np.sqrt(along)
    )
    x, y = np.cos(angles), np.sin(angles) + growth.weights[:, None] * along
    scale = (growth.lengths[:, None] / segments) / np.maximum(np.hypot(x, y), 1e-6)
    steps = np.stack([x * scale, y * scale], axis=-1)
    start = growth.roots[:, None, :]
    return np.concatenate([start, start + np.cumsum(steps, axis=1)], axis=1)


def ribbons(lines: Doubles, root_px: Doubles, tip_px: Doubles, colours: FloatArray) -> Shapes:
    """Strands along n×(k + 1)×2 `lines`, tapered from `root_px` to `tip_px` wide, coloured n×k×3 piece by piece.

    Pieces of a strand share their corners, so that there is neither gap nor overlap where they meet.
    """
    pieces = lines.shape[1] - 1
    ahead = np.diff(lines, axis=1)
    # At a joint, the mean of both directions.
    direction = np.concatenate([ahead[:, :1], ahead[:, :-1] + ahead[:, 1:], ahead[:, -1:]], axis=1)
    direction /= np.maximum(np.hypot(direction[..., :1], direction[..., 1:]), 1e-9)
    along = np.linspace(0, 1, pieces + 1)
    half = (root_px[:, None] + (tip_px - root_px)[:, None] * along) / 2
    aside = np.stack([-direction[..., 1], direction[..., 0]], axis=-1) * half[..., None]
    left, right = lines + aside, lines - aside
    corners = np.stack([left[:, :-1], left[:, 1:], right[:, 1:], right[:, :-1]], axis=2)
    count = corners.shape[0] * pieces
    return Shapes(corners.reshape(count, 4, 2), colours.reshape(count, 3), np.full(count, -1))


def shaded(
    random: np.random.Generator, base: FloatArray, locks: Doubles, pieces: int, spread: float = 0.5
) -> FloatArray:
    """Colours n×pieces×3 of strands about `base`: darker at the root, lighter at the tip, with a sheen across a lock.

    `locks` in [0, 1] says which lock a strand belongs to; colours vary smoothly from lock to lock and a
    little from strand to strand.
    """
    count = len(locks)
    phases = random.uniform(0, 2 * np.pi, 5)
    between = np.sin(2 * np.pi * 5 * locks + phases[0]) + 0.7 * np.sin(2 * np.pi * 13 * locks + phases[1])
    level = 1 + spread * (0.25 * between + random.uniform(-0.35, 0.35, count))
    along = (np.arange(pieces) + 0.5) / pieces
    tip = 1 + random.uniform(0.1, 0.7)
    ramp = 0.75 + (tip - 0.75) * along
    sheen_at = 0.35 + 0.12 * np.sin(2 * np.pi * 7 * locks + phases[2])
    sheen = random.uniform(0.15, 0.4) * np.exp(-(((along - sheen_at[:, None]) / 0.12) ** 2))
    hue = 0.07 * float(base.mean()) * np.sin(2 * np.pi * (3 * locks[:, None] + np.array([0.0, 0.33, 0.67])) + phases[3])
    colours = base * (level[:, None] * ramp)[..., None] + hue[:, None, :] * along[:, None] + sheen[..., None]
    clipped: FloatArray = np.clip(colours, 0, 1).astype(np.float32)
    return clipped
