"""Writes docs/cutouts.jpg, the README's picture: the example photos as Feathercut cuts them out."""

from __future__ import annotations

from pathlib import Path

from PIL import Image as Pillow

import feathercut
import sheet

REPOSITORY = Path(__file__).parents[1]
PICTURE = REPOSITORY / "docs" / "cutouts.jpg"
PHOTOS = ("astronaut.jpg", "cat.jpg", "cup.jpg")


def main() -> None:
    rows = []
    with feathercut.Remover(model="isnet-general") as remover:
        for name in PHOTOS:
            path = REPOSITORY / "examples" / "photos" / name
            shown = dict(sheet.panels(Pillow.open(path), remover.remove(path)))
            rows.append([(label, shown[label]) for label in ("photo", "matte", "cutout", "#00b140")])
    sheet.draw(rows, height_px=240).save(PICTURE, quality=88, optimize=True)
    print(f"{PICTURE}: {PICTURE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
