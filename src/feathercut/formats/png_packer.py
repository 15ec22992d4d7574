"""PNG's header and pixels, packed by libdeflate, or by ISA-L where there are many.

On a cutout of 12 megapixels ISA-L takes half of the time of libdeflate's level 3, and a fifteenth of that of zlib's
level 6, for a file that is 5 % and 8 % larger. Small pictures get the smaller file, whose time nobody sees.
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np

from feathercut.formats.png_chunks import SIGNATURE, chunk
from feathercut.kernels.quantise import Integers
from feathercut.kernels.row_filters import NUMBERS, Bytes, RowFilter, filter_rows

_LEVEL, _FAST_LEVEL = 3, 2
_SMALL = 4_000_000  # bytes before they are packed
_SAMPLED = 16  # one block of rows in so many is packed to see which filter suits
_BLOCK_ROWS = 64
_LARGEST_CHUNK = 1 << 30
# By channels: grey, grey and alpha, colours, colours and alpha.
_COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}


def header(samples: Integers) -> bytes:
    """The signature and IHDR of a picture of H×W or H×W×C integers, 8 or 16 bits."""
    channels = samples.shape[2] if samples.ndim == 3 else 1
    depth = samples.dtype.itemsize * 8
    height, width = samples.shape[:2]
    return SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, _COLOUR_TYPES[channels], 0, 0, 0))


def pixels(samples: Integers) -> bytes:
    """The packed pixels: one zlib stream, as IDAT and fdAT hold it."""
    rows = _rows(samples)
    pixel_bytes = rows.shape[1] // samples.shape[1]
    sample = _sample(rows)
    lengths = {name: len(_packed(filter_rows(sample, pixel_bytes, name), 1)) for name in NUMBERS}
    name = min(NUMBERS, key=lambda name: lengths[name])
    if rows.nbytes <= _SMALL:
        return _packed(filter_rows(rows, pixel_bytes, name), _LEVEL)
    return _packed_in_strips(rows, pixel_bytes, name)


def _packed(filtered: Any, level: int) -> bytes:  # any buffer does, whatever the stub says
    import imagecodecs

    return bytes(imagecodecs.deflate_encode(filtered, level=level))


def _packed_in_strips(rows: Bytes, pixel_bytes: int, name: RowFilter) -> bytes:
    """The same for a large picture: the filtered one, as large as the photo, is never whole."""
    from isal import isal_zlib

    packer = isal_zlib.compressobj(_FAST_LEVEL)
    packed = []
    for top in range(0, len(rows), _BLOCK_ROWS):
        above = rows[top - 1] if top else None
        packed.append(packer.compress(filter_rows(rows[top : top + _BLOCK_ROWS], pixel_bytes, name, above)))
    return b"".join([*packed, packer.flush()])


def pixel_chunks(packed: bytes) -> bytes:
    """The packed pixels as IDAT chunks; one is enough short of a gigabyte."""
    parts = [packed[start : start + _LARGEST_CHUNK] for start in range(0, len(packed), _LARGEST_CHUNK)]
    return b"".join(chunk(b"IDAT", part) for part in parts)


def _rows(samples: Integers) -> Bytes:
    """The picture as rows of bytes, 16 bits with the high byte first."""
    ordered: Any = samples if samples.dtype.itemsize == 1 else samples.astype(">u2")
    rows: Bytes = np.ascontiguousarray(ordered).reshape(samples.shape[0], -1).view(np.uint8)
    return rows


def _sample(rows: Bytes) -> Bytes:
    """Some blocks of rows from all over the picture; all of it where it is small."""
    blocks = len(rows) // _BLOCK_ROWS
    if blocks < 2 * _SAMPLED:
        return rows
    whole = rows[: blocks * _BLOCK_ROWS].reshape(blocks, _BLOCK_ROWS, -1)
    chosen: Bytes = whole[_SAMPLED // 2 :: _SAMPLED].reshape(-1, rows.shape[1])
    return chosen
