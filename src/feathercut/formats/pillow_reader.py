"""Pillow's decoders, each called by its own class.

`PIL.Image.open` would try others too, and holds its own limit against ours by a warning that is
set for the whole process; the class of one format does neither. What Pillow warns about lies in
its EXIF reader and in some conversions, which are not called.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile


def open_with(decoder: type[ImageFile], data: bytes) -> ImageFile:
    """The file, opened by one decoder; its pixels are not read yet."""
    return decoder(io.BytesIO(data))


def samples_of(picture: Any) -> tuple[NDArray[Any], int]:
    """(samples, maximum) of a Pillow picture: grey, RGB or CMYK, with alpha where it has any."""
    picture.load()
    match picture.mode:
        case "1":
            return np.asarray(picture, np.uint8), 1
        case "P":
            return _looked_up(picture), 255
        case "I;16" | "I;16L" | "I;16B":
            return np.asarray(picture).astype(np.uint16), 65535
        case "L" | "LA" | "RGB" | "RGBA" | "CMYK":
            return np.asarray(picture), 255
        case mode:
            raise ValueError(f"colours of kind {mode}")


def _looked_up(picture: Any) -> NDArray[Any]:
    """The colours of a palette picture, with alpha where a colour is transparent."""
    palette = np.zeros((256, 4), np.uint8)
    colours = np.frombuffer(picture.palette.tobytes(), np.uint8) if picture.palette.mode == "RGB" else None
    if colours is None:
        colours = np.frombuffer(bytes(picture.getpalette("RGB")), np.uint8)
    count = min(len(colours) // 3, 256)
    palette[:count, :3] = colours[: count * 3].reshape(count, 3)
    palette[:, 3] = 255
    transparent = picture.info.get("transparency")
    if isinstance(transparent, bytes):
        palette[: len(transparent), 3] = np.frombuffer(transparent[:256], np.uint8)
    elif transparent is not None:
        palette[int(transparent), 3] = 0
    found: NDArray[Any] = palette[np.asarray(picture)]
    return found if transparent is not None else found[..., :3]
