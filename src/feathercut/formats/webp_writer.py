"""WebP and its animations, packed by Pillow's libwebp; the container is written here."""

from __future__ import annotations

import struct

from feathercut.formats import exif
from feathercut.formats.content import Moving, Still
from feathercut.formats.pillow_writer import save
from feathercut.formats.riff import chunk, chunks, webp

_HAS_PROFILE, _HAS_ALPHA, _HAS_EXIF, _IS_ANIMATED = 0x20, 0x10, 0x08, 0x02
_REPLACES = 0x02  # a frame takes the place of what was there, instead of being blended with it
_LONGEST_MS = 0xFFFFFF


def write(still: Still) -> bytes:
    """The picture as WebP; quality 100 is lossless."""
    block = exif.with_resolution(still.exif, still.dpi)
    return save(still.samples, "WEBP", **_how(still), icc_profile=still.profile, exif=block)


def write_moving(moving: Moving) -> bytes:
    """The animation as WebP: each frame is whole and stands for itself."""
    head, frames = b"", []
    for frame, duration_ms in zip(moving.frames, moving.durations_ms, strict=True):
        head = head or _head(frame, moving.loop)
        height, width = frame.samples.shape[:2]
        pixels = [
            chunk(name, bytes(content))
            for name, content in chunks(save(frame.samples, "WEBP", **_how(frame)))
            if name in (b"ALPH", b"VP8 ", b"VP8L")
        ]
        duration = min(round(duration_ms), _LONGEST_MS)
        control = bytes(6) + _three(width - 1) + _three(height - 1) + _three(duration) + bytes([_REPLACES])
        frames.append(chunk(b"ANMF", control + b"".join(pixels)))
    last = chunk(b"EXIF", block) if (block := exif.with_resolution(frame.exif, frame.dpi)) else b""
    return webp(head, *frames, last)


def _head(frame: Still, loop: int) -> bytes:
    height, width = frame.samples.shape[:2]
    flags = _IS_ANIMATED | (_HAS_PROFILE if frame.profile else 0)
    flags |= _HAS_ALPHA if frame.samples.shape[2:] == (4,) else 0
    flags |= _HAS_EXIF if exif.with_resolution(frame.exif, frame.dpi) else 0
    canvas = chunk(b"VP8X", struct.pack("<I", flags) + _three(width - 1) + _three(height - 1))
    profile = chunk(b"ICCP", frame.profile) if frame.profile else b""
    return canvas + profile + chunk(b"ANIM", bytes(4) + struct.pack("<H", min(loop, 65535)))


def _how(still: Still) -> dict[str, object]:
    # Without `exact` libwebp writes colours of its own where nothing shows.
    how = {"lossless": True, "quality": 50} if still.quality == 100 else {"quality": still.quality, "method": 4}
    return {**how, "exact": True}


def _three(number: int) -> bytes:
    return number.to_bytes(3, "little")
