"""HEIC, with all of its 8 to 12 bits. Of several pictures the primary one is read."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from feathercut.formats import exif
from feathercut.formats.damage import broken
from feathercut.formats.iso_boxes import primary, without_references
from feathercut.formats.limits import Limits
from feathercut.formats.orientation import swaps_sides
from feathercut.formats.raster import Raster, Tags
from feathercut.kernels.colour import ColourSpace, profile_of_codes
from feathercut.pictures import Animation


def read(data: bytes, limits: Limits) -> Animation:
    """The picture in a HEIC."""
    import pi_heif

    about = primary(data)
    # libheif's reader of metadata falls over (for good) when an item that it looks for is missing; we read our own.
    pixels = without_references(data, (b"cdsc", b"thmb"))
    file = pi_heif.HeifFile(pixels, convert_hdr_to_8bit=False, hdr_to_16bit=False)
    if not len(file):
        raise broken("HEIC", "it has no picture")
    picture = file[file.primary_index]
    limits.check_picture(*picture.size)
    mode = re.fullmatch(r"(RGB|L)([Aa]?)(?:;(10|12))?|I;(10|12)L?", picture.mode)
    if not mode:
        raise broken("HEIC", f"its colours are of the kind {picture.mode}")
    depth = int(mode[3] or mode[4] or 8)
    profile = picture.info.get("icc_profile") or _coded_profile(picture.info)
    dpi = exif.dpi(about.exif)
    if dpi and swaps_sides(about.orientation):
        dpi = (dpi[1], dpi[0])
    # The decoder has turned the picture already; the orientation in the EXIF block is a note about that.
    tags = Tags(profile, dpi, about.exif, orientation=1)
    space: ColourSpace = "rgb" if mode[1] == "RGB" else "gray"
    raster = Raster(np.asarray(picture), 2**depth - 1, space, tags, is_premultiplied=mode[2] == "a")
    return Animation((raster.image(),))


def _coded_profile(info: dict[str, Any]) -> bytes | None:
    codes = info.get("nclx_profile")
    if not isinstance(codes, dict):
        return None
    return profile_of_codes((codes.get("color_primaries", 2), codes.get("transfer_characteristics", 2), 0))
