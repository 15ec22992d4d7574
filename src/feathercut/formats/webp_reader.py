"""WebP and its animations."""

from __future__ import annotations

from collections.abc import Iterator

from feathercut.formats.damage import broken, cut_short
from feathercut.formats.frames import LazyFrames
from feathercut.formats.limits import Limits
from feathercut.formats.pillow_reader import open_with, samples_of
from feathercut.formats.raster import Raster, Tags
from feathercut.formats.riff import chunks
from feathercut.pictures import Animation, Image


def read(data: bytes, limits: Limits) -> Animation:
    """The picture, or the frames, in a WebP."""
    length = 8 + int.from_bytes(data[4:8], "little")
    if length > len(data):
        raise cut_short("WebP")
    data = data[:length]
    parts = list(chunks(data))
    named = {name: bytes(content) for name, content in parts if name in (b"ICCP", b"EXIF", b"ANIM", b"VP8X")}
    durations = [int.from_bytes(part[12:15], "little") for name, part in parts if name == b"ANMF"]
    limits.check_picture(*_size(parts), max(1, len(durations)))
    tags = Tags(profile=named.get(b"ICCP"), exif=named.get(b"EXIF"))
    frames = LazyFrames("WebP", max(1, len(durations)), lambda: _frames(data, tags))
    if len(durations) < 2:
        return Animation((frames[0],))
    loop = int.from_bytes(named.get(b"ANIM", b"")[4:6], "little")
    return Animation(frames, tuple(float(duration) for duration in durations), loop)


def _size(parts: list[tuple[bytes, memoryview]]) -> tuple[int, int]:
    """(width, height), from the first of the three kinds of header: it is the one that the decoder goes by."""
    for name, content in parts:
        if name == b"VP8X" and len(content) >= 10:
            return 1 + int.from_bytes(content[4:7], "little"), 1 + int.from_bytes(content[7:10], "little")
        if name == b"VP8L" and len(content) >= 5:
            bits = int.from_bytes(content[1:5], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        if name == b"VP8 " and len(content) >= 10:
            return int.from_bytes(content[6:8], "little") & 0x3FFF, int.from_bytes(content[8:10], "little") & 0x3FFF
    raise broken("WebP", "it has no header")


def _frames(data: bytes, tags: Tags) -> Iterator[Image]:
    from PIL.WebPImagePlugin import WebPImageFile

    picture = open_with(WebPImageFile, data)
    for place in range(picture.n_frames):  # type: ignore[attr-defined]
        picture.seek(place)
        samples, maximum = samples_of(picture)
        yield Raster(samples, maximum, "rgb", tags).image()
