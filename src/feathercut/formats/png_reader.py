"""PNG, every depth and colour, and its animations."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from feathercut.formats.damage import broken
from feathercut.formats.frames import LazyFrames
from feathercut.formats.limits import Limits
from feathercut.formats.png_chunks import SIGNATURE, chunk, chunks, read_dpi, read_profile
from feathercut.formats.raster import Raster, Tags
from feathercut.pictures import Animation, Image

_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}  # by kind of colour
_PALETTE = (b"PLTE", b"tRNS")


@dataclass
class _Frame:
    """A part of the canvas, how long it stays, and what happens to it then."""

    width: int
    height: int
    left: int
    top: int
    duration_ms: float
    disposal: int  # 0 leaves it, 1 clears its place, 2 puts back what was there
    blends: bool
    data: list[bytes | memoryview] = field(default_factory=list)


@dataclass
class _File:
    header: bytes = b""
    palette: list[bytes] = field(default_factory=list)
    still: list[bytes | memoryview] = field(default_factory=list)
    frames: list[_Frame] = field(default_factory=list)
    loop: int = 0
    is_animated: bool = False
    packed_profile: bytes | None = None
    tags: dict[str, Any] = field(default_factory=dict)


def read(data: bytes, limits: Limits) -> Animation:
    """The picture, or the frames, in a PNG."""
    file = _parse(data)
    width, height = struct.unpack(">II", file.header[:8])
    frames = [frame for frame in file.frames if frame.data]
    limits.check_picture(width, height, max(1, len(frames)))
    if file.packed_profile is not None:
        file.tags["profile"] = read_profile(file.packed_profile)
    if not (file.is_animated and frames):
        return Animation((_raster(_decode(file, file.header, file.still), file).image(),))
    lazy = LazyFrames("PNG", len(frames), lambda: _compose(file, frames))
    return Animation(lazy, tuple(frame.duration_ms for frame in frames), file.loop)


def _parse(data: bytes) -> _File:
    file = _File()
    for name, content in chunks(data):
        if not file.header and name != b"IHDR":
            raise broken("PNG", "it does not start with its header")
        if name == b"IHDR":
            if len(content) != 13:
                raise broken("PNG", "its header has a wrong length")
            file.header = bytes(content)
            _check_header(file.header)
        elif name in _PALETTE:
            file.palette.append(chunk(name, content))
        elif name == b"IDAT":
            file.still.append(content)
            if file.frames:
                file.frames[-1].data.append(content)
        elif name == b"acTL" and len(content) == 8:
            file.is_animated, file.loop = True, int.from_bytes(content[4:], "big")
        elif name == b"fcTL" and len(content) == 26:
            file.frames.append(_frame_control(content))
        elif name == b"fdAT" and file.frames:
            file.frames[-1].data.append(content[4:])
        elif name == b"iCCP" and file.packed_profile is None:  # one is allowed: a thousand would take minutes to unpack
            file.packed_profile = bytes(content)
        elif name == b"pHYs":
            file.tags["dpi"] = read_dpi(bytes(content))
        elif name == b"eXIf":
            file.tags["exif"] = bytes(content)
    if not file.still:
        raise broken("PNG", "it has no pixels")
    return file


def _check_header(header: bytes) -> None:
    """Raises DamagedPictureError for what the format does not know (the decoder would print about it first)."""
    depth, kind, packing, filtering, interlacing = header[8:]
    if depth not in _DEPTHS.get(kind, ()) or packing or filtering or interlacing > 1:
        raise broken("PNG", "its header makes no sense")


def _frame_control(content: memoryview) -> _Frame:
    _, width, height, left, top, numerator, denominator, disposal, blend = struct.unpack(">IIIIIHHBB", content)
    return _Frame(width, height, left, top, 1000 * numerator / (denominator or 100), disposal, blend == 1)


def _decode(file: _File, header: bytes, data: list[bytes | memoryview]) -> NDArray[Any]:
    """The samples of one picture: only what the pixels need is handed on to the decoder."""
    import imagecodecs

    parts = [SIGNATURE, chunk(b"IHDR", header), *file.palette, *(chunk(b"IDAT", part) for part in data)]
    samples = np.empty(_shape(header, file), np.uint16 if header[8] == 16 else np.uint8)
    try:
        imagecodecs.png_decode(b"".join([*parts, chunk(b"IEND", b"")]), out=samples)
    except Exception:
        # At an error the decoder never lets go of what it wrote to (imagecodecs 2026.3.6): we do, whoever holds it.
        samples.resize((0,), refcheck=False)
        raise
    return samples


def _shape(header: bytes, file: _File) -> tuple[int, ...]:
    """The shape of the samples that the decoder gives: colours looked up, what is transparent as alpha."""
    width, height = struct.unpack(">II", header[:8])
    has_alpha = any(bytes(part[4:8]) == b"tRNS" for part in file.palette)
    channels = {0: 1, 2: 3, 3: 3, 4: 2, 6: 4}[header[9]] + (has_alpha and header[9] in (0, 2, 3))
    return (height, width) if channels == 1 else (height, width, channels)


def _raster(samples: NDArray[Any], file: _File) -> Raster:
    channels = 1 if samples.ndim == 2 else samples.shape[2]
    maximum = 65535 if samples.dtype == np.uint16 else 255
    return Raster(samples, maximum, "gray" if channels < 3 else "rgb", Tags(**file.tags))


def _compose(file: _File, frames: list[_Frame]) -> Iterator[Image]:
    """The canvas as it is shown after each frame."""
    width, height = struct.unpack(">II", file.header[:8])
    canvas: NDArray[Any] | None = None
    for frame in frames:
        if frame.left + frame.width > width or frame.top + frame.height > height:
            raise broken("PNG", "a frame lies outside the canvas")
        header = struct.pack(">II", frame.width, frame.height) + file.header[8:]
        part = _with_alpha(_decode(file, header, frame.data))
        if canvas is None:
            canvas = np.zeros((height, width, part.shape[2]), part.dtype)
        place = (slice(frame.top, frame.top + frame.height), slice(frame.left, frame.left + frame.width))
        before = canvas[place].copy()
        canvas[place] = _over(part, before) if frame.blends else part
        yield _raster(canvas, file).image()
        if frame.disposal == 1:
            canvas[place] = 0
        elif frame.disposal == 2:
            canvas[place] = before


def _with_alpha(samples: NDArray[Any]) -> NDArray[Any]:
    samples = samples[..., None] if samples.ndim == 2 else samples
    if samples.shape[2] in (2, 4):
        return samples
    return np.concatenate([samples, np.full_like(samples[..., :1], np.iinfo(samples.dtype).max)], axis=2)


def _over(above: NDArray[Any], below: NDArray[Any]) -> NDArray[Any]:
    """Straight-alpha compositing of integer samples whose last channel is alpha."""
    whole = np.float32(np.iinfo(above.dtype).max)
    alpha, beneath = above[..., -1:] / whole, below[..., -1:] / whole * (1 - above[..., -1:] / whole)
    total = alpha + beneath
    colours = (above[..., :-1] * alpha + below[..., :-1] * beneath) / np.where(total > 0, total, 1)
    rounded: NDArray[Any] = np.floor(np.concatenate([colours, total * whole], axis=2) + 0.5).astype(above.dtype)
    return rounded
