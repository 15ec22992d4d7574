"""The pictures of a report: a photo, its matte, the truth and their difference, small enough for one page."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from feathercut.evaluate.arrays import Values, as_values, is_kept
from feathercut.evaluate.reading import Bytes, read_alpha, read_colours
from feathercut.evaluate.summary import Row
from feathercut.kernels.quantise import quantise
from feathercut.options import Options
from feathercut.sources import load

if TYPE_CHECKING:
    import PIL.Image

BACKGROUNDS: dict[str, tuple[int, int, int]] = {
    "on white": (255, 255, 255),
    "on black": (0, 0, 0),
    "on green": (0, 177, 64),
}

_WHOLE_PX, _ZOOM_PX = (300, 240), 220
_ZOOMED, _LEAST_PX = 6, 64  # a sixth of the shorter side, and never less than this
_QUALITY = 80
_MARK = (255, 0, 170)

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Strip:
    """The pictures of one photo as data URIs by caption: the whole photo, and the place where it is worst."""

    whole: dict[str, str]
    zoomed: dict[str, str]


def strip(row: Row, options: Options, ignore: int | None) -> Strip:
    """The pictures of a photo that was measured. Raises InputError where its files are gone or broken by now."""
    sample = row.scored.sample
    truth = as_values(read_alpha(sample.alpha))
    matte = as_values(read_alpha(row.scored.matte))
    photo: Bytes = quantise(load(sample.image, options).frames[0].rgb, None, 8).astype(np.uint8, copy=False)
    if photo.shape[:2] != truth.shape:  # another tool's matte was compared, and nobody has read the photo yet
        photo = np.full((*truth.shape, 3), 128, np.uint8)
    colours = read_colours(row.scored.matte, _size(truth))
    true_colours = read_colours(sample.foreground, _size(truth)) if sample.foreground else None
    difference = (matte - truth) * is_kept(truth, ignore)
    box = worst_place(np.abs(difference))
    layers = {"photo": photo, "matte": _grey(matte), "truth": _grey(truth), "difference": _red_and_blue(difference)}
    whole = {name: _uri(_small(_marked(pixels, box) if name == "photo" else pixels)) for name, pixels in layers.items()}
    for name, colour in BACKGROUNDS.items():
        layers[name] = _composite(photo if colours is None else colours, matte, colour)
    if true_colours is not None:
        layers["truth on white"] = _composite(true_colours, truth, BACKGROUNDS["on white"])
    top, left, bottom, right = box
    return Strip(whole, {name: _uri(_large(pixels[top:bottom, left:right])) for name, pixels in layers.items()})


def worst_place(error: Values) -> Box:
    """The square (top, left, bottom, right), a sixth of the shorter side, in which most error lies.

    >>> error = np.zeros((400, 600)); error[300, 500] = 1
    >>> top, left, bottom, right = worst_place(error)
    >>> (top <= 300 < bottom, left <= 500 < right, bottom - top, right - left)
    (True, True, 66, 66)
    """
    height, width = error.shape
    side = max(_LEAST_PX, min(height, width) // _ZOOMED)
    high, wide = min(side, height), min(side, width)
    # Sums over all rectangles from the corner: a square's is made of four of them.
    sums = np.zeros((height + 1, width + 1))
    sums[1:, 1:] = error.cumsum(axis=0).cumsum(axis=1)
    inside = sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide] + sums[:-high, :-wide]
    # Of squares that hold as much, the middle one: the place is then in the midst of the picture.
    best = np.argwhere(inside >= inside.max() - 1e-9)
    top, left = (int(part) for part in best[len(best) // 2])
    return top, left, top + high, left + wide


def _size(alpha: Values) -> tuple[int, int]:
    return alpha.shape[0], alpha.shape[1]


def _grey(alpha: Values) -> Bytes:
    levels = np.floor(alpha * 255 + 0.5).astype(np.uint8)
    return np.repeat(levels[..., None], 3, axis=2)


def _red_and_blue(difference: Values) -> Bytes:
    """White where both agree, red where the matte has too much, blue where it has too little."""
    # A root, so that a small error is seen at all.
    strength = np.sqrt(np.abs(difference))[..., None]
    ink = np.where((difference > 0)[..., None], (200, 0, 30), (0, 70, 220))
    pixels: Bytes = (255 + (ink - 255) * strength + 0.5).astype(np.uint8)
    return pixels


def _composite(rgb: Bytes, alpha: Values, colour: tuple[int, int, int]) -> Bytes:
    mixed = rgb * alpha[..., None] + np.array(colour) * (1 - alpha[..., None])
    pixels: Bytes = (mixed + 0.5).astype(np.uint8)
    return pixels


def _marked(pixels: Bytes, box: Box) -> Bytes:
    """A picture with a frame around a box, wide enough to be seen when it is small."""
    top, left, bottom, right = box
    line = max(1, round(max(pixels.shape[:2]) / 150))
    framed = pixels.copy()
    outer = (slice(max(0, top - line), bottom + line), slice(max(0, left - line), right + line))
    framed[outer] = _MARK
    framed[top:bottom, left:right] = pixels[top:bottom, left:right]
    return framed


def _small(pixels: Bytes) -> PIL.Image.Image:
    from PIL import Image as Pillow

    picture = Pillow.fromarray(np.ascontiguousarray(pixels))
    picture.thumbnail(_WHOLE_PX, Pillow.Resampling.LANCZOS)
    return picture


def _large(pixels: Bytes) -> PIL.Image.Image:
    """A part, enlarged so that its pixels are seen as they are; made smaller with care."""
    from PIL import Image as Pillow

    picture = Pillow.fromarray(np.ascontiguousarray(pixels))
    factor = _ZOOM_PX / max(picture.size)
    size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
    return picture.resize(size, Pillow.Resampling.NEAREST if factor > 1 else Pillow.Resampling.LANCZOS)


def _uri(picture: PIL.Image.Image) -> str:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=_QUALITY, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(stream.getvalue()).decode("ascii")
