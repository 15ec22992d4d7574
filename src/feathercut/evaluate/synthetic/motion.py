"""Something that moved while the shutter was open, beside something that stood still.

While it moves, a subject is in each place for a share of the time: alpha is the mean of its coverage over the
places, its colour the mean of what was seen, weighted by coverage.
"""

from __future__ import annotations

import numpy as np

from feathercut.evaluate.synthetic import outlines
from feathercut.evaluate.synthetic.layers import Layer, over
from feathercut.evaluate.synthetic.textures import material, pick
from feathercut.pictures import FloatArray, Size

Places = list[tuple[int, int]]
"""(x, y) in pixels."""


def draw(random: np.random.Generator, _seed: int, size_hw: Size) -> Layer:
    """The subject: a figure, its moving arms with what they swing, and a ball on its way."""
    height, width = size_hw
    unit = min(size_hw) / 768
    x, y = width * random.uniform(0.4, 0.5), height * random.uniform(0.48, 0.54)
    side = 1 if random.random() < 0.5 else -1

    def layer(shape: outlines.Distance, palette: str) -> Layer:
        return Layer(outlines.coverage(shape, size_hw), material(random, size_hw, pick(random, palette), 0.8))

    def at(right: float, down: float) -> tuple[float, float]:
        return x + side * right * unit, y + down * unit

    head = layer(outlines.disc(at(0, -230), (62 * unit, 76 * unit)), "skin")
    trunk = layer(
        outlines.union(
            outlines.round_line([at(0, -90), at(0, 90)], 170 * unit),
            outlines.round_line([at(-30, 130), at(-60, 330)], 66 * unit),
            outlines.round_line([at(35, 130), at(80, 330)], 66 * unit),
        ),
        "thing",
    )
    arm = layer(outlines.round_line([at(70, -110), at(190, -160), at(270, -230)], 44 * unit), "skin")
    bat = layer(outlines.round_line([at(255, -215), at(360, -320)], random.uniform(10, 34) * unit), "thing")
    other = layer(outlines.round_line([at(-70, -110), at(-170, -20)], 44 * unit), "skin")
    ball = layer(outlines.disc(at(300, 60), (52 * unit, 52 * unit)), "thing")
    short, middle, long = (random.uniform(low, high) * unit for low, high in ((6, 18), (20, 45), (35, 90)))
    return over(
        head,
        moved(over(arm, bat), _path(random, middle)),
        moved(ball, _path(random, long)),
        trunk,
        moved(other, _path(random, short)),
    )


def _path(random: np.random.Generator, length_px: float) -> Places:
    """Places along an arc, about a pixel apart, the same time at each."""
    steps = max(round(length_px), 2)
    angle, bend = random.uniform(0, 2 * np.pi), random.uniform(-1.2, 1.2)
    along = np.linspace(-0.5, 0.5, steps + 1)
    x = length_px * (along * np.cos(angle) - bend * along**2 * np.sin(angle))
    y = length_px * (along * np.sin(angle) + bend * along**2 * np.cos(angle))
    return list(zip(np.round(x).astype(int).tolist(), np.round(y).astype(int).tolist(), strict=True))


def moved(layer: Layer, places: Places) -> Layer:
    """The layer as seen by a shutter that was open while it went through the places."""
    rows, columns = np.flatnonzero(layer.alpha.any(1)), np.flatnonzero(layer.alpha.any(0))
    if not len(rows):
        return layer
    box = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    part = np.concatenate([layer.colour[box] * layer.alpha[box][..., None], layer.alpha[box][..., None]], axis=-1)
    total = np.zeros((*layer.alpha.shape, 4), np.float64)
    for x, y in places:
        _add(total, part, int(columns[0]) + x, int(rows[0]) + y)
    total /= len(places)
    alpha = total[..., 3]
    colour = total[..., :3] / np.maximum(alpha, 1e-12)[..., None]
    return Layer(np.clip(alpha, 0, 1).astype(np.float32), np.clip(colour, 0, 1).astype(np.float32))


def _add(total: np.ndarray[tuple[int, ...], np.dtype[np.float64]], part: FloatArray, left: int, top: int) -> None:
    """Adds a part at its place; what lies outside the picture is lost."""
    height, width = total.shape[:2]
    y0, y1 = max(top, 0), min(top + part.shape[0], height)
    x0, x1 = max(left, 0), min(left + part.shape[1], width)
    if y0 < y1 and x0 < x1:
        total[y0:y1, x0:x1] += part[y0 - top : y1 - top, x0 - left : x1 - left]
