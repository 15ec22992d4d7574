"""Photos and answers whose names say what is in them."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageCms

from incumbent.tools.base import DEFAULTS, Answer, Bytes8, Floats, Photo, Request, Tool

Colour = tuple[int, int, int]


def flat(colour: Colour | tuple[int, int, int, int], width: int = 96, height: int = 64) -> Bytes8:
    """One colour all over, height×width×channels."""
    return np.full((height, width, len(colour)), colour, np.uint8)


def png(pixels: Bytes8 | np.ndarray[tuple[int, ...], np.dtype[np.uint16]], **words: object) -> bytes:
    """The pixels as a PNG file; `words` are Pillow's, such as `dpi` and `icc_profile`."""
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG", **words)
    return stream.getvalue()


def jpeg(pixels: Bytes8) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=95)
    return stream.getvalue()


def gif(frames: list[Bytes8], duration_ms: int) -> bytes:
    stream = io.BytesIO()
    first, *rest = [Image.fromarray(frame) for frame in frames]
    first.save(stream, "GIF", save_all=True, append_images=rest, duration=duration_ms, loop=0)
    return stream.getvalue()


def rgba(file: bytes) -> Floats:
    """The pixels of a PNG file, 0 to 255, height×width×4."""
    with Image.open(io.BytesIO(file)) as image:
        return np.asarray(image.convert("RGBA"), np.float32)


def profile_with_red_and_green_exchanged() -> bytes:
    """An ICC profile by which pure red numbers mean green: whoever drops it changes every colour."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = int.from_bytes(profile[128:132], "big")
    for start in range(132, 132 + 12 * tags, 12):
        name = bytes(profile[start : start + 4])
        profile[start : start + 4] = {b"rXYZ": b"gXYZ", b"gXYZ": b"rXYZ"}.get(name, name)
    return bytes(profile)


def bands(*levels: float) -> Answer:
    """Upright bands of equal width."""

    def answer(photo: Floats) -> Floats:
        height, width = photo.shape[-2:]
        index = np.arange(width) * len(levels) // width
        return np.broadcast_to(np.array(levels, np.float32)[index], (height, width)).copy()

    return answer


def everywhere(level: float) -> Answer:
    return bands(level)


def faint_noise(peak: float) -> Answer:
    """Noise between nothing and `peak`, which it reaches."""

    def answer(photo: Floats) -> Floats:
        noise = np.random.default_rng(7).random(photo.shape[-2:], np.float32)
        return np.asarray(noise * (peak / noise.max()), np.float32)

    return answer


def seen_by_network(tool: Tool, photo: Photo, request: Request = DEFAULTS) -> Floats:
    """What the network is shown, 3×h×w."""
    seen: list[Floats] = []

    def answer(array: Floats) -> Floats:
        seen.append(np.array(array, np.float32))
        return bands(0.0, 1.0)(array)

    tool.cut_out(photo, answer, request)
    first: Floats = seen[0][0]
    return first


def blueness(photo: Floats) -> Floats:
    """The answer of a network that draws all that it sees: blue is the subject, orange is not."""
    blue = photo[0, 2]
    low, high = float(blue.min()), float(blue.max())
    return np.asarray((blue - low) / max(high - low, 1e-6), np.float32)


def blue_on_orange(alpha: Floats) -> Bytes8:
    """A photo of a blue subject before an orange background, mixed by `alpha`, height×width."""
    blue, orange = np.array((40, 75, 180), np.float32), np.array((215, 130, 50), np.float32)
    mixed = alpha[..., None] * blue + (1 - alpha[..., None]) * orange
    return np.asarray(mixed.round(), np.uint8)
