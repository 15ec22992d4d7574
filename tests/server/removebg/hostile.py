"""Uploads that nobody means well with: pictures cut, spliced and lied about, forms that are none. From a seed each."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable
from functools import cache

from PIL import Image as Pillow

_KINDS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF")
BOUNDARY = b"XX"


@cache
def _picture(kind: str) -> bytes:
    picture = Pillow.radial_gradient("L").resize((48, 40)).convert("RGB")
    file = io.BytesIO()
    picture.save(file, kind)
    return file.getvalue()


def flipped(data: bytes, chance: random.Random) -> bytes:
    """The same with some bytes changed."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 24)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _header_flipped(data: bytes, chance: random.Random) -> bytes:
    return flipped(data[:64], chance) + data[64:]


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _spliced(data: bytes, chance: random.Random) -> bytes:
    other = _picture(chance.choice(_KINDS))
    return data[: chance.randrange(len(data))] + other[chance.randrange(len(other)) :]


def _grown(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + chance.randbytes(chance.randint(1, 5000)) + data[at:]


def _bomb(_: bytes, chance: random.Random) -> bytes:
    """A PNG whose header says more than it has, or than anyone wants."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    width, height = (chance.choice((0, 1, 300, 65_535, 2**31 - 1, 2**32 - 1)) for _ in range(2))
    header = struct.pack(
        ">IIBBBBB", width, height, chance.choice((1, 8, 16, 33)), chance.choice((0, 2, 3, 6, 9)), 0, 0, 0
    )
    pixels = zlib.compress(bytes(chance.choice((0, 1000, 3_000_000))), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def _polyglot(data: bytes, chance: random.Random) -> bytes:
    starts = (
        b"%PDF-1.7\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'>",
        b"GIF89a",
        b"PK\x03\x04",
        b"#!/bin/sh\n",
        b"\0" * 9,
    )
    start = chance.choice(starts)
    return start + data if chance.random() < 0.5 else data + start


def _noise(_: bytes, chance: random.Random) -> bytes:
    return chance.randbytes(chance.randint(0, 3000))


_WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    *(flipped, _header_flipped, _cut, _spliced, _grown, _bomb, _polyglot, _noise),
)
WORDS = (
    "",
    "0",
    "-1",
    "1e309",
    "100%",
    "50% 50%",
    "\0",
    "ü" * 300,
    "auto",
    "true",
    "../../etc/passwd",
    "{}",
    "%00",
    "png",
)
_NAMES = (
    "size",
    "format",
    "roi",
    "crop",
    "crop_margin",
    "scale",
    "position",
    "channels",
    "bg_color",
    "type",
    "shadow_type",
)


def changed(chance: random.Random) -> bytes:
    """A picture of some format, changed in some way."""
    return chance.choice(_WAYS)(_picture(chance.choice(_KINDS)), chance)


def upload(seed: int) -> bytes:
    """The body of a multipart form with the boundary `BOUNDARY`."""
    chance = random.Random(seed)
    data = changed(chance)
    parts = [(b'; name="image_file"; filename="a.jpg"', data)]
    names = chance.sample(_NAMES, chance.choice((0, 0, 0, 1, 2)))
    parts += [(f'; name="{name}"'.encode(), chance.choice(WORDS).encode()) for name in names]
    if chance.random() < 0.1:
        parts.append((b'; name="bg_image_file"; filename="b"', flipped(_picture("JPEG"), chance)))
    body = b"".join(
        b"--" + BOUNDARY + b"\r\nContent-Disposition: form-data" + about + b"\r\n\r\n" + content + b"\r\n"
        for about, content in parts
    )
    body += b"--" + BOUNDARY + b"--\r\n"
    return flipped(body, chance) if chance.random() < 0.1 else body
