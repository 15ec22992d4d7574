"""What the tests of importers write: tiny photos, a mask, and its forms."""

from __future__ import annotations

import base64
import io
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from feathercut.pictures import FloatArray
from feathercut.train.data import Pairs

from .sets import levels, save, scene

PHOTO = (6, 8)
"""(height, width) of the photos here."""
MASK = np.zeros(PHOTO, np.uint8)
MASK[1:4, 2:7] = 1
MASK[5, 0] = 1


def quiet(*_: object) -> None:
    """No progress."""


def photo_at(path: Path, number: int = 0, **options: Any) -> Path:
    return save(path, levels(scene(number, PHOTO)), **options)


def alphas(folder: Path) -> dict[str, FloatArray]:
    pairs = Pairs.open(folder)
    return {pairs.files(number).id: pairs[number].alpha[0] for number in range(len(pairs))}


def runs_of(mask: Any) -> list[int]:
    """Run lengths by the obvious way: pixel by pixel, column by column."""
    runs, value = [0], 0
    for pixel in mask.T.ravel():
        if pixel != value:
            runs.append(0)
            value = pixel
        runs[-1] += 1
    return runs


def packed(runs: list[int]) -> str:
    """Run lengths as COCO packs them into a string."""
    text = ""
    for place, run in enumerate(runs):
        number = run - runs[place - 2] if place > 2 else run
        while True:
            digit, number = number & 0x1F, number >> 5
            is_last = number == (-1 if digit & 0x10 else 0)
            text += chr((digit if is_last else digit | 0x20) + 48)
            if is_last:
                break
    return text


def packed_png(picture: Image.Image, **options: Any) -> str:
    file = io.BytesIO()
    picture.save(file, "PNG", **options)
    return base64.b64encode(zlib.compress(file.getvalue())).decode()
