"""TIFF: 1 to 16 bits, grey, RGB, palette, CMYK, Lab, YCbCr, with every kind of alpha.

The tags are read here; libtiff unpacks the pixels. A file with several pages is refused (thumbnails
and masks beside the picture do not count), as is one in floating point, whose range nobody tells.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from feathercut.errors import NotAPictureError
from feathercut.formats import exif as exif_block
from feathercut.formats.damage import broken
from feathercut.formats.ifd import Header, read_directory, read_header
from feathercut.formats.ifd import Tags as Directory
from feathercut.formats.limits import Limits
from feathercut.formats.raster import Raster, Tags
from feathercut.formats.sniff import refusal
from feathercut.kernels.colour import ColourSpace
from feathercut.pictures import Animation

_SUBFILE, _WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 254, 256, 257, 258, 259, 262
_ORIENTATION, _SAMPLES, _PLANAR, _PALETTE, _BELOW, _EXTRA, _FORMAT = 274, 277, 284, 320, 330, 338, 339
_TILE_WIDTH, _TILE_HEIGHT, _PROFILE, _RAW_VERSION = 322, 323, 34675, 50706
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _INDEXED, _INK, _YCBCR, _LAB, _ICC_LAB = 0, 1, 2, 3, 5, 6, 8, 9
_CHANNELS: dict[int, tuple[ColourSpace, int]] = {
    _WHITE_IS_ZERO: ("gray", 1),
    _BLACK_IS_ZERO: ("gray", 1),
    _RGB: ("rgb", 3),
    _INDEXED: ("rgb", 1),
    _INK: ("cmyk", 4),
    _YCBCR: ("rgb", 3),
    _LAB: ("lab", 3),
    _ICC_LAB: ("lab", 3),
}
_PAGES_LIMIT = 200
_MOST_CHANNELS = 8
"""A picture may have this many for each of the pixels that are read, a small one more."""


@dataclass(frozen=True)
class _Page:
    """The tags of one page."""

    header: Header
    offset: int
    place: int
    tags: Directory

    def number(self, tag: int, default: int) -> int:
        """The first number of a tag."""
        numbers = self.numbers(tag)
        return int(numbers[0]) if numbers else default

    def numbers(self, tag: int) -> tuple[float, ...]:
        """All numbers of a tag; none where it is not there."""
        return self.tags[tag].numbers(self.header.order) if tag in self.tags else ()


def read(data: bytes, limits: Limits) -> Animation:
    """The picture in a TIFF."""
    page = _only_page(data)
    limits.check_picture(page.number(_WIDTH, 0), page.number(_HEIGHT, 0))
    # A tile is unpacked whole, however small the picture.
    for width, height in ((_WIDTH, _HEIGHT), (_TILE_WIDTH, _TILE_HEIGHT)):
        count = page.number(width, 0) * page.number(height, 0) * page.number(_SAMPLES, 1)
        limits.check_unpacked(count / _MOST_CHANNELS)
    photometric, bits = page.number(_PHOTOMETRIC, -1), page.number(_BITS, 1)
    kinds = set(page.numbers(_FORMAT)) or {1}
    if photometric not in _CHANNELS or kinds != {1} or not 1 <= bits <= 16:
        kind = "in floating point" if 3 in kinds else f"of {bits} bits with colours of kind {photometric}"
        raise NotAPictureError(f"The TIFF is {kind}, which is not read. Save it with 8 or 16 bits, in RGB or grey")
    space, count = _CHANNELS[photometric]
    samples, maximum = _samples(data, page, photometric, bits)
    if samples.shape[2] < count:
        raise broken("TIFF", "it has too few colours")
    extra = [int(kind) for kind in page.numbers(_EXTRA)]
    kinds_of_alpha = [place for place, kind in enumerate(extra) if kind in (1, 2)]
    count_colours = 3 if photometric == _INDEXED else count
    chosen = list(range(count_colours))
    if kinds_of_alpha and samples.shape[2] > count_colours + kinds_of_alpha[0]:
        chosen.append(count_colours + kinds_of_alpha[0])
    is_premultiplied = len(chosen) > count_colours and extra[kinds_of_alpha[0]] == 1
    samples = samples if len(chosen) == samples.shape[2] else samples[..., chosen]
    return Animation((Raster(samples, maximum, space, _tags(data, page), is_premultiplied).image(),))


def _only_page(data: bytes) -> _Page:
    """The page that is the picture; raises NotAPictureError for raw files and for several pages."""
    header = read_header(data)
    if data[8:10] == b"CR" and header.order == "<":
        raise refusal("a camera's raw file")
    first: _Page | None = None
    full: _Page | None = None
    count, offset, seen = 0, header.first, set[int]()
    # Of the others nothing is kept: pages that share their bytes may be many times the file.
    while offset and offset not in seen and len(seen) < _PAGES_LIMIT:
        tags, following = read_directory(data, header, offset)
        page = _Page(header, offset, len(seen), tags)
        first = first or page
        if not page.number(_SUBFILE, 0) & 0b101:  # no thumbnail, no mask
            count, full = count + 1, full or page
        seen.add(offset)
        offset = following
    if first is None or _RAW_VERSION in first.tags or (first is not full and _BELOW in first.tags):
        raise refusal("a camera's raw file")
    if count > 1:
        raise NotAPictureError(f"The TIFF has {count} pages, and one picture a file is read. Save each as a file")
    return full or first


def _samples(data: bytes, page: _Page, photometric: int, bits: int) -> tuple[NDArray[Any], int]:
    """(H×W×C, maximum) as stored, but for palettes and inverted grey."""
    import imagecodecs

    if photometric in (_INK, _LAB, _ICC_LAB):
        data = _called_rgb(data, page)  # else libtiff converts, by a formula that knows no profile
    samples = np.asarray(imagecodecs.tiff_decode(data, index=page.place))
    if page.number(_PLANAR, 1) == 2 and samples.ndim == 3:
        samples = np.moveaxis(samples, 0, -1)
    samples = samples.astype(np.uint8) if samples.dtype == np.bool_ else samples
    if samples.dtype not in (np.uint8, np.uint16):
        raise broken("TIFF", f"its samples are of the kind {samples.dtype}")
    samples = samples[..., None] if samples.ndim == 2 else samples
    size = (page.number(_HEIGHT, 0), page.number(_WIDTH, 0))
    if samples.ndim != 3 or samples.shape[:2] != size:
        raise broken("TIFF", "its pixels are not as many as it says")
    maximum = 2**bits - 1
    if photometric == _INDEXED:
        return _looked_up(samples, page, maximum)
    if photometric == _WHITE_IS_ZERO:
        samples = np.concatenate([samples.dtype.type(maximum) - samples[..., :1], samples[..., 1:]], axis=2)
    if photometric == _LAB:
        samples = samples.copy()
        samples[..., 1:3] += samples.dtype.type(128 << (bits - 8))  # a* and b* are signed: shift them up
    return samples, maximum


def _looked_up(samples: NDArray[Any], page: _Page, maximum: int) -> tuple[NDArray[Any], int]:
    palette = np.array(page.numbers(_PALETTE), np.uint16)
    if palette.size != 3 * (maximum + 1):
        raise broken("TIFF", "its palette has a wrong length")
    palette = palette.reshape(3, -1).T
    if not (palette > 255).any():
        palette = palette * np.uint16(257)  # written by programs that took the range for 8 bits
    # An 8-bit index brings 8-bit colours: most palettes are 8-bit values times 257 or 256.
    return (palette >> 8).astype(np.uint8)[samples[..., 0]], 255


def _called_rgb(data: bytes, page: _Page) -> bytes:
    """The file with its colours called RGB."""
    entry = struct.Struct(page.header.order + ("HHQ" if page.header.is_big else "HHI"))
    step = 20 if page.header.is_big else 12
    patched = bytearray(data)
    place = page.offset + (8 if page.header.is_big else 2)
    for at in range(place, place + step * 4096, step):
        if entry.unpack_from(data, at)[0] == _PHOTOMETRIC:
            struct.pack_into(page.header.order + "H", patched, at + entry.size, _RGB)
            return bytes(patched)
    raise broken("TIFF", "it does not tell its colours")


def _tags(data: bytes, page: _Page) -> Tags:
    profile = page.tags.get(_PROFILE)
    # The file itself is laid out like an EXIF block.
    exif = None if page.header.is_big else exif_block.cleaned(data)
    return Tags(
        profile.data if profile else None,
        exif_block.resolution((page.header.order, page.tags)),
        exif,
        page.number(_ORIENTATION, 1),
    )
