"""Image → Image: no more pixels than are wanted."""

from __future__ import annotations

import math

import numpy as np

from feathercut.kernels.composite import resize_straight
from feathercut.kernels.resample import resize
from feathercut.pictures import Image, Size


def reduced_size(size: Size, most_pixels: int) -> Size:
    """The largest size (height, width) of the same shape with `most_pixels` or fewer; `size` itself where it fits.

    >>> reduced_size((3000, 4000), 250_000)
    (433, 577)
    """
    height, width = size
    if height * width <= most_pixels:
        return size
    ratio = math.sqrt(most_pixels / (height * width))
    height, width = max(1, math.floor(height * ratio)), max(1, math.floor(width * ratio))
    return min(height, most_pixels // width or 1), min(width, most_pixels // height or 1)  # a line stays a line


def reduce(image: Image, most_pixels: int) -> Image:
    """The picture with at most `most_pixels`, antialiased; the very same one where it has no more."""
    size = reduced_size(image.size, most_pixels)
    if size == image.size:
        return image
    if image.alpha is None:
        return Image(np.clip(resize(image.rgb, size, "lanczos"), 0, 1), None, image.metadata)
    return Image(*resize_straight(image.rgb, image.alpha, size), image.metadata)
