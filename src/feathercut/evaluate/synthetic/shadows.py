"""Scenes whose shadow is known exactly: a thing on a floor, in the light of a lamp or of the sun and of the sky."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np

from feathercut.errors import OptionError
from feathercut.evaluate.synthetic import outlines
from feathercut.evaluate.synthetic.floors import FLOORS
from feathercut.evaluate.synthetic.seeds import HELD_OUT, TUNING
from feathercut.evaluate.synthetic.textures import material, noise, pick
from feathercut.kernels.shadow import cast_shadow, contact_shadow
from feathercut.pictures import FloatArray, Size

SIZE_HW: Size = (576, 768)
_GREY = np.float32(0.5)


@dataclass(frozen=True, eq=False)
class ShadowScene:
    """A photograph of which the subject and its shadow are known; H×W float32 in [0, 1], colours sRGB-encoded.

    `shadow` is the alpha of black that makes the lit floor into the floor in the shadow, for the mean of the channels:
    coloured light leaves a tint that no black has. `floor` is the floor as it was lit without the subject.
    """

    rgb: FloatArray
    alpha: FloatArray
    shadow: FloatArray
    floor: FloatArray


def render(seed: int, floor: str, size_hw: Size = SIZE_HW, *, has_shadow: bool = True) -> ShadowScene:
    """The scene of a seed on one of `floors.FLOORS`, with a camera's noise, through JPEG.

    Without a shadow it is a thing that hovers, which is what a kept shadow is empty for. Raises OptionError for a seed
    of no range or a floor that is none.
    """
    if seed not in TUNING and seed not in HELD_OUT:
        raise OptionError(f"{seed} is no seed: {TUNING[0]} to {HELD_OUT[-1]} are")
    if floor not in FLOORS:
        raise OptionError(f"`{floor}` is no floor: {', '.join(FLOORS)} are")
    random = np.random.Generator(np.random.PCG64([seed, 100 + sorted(FLOORS).index(floor)]))
    unit = min(size_hw) / 768
    alpha = thing(random, seed, size_hw)
    lit = FLOORS[floor](random, size_hw, unit) * light_of(random, size_hw)
    lit = _before_wall(random, lit, alpha)
    dark = darkness(random, alpha, unit) if has_shadow else np.zeros(size_hw, np.float32)
    # What the lamp leaves is the light of the room or of the sky, which has another colour.
    tint = np.clip(1 + random.normal(0, 0.05, 3) * dark[..., None], 0.7, 1.3).astype(np.float32)
    shaded = lit * (1 - dark[..., None]) * tint
    subject = material(random, size_hw, pick(random, "thing"), 0.5)
    rgb = alpha[..., None] * subject + (1 - alpha[..., None]) * encoded(shaded)
    left = (1 - dark) * tint.mean(axis=2)
    truth = 1 - encoded(np.asarray(_GREY * left, np.float32)) / encoded(np.full(1, _GREY))
    rgb = photographed(random, np.asarray(np.clip(rgb, 0, 1), np.float32))
    return ShadowScene(rgb, alpha, np.clip(truth, 0, 1).astype(np.float32), encoded(lit).astype(np.float32))


def thing(random: np.random.Generator, seed: int, size_hw: Size) -> FloatArray:
    """The alpha of, in turn, a box on legs, a ball, a bottle, a car and a chair-like thing."""
    height, width = size_hw
    x, foot = width * random.uniform(0.38, 0.62), height * random.uniform(0.66, 0.84)
    tall = height * random.uniform(0.28, 0.45)

    def block(left: float, top: float, right: float, bottom: float) -> outlines.Distance:
        corner = min(right - left, bottom - top) * 0.15
        return lambda across, down: np.asarray(
            np.hypot(
                np.maximum(np.abs(across - (left + right) / 2) - (right - left) / 2 + corner, 0),
                np.maximum(np.abs(down - (top + bottom) / 2) - (bottom - top) / 2 + corner, 0),
            )
            - corner
        )

    match seed % 5:
        case 0:
            broad = tall * random.uniform(0.5, 0.8)
            legs = [
                block(x + s * broad - 0.06 * tall, foot - tall, x + s * broad + 0.06 * tall, foot) for s in (-0.8, 0.8)
            ]
            shape = outlines.union(block(x - broad, foot - tall, x + broad, foot - tall * 0.4), *legs)
        case 1:
            shape = outlines.disc((x, foot - tall / 2), (tall / 2, tall / 2))
        case 2:
            broad = tall * 0.22
            neck = block(x - 0.4 * broad, foot - 1.3 * tall, x + 0.4 * broad, foot - 0.5 * tall)
            shape = outlines.union(block(x - broad, foot - 0.85 * tall, x + broad, foot), neck)
        case 3:
            broad = tall * 1.1
            wheels = [
                outlines.disc((x + s * broad, foot - 0.16 * tall), (0.16 * tall, 0.16 * tall)) for s in (-0.6, 0.6)
            ]
            body = block(x - broad, foot - 0.55 * tall, x + broad, foot - 0.1 * tall)
            shape = outlines.union(
                body, block(x - 0.6 * broad, foot - 0.9 * tall, x + 0.5 * broad, foot - 0.4 * tall), *wheels
            )
        case _:
            shape = outlines.union(
                block(x - 0.3 * tall, foot - 1.2 * tall, x - 0.2 * tall, foot),
                block(x - 0.3 * tall, foot - 0.55 * tall, x + 0.3 * tall, foot - 0.42 * tall),
                block(x + 0.2 * tall, foot - 0.5 * tall, x + 0.3 * tall, foot - 0.03 * tall),
            )
    return outlines.coverage(shape, size_hw)


def light_of(random: np.random.Generator, size_hw: Size) -> FloatArray:
    """Light on the floor, H×W×3, linear: a pool of it, coloured, weaker towards the corners."""
    height, width = size_hw
    y, x = np.mgrid[:height, :width].astype(np.float32)
    middle_y, middle_x = random.uniform(0.2, 0.8, 2)
    away = ((y / height - middle_y) ** 2 + (x / width - middle_x) ** 2) / random.uniform(1.0, 3.0)
    colour = 1 + random.normal(0, 0.08, 3)
    light = random.uniform(0.75, 1.0) * np.exp(-away)[..., None] * colour
    return np.asarray(light, np.float32)


def _before_wall(random: np.random.Generator, lit: FloatArray, alpha: FloatArray) -> FloatArray:
    """The floor ends at a wall of another colour in a third of the scenes, above where the thing stands."""
    if random.random() > 0.35:
        return lit
    rows = np.flatnonzero((alpha > 0.5).any(axis=1))
    edge = round(rows[0] + (rows[-1] - rows[0]) * random.uniform(-0.2, 0.45))
    if edge < 8:
        return lit
    wall = random.uniform(0.15, 0.85, 3) * (1 + 0.05 * (noise(random, (edge, lit.shape[1]), 60) - 0.5))[..., None]
    lit[:edge] = wall.astype(np.float32)
    return lit


def darkness(random: np.random.Generator, alpha: FloatArray, unit: float) -> FloatArray:
    """How much of the light is missing, linear: contact always, a cast shadow in most, hard or soft."""
    dark = contact_shadow(alpha, random.uniform(8, 30) * unit, random.uniform(0.5, 0.85))
    if random.random() < 0.85:
        angle = random.choice([random.uniform(15, 75), random.uniform(105, 165), random.uniform(195, 225)])
        length = random.uniform(120, 340) * unit
        soft = random.choice([random.uniform(1.5, 5), random.uniform(8, 30)]) * unit
        dark = 1 - (1 - dark) * (1 - cast_shadow(alpha, angle, length, soft, random.uniform(0.4, 0.85)))
    return np.asarray(np.clip(dark, 0, 0.97), np.float32)


def encoded(linear: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> FloatArray:
    """Linear light as sRGB encodes it."""
    value = np.clip(linear, 0, 1)
    return np.asarray(np.where(value <= 0.0031308, 12.92 * value, 1.055 * value ** (1 / 2.4) - 0.055), np.float32)


def photographed(random: np.random.Generator, rgb: FloatArray) -> FloatArray:
    """What a camera makes of it: noise that grows with the light's root, and a JPEG file."""
    from PIL import Image

    noisy = rgb + random.normal(0, 1, rgb.shape) * (0.004 + 0.012 * random.random()) * np.sqrt(0.3 + rgb)
    stream = io.BytesIO()
    pixels = np.round(np.clip(noisy, 0, 1) * 255).astype(np.uint8)
    Image.fromarray(pixels).save(stream, "JPEG", quality=int(random.integers(82, 96)))
    with Image.open(stream) as file:
        return np.asarray(file.convert("RGB"), np.float32) / np.float32(255)
