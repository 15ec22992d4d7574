"""Makes a photo with a camera's noise, of 12 megapixels or as many as are named: `python -m bench.photo TARGET [N]`."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from bench.places import ROOT

_MEGAPIXELS = 12.0
_NOISE = 4.0
"""Standard deviation of 255: enlarged photos are smoother than any camera's, and noise costs encoders time."""


def source() -> Path:
    """A real photo to enlarge: one of the shared ones, else the first example."""
    shared = ROOT.parent / "shared" / "bench" / "photos" / "images" / "kitten.jpg"
    if shared.is_file():
        return shared
    return next(path for path in sorted((ROOT / "examples" / "photos").iterdir()) if path.suffix in (".jpg", ".png"))


def make(target: Path, megapixels: float = _MEGAPIXELS) -> None:
    """Writes the photo at 4:3, resized and with mild noise, the same at every run."""
    width = round((megapixels * 1e6 * 4 / 3) ** 0.5)
    height = round(width * 3 / 4)
    with Image.open(source()) as image:
        resized = ImageOps.fit(image.convert("RGB"), (width, height), Image.Resampling.LANCZOS)
    noise = np.random.default_rng(1).normal(0, _NOISE, (height, width, 3)).astype(np.float32)
    pixels = np.clip(np.asarray(resized, np.float32) + noise, 0, 255).round().astype(np.uint8)
    part = target.with_suffix(".part")
    Image.fromarray(pixels).save(part, "JPEG", quality=92)
    part.replace(target)


if __name__ == "__main__":
    make(Path(sys.argv[1]), *map(float, sys.argv[2:]))
