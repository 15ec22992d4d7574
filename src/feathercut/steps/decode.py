"""bytes → Animation: whatever a photo comes as, upright and in float."""

from __future__ import annotations

from collections.abc import Callable

from feathercut.formats import (
    avif_reader,
    bmp_reader,
    gif_reader,
    heic_reader,
    jpeg_reader,
    png_reader,
    tiff_reader,
    webp_reader,
)
from feathercut.formats.damage import damage_as_ours
from feathercut.formats.limits import Limits
from feathercut.formats.sniff import sniff
from feathercut.options import Decode
from feathercut.pictures import Animation

_DEFAULTS = Decode()

# The name that messages use, and the reader.
_READERS: dict[str, tuple[str, Callable[[bytes, Limits], Animation]]] = {
    "jpeg": ("JPEG", jpeg_reader.read),
    "png": ("PNG", png_reader.read),
    "webp": ("WebP", webp_reader.read),
    "avif": ("AVIF", avif_reader.read),
    "heic": ("HEIC", heic_reader.read),
    "tiff": ("TIFF", tiff_reader.read),
    "bmp": ("BMP", bmp_reader.read),
    "gif": ("GIF", gif_reader.read),
}


def decode(data: bytes, options: Decode = _DEFAULTS) -> Animation:
    """The frames of a picture file; a still has one.

    Frames are upright, float32, with straight alpha (None where the file has none). RGB keeps the
    file's own encoding, with its ICC profile in `metadata.profile`; grey, CMYK and Lab that have
    another come as sRGB. A broken profile counts as sRGB. The frames of an animation are decoded
    when they are asked for, forward at best, and raise DamagedPictureError then.

    Raises NotAPictureError, DamagedPictureError or TooLargeError; the file is told by its bytes,
    and sizes are checked before pixels are unpacked.
    """
    limits = Limits(options)
    limits.check_bytes(len(data))
    name, read = _READERS[sniff(data)]
    with damage_as_ours(name):
        return read(data, limits)
