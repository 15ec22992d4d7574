"""What stands behind a subject: a photograph, cut, mirrored, enlarged and often out of focus, as the seed says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from feathercut.errors import DamagedPictureError, OptionError
from feathercut.pictures import FloatArray, Size

_PICTURES = {".jpg", ".jpeg", ".png", ".webp"}
_EXAMPLES = Path(__file__).parents[4] / "examples" / "photos"
"""The photos of a clone; an installed package has none."""


def photographs(folder: Path | None = None) -> list[Path]:
    """The photos of a folder by name, without one the three example photos. Raises OptionError where there are none."""
    where = folder or _EXAMPLES
    found = sorted(path for path in where.iterdir() if path.suffix.lower() in _PICTURES) if where.is_dir() else []
    if not found:
        hint = "" if folder else "; the example photos come with a clone, so name a folder with `--backgrounds DIR`"
        raise OptionError(f"No photo (.jpg, .png, .webp) in {where} to put subjects in front of{hint}")
    return found


def background(random: np.random.Generator, photos: Sequence[Path], size_hw: Size) -> FloatArray:
    """A part of one of the photos, H×W×3 in [0, 1]; most are out of focus, as behind a portrait.

    The part is enlarged where the photo has fewer pixels. Raises DamagedPictureError.
    """
    from PIL import Image, ImageFilter, ImageOps

    path = photos[int(random.random() * len(photos))]
    share, left, top, is_mirrored, blur, gain = random.random(6).tolist()
    tint = random.uniform(0.92, 1.08, 3)
    try:
        with Image.open(path) as file:
            photo = ImageOps.exif_transpose(file).convert("RGB")
    except OSError as error:
        raise DamagedPictureError(f"{path} cannot be read as a background: {error}") from error
    height, width = size_hw
    scale = min(photo.width / width, photo.height / height) * (0.55 + 0.45 * share)
    box_width, box_height = width * scale, height * scale
    x, y = (photo.width - box_width) * left, (photo.height - box_height) * top
    part = photo.resize((width, height), Image.Resampling.BICUBIC, (x, y, x + box_width, y + box_height))
    if is_mirrored < 0.5:
        part = ImageOps.mirror(part)
    if blur > 0.3:
        part = part.filter(ImageFilter.GaussianBlur((1.5 + 16 * (blur - 0.3)) * min(size_hw) / 768))
    rgb = np.asarray(part, np.float32) / 255
    lit: FloatArray = np.clip(rgb * (0.8 + 0.4 * gain) * tint, 0, 1).astype(np.float32)
    return lit
