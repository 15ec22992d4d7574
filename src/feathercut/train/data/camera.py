"""What a sensor and a file do to a photo: light, noise, JPEG. Arrays are H×W×3 in [0, 1], sRGB."""

from __future__ import annotations

import io

import numpy as np

from feathercut.pictures import FloatArray

_GREY = np.array([0.299, 0.587, 0.114], np.float32)


def exposed(random: np.random.Generator, rgb: FloatArray) -> FloatArray:
    """Taken in other light: up to a stop more or less, warmer or cooler, with more or less contrast and colour."""
    gain = 2 ** random.uniform(-1, 1)
    balance = np.exp(random.uniform(-0.12, 0.12, 3))
    # What a factor of light does to values of sRGB is nearly a factor of its power.
    lit = rgb * ((gain * balance) ** (1 / 2.2)).astype(np.float32)
    middle = np.float32(random.uniform(0.35, 0.65))
    lit = (lit - middle) * np.float32(random.uniform(0.8, 1.25)) + middle
    grey = (lit @ _GREY)[..., None]
    colour = 0.0 if random.random() < 0.05 else random.uniform(0.6, 1.3)
    return np.asarray(np.clip(grey + (lit - grey) * np.float32(colour), 0, 1), np.float32)


def noisy(random: np.random.Generator, rgb: FloatArray) -> FloatArray:
    """With a sensor's noise: some that grows with the light, some that does not; up to 8 levels of 255 or so."""
    shot, read = random.uniform(0, 0.03), random.uniform(0.002, 0.02)
    deviation = np.sqrt(np.float32(shot**2) * rgb + np.float32(read**2))
    grain = random.standard_normal(rgb.shape, np.float32)
    if random.random() < 0.3:  # grey only, as film and strong reduction of colour noise leave it
        grain = np.repeat(grain[..., :1], 3, axis=2)
    return np.asarray(np.clip(rgb + grain * deviation, 0, 1), np.float32)


def as_jpeg(random: np.random.Generator, rgb: FloatArray) -> FloatArray:
    """Saved as JPEG of some quality, and read again."""
    from PIL import Image as Pillow  # deferred: a costly start

    quality, subsampling = int(random.integers(25, 96)), int(random.choice([0, 2]))
    file = io.BytesIO()
    pixels = np.rint(rgb * 255).astype(np.uint8)
    Pillow.fromarray(pixels).save(file, "JPEG", quality=quality, subsampling=subsampling)
    with Pillow.open(file) as picture:
        return np.asarray(picture, np.float32) / np.float32(255)
