"""What a photo may be handed over as: a path, bytes, an open file, a Pillow image, an array."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from feathercut.errors import InputError, OptionError, ShapeError, TooLargeError
from feathercut.formats import exif as exif_block
from feathercut.options import Decode
from feathercut.pictures import Animation, FloatArray, Image, Metadata
from feathercut.steps.decode import decode

if TYPE_CHECKING:
    import PIL.Image

_CHUNK = 1 << 20
_GIVES_TEXT = "The open file gives text; open it with mode `rb`"

Source: TypeAlias = (
    "str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO | PIL.Image.Image | NDArray[Any] | Image"
    " | Animation"
)


def load(source: Source, options: Decode, take_room: Callable[[int], None] | None = None) -> Animation:
    """The frames of a photo, whatever it was handed over as.

    `take_room` hears how many pixels a file has before they are unpacked, and may wait. Raises
    InputError, with the file's name where there is one, ShapeError for an array that is no
    picture, and OptionError for something else altogether.
    """
    if isinstance(source, Animation):
        return source
    if isinstance(source, Image):
        return Animation((source,))
    if isinstance(source, np.ndarray):
        return Animation((from_array(source, options.order),))
    if isinstance(source, bytes | bytearray | memoryview):
        return decode(bytes(source), options, take_room)
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        try:
            return decode(read_file(path, options), options, take_room)
        except InputError as error:
            raise type(error)(f"{path}: {error}") from error
    if hasattr(source, "read"):
        return decode(_read_open(cast("BinaryIO", source), options), options, take_room)
    if hasattr(source, "tobytes") and hasattr(source, "mode"):
        return _load_pillow(source, options)
    raise OptionError(
        f"A photo is a path, bytes, an open file, a Pillow image or an array, not {type(source).__name__}"
    )


def is_decoded(source: Source) -> bool:
    """Whether `load` makes new pictures of a source, rather than look at the caller's own."""
    return isinstance(source, bytes | bytearray | memoryview | str | os.PathLike)


def refuse_single(sources: object) -> None:
    """Raises OptionError for one photo where many are expected: a path would be taken letter by letter."""
    is_one = isinstance(sources, str | os.PathLike | bytes | bytearray | memoryview | Image | Animation)
    if is_one or hasattr(sources, "read") or (hasattr(sources, "tobytes") and hasattr(sources, "mode")):
        raise OptionError(f"A batch takes a list of photos, not one {type(sources).__name__}; write `[photo]`")


def read_file(path: Path, options: Decode) -> bytes:
    """The bytes of a regular file within the limit. Raises InputError, which does not name the file."""
    try:
        if path.is_dir():
            raise InputError("is a folder, where a photo is needed")
        if path.exists() and not path.is_file():
            raise InputError("is no regular file; pipe it to `-` to read it as a stream")
        size = path.stat().st_size
        if size > options.max_megabytes * 1e6:
            raise TooLargeError(_too_many_bytes(options))
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InputError("is not there; check the path") from error
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}") from error
    except ValueError as error:  # a null byte in a path
        raise InputError(f"is no path: {error}") from error


def _read_open(file: BinaryIO, options: Decode) -> bytes:
    most = options.max_megabytes * 1e6
    data = bytearray()
    try:
        # A pipe or a raw file may give less than it was asked for.
        while part := file.read(_CHUNK):
            if not isinstance(part, bytes):
                raise OptionError(_GIVES_TEXT)
            data += part
            if len(data) > most:
                raise TooLargeError(_too_many_bytes(options))
    except UnicodeDecodeError as error:
        raise OptionError(_GIVES_TEXT) from error
    except (OSError, ValueError) as error:  # ValueError where it is closed
        if isinstance(error, OptionError):
            raise
        raise InputError(f"The open file cannot be read: {error}") from error
    return bytes(data)


def _too_many_bytes(options: Decode) -> str:
    return f"has more than {options.max_megabytes:g} MB; raise `max_megabytes` if you trust it"


def _load_pillow(picture: PIL.Image.Image, options: Decode) -> Animation:
    """The frame that a Pillow image shows."""
    if picture.mode in ("I", "F"):
        raise ShapeError(
            f"A Pillow image of mode `{picture.mode}` has no range of its own; convert it to `L` or `I;16`"
        )
    try:
        data = _as_tiff(picture)
    except (OSError, SyntaxError, ValueError) as error:  # Pillow reads the file only now
        raise InputError(f"The Pillow image cannot be read: {error}") from error
    return decode(data, options)


def _as_tiff(picture: PIL.Image.Image) -> bytes:
    """A Pillow image as an uncompressed TIFF: whatever its mode, it then goes the way of every file."""
    if picture.mode == "PA" or (picture.mode in ("1", "L", "P", "RGB") and "transparency" in picture.info):
        picture = picture.convert("RGBA")
    elif picture.mode == "La":
        picture = picture.convert("LA")
    elif picture.mode in ("HSV", "YCbCr", "RGBa", "RGBX"):
        picture = picture.convert("RGBA" if picture.mode == "RGBa" else "RGB")
    buffer = io.BytesIO()
    kept = {
        "icc_profile": picture.info.get("icc_profile"),
        "exif": _exif_of(picture),
        "dpi": picture.info.get("dpi"),
    }
    # Of a TIFF file Pillow would go on with its packing, which may not fit what the picture has become.
    picture.save(buffer, "TIFF", compression="raw", **{name: value for name, value in kept.items() if value})
    return buffer.getvalue()


def _exif_of(picture: PIL.Image.Image) -> PIL.Image.Exif | None:
    """What a picture's EXIF says of the photograph and how to turn it; a TIFF's other tags tell of its old file."""
    picture.load()  # which turns a TIFF file's picture, and takes that out of its EXIF
    exif = picture.getexif()
    if not exif:
        return None
    block = exif.tobytes()
    kept = type(exif)()
    kept.load(exif_block.cleaned(block) or b"")
    kept[exif_block.ORIENTATION] = exif_block.orientation(block)
    return kept


def from_array(array: NDArray[Any], order: Literal["rgb", "bgr"] = "rgb") -> Image:
    """An array as an Image: H×W grey, or H×W×1, 2, 3 or 4 with alpha last where there is one.

    uint8 and uint16 span 0 to their maximum, floats lie in [0, 1], booleans are black and white.
    Raises ShapeError.

    >>> from_array(np.zeros((2, 3, 4), np.uint8)).alpha.shape
    (2, 3)
    """
    if array.ndim == 2:
        array = array[..., None]
    if array.ndim != 3 or array.shape[2] not in (1, 2, 3, 4) or array.size == 0:
        shape = "×".join(map(str, array.shape))
        raise ShapeError(f"An array must be H×W or H×W×1, 2, 3 or 4, got {shape}")
    values, depth = _to_unit_range(array)
    has_alpha = array.shape[2] in (2, 4)
    colours = values[..., :-1] if has_alpha else values
    if colours.shape[2] == 1:
        colours = np.repeat(colours, 3, axis=2)
    elif order == "bgr":
        colours = colours[..., ::-1]
    alpha = np.ascontiguousarray(values[..., -1]) if has_alpha else None
    return Image(np.ascontiguousarray(colours), alpha, Metadata(depth=depth))


def _to_unit_range(array: NDArray[Any]) -> tuple[FloatArray, Literal[8, 16]]:
    if array.dtype == np.bool_:
        return array.astype(np.float32), 8
    if array.dtype == np.uint8:
        return array.astype(np.float32) / np.float32(255), 8
    if array.dtype.kind == "u" and array.dtype.itemsize == 2:  # of either byte order
        return array.astype(np.float32) / np.float32(65535), 16
    if array.dtype.kind != "f":
        raise ShapeError(f"An array must be uint8, uint16, float or bool, got {array.dtype}")
    low, high = float(array.min()), float(array.max())
    if not (low >= 0 and high <= 1):
        raise ShapeError(f"A float array must lie in [0, 1], got {low:g} to {high:g}; divide 0..255 by 255")
    return array.astype(np.float32), 16
