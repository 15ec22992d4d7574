"""A subject mirrored below itself, as on a glossy table.

Each column is turned over where the ground is: along the line through the points that stand on it. What hangs above
the ground, a handle or a raised foot, is mirrored as far below.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feathercut.kernels.side_by_side import each
from feathercut.pictures import FloatArray

REACH = 0.5
"""How far a reflection is seen, of the subject's height."""
_STANDS = 0.06
"""What is within this share of the height above the lowest point stands on the ground: a near and a far foot do."""
_ROWS = 64

Places = NDArray[np.intp]


def reflection(rgb: FloatArray, alpha: FloatArray, opacity: float) -> tuple[FloatArray, FloatArray] | None:
    """Straight colours H×W×3 and alpha H×W of what is mirrored, `opacity` at the ground and fading; None for nothing.

    It is 0 above the ground, and cut off where the canvas ends.
    """
    ground = _ground(alpha)
    if ground is None:
        return None
    edge, tall = ground
    height, width = alpha.shape
    reach = max(1.0, REACH * tall)
    colours, shown = np.zeros((height, width, 3), np.float32), np.zeros((height, width), np.float32)

    def fill(top: int) -> None:
        rows = np.arange(top, min(top + _ROWS, height), dtype=np.float32)[:, None]
        deep = rows + np.float32(0.5) - edge
        fade = np.float32(opacity) * np.square(np.clip(1 - deep / np.float32(reach), 0, 1)) * (deep > 0)
        strip = slice(top, top + len(rows))
        colours[strip], mirrored = _turned(rgb, alpha, edge, rows)
        shown[strip] = mirrored * fade

    first = max(0, int(np.floor(edge.min())))
    each(fill, range(first, min(height, int(np.ceil(edge.max() + reach))), _ROWS))
    shown_at = shown > 0
    return np.where(shown_at[..., None], np.clip(colours, 0, 1), np.float32(0)), np.clip(shown, 0, 1)


@dataclass(frozen=True, eq=False)
class Mirrored:
    """What lies below the highest point of the ground, from row `top` on: a subject turned over, whole and sharp.

    `rgb` h×W×3 are straight colours, `alpha` h×W its coverage, `deep` h×W how far below the ground, in px; `tall` is
    the subject's height.
    """

    top: int
    rgb: FloatArray
    alpha: FloatArray
    deep: FloatArray
    tall: int


def mirrored(rgb: FloatArray, alpha: FloatArray, *, is_level: bool) -> Mirrored | None:
    """A subject of a photo (H×W×3) with this matte (H×W) turned over at the ground; None where there is none.

    The ground `is_level` at the lowest point of all, as under a ball, or follows what stands, as under a turned box.
    """
    ground = _ground(alpha)
    if ground is None:
        return None
    edge, tall = ground
    edge = np.full_like(edge, edge.max()) if is_level else edge
    top = min(max(0, int(np.floor(edge.min()))), len(alpha) - 1)
    rows = np.arange(top, len(alpha), dtype=np.float32)[:, None]
    colours, share = _turned(rgb, alpha, edge, rows)
    deep = rows + np.float32(0.5) - edge
    return Mirrored(top, colours, np.asarray(share * (deep > 0), np.float32), np.asarray(deep, np.float32), tall)


def _turned(rgb: FloatArray, alpha: FloatArray, edge: FloatArray, rows: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Straight colours and coverage of what is mirrored into these rows (n×1) at the ground's edge."""
    height, width = alpha.shape
    source = np.clip(2 * edge - rows - 1, 0, height - 1)
    above = np.floor(source).astype(np.intp)
    below = np.minimum(above + 1, height - 1)
    part = source - above
    columns = np.broadcast_to(np.arange(width), above.shape)
    weights = (alpha[above, columns] * (1 - part), alpha[below, columns] * part)
    share = weights[0] + weights[1]
    summed = rgb[above, columns] * weights[0][..., None] + rgb[below, columns] * weights[1][..., None]
    colours = summed / np.maximum(share, np.float32(1e-6))[..., None]
    return np.asarray(colours, np.float32), np.asarray(share, np.float32)


def _ground(alpha: FloatArray) -> tuple[FloatArray, int] | None:
    """The ground's edge below each column, in rows, and the subject's height; None where there is no subject."""
    solid = alpha > 0.5
    columns = solid.any(axis=0)
    if not columns.any():
        return None
    lowest = len(alpha) - np.argmax(solid[::-1], axis=0)  # the row below the last solid one
    highest = np.argmax(solid, axis=0)
    bottom = int(lowest[columns].max())
    tall = bottom - int(highest[columns].min())
    standing = np.flatnonzero(columns & (lowest >= bottom - _STANDS * tall))
    hull = _lower_hull(standing, lowest[standing])
    at = np.arange(alpha.shape[1])
    edge: FloatArray = np.interp(at, hull[0], hull[1]).astype(np.float32)
    return edge, tall


def _lower_hull(across: Places, down: Places) -> tuple[list[int], list[int]]:
    """The corners of a rubber band below points (Andrew, 1979); rows grow downwards."""
    corners: list[tuple[int, int]] = []
    for point in zip(across.tolist(), down.tolist(), strict=True):
        while len(corners) > 1 and _turns_down(corners[-2], corners[-1], point):
            corners.pop()
        corners.append(point)
    return [x for x, _ in corners], [y for _, y in corners]


def _turns_down(first: tuple[int, int], middle: tuple[int, int], last: tuple[int, int]) -> bool:
    """Whether the middle one lies on or above the line from the first to the last."""
    along = (middle[0] - first[0]) * (last[1] - first[1])
    return (last[0] - first[0]) * (middle[1] - first[1]) <= along
