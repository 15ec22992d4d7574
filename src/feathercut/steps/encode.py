"""Animation → bytes: the result in the format, depth and company of metadata that were asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from feathercut.errors import OptionError
from feathercut.formats import exif, ora_writer, pillow_writer, png_writer, psd_writer, tiff_writer, webp_writer
from feathercut.formats.content import Layer, Layered, Moving, Still
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
    still: Callable[[Still], bytes] | None
    moving: Callable[[Moving], bytes] | None = None
    has_16_bits: bool = False
    has_alpha: bool = True
    has_profile: bool = True
    layered: Callable[[Layered], bytes] | None = None


FORMATS: dict[Format, Row] = {
    "png": Row("PNG", ("png", "apng"), png_writer.write, png_writer.write_moving, has_16_bits=True),
    "webp": Row("WebP", ("webp",), webp_writer.write, webp_writer.write_moving),
    "avif": Row("AVIF", ("avif",), pillow_writer.write_avif),
    "jpeg": Row("JPEG", ("jpg", "jpeg", "jpe", "jfif"), pillow_writer.write_jpeg, has_alpha=False),
    "tiff": Row("TIFF", ("tif", "tiff"), tiff_writer.write, has_16_bits=True),
    "gif": Row("GIF", ("gif",), pillow_writer.write_gif, pillow_writer.write_moving_gif, has_profile=False),
    "psd": Row("PSD", ("psd",), None, layered=psd_writer.write),
    "ora": Row("OpenRaster", ("ora",), None, layered=ora_writer.write),
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
    profiles, gets sRGB. PSD and OpenRaster get the layers that the picture brings, the subject's with a mask below
    which the photo is still there (OpenRaster has no masks: it gets alpha).

    Raises OptionError for what the format does not hold (16 bits, transparency, several frames),
    and OutputError where its encoder gives up.
    """
    row = FORMATS[options.format or format or "png"]
    depth = options.depth or 8
    if depth == 16 and not row.has_16_bits:
        holding = " and ".join(other.name for other in FORMATS.values() if other.has_16_bits)
        raise OptionError(f"Option `depth`: {row.name} has no 16 bits a channel here; {holding} have")
    if animation.is_still:
        content = _content(animation.frames[0], row, options, depth, always_alpha=False)
        if row.layered is not None:
            return row.layered(_layered(animation.frames[0], row, content))
        assert row.still is not None  # it holds layers or a picture
        return row.still(content)
    check_frames(len(animation.frames), options.format or format or "png")
    assert row.moving is not None  # else it would have been refused
    return row.moving(Moving(_contents(animation, row, options, depth), animation.durations_ms, animation.loop))


def _layered(image: Image, row: Row, merged: Still) -> Layered:
    """The picture with its layers; one that was made without them is a single layer."""
    if merged.samples.ndim == 2:
        raise OptionError(
            f"Option `only_matte`: {row.name} has the matte beside the subject's colours; "
            "ask for the cutout, or for the matte as PNG"
        )
    found = image.layers
    if found is None:
        return Layered(merged, (_masked("Picture", image.rgb, image.alpha),))
    layers = [_masked("Subject", found.rgb, found.alpha)]
    if found.mirrored is not None:
        colours, shown = found.mirrored
        layers.insert(0, Layer("Reflection", quantise(colours, None, 8), quantise(None, shown, 8)))
    if found.shadow is not None:
        layers.insert(0, Layer("Shadow", None, quantise(None, found.shadow, 8)))
    if found.below is not None:
        alpha = None if found.below_alpha is None else quantise(None, found.below_alpha, 8)
        layers.insert(0, Layer("Background", quantise(found.below, None, 8), alpha))
    return Layered(merged, tuple(layers))


def _masked(name: str, rgb: FloatArray, alpha: FloatArray | None) -> Layer:
    return Layer(name, quantise(rgb, None, 8), mask=None if alpha is None else quantise(None, alpha, 8))


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
