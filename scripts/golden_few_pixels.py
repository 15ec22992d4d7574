"""Golden cases of alpha that is solved for: from a trimap, and along the edges of photos of few pixels."""

from __future__ import annotations

from typing import Any

import numpy as np

from feathercut.kernels.few_pixels import solved_edges
from feathercut.kernels.trimap import alpha_from_trimap
from feathercut.pictures import FloatArray

Case = dict[str, Any]


def cases() -> list[Case]:
    """A disc with hair in a small photo, in one that is solved from half its size on, and in a very wide one."""
    return [
        *({"kernel": "alpha_from_trimap", "size": list(size), "rows": list(rows),
           "expected": _solved(size)[slice(*rows)]}
          for size, rows in (((60, 70), (20, 24)), ((110, 130), (48, 51)), ((40, 1300), (15, 16)))),
        *({"kernel": "solved_edges", "size": list(size), "rows": list(rows), "expected": _edges(size)[slice(*rows)]}
          for size, rows in (((60, 70), (0, 60)), ((110, 130), (48, 51)))),
    ]  # fmt: skip


def _solved(size: tuple[int, int]) -> FloatArray:
    photo, drawn = _drawn(size)
    trimap = np.where(drawn > 0.8, np.float32(1), np.where(drawn < 0.2, np.float32(0), np.float32(0.5)))
    return alpha_from_trimap(photo, trimap)


def _edges(size: tuple[int, int]) -> FloatArray:
    return solved_edges(*_drawn(size))


def _drawn(size: tuple[int, int]) -> tuple[FloatArray, FloatArray]:
    """A photo in 8 bits, a hairy disc before a slanting wall, and the wide soft edge that a network draws."""
    y, x = np.mgrid[: size[0], : size[1]].astype(np.float64)
    far = np.sqrt((y - size[0] * 0.5) ** 2 + (x - size[1] * 0.5) ** 2) - size[0] * 0.3
    hair = (x * 3 + y * 5) % 7 - 3
    alpha = np.clip(0.5 - far - hair * 0.4, 0, 1)[..., None]
    tone = ((x * 7 + y * 11) % 13 / 13)[..., None]
    disc, wall = np.array([0.55, 0.3, 0.2]) + 0.15 * tone, np.array([0.3, 0.5, 0.7]) + 0.1 * (x / size[1])[..., None]
    photo = alpha * disc + (1 - alpha) * wall
    return np.floor(photo * 255 + 0.5).astype(np.float32) / np.float32(255), np.clip(0.5 - far / 8, 0, 1).astype(
        np.float32
    )
