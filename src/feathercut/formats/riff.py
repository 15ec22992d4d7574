"""WebP's chunks: name, length, content, a byte of padding after an odd length."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from feathercut.formats.damage import cut_short


def chunks(data: bytes | memoryview, start: int = 12) -> Iterator[tuple[bytes, memoryview]]:
    """(name, content) of each chunk; raises DamagedPictureError where one is cut short."""
    view, place = memoryview(data), start
    while place + 8 <= len(view):
        name, length = bytes(view[place : place + 4]), int.from_bytes(view[place + 4 : place + 8], "little")
        if place + 8 + length > len(view):
            raise cut_short("WebP")
        yield name, view[place + 8 : place + 8 + length]
        place += 8 + length + length % 2


def chunk(name: bytes, content: bytes) -> bytes:
    """One chunk with its length and padding."""
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def webp(*parts: bytes) -> bytes:
    """A WebP file of these chunks."""
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body
