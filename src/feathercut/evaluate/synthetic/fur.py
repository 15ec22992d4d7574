"""An animal covered in dense, short strands: body, head, ears and tail."""

from __future__ import annotations

import numpy as np

from feathercut.evaluate.synthetic import outlines, strands
from feathercut.evaluate.synthetic.layers import Layer
from feathercut.evaluate.synthetic.raster import Doubles, Shapes, joined, paint
from feathercut.evaluate.synthetic.textures import colour_of, material, pick
from feathercut.pictures import FloatArray, Size

_SEGMENTS = 6
Ellipse = tuple[tuple[float, float], tuple[float, float], float]
"""Middle, radii and turn."""


def draw(random: np.random.Generator, _seed: int, size_hw: Size) -> Layer:
    """The subject: parts from the farthest to the nearest, each a body with its coat; eyes and a nose on the last."""
    height, width = size_hw
    unit = min(size_hw) / 768
    middle = np.array([width * random.uniform(0.42, 0.56), height * random.uniform(0.55, 0.62)])
    facing = 1 if random.random() < 0.5 else -1
    colour = pick(random, "fur")
    body = material(random, size_hw, colour * np.float32(0.85), 0.9)
    dark = np.broadcast_to(colour_of(0.05, 0.04, 0.05), body.shape)
    coat = random.uniform(0.6, 1.6)
    parts = _parts(random, middle, facing, unit)
    shapes = []
    for number, part in enumerate(parts):
        rim = outlines.ellipse(*part)
        shapes.append(outlines.fan(part[0], rim, 0))
        shapes.append(_coat(random, part, colour, coat, facing, unit, number / len(parts)))
    head = parts[-1]
    for x, y, size in ((0.15, -0.18, 0.1), (0.7, -0.18, 0.1), (0.5, 0.3, 0.13)):
        spot = (head[0][0] + facing * x * head[1][0], head[0][1] + y * head[1][1])
        rim = outlines.ellipse(spot, (size * head[1][0], size * head[1][1]))
        shapes.append(outlines.fan(spot, rim, 1))
    return paint(joined(*shapes), [body, dark], size_hw)


def _parts(random: np.random.Generator, middle: Doubles, facing: int, unit: float) -> list[Ellipse]:
    def part(x: float, y: float, radius_x: float, radius_y: float, turn: float = 0.0) -> Ellipse:
        sizes = random.uniform(0.9, 1.1, 2) * unit
        where = (float(middle[0] + facing * x * unit), float(middle[1] + y * unit))
        return where, (radius_x * float(sizes[0]), radius_y * float(sizes[1])), facing * turn

    return [
        part(-235, -70, 34, 120, -0.6),  # tail
        part(-120, 130, 36, 95),
        part(105, 130, 36, 95),
        part(0, 20, 215, 128, -0.1),  # body
        part(-150, 150, 42, 95),
        part(150, 150, 42, 95),
        part(125, -205, 32, 62, -0.35),  # ears
        part(235, -205, 32, 62, 0.35),
        part(180, -110, 112, 100),  # head
    ]


def _coat(
    random: np.random.Generator, part: Ellipse, colour: FloatArray, coat: float, facing: int, unit: float, place: float
) -> Shapes:
    """Strands all over an ellipse, those inside first and those at its rim last, lying away from its middle."""
    middle, radii, turn = part
    area = np.pi * radii[0] * radii[1] / unit**2
    number = int(np.ceil((700 + area * 0.045) * max(unit, 1.0)))
    angle = 2 * np.pi * random.random(number)
    reach = np.sort(np.sqrt(random.uniform(0.25, 1.0, number)))
    x, y = reach * radii[0] * np.cos(angle), reach * radii[1] * np.sin(angle)
    roots = np.stack(
        [middle[0] + x * np.cos(turn) - y * np.sin(turn), middle[1] + x * np.sin(turn) + y * np.cos(turn)], 1
    )
    # A coat lies outwards and backwards, in tufts.
    outwards = np.stack([np.cos(angle) / radii[0], np.sin(angle) / radii[1]], 1) * min(radii)
    lying = np.arctan2(outwards[:, 1] + 0.25, outwards[:, 0] - 0.45 * facing) + turn
    tuft = np.sin(roots[:, 0] / (17 * unit) + 2.1 * np.sin(roots[:, 1] / (23 * unit)))
    growth = strands.Growth(
        roots=roots,
        angles=lying + 0.35 * tuft + random.uniform(-0.3, 0.3, number),
        lengths=coat * unit * (20 + 10 * tuft + random.uniform(-8, 14, number)),
        turns=random.uniform(-0.7, 0.7, number),
        waves=np.zeros(number),
        frequencies=np.zeros(number),
        phases=np.zeros(number),
        weights=random.uniform(0.1, 0.6, number),
    )
    segments = int(np.clip(_SEGMENTS * unit, _SEGMENTS, 16))
    root_px = random.uniform(0.55, 0.98, number) * min(unit, 1.0)
    where = (place + 0.05 * tuft + 0.1 * np.sin(roots[:, 0] / (140 * unit))) % 1
    return strands.ribbons(
        strands.grown(growth, segments),
        root_px,
        root_px * random.uniform(0.08, 0.3, number),
        strands.shaded(random, colour, where, segments, 0.6),
    )
