"""PNG and its animations: the chunks, in their order."""

from __future__ import annotations

import struct
from fractions import Fraction
from itertools import count

from feathercut.formats.content import Moving, Still
from feathercut.formats.png_chunks import chunk, dpi_chunk, profile_chunk
from feathercut.formats.png_packer import header, pixel_chunks, pixels
from feathercut.kernels.quantise import Integers


def write(still: Still) -> bytes:
    """The picture as PNG."""
    packed = pixel_chunks(pixels(still.samples))
    return b"".join([header(still.samples), _about(still), packed, chunk(b"IEND", b"")])


def write_moving(moving: Moving) -> bytes:
    """The animation as APNG: each frame is whole and stands for itself."""
    parts, numbers = [], count()
    for place, (frame, duration_ms) in enumerate(zip(moving.frames, moving.durations_ms, strict=True)):
        if place == 0:
            plays = chunk(b"acTL", struct.pack(">II", len(moving.durations_ms), moving.loop))
            parts += [header(frame.samples), _about(frame), plays]
        parts.append(chunk(b"fcTL", _control(next(numbers), frame.samples, duration_ms)))
        packed = pixels(frame.samples)
        is_first = place == 0
        parts.append(pixel_chunks(packed) if is_first else chunk(b"fdAT", struct.pack(">I", next(numbers)) + packed))
    return b"".join([*parts, chunk(b"IEND", b"")])


def _about(still: Still) -> bytes:
    """The chunks about colour, resolution and the photograph, which stand before the pixels."""
    is_grey = still.samples.ndim == 2
    colour = b"" if is_grey else profile_chunk(still.profile) if still.profile else chunk(b"sRGB", b"\0")
    dpi = dpi_chunk(still.dpi) if still.dpi else b""
    return colour + dpi + (chunk(b"eXIf", still.exif) if still.exif else b"")


def _control(number: int, samples: Integers, duration_ms: float) -> bytes:
    """fcTL: the whole canvas, replaced, for a duration that is a fraction of a second."""
    seconds = Fraction(duration_ms / 1000).limit_denominator(1000)
    if seconds.numerator > 65535:
        seconds = Fraction(min(65535, round(seconds)))
    height, width = samples.shape[:2]
    return struct.pack(">IIIIIHHBB", number, width, height, 0, 0, seconds.numerator, seconds.denominator, 0, 0)
