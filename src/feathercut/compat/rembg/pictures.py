"""Pictures as rembg's callers hand them over and take them back: bytes, Pillow images, arrays."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from feathercut.kernels.quantise import quantise
from feathercut.pictures import FloatArray, Prediction

if TYPE_CHECKING:
    from PIL.Image import Image as PILImage

    from feathercut.result import Result

Kind = Literal["bytes", "pillow", "array"]


def kind_of(data: object) -> Kind:
    """What a picture was handed over as. Raises ValueError, as rembg does, where it is none of the three."""
    if isinstance(data, bytes | bytearray | memoryview):
        return "bytes"
    if isinstance(data, np.ndarray):
        return "array"
    if hasattr(data, "tobytes") and hasattr(data, "mode"):
        return "pillow"
    raise ValueError(
        f"Input type {type(data)} is not supported. Hand over bytes, a Pillow image or an array; "
        "`feathercut.remove` takes paths and open files too"
    )


def as_pillow(data: Any, order: Literal["rgb", "bgr"] = "rgb") -> PILImage:
    """A picture of any kind, upright, for a session of the caller's own to look at."""
    from PIL import Image, ImageOps

    if isinstance(data, np.ndarray):
        return Image.fromarray(data if order == "rgb" else np.ascontiguousarray(data[..., ::-1]))
    picture = Image.open(io.BytesIO(data)) if isinstance(data, bytes | bytearray | memoryview) else data
    return ImageOps.exif_transpose(picture)


def as_grey(alpha: FloatArray) -> PILImage:
    """A matte as rembg's masks are: a Pillow image of mode `L`."""
    from PIL import Image

    return Image.fromarray(quantise(None, alpha, 8))


def as_prediction(mask: PILImage) -> Prediction:
    """The mask of a caller's own session as if one of our networks had drawn it."""
    alpha = np.asarray(mask.convert("L"), np.float32) / np.float32(255)
    return Prediction(alpha, (0, 0, *alpha.shape), "custom")


def finished(results: Sequence[Result], kind: Kind) -> bytes | PILImage | NDArray[np.uint8]:
    """Results, one above the other where there are several, as what the photo was handed over as."""
    if kind == "bytes" and len(results) == 1:
        return results[0].to_bytes("png")
    pictures = [_as_rembg(result) for result in results]
    picture = pictures[0] if len(pictures) == 1 else _stacked(pictures)
    if kind == "pillow":
        return picture
    if kind == "array":
        return np.asarray(picture)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def _as_rembg(result: Result) -> PILImage:
    """A result as a Pillow image: RGBA, or `L` where the matte alone was asked for."""
    if result.options.only_matte:
        return as_grey(result.alpha)
    picture = result.to_pil()
    return picture if picture.mode == "RGBA" else picture.convert("RGBA")


def _stacked(pictures: Sequence[PILImage]) -> PILImage:
    from PIL import Image

    width, height = max(one.width for one in pictures), sum(one.height for one in pictures)
    sheet = Image.new(pictures[0].mode, (width, height))
    top = 0
    for one in pictures:
        sheet.paste(one, (0, top))
        top += one.height
    return sheet
