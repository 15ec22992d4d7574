"""Draws a before-and-after sheet: the photo, its matte, and the cutout on several backgrounds."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

import feathercut
from feathercut.pictures import FloatArray

_GAP = 12
_LABEL = 22
_PAPER = (250, 250, 250)
_INK = (40, 40, 40)


def checker(size_hw: tuple[int, int], square_px: int = 12) -> FloatArray:
    """A grey checkerboard, H×W×3, as editors show what is transparent."""
    y, x = np.indices(size_hw) // square_px
    grey = np.where((y + x) % 2 == 0, np.float32(1.0), np.float32(0.8))
    return np.repeat(grey[..., None], 3, axis=2).astype(np.float32)


def panels(photo: Image.Image, result: feathercut.Result) -> list[tuple[str, Image.Image]]:
    """The pictures of one row, with their labels."""
    alpha = result.alpha[..., None]
    on_checker = result.rgb * alpha + checker(result.picture.size) * (1 - alpha)
    return [
        ("photo", photo.convert("RGB")),
        ("matte", _picture(np.repeat(alpha, 3, axis=2))),
        ("cutout", _picture(on_checker)),
        *((colour, result.over(colour).to_pil()) for colour in ("white", "black", "#00b140")),
    ]


def draw(rows: list[list[tuple[str, Image.Image]]], height_px: int = 300) -> Image.Image:
    """Rows of labelled pictures, each at `height_px`."""
    scaled = [[(label, _at_height(picture, height_px)) for label, picture in row] for row in rows]
    width = max(sum(picture.width + _GAP for _, picture in row) for row in scaled) + _GAP
    sheet = Image.new("RGB", (width, len(rows) * (height_px + _LABEL + _GAP) + _GAP), _PAPER)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(14)
    y = _GAP
    for row in scaled:
        x = _GAP
        for label, picture in row:
            pen.text((x, y), label, _INK, font)
            sheet.paste(picture, (x, y + _LABEL))
            x += picture.width + _GAP
        y += height_px + _LABEL + _GAP
    return sheet


def _at_height(picture: Image.Image, height_px: int) -> Image.Image:
    width = max(1, round(picture.width * height_px / picture.height))
    return picture.resize((width, height_px), Image.Resampling.LANCZOS)


def _picture(rgb: FloatArray) -> Image.Image:
    return Image.fromarray(np.floor(rgb * 255 + 0.5).astype(np.uint8))
