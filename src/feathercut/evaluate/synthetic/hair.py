"""A head with long hair: thousands of strands, behind the face, over the scalp, and loose ones around."""

from __future__ import annotations

import numpy as np

from feathercut.evaluate.synthetic import outlines, strands
from feathercut.evaluate.synthetic.layers import Layer
from feathercut.evaluate.synthetic.raster import Shapes, joined, paint
from feathercut.evaluate.synthetic.textures import colour_of, material, pick
from feathercut.pictures import FloatArray, Size

LEAST_STRANDS = 2000
_BEHIND, _IN_FRONT = 2200, 1500
"""Strands behind the face and in front of it, of a picture 768 pixels high."""
_SEGMENTS = 28


def draw(random: np.random.Generator, _seed: int, size_hw: Size) -> Layer:
    """The subject: shoulders, neck, face, and at least `LEAST_STRANDS` strands of less than a pixel."""
    height, width = size_hw
    unit = min(size_hw) / 768
    middle = (width * random.uniform(0.42, 0.58), height * random.uniform(0.4, 0.47))
    radius = random.uniform(120, 150) * unit
    skin, colour = pick(random, "skin"), pick(random, "hair")
    face = _with_features(material(random, size_hw, skin, 0.35), middle, radius, colour)
    clothes = material(random, size_hw, pick(random, "thing"), 0.7)
    scalp = material(random, size_hw, colour * np.float32(0.7), 0.9)
    look = (random.uniform(0.25, 1.1), random.uniform(0.4, 1.8), random.uniform(0.9, 2.1))  # waves, weight, length
    behind = _strands(random, _BEHIND, middle, radius, colour, look, unit, is_front=False)
    front = _strands(random, _IN_FRONT, middle, radius, colour, look, unit, is_front=True)
    x, y = middle
    torso = outlines.ellipse((x, height * 1.04), (radius * 2.1, height * 1.04 - y - radius * 1.15))
    body = [
        outlines.fan((x, height * 1.04), torso, 1),
        outlines.fan((x, y + radius), outlines.ellipse((x, y + radius * 1.1), (radius * 0.42, radius * 0.7)), 0),
        outlines.fan((x, y - radius * 0.12), outlines.ellipse((x, y - radius * 0.12), (radius * 0.97, radius)), 2),
        outlines.fan((x, y + radius * 0.1), outlines.ellipse((x, y + radius * 0.14), (radius * 0.76, radius)), 0),
    ]
    return paint(joined(behind, *body, front), [face, clothes, scalp], size_hw)


def count(size_hw: Size) -> int:
    """How many strands a picture of that size has."""
    unit = min(size_hw) / 768
    return sum(_count(number, unit) for number in (_BEHIND, _IN_FRONT))


def _count(at_768: int, unit: float) -> int:
    """Strands keep their width in pixels, so a larger head needs more of them."""
    return int(np.ceil(at_768 * max(unit, 1.0)))


def _strands(
    random: np.random.Generator,
    at_768: int,
    middle: tuple[float, float],
    radius: float,
    colour: FloatArray,
    look: tuple[float, float, float],
    unit: float,
    *,
    is_front: bool,
) -> Shapes:
    number = _count(at_768, unit)
    waves, weight, length = look
    # 0 at the crown, ±1 at the ears; strands of a lock start together and do alike.
    lock = np.floor(random.random(number) * 70) / 70
    side = (2 * lock - 1) * (0.75 if is_front else 1.15) + random.uniform(-0.05, 0.05, number)
    is_loose = random.random(number) < 0.12
    angles = -np.pi / 2 + side * 2.0
    inset = random.uniform(0.55, 0.98, number) if is_front else random.uniform(0.75, 1.0, number)
    roots = np.stack(
        [middle[0] + np.cos(angles) * radius * 0.95 * inset, middle[1] + (np.sin(angles) * inset - 0.12) * radius], 1
    )
    phase = 2 * np.pi * ((lock * 7.3) % 1)
    loose = np.where(is_loose, random.uniform(-1, 1, number), 0)
    growth = strands.Growth(
        roots=roots,
        angles=angles + random.uniform(-0.18, 0.18, number) + 0.9 * loose,
        lengths=radius
        * length
        * (0.55 + 0.45 * np.cos(phase) ** 2 + random.uniform(-0.2, 0.2, number))
        * (0.45 if is_front else 1.0),
        turns=np.sign(side) * random.uniform(0.0, 0.6, number) + 1.2 * loose,
        waves=waves * (0.35 + 0.3 * np.sin(phase) + 0.3 * random.random(number)),
        frequencies=1.1 + 0.9 * np.cos(phase) + 0.3 * random.random(number),
        phases=phase + random.uniform(-0.5, 0.5, number),
        weights=weight * np.where(is_loose, 0.4, 1.6) * random.uniform(0.8, 1.2, number),
    )
    segments = int(np.clip(_SEGMENTS * np.sqrt(unit), 20, 64))
    lines = strands.grown(growth, segments)
    root_px = random.uniform(0.45, 0.95, number) * min(unit, 1.0)
    return strands.ribbons(
        lines, root_px, root_px * random.uniform(0.1, 0.35, number), strands.shaded(random, colour, lock, segments)
    )


def _with_features(face: FloatArray, middle: tuple[float, float], radius: float, hair: FloatArray) -> FloatArray:
    """The skin with eyes, brows and a mouth, so that a network sees a face."""
    x, y = middle
    result = face.copy()
    dark, lip = colour_of(0.1, 0.08, 0.08), colour_of(0.62, 0.25, 0.24)
    white = colour_of(0.93, 0.92, 0.9)
    for side in (-1, 1):
        eye = (x + side * radius * 0.3, y + radius * 0.08)
        _spot(result, outlines.disc(eye, (radius * 0.14, radius * 0.075)), white)
        _spot(result, outlines.disc(eye, (radius * 0.062, radius * 0.066)), dark)
        brow = [(eye[0] - radius * 0.16, eye[1] - radius * 0.17), (eye[0] + radius * 0.16, eye[1] - radius * 0.19)]
        _spot(result, outlines.round_line(brow, radius * 0.05), hair * np.float32(0.8))
    nose = [(x, y + radius * 0.15), (x + radius * 0.05, y + radius * 0.42), (x - radius * 0.05, y + radius * 0.44)]
    _spot(
        result, outlines.round_line(nose, radius * 0.035), (result.mean((0, 1)) * np.float32(0.75)).astype(np.float32)
    )
    _spot(result, outlines.disc((x, y + radius * 0.68), (radius * 0.24, radius * 0.065)), lip)
    return result


def _spot(rgb: FloatArray, distance: outlines.Distance, colour: FloatArray) -> None:
    """Paints a shape into a picture, with a soft edge."""
    share = outlines.coverage(distance, (rgb.shape[0], rgb.shape[1]))[..., None]
    rgb += share * (colour - rgb)
