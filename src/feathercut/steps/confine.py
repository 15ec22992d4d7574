"""Image → Image: the region that is looked at; and its matte back on the whole photo."""

from __future__ import annotations

import numpy as np

from feathercut import values
from feathercut.errors import EmptyRegionError, RegionError
from feathercut.options import Options, Select
from feathercut.pictures import FloatArray, Image, Matte, Size
from feathercut.selection import in_shares

Box = tuple[int, int, int, int]
"""(top, left, bottom, right) in pixels."""

_ROUNDING = 0.5  # of a length that was measured on a photo of another size


def region_box(size: Size, options: Select) -> Box:
    """The region in whole pixels of a photo of this size (height, width); all of it where none is asked for.

    Raises RegionError where it reaches beyond the photo, EmptyRegionError where it holds no pixel.

    >>> region_box((100, 200), Select(region="10px 0 50% 100%"))
    (0, 10, 100, 100)
    """
    height, width = size
    if options.region is None:
        return 0, 0, height, width
    left, top, right, bottom = values.parse_region(options.region)
    x, end_x = (length.of(width) for length in (left, right))
    y, end_y = (length.of(height) for length in (top, bottom))
    if max(x, end_x) > width + _ROUNDING or max(y, end_y) > height + _ROUNDING:
        raise RegionError(
            f"Option `region`: `{options.region}` reaches beyond the photo, which has {width}×{height} pixels"
        )
    box = round(y), round(x), min(round(end_y), height), min(round(end_x), width)
    if box[0] >= box[2] or box[1] >= box[3]:
        raise EmptyRegionError(
            f"Option `region`: `{options.region}` holds no pixel of the photo, which has {width}×{height}; "
            "right and bottom lie beyond left and top"
        )
    return box


def confine(image: Image, box: Box) -> Image:
    """The part of a picture in a box, as a picture; the very same one where the box is all of it."""
    if box == (0, 0, *image.size):
        return image
    part = _slices(box)
    alpha = None if image.alpha is None else np.ascontiguousarray(image.alpha[part])
    return Image(np.ascontiguousarray(image.rgb[part]), alpha, image.metadata)


def put_back(matte: Matte, box: Box, size: Size) -> Matte:
    """The matte of a part, or what of the whole's lies in the box, as the matte of the whole: background outside."""
    if box == (0, 0, *size):
        return matte
    return Matte(_placed(matte.alpha[_slices(box)] if matte.alpha.shape == size else matte.alpha, box, size))


def bounds(alpha: FloatArray | None, box: Box, size: Size) -> FloatArray | None:
    """The alpha of the photo, where it has one, and nothing outside of the box: what no edge may grow beyond."""
    if box == (0, 0, *size):
        return alpha
    inside = np.ones((box[2] - box[0], box[3] - box[1]), np.float32) if alpha is None else alpha[_slices(box)]
    return _placed(inside, box, size)


def _placed(part: FloatArray, box: Box, size: Size) -> FloatArray:
    whole = np.zeros(size, np.float32)
    whole[_slices(box)] = part
    return whole


def _slices(box: Box) -> tuple[slice, slice]:
    return slice(box[0], box[2]), slice(box[1], box[3])


def on_any_size(options: Options, size: Size) -> Options:
    """The same region and subject, as shares of the photo: px are those of the photo as it came. Raises RegionError."""
    options = options.model_copy(update={"subject": in_shares(options.subject, size)})
    if options.region is None:
        return options
    top, left, bottom, right = region_box(size, options)
    shares = (left / size[1], top / size[0], right / size[1], bottom / size[0])
    return options.model_copy(update={"region": " ".join(f"{100 * share:.12f}%" for share in shares)})
