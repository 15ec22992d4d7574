"""JPEG: grey, RGB, CMYK. Of an MPO (two views in one file) the first picture is read."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from feathercut.errors import TooLargeError
from feathercut.formats.damage import broken, cut_short
from feathercut.formats.limits import Limits
from feathercut.formats.pillow_reader import open_with, samples_of
from feathercut.formats.raster import Raster, Tags
from feathercut.formats.sniff import refusal
from feathercut.kernels.colour import ColourSpace
from feathercut.pictures import Animation

_FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_SPACES: dict[int, ColourSpace] = {1: "gray", 3: "rgb", 4: "cmyk"}
_END, _SCAN, _JFIF, _EXIF, _ICC, _ADOBE, _COMMENT = 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
_MOST_SCANS = 256
"""Encoders make a dozen; each has the decoder go over the whole picture, and takes a few bytes."""


@dataclass
class _Header:
    """What stands before the first scan; `essential` is the file without what the pixels do not need."""

    size: tuple[int, int] = (0, 0)
    components: int = 0
    precision: int = 0
    dpi: tuple[float, float] | None = None
    exif: bytes | None = None
    profile_parts: dict[int, bytes] = field(default_factory=dict)
    profile_count: int = 0
    essential: list[bytes] = field(default_factory=lambda: [b"\xff\xd8"])


def read(data: bytes, limits: Limits) -> Animation:
    """The picture in a JPEG."""
    from PIL.JpegImagePlugin import JpegImageFile

    header = _parse(data)
    limits.check_picture(*header.size)
    if header.precision != 8 or header.components not in _SPACES:
        raise refusal(f"a JPEG with {header.components} colours of {header.precision} bits")
    _check_scans(header.essential[-1])
    samples, maximum = samples_of(open_with(JpegImageFile, b"".join(header.essential)))
    # Pillow turns Adobe's inverted CMYK over, so that 0 is no ink as everywhere else.
    tags = Tags(_profile(header), header.dpi, header.exif)
    return Animation((Raster(samples, maximum, _SPACES[header.components], tags).image(),))


def _parse(data: bytes) -> _Header:
    header, place = _Header(), 2
    while True:
        while data[place : place + 2] == b"\xff\xff":
            place += 1  # fill bytes
        if place + 4 > len(data):
            raise cut_short("JPEG")
        if data[place] != 0xFF or data[place + 1] in (0x00, 0xD8, 0xD9):
            raise broken("JPEG", "its parts do not follow on each other")
        marker, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4], "big")
        content = data[place + 4 : place + 2 + length]
        if marker == _SCAN:
            if not header.components:
                raise broken("JPEG", "it has pixels but no header")
            header.essential.append(data[place:])
            return header
        if length < 2 or len(content) != length - 2:
            raise cut_short("JPEG") if length >= 2 else broken("JPEG", "a part has a wrong length")
        _take(header, marker, content)
        # Of the applications' parts only those that tell how colours are stored are handed on.
        if not (_JFIF < marker <= 0xEF or marker == _COMMENT) or marker == _ADOBE:
            header.essential.append(data[place : place + 2 + length])
        place += 2 + length


def _check_scans(pixels: bytes) -> None:
    """Raises TooLargeError where there are more scans than anyone needs; `pixels` begins with the first."""
    if pixels.count(b"\xff\xda") <= _MOST_SCANS:
        return  # it may be other data behind the picture that looks like them: that is looked at here
    count = place = 0
    while (place := pixels.find(b"\xff", place)) >= 0 and place + 4 <= len(pixels):
        marker = pixels[place + 1]
        if marker == _END:
            return
        count += marker == _SCAN
        if count > _MOST_SCANS:
            raise TooLargeError(f"The JPEG has more than {_MOST_SCANS} scans. Save it anew")
        has_length = marker not in (0x00, 0x01, 0xFF) and not 0xD0 <= marker <= 0xD8
        place += 2 + int.from_bytes(pixels[place + 2 : place + 4], "big") if has_length else 1


def _take(header: _Header, marker: int, content: bytes) -> None:
    if marker in _FRAMES and len(content) >= 6:
        header.precision, height, width, header.components = struct.unpack_from(">BHHB", content)
        header.size = (width, height)
    elif marker == _JFIF and content.startswith(b"JFIF\0") and len(content) >= 12:
        unit, x, y = struct.unpack_from(">BHH", content, 7)
        scale = {1: 1.0, 2: 2.54}.get(unit)
        header.dpi = (x * scale, y * scale) if scale and x and y else None
    elif marker == _EXIF and content.startswith(b"Exif\0") and header.exif is None:
        header.exif = content[6:]
    elif marker == _ICC and content.startswith(b"ICC_PROFILE\0") and len(content) > 14:
        header.profile_parts[content[12]] = content[14:]
        header.profile_count = content[13]


def _profile(header: _Header) -> bytes | None:
    """The ICC profile from its parts; None where one is missing."""
    places = range(1, header.profile_count + 1)
    if not header.profile_parts or not all(place in header.profile_parts for place in places):
        return None
    return b"".join(header.profile_parts[place] for place in places)
