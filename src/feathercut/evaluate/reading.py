"""Truths, trimaps and other tools' mattes, as integers, just as the files hold them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from feathercut.errors import InputError
from feathercut.formats.damage import damage_as_ours
from feathercut.kernels.quantise import Integers
from feathercut.pictures import Size

if TYPE_CHECKING:
    import PIL.Image

Bytes = NDArray[np.uint8]


def read_alpha(path: Path, size: Size | None = None) -> Integers:
    """The alpha that a file holds, H×W: its alpha channel, else its grey, else its red.

    8 bits, or 16 of a grey file with as many. No profile and no orientation is applied. Raises
    InputError, which names the file, also where `size` is given and another.
    """
    with _opened(path) as picture:
        image = picture
        if image.mode == "PA" or "transparency" in image.info:
            image = image.convert("RGBA")
        elif image.mode in ("1", "P"):
            image = image.convert("L" if image.mode == "1" else "RGB")
        if image.mode in ("RGBA", "LA"):
            image = image.getchannel("A")
        if image.mode.startswith("F"):
            raise InputError("holds floating point numbers; save it with 8 or 16 bits")
        array = np.asarray(image)
        if array.ndim == 3:
            array = np.ascontiguousarray(array[..., 0])
        alpha: Integers = array.astype(np.uint16) if image.mode.startswith("I") else array.astype(np.uint8)
        _check_size(alpha.shape, size, "the photo")
    return alpha


def read_colours(path: Path, size: Size | None = None) -> Bytes | None:
    """The colours that a file holds, H×W×3 bytes; None where it is grey. Raises InputError."""
    with _opened(path) as image:
        if image.mode not in ("RGB", "RGBA", "P", "PA", "CMYK", "YCbCr"):
            return None
        has_alpha = image.mode in ("RGBA", "PA") or "transparency" in image.info
        colours: Bytes = np.asarray(image.convert("RGBA" if has_alpha else "RGB"))[..., :3]
        _check_size(colours.shape, size, "the truth")
    return colours


def read_trimap(path: Path, size: Size | None = None) -> Bytes:
    """A trimap, H×W bytes: 0 outside, 255 inside, all between is unknown. Raises InputError."""
    with _opened(path) as image:
        trimap: Bytes = np.asarray(image.convert("L"))
        _check_size(trimap.shape, size, "the truth")
    return trimap


def size_of(path: Path) -> Size:
    """(height, width) that a file says it has, without reading its pixels. Raises InputError."""
    with _opened(path) as image:
        return image.height, image.width


@contextmanager
def _opened(path: Path) -> Iterator[PIL.Image.Image]:
    """A picture, opened; errors name the file."""
    from PIL import Image as Pillow

    try:
        if not path.is_file():
            raise InputError("is not there")
        with damage_as_ours(path.suffix.lstrip(".").upper() or "file"), Pillow.open(path) as image:
            yield image
    except InputError as error:
        raise type(error)(f"{path}: {error}") from error


def _check_size(shape: tuple[int, ...], size: Size | None, whose: str) -> None:
    if size is not None and shape[:2] != size:
        raise InputError(f"has {shape[1]}×{shape[0]} pixels, {whose} has {size[1]}×{size[0]}; bring both to one size")
