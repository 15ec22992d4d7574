"""bytes → Animation: whatever a photo comes as, upright and in float."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from feathercut.errors import InputError
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
from feathercut.formats.damage import broken, damage_as_ours
from feathercut.formats.limits import Limits
from feathercut.formats.sniff import sniff
from feathercut.options import Decode
from feathercut.pictures import Animation, Image

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


def decode(data: bytes, options: Decode = _DEFAULTS, take_room: Callable[[int], None] | None = None) -> Animation:
    """The frames of a picture file; a still has one.

    Frames are upright, float32, with straight alpha (None where the file has none). RGB keeps the
    file's own encoding, with its ICC profile in `metadata.profile`; grey, CMYK and Lab that have
    another come as sRGB. A broken profile counts as sRGB. The frames of an animation are decoded
    when they are asked for, forward at best, and raise DamagedPictureError then. `take_room` hears how
    many pixels there are before they are unpacked, and may wait.

    Raises NotAPictureError, DamagedPictureError or TooLargeError; the file is told by its bytes,
    and sizes are checked before pixels are unpacked.
    """
    limits = Limits(options, take_room)
    limits.check_bytes(len(data))
    name, read = _READERS[sniff(data)]
    with damage_as_ours(name):
        return read(data, limits)


@dataclass(frozen=True)
class Measured:
    """What a file's header says: the pixels of one frame, as they lie in the file, and how many frames there are."""

    width: int
    height: int
    frames: int

    @property
    def pixels(self) -> int:
        """Of all frames together."""
        return self.width * self.height * self.frames


class _Found(Exception):  # noqa: N818 - no error: it ends the reading where the header is read
    def __init__(self, measured: Measured) -> None:
        self.measured = measured


class _Measuring(Limits):
    def check_picture(self, width: int, height: int, frames: int = 1) -> None:
        super().check_picture(width, height, frames)
        raise _Found(Measured(width, height, frames))


def measure(data: bytes, options: Decode = _DEFAULTS) -> Measured:
    """The size of a picture file by its header; not a pixel is unpacked. Raises what `decode` raises."""
    limits = _Measuring(options)
    limits.check_bytes(len(data))
    name, read = _READERS[sniff(data)]
    try:
        with damage_as_ours(name):
            read(data, limits)
    except _Found as found:
        return found.measured
    raise broken(name, "it does not say how large it is")


def read_picture(path: str, what: str) -> Image:
    """The first frame of a file that an option names; `what` names its part in messages. Raises InputError.

    `data:;base64,...` is the file itself, as recipes have it.
    """
    if path.startswith("data:"):
        return _read_data(path.partition(",")[2], what)
    try:
        if Path(path).exists() and not Path(path).is_file():
            raise InputError("it is no file")  # a named pipe would be waited for
        return decode(Path(path).read_bytes()).frames[0]
    except (OSError, ValueError) as error:
        if not isinstance(error, OSError):  # a null byte in the path
            raise InputError(f"The {what} {path!r} is no path: {error}") from error
        raise InputError(f"The {what} {path} cannot be read: {error.strerror or error}") from error
    except InputError as error:
        raise type(error)(f"The {what} {path} cannot be used: {error}") from error


def _read_data(text: str, what: str) -> Image:
    try:
        return decode(base64.b64decode(text, validate=True)).frames[0]
    except ValueError as error:
        raise InputError(f"The {what} is no file in base64: {error}") from error
    except InputError as error:
        raise type(error)(f"The {what} cannot be used: {error}") from error
