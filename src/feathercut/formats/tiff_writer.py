"""TIFF: strips of deflate with horizontal differences, in 8 or 16 bits."""

from __future__ import annotations

import struct

import numpy as np

from feathercut.formats import exif
from feathercut.formats.content import Still
from feathercut.formats.ifd import Order, Tag, Tags, header_bytes, write_directory
from feathercut.kernels.quantise import Integers

_STRIP_BYTES = 1 << 18
_PHOTO, _PLACE = 0x8769, 0x8825


def write(still: Still) -> bytes:
    """The picture as TIFF.

    header · strips · EXIF directories · the directory
    """
    known = exif.parse(still.exif) or exif.Exif("<", {}, {}, {})
    order = known.order
    strips, rows = _strips(still.samples, order)
    body, offsets = bytearray(), []
    for strip in strips:
        offsets.append(8 + len(body))
        body += strip + b"\0" * (len(strip) % 2)
    tags = known.main | _layout(still, order, rows)
    tags |= exif.resolution_tags(still.dpi or (72.0, 72.0), order)
    tags[273] = _longs(order, offsets)
    tags[279] = _longs(order, [len(strip) for strip in strips])
    if still.profile and still.samples.ndim == 3:
        tags[34675] = Tag(7, len(still.profile), still.profile)
    for number, below in ((_PHOTO, known.photo), (_PLACE, known.place)):
        if below:
            tags[number] = _longs(order, [8 + len(body)])
            body += write_directory(below, order, 8 + len(body))
    first = 8 + len(body)
    return header_bytes(order, first) + bytes(body) + write_directory(tags, order, first)


def _layout(still: Still, order: Order, rows: int) -> Tags:
    height, width = still.samples.shape[:2]
    channels = 1 if still.samples.ndim == 2 else still.samples.shape[2]
    bits = 8 * still.samples.dtype.itemsize
    tags = {
        256: _longs(order, [width]),
        257: _longs(order, [height]),
        258: _shorts(order, [bits] * channels),
        259: _shorts(order, [8]),  # deflate
        262: _shorts(order, [1 if channels == 1 else 2]),
        277: _shorts(order, [channels]),
        278: _longs(order, [rows]),
        284: _shorts(order, [1]),
        317: _shorts(order, [2]),  # differences along a row
    }
    return tags | ({338: _shorts(order, [2])} if channels == 4 else {})  # straight alpha


def _strips(samples: Integers, order: Order) -> tuple[list[bytes], int]:
    """Packed strips, and the rows in each."""
    import imagecodecs

    rows = max(1, _STRIP_BYTES // max(1, samples[0].nbytes))
    strips = []
    for top in range(0, len(samples), rows):
        part = samples[top : top + rows]
        differences = part.copy()
        differences[:, 1:] -= part[:, :-1]  # wraps around, as the format wants it
        stored = differences.astype(differences.dtype.newbyteorder(order), copy=False)
        strips.append(bytes(imagecodecs.zlib_encode(np.ascontiguousarray(stored).tobytes(), 6)))
    return strips, rows


def _longs(order: Order, numbers: list[int]) -> Tag:
    return Tag(4, len(numbers), struct.pack(f"{order}{len(numbers)}I", *numbers))


def _shorts(order: Order, numbers: list[int]) -> Tag:
    return Tag(3, len(numbers), struct.pack(f"{order}{len(numbers)}H", *numbers))
