"""PNG and its animations, packed by libpng at a setting chosen for each picture."""

from __future__ import annotations

import struct
from fractions import Fraction
from itertools import count

from feathercut.formats.content import Moving, Still
from feathercut.formats.png_chunks import SIGNATURE, chunk, chunks, dpi_chunk, profile_chunk
from feathercut.kernels.quantise import Integers

_ALL_FILTERS = 0xF8
_SAMPLED = 8  # one block of rows in so many is packed to see which setting suits
_BLOCK_ROWS = 16


def write(still: Still) -> bytes:
    """The picture as PNG."""
    packed = _pack(still.samples)
    end_of_header = len(SIGNATURE) + 25
    return b"".join([packed[:end_of_header], _about(still), memoryview(packed)[end_of_header:]])


def write_moving(moving: Moving) -> bytes:
    """The animation as APNG: each frame is whole and stands for itself."""
    parts, numbers = [], count()
    for place, (frame, duration_ms) in enumerate(zip(moving.frames, moving.durations_ms, strict=True)):
        found = list(chunks(_pack(frame.samples)))
        if place == 0:
            parts += [SIGNATURE, chunk(b"IHDR", found[0][1]), _about(frame)]
            parts.append(chunk(b"acTL", struct.pack(">II", len(moving.durations_ms), moving.loop)))
        parts.append(chunk(b"fcTL", _control(next(numbers), frame.samples, duration_ms)))
        for name, content in found:
            if name == b"IDAT" and place == 0:
                parts.append(chunk(name, content))
            elif name == b"IDAT":
                parts.append(chunk(b"fdAT", struct.pack(">I", next(numbers)) + bytes(content)))
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


def _pack(samples: Integers) -> bytes:
    """PNG of the samples alone.

    On photos with noise, run lengths beat zlib's level 6 by 3 to 10 % in an eighth of its time; on
    clean ones level 5 for filtered data is as small as level 6 in half its time. A sample decides.
    """
    import imagecodecs

    png = imagecodecs.PNG
    by_runs = {"level": 1, "strategy": png.STRATEGY.RLE, "filter": _ALL_FILTERS}
    by_matches = {"level": 5, "strategy": png.STRATEGY.FILTERED, "filter": _ALL_FILTERS}
    sample = _sample(samples)
    runs, matches = (len(imagecodecs.png_encode(sample, **how)) for how in (by_runs, by_matches))
    return bytes(imagecodecs.png_encode(samples, **(by_runs if runs <= matches * 1.01 else by_matches)))


def _sample(samples: Integers) -> Integers:
    """Some blocks of rows from all over the picture; all of it where it is small."""
    blocks = len(samples) // _BLOCK_ROWS
    if blocks < 2 * _SAMPLED:
        return samples
    whole = samples[: blocks * _BLOCK_ROWS].reshape(blocks, _BLOCK_ROWS, *samples.shape[1:])
    chosen = whole[_SAMPLED // 2 :: _SAMPLED]
    return chosen.reshape(-1, *samples.shape[1:]).copy()
