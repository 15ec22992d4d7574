"""Small pictures whose every pixel is known, in the files of other programs' writers."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image as Pillow

HEIGHT, WIDTH = 12, 16


def gradient(maximum: int = 255) -> NDArray[Any]:
    """H×W×3 integers: red grows to the right, green downwards, blue along the diagonal."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    unit = np.dstack([x / (WIDTH - 1), y / (HEIGHT - 1), (x + y) / (WIDTH + HEIGHT - 2)])
    return (unit * maximum).round().astype(np.uint8 if maximum < 256 else np.uint16)


def fading(maximum: int = 255) -> NDArray[Any]:
    """H×W×4: the gradient, clear at the left, opaque at the right."""
    rgb = gradient(maximum)
    return np.dstack([rgb, np.broadcast_to(rgb[:1, :, 0], rgb.shape[:2])])


def pillow(picture: NDArray[Any] | Pillow.Image, name: str, **how: Any) -> bytes:
    """The picture as Pillow writes it."""
    file = io.BytesIO()
    (picture if isinstance(picture, Pillow.Image) else Pillow.fromarray(picture)).save(file, name, **how)
    return file.getvalue()


def tiff(samples: NDArray[Any], **how: Any) -> bytes:
    """The samples as tifffile writes them."""
    file = io.BytesIO()
    tifffile.imwrite(file, samples, **how)
    return file.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    """A PNG chunk."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(size: tuple[int, int], depth: int, kind: int, rows: list[bytes], *more: bytes) -> bytes:
    """A PNG by hand: `size` is (width, height), `rows` are packed samples."""
    header = struct.pack(">IIBBBBB", *size, depth, kind, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
    parts = [chunk(b"IHDR", header), *more, chunk(b"IDAT", pixels), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def exif_with(orientation: int = 1, dpi: tuple[int, int] | None = None) -> Pillow.Exif:
    """A block with an orientation, a maker, a place and a note, in Pillow's words."""
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Maker"
    exif.get_ifd(0x8769)[0x9003] = "2026:11:23 10:00:00"
    exif.get_ifd(0x8769)[0x927C] = b"secret of the maker"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 30.0)
    if dpi:
        exif[0x011A], exif[0x011B], exif[0x0128] = float(dpi[0]), float(dpi[1]), 2
    return exif


def stored_for(upright: NDArray[Any], orientation: int) -> NDArray[Any]:
    """How a camera stores the picture so that `orientation` shows it upright: written out, one by one."""
    ways: dict[int, NDArray[Any]] = {
        1: upright,
        2: np.fliplr(upright),
        3: np.rot90(upright, 2),
        4: np.flipud(upright),
        5: np.swapaxes(upright, 0, 1),
        6: np.rot90(upright, 1),
        7: np.rot90(np.swapaxes(upright, 0, 1), 2),
        8: np.rot90(upright, -1),
    }
    return np.ascontiguousarray(ways[orientation])


def ink_profile() -> bytes:
    """A CMYK profile by hand: one table of 2⁴ corners to Lab, in which only lightness changes."""

    def corner(place: int) -> bytes:
        share = max((place >> 1).bit_count() / 3 * 0.5, (place & 1) * 0.8)
        return bytes([round(255 * (1 - share)), 128, 128])

    identity = bytes(range(256))
    table = b"".join(corner(place) for place in range(16))
    lut = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0])
    lut += struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536) + identity * 4 + table + identity * 3
    lut += b"\0" * (-len(lut) % 4)
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    body, tags = b"", b""
    offset = 128 + 4 + 12 * 2
    for name, data in ((b"A2B0", lut), (b"wtpt", white)):
        tags += name + struct.pack(">II", offset + len(body), len(data))
        body += data
    tagged = struct.pack(">I", 2) + tags + body
    head = struct.pack(">I", 128 + len(tagged)) + b"\0\0\0\0" + struct.pack(">I", 0x02400000)
    head += b"prtrCMYKLab " + struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 28
    head += struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + tagged
