"""Draws docs/networks/depths.jpg: what U²-Net-p and IS-Net answer at each depth of an example photo.

`.venv/bin/python scripts/networks_depths.py`. It runs the published networks; `feathercut explain` shows this of any
photo.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from feathercut.explain.depths import answers
from feathercut.models import catalogue, weights
from feathercut.pictures import FloatArray
from feathercut.settings import Settings
from feathercut.steps.decode import decode
from feathercut.steps.predict import place

REPOSITORY = Path(__file__).parents[1]
PHOTO = REPOSITORY / "examples" / "photos" / "cat.jpg"
OUT = REPOSITORY / "docs" / "networks" / "depths.jpg"
SIDE, GAP = 150, 6


def row(model: str) -> list[FloatArray]:
    """The photo as the network sees it, then its mattes from the deepest to the finest; each SIDE×SIDE×3."""
    record, settings = catalogue.find(model), Settings.read()
    image = decode(PHOTO.read_bytes()).frames[0]
    canvas, _ = place(image, record.input.size, record.input)
    mattes = answers(canvas, record, record.input.size, weights.locate(record, settings), settings)
    return [_cell(canvas), *(_cell(np.repeat(one[..., None], 3, axis=2)) for one in reversed(mattes))]


def _cell(rgb: FloatArray) -> FloatArray:
    small = Pillow.fromarray((np.clip(rgb, 0, 1) * 255).astype(np.uint8)).resize((SIDE, SIDE), Pillow.Resampling.BOX)
    return np.asarray(small, np.float32)


def main() -> int:
    """The exit code."""
    rows = [row("u2netp"), row("isnet-general")]
    columns = max(map(len, rows))
    sheet = np.full((2 * SIDE + GAP, columns * (SIDE + GAP) - GAP, 3), 255, np.float32)
    for number, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            top, left = number * (SIDE + GAP), column * (SIDE + GAP)
            sheet[top : top + SIDE, left : left + SIDE] = cell
    Pillow.fromarray(sheet.astype(np.uint8)).save(OUT, quality=85, optimize=True)
    print(f"{OUT.relative_to(REPOSITORY)}: {OUT.stat().st_size // 1000} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
