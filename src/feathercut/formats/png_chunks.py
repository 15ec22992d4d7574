"""PNG's chunks: length, name, content, checksum."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from feathercut.formats.damage import broken, cut_short

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_FRAMES = (b"acTL", b"fcTL", b"fdAT", b"tRNS")
_INCH_M = 0.0254
_PROFILE_LIMIT = 16_000_000  # bytes of an unpacked profile: real ones have a few megabytes at most


def chunks(data: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """(name, content) of each chunk up to IEND; raises DamagedPictureError where the file ends before.

    Checksums count where pixels hang on them; a wrong one in a comment harms nobody.
    """
    view, place = memoryview(data), len(SIGNATURE)
    while place + 12 <= len(data):
        length = int.from_bytes(view[place : place + 4], "big")
        name = bytes(view[place + 4 : place + 8])
        if not name.isalpha():
            raise broken("PNG", "a chunk has no name")
        if place + 12 + length > len(data):
            break
        content = view[place + 8 : place + 8 + length]
        stored = int.from_bytes(view[place + 8 + length : place + 12 + length], "big")
        if (name[:1].isupper() or name in _FRAMES) and zlib.crc32(content, zlib.crc32(name)) != stored:
            raise broken("PNG", f"the checksum of its part {name.decode()} is wrong")
        yield name, content
        if name == b"IEND":
            return
        place += 12 + length
    raise cut_short("PNG")


def chunk(name: bytes, content: bytes | memoryview) -> bytes:
    """One chunk with its length and checksum."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(content, zlib.crc32(name)))


def profile_chunk(profile: bytes) -> bytes:
    """iCCP: an ICC profile."""
    return chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(profile, 9))


def read_profile(content: bytes) -> bytes | None:
    """The ICC profile in an iCCP chunk; None where it is broken."""
    _, _, packed = content.partition(b"\0")
    unpacker = zlib.decompressobj()
    try:
        profile = unpacker.decompress(packed[1:], _PROFILE_LIMIT)
    except zlib.error:
        return None
    return profile if unpacker.eof else None


def dpi_chunk(dpi: tuple[float, float]) -> bytes:
    """pHYs: pixels a metre, from pixels an inch."""
    return chunk(b"pHYs", struct.pack(">IIB", round(dpi[0] / _INCH_M), round(dpi[1] / _INCH_M), 1))


def read_dpi(content: bytes) -> tuple[float, float] | None:
    """Pixels an inch in a pHYs chunk, to a hundredth; None where it tells a shape only."""
    if len(content) != 9 or content[8] != 1:
        return None
    x, y = struct.unpack(">II", content[:8])
    # A metre is no whole number of inches: 300 dpi is stored as 11811, which is 299.9994.
    return round(x * _INCH_M, 2), round(y * _INCH_M, 2)
