"""Files that are small on their way and large, slow or endless when they are unpacked, of every format that is read."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

HEIC = Path(__file__).parents[2] / "formats" / "files" / "rgb8.heic"
_HUGE = 60_000


@cache
def zeros(megabytes: int) -> bytes:
    """So many megabytes, as zlib packs them."""
    packer = zlib.compressobj(9)
    return b"".join([*(packer.compress(bytes(1_000_000)) for _ in range(megabytes)), packer.flush()])


def small(kind: str, side: int = 64, **how: object) -> bytes:
    """An honest picture."""
    file = io.BytesIO()
    Image.radial_gradient("L").resize((side, side)).convert("RGB").save(file, kind, **how)
    return file.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    """A part of a PNG."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(*more: bytes, width: int = 8, height: int = 8, pixels: bytes | None = None) -> bytes:
    """A grey PNG with other parts before its pixels."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    packed = zlib.compress(bytes((width + 1) * height)) if pixels is None else pixels
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(more) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def riff(*parts: tuple[bytes, bytes]) -> bytes:
    """A WebP of these parts."""
    body = b"".join(
        name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2) for name, content in parts
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def canvas(side: int, flags: int = 0) -> tuple[bytes, bytes]:
    """The header of an extended WebP."""
    return b"VP8X", bytes([flags, 0, 0, 0]) + (side - 1).to_bytes(3, "little") * 2


@cache
def lossless(side: int) -> bytes:
    """The pixels of a WebP of one colour."""
    file = io.BytesIO()
    Image.new("RGB", (side, side)).save(file, "WEBP", lossless=True, quality=0, method=0)
    data = file.getvalue()
    assert data[12:16] == b"VP8L"
    return data[20 : 20 + int.from_bytes(data[16:20], "little")]


def tiff(*tags: tuple[int, int, int, int], pages: int = 1, behind: bytes = b"") -> bytes:
    """A little-endian TIFF whose pages have the tags (number, kind, count, value); `behind` lies at byte 65,536."""
    entries = b"".join(struct.pack("<HHII", *tag) for tag in sorted(tags))
    length, data = 2 + len(entries) + 4, b"II*\0" + struct.pack("<I", 8)
    for page in range(pages):
        following = 8 + length * (page + 1) if page + 1 < pages else 0
        data += struct.pack("<H", len(tags)) + entries + struct.pack("<I", following)
    return data.ljust(65_536 if behind else 0, b"\0") + behind


def grey(width: int, height: int, compression: int = 1, **more: int) -> list[tuple[int, int, int, int]]:
    """The tags of a grey picture in one strip at byte 65,536."""
    length = more.get("length", width * height)
    return [
        (256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, compression), (262, 3, 1, 1),
        (273, 4, 1, 65_536), (277, 3, 1, more.get("samples", 1)), (278, 4, 1, more.get("rows", height)),
        (279, 4, 1, length),
    ]  # fmt: skip


def gif(screen: int, frame: int, count: int = 1) -> bytes:
    """A GIF of frames without a pixel in them."""
    one = b"\x2c" + struct.pack("<HHHHB", 0, 0, frame, frame, 0) + b"\x02\x02\x4c\x01\0"
    palette = bytes(6)
    return b"GIF89a" + struct.pack("<HHBBB", screen, screen, 0x80, 0, 0) + palette + one * count + b";"


def bmp(width: int, height: int, compression: int = 0, pixels: bytes = b"") -> bytes:
    """A BMP of 8 bits."""
    about = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, compression, len(pixels), 0, 0, 256, 0)
    start = 14 + 40 + 1024
    return b"BM" + struct.pack("<IHHI", start + len(pixels), 0, 0, start) + about + bytes(1024) + pixels


def jpeg_of_many_scans(side: int, scans: int) -> bytes:
    """A grey progressive JPEG that goes over its picture again and again, to say with a few bytes that all stays so."""
    file = io.BytesIO()
    Image.new("L", (side, side), 90).save(file, "JPEG", progressive=True, quality=50)
    runs = -(-(((side + 7) // 8) ** 2) // 32_767)
    bits = "0" + "1" * 14  # the one code of the table, and how many blocks it stands for: 32,767
    packed = int((bits * runs).ljust(-(-15 * runs // 8) * 8, "1"), 2).to_bytes(-(-15 * runs // 8), "big")
    table = b"\xff\xc4" + struct.pack(">H", 2 + 1 + 16 + 1) + b"\x10" + b"\1" + bytes(15) + b"\xe0"
    scan = b"\xff\xda\0\x08\1\1\0\1\1\0" + packed.replace(b"\xff", b"\xff\0")
    return file.getvalue()[:-2] + table + scan * scans + b"\xff\xd9"


def iso_picture(kind: str) -> bytearray:
    """An honest AVIF or HEIC."""
    return bytearray(HEIC.read_bytes() if kind == "HEIC" else small("AVIF"))


def iso_of_size(kind: str, side: int) -> bytes:
    """One that says another size than its pixels have."""
    data = iso_picture(kind)
    place = data.find(b"ispe")
    data[place + 8 : place + 16] = struct.pack(">II", side, side)
    return bytes(data)


def iso_of_endless_places(kind: str) -> bytes:
    """One whose list of places says that it has four billion of them."""
    data = bytes(iso_picture(kind))
    meta = data.find(b"meta") - 4
    length = int.from_bytes(data[meta : meta + 4], "big")
    info = box(b"iinf", bytes(4) + b"\0\1" + box(b"infe", b"\2\0\0\0\0\7\0\0Exif\0"))
    places = box(b"iloc", b"\2\0\0\0\x44\0" + b"\xff\xff\xff\xff" + bytes(4))
    inside = data[meta + 12 : meta + length]
    kept, place = b"", 0
    while place < len(inside):
        size = int.from_bytes(inside[place : place + 4], "big")
        kept += b"" if inside[place + 4 : place + 8] in (b"iinf", b"iloc") else inside[place : place + size]
        place += size
    return data[:meta] + box(b"meta", bytes(4) + kept + info + places) + data[meta + length :]


def box(name: bytes, content: bytes) -> bytes:
    """A box of an ISO file."""
    return struct.pack(">I", 8 + len(content)) + name + content


def exif_of_one_value_many_times(tags: int, length: int) -> bytes:
    """An EXIF block each of whose tags has the same long value."""
    entries = b"".join(struct.pack("<HHII", 1000 + number, 7, length, 8) for number in range(tags))
    block = b"II*\0" + struct.pack("<IH", 8, tags) + entries + bytes(4)
    return block.ljust(8 + length, b"\0")


def avif_of_large_pixels(side: int) -> bytes:
    """One that says it is small, and whose pixels are many."""
    file = io.BytesIO()
    Image.new("L", (side, side)).save(file, "AVIF", speed=10, quality=1)
    data = bytearray(file.getvalue())
    place = data.find(b"ispe")
    data[place + 8 : place + 16] = struct.pack(">II", 10, 10)
    return bytes(data)


def tiff_of_overlapping_pages() -> bytes:
    """A thousand pages that share each other's bytes, each with thousands of tags as long as the file."""
    count, pages = 4000, 1000
    data = bytearray(struct.pack("<HHII", 1, 7, 400_000, 8) * (count + 3 * pages + 30_000))
    data = bytearray(b"II*\0" + struct.pack("<I", 8)) + data
    for page in range(pages):
        place = 8 + 36 * page
        struct.pack_into("<H", data, place, count)
    for page in range(pages - 1):
        end = 8 + 36 * page + 2 + 12 * count
        struct.pack_into("<I", data, end, 8 + 36 * (page + 1))
    return bytes(data)


def noise_of_numbers(side: int) -> bytes:
    """A BMP in run lengths, all of them jumps."""
    return bmp(side, side, 1, b"\0\2\0\xff" * 20_000)


# By a name that says what is wrong with it.
BOMBS: dict[str, Callable[[], bytes]] = {
    "png-huge": lambda: png(width=_HUGE, height=_HUGE, pixels=zeros(1)),
    "png-more-pixels-than-it-says": lambda: png(pixels=zeros(150)),
    "png-profile": lambda: png(chunk(b"iCCP", b"p\0\0" + zeros(150))),
    "png-many-profiles": lambda: png(*[chunk(b"iCCP", b"p\0\0" + zeros(15))] * 200),
    "png-text": lambda: png(chunk(b"zTXt", b"t\0\0" + zeros(150)), chunk(b"iTXt", b"t\0\1\0\0\0" + zeros(150))),
    "png-exif": lambda: png(chunk(b"eXIf", exif_of_one_value_many_times(30_000, 400_000))),
    "png-frames": lambda: png(
        chunk(b"acTL", struct.pack(">II", 5000, 0)),
        *(
            chunk(b"fcTL", struct.pack(">IIIIIHHBB", 2 * n, 8, 8, 0, 0, 1, 1, 0, 0))
            + chunk(b"fdAT", struct.pack(">I", 2 * n + 1) + zlib.compress(bytes(72)))
            for n in range(5000)
        ),
    ),
    "png-frame-larger-than-its-canvas": lambda: png(
        chunk(b"acTL", struct.pack(">II", 1, 0)),
        chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, _HUGE, _HUGE, 0, 0, 1, 1, 0, 0)),
        pixels=zeros(1),
    ),
    "jpeg-huge": lambda: small("JPEG").replace(b"\0\x40\0\x40\3", b"\xff\xff\xff\xff\3", 1),
    "jpeg-scans": lambda: jpeg_of_many_scans(3000, 20_000),
    "jpeg-exif": lambda: small("JPEG", exif=b"Exif\0\0" + exif_of_one_value_many_times(5000, 60_100)),
    "webp-huge": lambda: riff(canvas(16_000), (b"VP8L", lossless(64))),
    "webp-small-header-before-large-pixels": lambda: riff(canvas(64), (b"VP8L", lossless(5000))),
    "webp-small-header-behind-a-large-one": lambda: riff(canvas(5000), (b"VP8L", lossless(5000)), canvas(64)),
    "webp-small-header-behind-large-pixels": lambda: riff((b"VP8L", lossless(5000)), canvas(64)),
    "webp-small-pixels-behind-large-ones": lambda: riff((b"VP8L", lossless(5000)), (b"VP8L", lossless(64))),
    "webp-frames": lambda: small_webp_frames(600),
    "webp-exif": lambda: riff(
        canvas(64, 8), (b"VP8L", lossless(64)), (b"EXIF", exif_of_one_value_many_times(30_000, 400_000))
    ),
    "gif-huge": lambda: gif(65_535, 16),
    "gif-frame-larger-than-its-screen": lambda: gif(16, 10_000),
    "gif-frames": lambda: gif(16, 16, 50_000),
    "bmp-huge": lambda: bmp(_HUGE, _HUGE),
    "bmp-huge-upside-down": lambda: bmp(_HUGE, -_HUGE),
    "bmp-run-lengths": lambda: noise_of_numbers(1000),
    "tiff-huge": lambda: tiff(*grey(_HUGE, _HUGE), behind=bytes(10)),
    "tiff-channels": lambda: tiff(*grey(3000, 3000, samples=60_000), behind=bytes(10)),
    "tiff-many-channels": lambda: tiff(*grey(3000, 3000, samples=100), behind=bytes(10)),
    "tiff-deflate": lambda: tiff(*grey(64, 64, 8, length=len(zeros(150))), behind=zeros(150)),
    "tiff-lzw": lambda: tiff(*grey(64, 64, 5, length=1_000_000), behind=bytes(1_000_000)),
    "tiff-tile": lambda: tiff(
        *[tag for tag in grey(64, 64, 8) if tag[0] not in (273, 278, 279)],
        (322, 4, 1, _HUGE),
        (323, 4, 1, _HUGE),
        (324, 4, 1, 65_536),
        (325, 4, 1, len(zeros(1))),
        behind=zeros(1),
    ),
    "tiff-rows-in-a-strip": lambda: tiff(*grey(64, 64, 8, rows=2**32 - 1, length=len(zeros(1))), behind=zeros(1)),
    "tiff-pages": lambda: tiff(*grey(64, 64), pages=200, behind=bytes(4096)),
    "tiff-pages-in-a-circle": lambda: tiff(*grey(64, 64), pages=2, behind=bytes(4096)).replace(
        struct.pack("<I", 0), struct.pack("<I", 8), 1
    ),
    "tiff-pages-that-overlap": tiff_of_overlapping_pages,
    "avif-huge": lambda: iso_of_size("AVIF", _HUGE),
    "avif-pixels": lambda: avif_of_large_pixels(5000),
    "avif-places": lambda: iso_of_endless_places("AVIF"),
    "heic-huge": lambda: iso_of_size("HEIC", _HUGE),
    "heic-small": lambda: iso_of_size("HEIC", 1),
    "heic-places": lambda: iso_of_endless_places("HEIC"),
}


def small_webp_frames(count: int) -> bytes:
    """A WebP animation of so many frames, no two alike."""
    file = io.BytesIO()
    frames = [Image.fromarray(np.full((8, 8), 40 * (number % 5), np.uint8)) for number in range(count)]
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:], duration=1, lossless=True, method=0)
    return file.getvalue()
