"""Writes docs/formats.md: makes a file of each format, takes it through decode and encode, and looks what is left.

python scripts/formats_page.py
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import tifffile
from PIL import Image as Pillow

from feathercut.errors import FeathercutError
from feathercut.options import Encode
from feathercut.pictures import Animation
from feathercut.steps.decode import decode
from feathercut.steps.encode import FORMATS, encode

REPOSITORY = Path(__file__).parents[1]
PAGE = REPOSITORY / "docs" / "formats.md"
HEIC = REPOSITORY / "tests" / "formats" / "files"
FEATURES = ("orientation", "ICC", "DPI", "16 bit", "alpha", "animation")
HEAD = """# Formats

Made by `scripts/formats_page.py` from real files: a file with the feature is written by another program, read, written
again by Feathercut, and read once more. **yes**: it is still there. **read**: it is read, and not written. **no**: it
is lost. **–**: the format has none.

"""
FOOT = """
- Files are told by their bytes, never by their names.
- *Orientation*: all eight of EXIF's (AVIF's and HEIC's own), applied when read; results need none.
- *ICC*: RGB profiles are kept, and the pixels in their encoding; the network sees sRGB. Grey, CMYK and Lab become sRGB
  through their profile; CMYK without one by (1 − C)(1 − K). A broken profile counts as sRGB.
- *DPI*: WebP and AVIF have no place for it but EXIF, so that a block with nothing else is written there.
- *16 bit*: 10 and 12 bits of AVIF and HEIC are read as they are; TIFF in floating point is refused.
- *Animation*: frames, their times and the number of repetitions. An animated AVIF and a TIFF of several pages are
  refused; of an MPO the first view is read, of a HEIC the primary picture.
- *EXIF* is dropped, unless `keep_exif`; then the place is dropped, unless `keep_gps`. The thumbnail (it shows the
  background), the maker's note and XMP are always dropped.
- GIF has 255 colours, and each pixel is there or not.
- PSD and OpenRaster (`-o cutout.psd`, `cutout.ora`) are written, not read, at 8 bits with profile and resolution: the
  subject, its shadow and the background are layers. In a PSD the subject's mask hides the photo, so that what was taken
  away can be painted back; OpenRaster has no masks, and gets alpha.
- Colours are zero where alpha is. Lossy WebP and AVIF smear the subject's edge: they leave colours in what is
  transparent beside it, and more than 16 pixels away from it at most 8 of 255 (from `file_quality` 30 up).
  Lossless WebP (`file_quality` 100) has zero.
"""
PROFILE = bytes(imagecodecs.cms_profile("adobergb"))


@dataclass(frozen=True)
class Case:
    """A format's name, its key in FORMATS (None: not written), what makes a file with a feature (missing: has none)."""

    name: str
    key: str | None
    files: dict[str, Callable[[], bytes]]


def rgba(maximum: int = 255) -> Any:
    """24×32: red to the right, green downwards, clear in the left quarter."""
    y, x = np.mgrid[:24, :32]
    unit = np.dstack([x / 31, y / 23, np.full(x.shape, 0.5), np.ones(x.shape)])
    unit[:, :8] = 0
    return (unit * maximum).round().astype(np.uint8 if maximum == 255 else np.uint16)


def pillow(name: str, channels: int = 3, **how: Any) -> Callable[[], bytes]:
    """A maker of a file, by Pillow."""

    def make() -> bytes:
        file = io.BytesIO()
        Pillow.fromarray(np.ascontiguousarray(rgba()[..., :channels])).save(file, name, **how)
        return file.getvalue()

    return make


def common(name: str) -> dict[str, Callable[[], bytes]]:
    """The features that most formats have, by Pillow."""
    turned, dense = Pillow.Exif(), Pillow.Exif()
    turned[0x0112] = 6
    dense[0x011A], dense[0x011B], dense[0x0128] = 300.0, 300.0, 2
    return {
        "plain": pillow(name),
        "orientation": pillow(name, exif=turned),
        "ICC": pillow(name, icc_profile=PROFILE),
        "DPI": pillow(name, exif=dense, dpi=(300, 300)),
        "alpha": pillow(name, 4),
    }


def moving(name: str) -> dict[str, Callable[[], bytes]]:
    """An animation of three frames, by Pillow."""
    more = [Pillow.fromarray(np.roll(rgba(), shift, 1)) for shift in (9, 18)]
    return {"animation": pillow(name, 4, save_all=True, append_images=more, duration=[40, 120, 1000])}


def tiff_16() -> bytes:
    """A TIFF of 16 bits."""
    file = io.BytesIO()
    tifffile.imwrite(file, rgba(65535)[..., :3], photometric="rgb")
    return file.getvalue()


def bmp_with_alpha() -> bytes:
    """A BMP whose fourth header says where its alpha is; Pillow writes none."""
    masks = struct.pack("<4I", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    header = struct.pack("<IiiHHIIiiII", 108, 32, 24, 1, 32, 3, 32 * 24 * 4, 0, 0, 0, 0) + masks + b"BGRs" + bytes(48)
    pixels: bytes = rgba()[::-1, :, [2, 1, 0, 3]].tobytes()
    return b"BM" + struct.pack("<IHHI", 122 + len(pixels), 0, 0, 122) + header + pixels


def avif_10() -> bytes:
    """An AVIF of 10 bits."""
    samples = np.ascontiguousarray(rgba(65535)[..., :3] >> 6)
    return bytes(imagecodecs.avif_encode(samples, bitspersample=10, pixelformat="444", level=100))


def cases() -> list[Case]:
    """Every format that is read."""
    jpeg = {feature: make for feature, make in common("JPEG").items() if feature != "alpha"}
    names = {
        "plain": "rgb8",
        "orientation": "turned",
        "ICC": "icc",
        "DPI": "turned",
        "16 bit": "rgb10",
        "alpha": "rgba8",
    }
    heic = {feature: (HEIC / f"{name}.heic").read_bytes for feature, name in names.items()}
    png_16 = {"16 bit": lambda: bytes(imagecodecs.png_encode(rgba(65535)))}
    return [
        Case("JPEG", "jpeg", jpeg),
        Case("PNG", "png", common("PNG") | png_16 | moving("PNG")),
        Case("WebP", "webp", common("WEBP") | moving("WEBP")),
        Case("AVIF", "avif", common("AVIF") | {"16 bit": avif_10} | moving("AVIF")),
        Case("HEIC", None, heic),
        Case("TIFF", "tiff", common("TIFF") | {"16 bit": tiff_16}),
        Case("BMP", None, {"plain": pillow("BMP"), "DPI": pillow("BMP", dpi=(300, 300)), "alpha": bmp_with_alpha}),
        Case("GIF", "gif", {"plain": pillow("GIF"), "alpha": pillow("GIF", 4)} | moving("GIF")),
    ]


def has(feature: str, animation: Animation) -> bool:
    """The feature is there."""
    first = animation.frames[0]
    about = first.metadata
    match feature:
        case "orientation":
            return first.size[0] > first.size[1]
        case "ICC":
            return about.profile is not None
        case "DPI":
            return about.dpi is not None and max(about.dpi) > 299
        case "16 bit":
            return about.depth == 16
        case "alpha":
            return first.alpha is not None and float(first.alpha.min()) < 0.1 and float(first.alpha.max()) > 0.9
        case _:
            return list(animation.durations_ms) == [40, 120, 1000] and len(list(animation.frames)) == 3


def cell(case: Case, feature: str) -> str:
    """What becomes of a feature: yes, read, no or –."""
    if feature not in case.files:
        return "–"
    try:
        came = decode(case.files[feature]())
        if not has(feature, came):
            return "no"
    except FeathercutError:
        return "no"
    if case.key is None:
        return "read"
    try:
        depth = 16 if feature == "16 bit" else None
        left = decode(encode(came, Encode.model_validate({"format": case.key, "depth": depth})))
    except FeathercutError:
        return "read"
    return "yes" if has(feature, left) else "read"


def render() -> str:
    """The page."""
    rows = [["", "read", "written", *FEATURES]]
    for case in cases():
        is_read = bool(decode(case.files["plain"]()).frames[0].rgb.size)
        rows.append([case.name, "yes" if is_read else "no", "yes" if case.key in FORMATS else "no"])
        rows[-1] += [cell(case, feature) for feature in FEATURES]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|---" * len(rows[0]) + "|")
    return HEAD + "\n".join(lines) + "\n" + FOOT


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
