"""GIF and its animations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from feathercut.errors import TooLargeError
from feathercut.formats.damage import broken, cut_short
from feathercut.formats.frames import LazyFrames
from feathercut.formats.limits import Limits
from feathercut.formats.pillow_reader import open_with
from feathercut.formats.raster import Raster
from feathercut.pictures import Animation, Image


@dataclass
class _Blocks:
    """What the blocks of a file tell; `loop` is the number of times that it plays, 0 for ever."""

    size: tuple[int, int]
    durations_ms: list[float] = field(default_factory=list)
    loop: int = 1


def read(data: bytes, limits: Limits) -> Animation:
    """The picture, or the frames, in a GIF."""
    from PIL.Image import MAX_IMAGE_PIXELS

    blocks = _parse(data, limits)
    if not blocks.durations_ms:
        raise broken("GIF", "it has no picture")
    limits.check_picture(*blocks.size, len(blocks.durations_ms))
    if MAX_IMAGE_PIXELS and blocks.size[0] * blocks.size[1] > MAX_IMAGE_PIXELS:
        # Above it Pillow's GIF decoder warns, whatever our limit says.
        raise TooLargeError(f"The GIF has more than {MAX_IMAGE_PIXELS / 1e6:.0f} megapixels a frame. Save it as PNG")
    frames = LazyFrames("GIF", len(blocks.durations_ms), lambda: _frames(data))
    if len(frames) == 1:
        return Animation((frames[0],))
    return Animation(frames, tuple(blocks.durations_ms), blocks.loop)


def _parse(data: bytes, limits: Limits) -> _Blocks:
    """Walks over the blocks without unpacking a pixel.

    header · screen (7 bytes) · palette? · { extension | picture }* · trailer
    """
    if len(data) < 13:
        raise cut_short("GIF")
    blocks = _Blocks((int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")))
    place, delay_ms = 13 + _palette_length(data[10]), 0.0
    while place < len(data):
        match data[place]:
            case 0x3B:
                return blocks
            case 0x21:
                content = data[place + 3 : place + 19]
                if data[place + 1 : place + 3] == b"\xf9\x04" and len(content) >= 4:
                    delay_ms = 10.0 * int.from_bytes(content[1:3], "little")
                elif content.startswith((b"NETSCAPE2.0\x03\x01", b"ANIMEXTS1.0\x03\x01")):
                    # It counts the repetitions after the first time.
                    repeats = int.from_bytes(content[13:15], "little")
                    blocks.loop = repeats + 1 if repeats else 0
                place = _after_blocks(data, place + 2)
            case 0x2C:
                blocks.durations_ms.append(delay_ms)
                blocks.size = _with_frame(blocks.size, data[place + 1 : place + 9])
                limits.check_picture(max(blocks.size[0], 1), max(blocks.size[1], 1), len(blocks.durations_ms))
                delay_ms = 0.0
                if place + 10 > len(data):
                    break
                place = _after_blocks(data, place + 11 + _palette_length(data[place + 9]))
            case _:
                raise broken("GIF", "its blocks do not follow on each other")
    raise cut_short("GIF")


def _with_frame(size: tuple[int, int], place: bytes) -> tuple[int, int]:
    """The canvas, which the decoder makes larger where a frame goes on beyond the screen that the header names."""
    left, top, width, height = (int.from_bytes(place[at : at + 2], "little") for at in (0, 2, 4, 6))
    return max(size[0], left + width), max(size[1], top + height)


def _palette_length(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(data: bytes, place: int) -> int:
    """The place after a chain of blocks, each led by its length, ended by length zero."""
    while place < len(data):
        if data[place] == 0:
            return place + 1
        place += 1 + data[place]
    raise cut_short("GIF")


def _frames(data: bytes) -> Iterator[Image]:
    import numpy as np
    from PIL.GifImagePlugin import GifImageFile

    picture = open_with(GifImageFile, data)
    for place in range(picture.n_frames):  # type: ignore[attr-defined]
        picture.seek(place)
        picture.load()
        # Pillow composes the canvas; RGBA has every transparency, of palettes too.
        samples = np.asarray(picture if picture.mode == "RGBA" else picture.convert("RGBA"))
        has_alpha = bool((samples[..., 3] < 255).any())
        yield Raster(samples if has_alpha else samples[..., :3], 255, "rgb").image()
