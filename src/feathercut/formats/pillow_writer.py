"""JPEG, AVIF and GIF, written by Pillow."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from feathercut.errors import OutputError
from feathercut.formats import exif
from feathercut.formats.content import Moving, Still
from feathercut.kernels.quantise import Integers

if TYPE_CHECKING:
    from PIL import Image

_TRANSPARENT = 255  # the last colour of a GIF's palette


def save(samples: Integers, name: str, **how: object) -> bytes:
    """The samples in Pillow's format `name`; options that are None are left out."""
    from PIL import Image

    file = io.BytesIO()
    _save(Image.fromarray(samples), file, name, how)
    return file.getvalue()


def write_jpeg(still: Still) -> bytes:
    """The picture as JPEG, with colours at full resolution: cutouts have hard edges."""
    dpi = still.dpi and (round(still.dpi[0]), round(still.dpi[1]))
    how = {"quality": still.quality, "subsampling": 0, "optimize": True, "progressive": True}
    block = exif.with_resolution(still.exif, still.dpi) if still.exif else None
    named = b"Exif\0\0" + block if block else None
    return save(still.samples, "JPEG", **how, icc_profile=still.profile, dpi=dpi, exif=named)


def write_avif(still: Still) -> bytes:
    """The picture as AVIF."""
    how = {"quality": still.quality, "subsampling": "4:4:4", "speed": 6}
    block = exif.with_resolution(still.exif, still.dpi)
    return save(still.samples, "AVIF", **how, icc_profile=still.profile, exif=block)


def write_gif(still: Still) -> bytes:
    """The picture as GIF: 255 colours, each pixel there or not."""
    return write_moving_gif(Moving(iter([still]), (0.0,), 1))


def write_moving_gif(moving: Moving) -> bytes:
    """The animation as GIF; durations are rounded to hundredths of a second."""
    first, *_ = frames = [_with_palette(frame.samples) for frame in moving.frames]
    file = io.BytesIO()
    how: dict[str, object] = {"transparency": _TRANSPARENT, "disposal": 2, "optimize": False}
    if len(frames) > 1:
        # GIF counts the repetitions after the first time; without a count it plays once.
        how["loop"] = None if moving.loop == 1 else max(0, moving.loop - 1)
        durations = [10 * round(duration / 10) for duration in moving.durations_ms]
        how |= {"save_all": True, "append_images": frames[1:], "duration": durations}
    _save(first, file, "GIF", how)
    return file.getvalue()


def _save(picture: Image.Image, file: io.BytesIO, name: str, how: dict[str, object]) -> None:
    try:
        picture.save(file, name, **{word: value for word, value in how.items() if value is not None})
    except (OSError, ValueError, RuntimeError, MemoryError, OverflowError) as error:
        height, width = picture.height, picture.width
        raise OutputError(f"A picture of {width}×{height} pixels cannot be written as {name}: {error}") from error


def _with_palette(samples: Integers) -> Image.Image:
    """255 colours that fit the opaque part, and one that is transparent."""
    from PIL import Image

    picture = Image.fromarray(samples).convert("RGB").quantize(255, Image.Quantize.MEDIANCUT)
    indices = np.array(picture)
    if samples.shape[2:] == (4,):
        indices[samples[..., 3] < 128] = _TRANSPARENT
    result = Image.fromarray(indices)
    palette = (picture.getpalette() or [])[: 3 * 255]
    result.putpalette(palette + [0] * (3 * 256 - len(palette)))
    return result
