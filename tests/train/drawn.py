"""Photos and mattes that are drawn: discs on slopes, each another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from feathercut.models.spec import Record
from feathercut.train.data import Pair
from feathercut.train.job import Job
from feathercut.train.options import Training
from feathercut.train.record import template


def pair(seed: int, side: int = 64) -> Pair:
    """A soft disc of one colour on a slope of another, and its matte."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:side, :side] / side
    top, left = random.uniform(0.35, 0.65, 2)
    alpha = np.clip((0.25 - np.hypot(y - top, x - left)) * side / 4 + 0.5, 0, 1).astype(np.float32)
    disc, ground = random.uniform(0, 1, (2, 3))
    behind = ground + (np.stack([x, y, x * y], axis=2) - 0.5) * 0.4
    rgb = alpha[..., None] * disc + (1 - alpha[..., None]) * np.clip(behind, 0, 1)
    return Pair.of(np.ascontiguousarray(rgb, np.float32), alpha)


def pairs(count: int, side: int = 64) -> list[Pair]:
    """So many, each another."""
    return [pair(seed, side) for seed in range(count)]


def data_set(folder: Path, count: int, side: int = 64) -> Path:
    """The same as files."""
    for name in ("images", "alpha"):
        (folder / name).mkdir(parents=True)
    for number, one in enumerate(pairs(count, side)):
        Pillow.fromarray((one.pixels * 255).round().astype(np.uint8)).save(folder / "images" / f"{number:03}.png")
        Pillow.fromarray((one.alpha[0] * 255).round().astype(np.uint8)).save(folder / "alpha" / f"{number:03}.png")
    return folder


def job(
    folder: Path, options: Training, tuning: Sequence[Pair], held_out: Sequence[Pair] = (), network: str = "unet-small"
) -> Job:
    """A job from nothing."""
    record: Record = template(network)
    return Job(network, record, tuning, held_out, options, folder)
