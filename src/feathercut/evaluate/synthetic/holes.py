"""Things that one sees through: a racket, a wheel, a jug with its handle, letters."""

from __future__ import annotations

import numpy as np

from feathercut.evaluate.synthetic import outlines
from feathercut.evaluate.synthetic.layers import Layer, over
from feathercut.evaluate.synthetic.textures import material, pick
from feathercut.pictures import Size

Point = tuple[float, float]

_BOW_POINTS = 15
Bow = tuple[float, float, float, float, float, float]
"""Middle, radii, and the two angles in degrees between which it is drawn."""
_RIGHT_BOW: Bow = (0.5, 0.4, 0.45, 0.4, -90, 90)
# Letters with holes, as lines and bows in a box 1 wide and 1.4 high.
_LETTERS: dict[str, list[list[Point] | Bow]] = {
    "A": [[(0, 1.4), (0.5, 0), (1, 1.4)], [(0.2, 0.9), (0.8, 0.9)]],
    "B": [
        [(0.5, 0), (0, 0), (0, 1.4), (0.5, 1.4)],
        [(0, 0.66), (0.5, 0.66)],
        (0.5, 0.33, 0.42, 0.33, -90, 90),
        (0.5, 1.03, 0.5, 0.37, -90, 90),
    ],
    "D": [[(0.3, 0), (0, 0), (0, 1.4), (0.3, 1.4)], (0.3, 0.7, 0.7, 0.7, -90, 90)],
    "O": [(0.5, 0.7, 0.5, 0.7, 0, 360)],
    "P": [[(0.5, 0), (0, 0), (0, 1.4)], [(0, 0.8), (0.5, 0.8)], _RIGHT_BOW],
    "R": [[(0.5, 0), (0, 0), (0, 1.4)], [(0, 0.8), (0.5, 0.8), (1, 1.4)], _RIGHT_BOW],
    "8": [(0.5, 0.33, 0.38, 0.33, 0, 360), (0.5, 1.03, 0.5, 0.37, 0, 360)],
    "4": [[(0.75, 1.4), (0.75, 0), (0, 0.95), (1, 0.95)]],
}


def draw(random: np.random.Generator, seed: int, size_hw: Size) -> Layer:
    """The subject: one of the four things, in turn from seed to seed."""
    return (_racket, _wheel, _jug, _letters)[seed % 4](random, size_hw)


def _layer(random: np.random.Generator, size_hw: Size, shape: outlines.Distance, palette: str = "thing") -> Layer:
    return Layer(outlines.coverage(shape, size_hw), material(random, size_hw, pick(random, palette), 0.7))


def _place(random: np.random.Generator, size_hw: Size) -> tuple[float, float, float]:
    height, width = size_hw
    return width * random.uniform(0.42, 0.58), height * random.uniform(0.45, 0.55), min(size_hw) / 768


def _racket(random: np.random.Generator, size_hw: Size) -> Layer:
    x, y, unit = _place(random, size_hw)
    y -= 80 * unit
    head = outlines.disc((x, y), (175 * unit, 215 * unit))
    string_px = random.uniform(0.6, 2.2)
    strings = outlines.both(head, outlines.mesh(random.uniform(14, 26) * unit, string_px, random.uniform(-0.2, 0.2)))
    frame = outlines.ring(head, 20 * unit)
    throat = outlines.union(
        outlines.round_line([(x - 70 * unit, y + 190 * unit), (x, y + 300 * unit)], 15 * unit),
        outlines.round_line([(x + 70 * unit, y + 190 * unit), (x, y + 300 * unit)], 15 * unit),
    )
    handle = outlines.round_line([(x, y + 300 * unit), (x, y + 430 * unit)], 34 * unit)
    return over(
        _layer(random, size_hw, handle),
        _layer(random, size_hw, outlines.union(frame, throat)),
        _layer(random, size_hw, strings),
    )


def _wheel(random: np.random.Generator, size_hw: Size) -> Layer:
    x, y, unit = _place(random, size_hw)
    radius = random.uniform(240, 300) * unit
    tyre = outlines.ring(outlines.disc((x, y), (radius, radius)), 26 * unit)
    rim = outlines.ring(outlines.disc((x, y), (radius * 0.93, radius * 0.93)), 12 * unit)
    hub = outlines.without(outlines.disc((x, y), (34 * unit, 34 * unit)), outlines.disc((x, y), (11 * unit, 11 * unit)))
    number = 20 + 4 * int(random.random() * 5)
    width_px = random.uniform(0.7, 3.0)
    start = random.uniform(0, 2 * np.pi)
    spokes = []
    for one in range(number):
        angle = start + 2 * np.pi * one / number
        lean = angle + (0.5 if one % 2 else -0.5)
        inner = (x + 24 * unit * float(np.cos(lean)), y + 24 * unit * float(np.sin(lean)))
        outer = (x + radius * 0.93 * float(np.cos(angle)), y + radius * 0.93 * float(np.sin(angle)))
        spokes.append(outlines.round_line([inner, outer], width_px))
    return over(
        _layer(random, size_hw, tyre),
        _layer(random, size_hw, outlines.union(rim, hub)),
        _layer(random, size_hw, outlines.union(*spokes)),
    )


def _jug(random: np.random.Generator, size_hw: Size) -> Layer:
    x, y, unit = _place(random, size_hw)
    side = 1 if random.random() < 0.5 else -1
    body = outlines.both(
        outlines.disc((x, y + 40 * unit), (190 * unit, 260 * unit)),
        outlines.round_line([(x, y - 150 * unit), (x, y + 250 * unit)], 420 * unit),
    )
    opening = outlines.disc((x, y - 195 * unit), (105 * unit, 28 * unit))
    neck = outlines.union(outlines.round_line([(x, y - 170 * unit), (x, y - 100 * unit)], 200 * unit), opening)
    handle = outlines.ring(
        outlines.disc((x + side * 180 * unit, y - 20 * unit), (105 * unit, 135 * unit)), random.uniform(14, 30) * unit
    )
    links = []
    for one in range(5):
        link = outlines.disc((x - side * (215 + 26 * one) * unit, y + 40 * unit * one), (16 * unit, 24 * unit))
        links.append(outlines.ring(link, 5 * unit))
    return over(
        _layer(random, size_hw, outlines.union(body, neck)), _layer(random, size_hw, outlines.union(handle, *links))
    )


def _letters(random: np.random.Generator, size_hw: Size) -> Layer:
    height, width = size_hw
    unit = min(size_hw) / 768
    names = list(_LETTERS)
    across = max(3, round(width / (230 * unit)))
    rows = max(2, round(height / (330 * unit)))
    layers = []
    for row in range(rows):
        strokes = []
        for column in range(across):
            large = random.uniform(85, 135) * unit
            left = width * (column + 0.5) / across - large / 2 + random.uniform(-12, 12) * unit
            top = height * (row + 0.5) / rows - 0.7 * large + random.uniform(-14, 14) * unit
            line_px = random.uniform(4, 30) * unit
            letter = _LETTERS[names[int(random.random() * len(names))]]
            strokes += [
                outlines.round_line([(left + large * px, top + large * py) for px, py in _points(stroke)], line_px)
                for stroke in letter
            ]
        foot = height * (row + 0.5) / rows + 85 * unit
        # A rail under each row holds the letters together: one thing, as on a shop front.
        strokes.append(outlines.round_line([(width * 0.06, foot), (width * 0.94, foot)], 9 * unit))
        layers.append(_layer(random, size_hw, outlines.union(*strokes)))
    return over(*layers)


def _points(stroke: list[Point] | Bow) -> list[Point]:
    if isinstance(stroke, list):
        return stroke
    x, y, radius_x, radius_y, first, last = stroke
    angles = np.radians(np.linspace(first, last, _BOW_POINTS))
    return [(x + radius_x * float(np.cos(angle)), y + radius_y * float(np.sin(angle))) for angle in angles]
