"""Makes the photo of 12 megapixels: `python -m bench.photo TARGET`."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from bench.places import ROOT

_SIZE = (4000, 3000)
_NOISE = 4.0
"""Standard deviation of 255: enlarged photos are smoother than any camera's, and noise costs encoders time."""


def source() -> Path:
    """A real photo to enlarge: one of the shared ones, else the first example."""
    shared = ROOT.parent / "shared" / "bench" / "photos" / "images" / "kitten.jpg"
    if shared.is_file():
        return shared
    return next(path for path in sorted((ROOT / "examples" / "photos").iterdir()) if path.suffix in (".jpg", ".png"))


def make(target: Path) -> None:
    """Writes the enlarged photo, with mild noise, the same at every run."""
    with Image.open(source()) as image:
        enlarged = ImageOps.fit(image.convert("RGB"), _SIZE, Image.Resampling.LANCZOS)
    noise = np.random.default_rng(1).normal(0, _NOISE, (_SIZE[1], _SIZE[0], 3)).astype(np.float32)
    pixels = np.clip(np.asarray(enlarged, np.float32) + noise, 0, 255).round().astype(np.uint8)
    part = target.with_suffix(".part")
    Image.fromarray(pixels).save(part, "JPEG", quality=92)
    part.replace(target)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
