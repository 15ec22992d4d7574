"""BMP, in the kinds that Pillow reads: 1 to 32 bits, run lengths, 32 bits with alpha."""

from __future__ import annotations

from feathercut.formats.limits import Limits
from feathercut.formats.pillow_reader import open_with, samples_of
from feathercut.formats.raster import Raster, Tags
from feathercut.pictures import Animation


def read(data: bytes, limits: Limits) -> Animation:
    """The picture in a BMP."""
    from PIL.BmpImagePlugin import BmpImageFile

    picture = open_with(BmpImageFile, data)
    limits.check_picture(*picture.size)
    dpi = picture.info.get("dpi")
    samples, maximum = samples_of(picture)
    space = "gray" if samples.ndim == 2 else "rgb"
    # Stored as pixels a metre: 300 dpi comes back as 299.9994.
    tags = Tags(dpi=(round(dpi[0], 2), round(dpi[1], 2)) if dpi else None)
    return Animation((Raster(samples, maximum, "gray" if space == "gray" else "rgb", tags).image(),))
