"""Animation → bytes: the result in the format, depth and company of metadata that were asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from feathercut.errors import OptionError
from feathercut.formats import exif, pillow_writer, png_writer, tiff_writer, webp_writer
from feathercut.formats.content import Moving, Still
from feathercut.kernels.colour import to_srgb
from feathercut.kernels.quantise import quantise
from feathercut.options import Encode, Format
from feathercut.pictures import Animation, FloatArray, Image

_DEFAULTS = Encode()


@dataclass(frozen=True)
class Row:
    """What a format can hold, and who writes it; `moving` is None where it holds one picture only."""

    name: str
    endings: tuple[str, ...]
    still: Callable[[Still], bytes]
    moving: Callable[[Moving], bytes] | None = None
    has_16_bits: bool = False
    has_alpha: bool = True
    has_profile: bool = True


FORMATS: dict[Format, Row] = {
    "png": Row("PNG", ("png", "apng"), png_writer.write, png_writer.write_moving, has_16_bits=True),
    "webp": Row("WebP", ("webp",), webp_writer.write, webp_writer.write_moving),
    "avif": Row("AVIF", ("avif",), pillow_writer.write_avif),
    "jpeg": Row("JPEG", ("jpg", "jpeg", "jpe", "jfif"), pillow_writer.write_jpeg, has_alpha=False),
    "tiff": Row("TIFF", ("tif", "tiff"), tiff_writer.write, has_16_bits=True),
    "gif": Row("GIF", ("gif",), pillow_writer.write_gif, pillow_writer.write_moving_gif, has_profile=False),
}


def format_of(path_name: str) -> Format:
    """The format that a file name's ending tells; raises OptionError for an unknown one.

    >>> format_of("holiday/Cat.JPG")
    'jpeg'
    """
    ending = path_name.rpartition(".")[2].lower() if "." in path_name else ""
    for name, row in FORMATS.items():
        if ending in row.endings:
            return name
    known = ", ".join(f".{row.endings[0]}" for row in FORMATS.values())
    what = f"ends in .{ending}, which is no format that is written" if ending else "has no ending that tells a format"
    raise OptionError(f"Option `format`: the output's name {what}; name it {known}, or say `format`")


def check_frames(count: int, format: Format) -> None:  # noqa: A002
    """Raises OptionError where a format does not hold that many pictures."""
    row = FORMATS[format]
    if count > 1 and row.moving is None:
        *others, last = (other.name for other in FORMATS.values() if other.moving)
        raise OptionError(
            f"Option `format`: {row.name} holds one picture, not {count}; "
            f"Animations are written as {', '.join(others)} or {last}"
        )


def encode(animation: Animation, options: Encode = _DEFAULTS, format: Format | None = None) -> bytes:  # noqa: A002
    """The file. `options.format` counts before `format` (what the output's name says); else it is PNG.

    A picture whose `alpha` is None is written without alpha, any other with it. RGB is zero where
    alpha is zero. Colours keep the encoding that `metadata.profile` tells; GIF, which has no
    profiles, gets sRGB.

    Raises OptionError for what the format does not hold (16 bits, transparency, several frames),
    and OutputError where its encoder gives up.
    """
    row = FORMATS[options.format or format or "png"]
    depth = options.depth or 8
    if depth == 16 and not row.has_16_bits:
        holding = " and ".join(other.name for other in FORMATS.values() if other.has_16_bits)
        raise OptionError(f"Option `depth`: {row.name} has no 16 bits a channel here; {holding} have")
    if animation.is_still:
        return row.still(_content(animation.frames[0], row, options, depth, always_alpha=False))
    check_frames(len(animation.frames), options.format or format or "png")
    assert row.moving is not None  # else it would have been refused
    return row.moving(Moving(_contents(animation, row, options, depth), animation.durations_ms, animation.loop))


def _contents(animation: Animation, row: Row, options: Encode, depth: Literal[8, 16]) -> Iterator[Still]:
    for frame in animation.frames:
        yield _content(frame, row, options, depth, always_alpha=True)


def _content(image: Image, row: Row, options: Encode, depth: Literal[8, 16], always_alpha: bool) -> Still:
    metadata = image.metadata
    block = metadata.exif if options.keep_exif else None
    if not options.keep_gps:
        block = exif.without_place(block)
    if options.only_matte:
        matte = _opaque(image) if image.alpha is None else image.alpha
        return Still(quantise(None, matte, depth), None, metadata.dpi, block, options.file_quality)
    rgb, alpha = image.rgb, image.alpha
    if not row.has_alpha and alpha is not None:
        if float(alpha.min()) < 1:
            raise OptionError(
                f"Option `format`: {row.name} has no transparency; choose a background, "
                f"as in `background white`, or write PNG"
            )
        alpha = None
    if not row.has_profile and metadata.profile is not None:
        rgb = to_srgb(rgb, metadata.profile)
    if alpha is None and always_alpha and row.has_alpha:
        alpha = _opaque(image)
    return Still(quantise(rgb, alpha, depth), metadata.profile, metadata.dpi, block, options.file_quality)


def _opaque(image: Image) -> FloatArray:
    return np.ones(image.size, np.float32)
