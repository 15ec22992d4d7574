"""Builds a page of twenty difficult photos: `python scripts/difficult.py [PHOTOS_DIR]`, into out/difficult/.

Each photo with its matte and its cutout on a checkerboard, white, black and green, and all of these once more where
the matte is least certain. What was seen on it is in docs/difficult-photos.md.
"""

from __future__ import annotations

import argparse
import html
import sys
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

import sheet
from feathercut.errors import FeathercutError
from feathercut.options import Decode
from feathercut.pictures import FloatArray
from feathercut.remover import Remover
from feathercut.result import Result
from feathercut.sources import load

REPOSITORY = Path(__file__).parents[1]
PHOTOS = REPOSITORY.parent / "shared" / "bench" / "photos"
OUT = REPOSITORY / "out" / "difficult"
DIFFICULT = {
    "bracelet_on_white_product": "white on white, with frames of earlier editing",
    "face_white_bg": "white on white, a face",
    "group_beach_lowres": "a group, small file",
    "horses": "a group, dust",
    "sheep_group": "a group, wool, cut off by the frame",
    "dessert_table_glass": "glass, a laid table",
    "hand_cassette": "a transparent thing",
    "glass_doors": "glass, no subject",
    "barbed_wire": "a net, low contrast",
    "chair_lattice": "a lattice",
    "bike_mountain": "spokes",
    "mosquito_thin": "thin legs, glassy wings",
    "rifle_lowres": "thin parts, small file",
    "aeroplane_hires": "a small subject in a large photo, a propeller",
    "illustration_anime3": "a drawing, flying hair",
    "calligraphy": "strokes on paper",
    "alpaca": "wool",
    "portrait_stripes_teal": "braids on a plain wall",
    "portrait_window_silhouette": "dark on dark",
    "portrait_field_back": "legs in grass",
}
_ZOOM = 1 / 7
"""Side of what is zoomed, of the photo's longer side."""
_SMALLEST_ZOOM_PX = 64


def uncertain_box(alpha: FloatArray) -> tuple[int, int, int, int]:
    """(left, top, right, bottom) of the square in which the matte, H×W, is least certain."""
    height, width = alpha.shape
    side = min(height, width, max(_SMALLEST_ZOOM_PX, round(max(height, width) * _ZOOM)))
    sums = np.pad(np.cumsum(np.cumsum(alpha * (1 - alpha), axis=0, dtype=np.float64), axis=1), ((1, 0), (1, 0)))
    inside = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    top, left = divmod(int(inside.argmax()), inside.shape[1])
    return left, top, left + side, top + side


def draw(path: Path, result: Result, target: Path) -> None:
    """Writes the sheet of a photo: the whole of it in a row, and below it the part that is least certain."""
    frame = load(path, Decode()).frames[0]
    photo = Pillow.fromarray(np.floor(frame.rgb * 255 + 0.5).astype(np.uint8))
    whole = sheet.panels(photo, result)
    box = uncertain_box(result.cutout.alpha)
    zoomed = [(f"{label}, zoomed", picture.crop(box)) for label, picture in whole]
    # As in `make run`: the photo's encoding is that of all its panels.
    sheet.draw([whole, zoomed]).save(target, quality=88, icc_profile=frame.metadata.profile)


def find(folder: Path) -> dict[str, Path]:
    """The twenty photos by id. Raises FileNotFoundError, which names what is missing."""
    places = [folder / "images", folder]
    found = {path.stem: path for place in places if place.is_dir() for path in sorted(place.iterdir())}
    if missing := [name for name in DIFFICULT if name not in found]:
        raise FileNotFoundError(f"{folder} has no photo named {', '.join(missing)}; give the folder that has them")
    return {name: found[name] for name in DIFFICULT}


def page(notes: dict[str, str]) -> str:
    """The HTML of the page, from a line about each photo."""
    parts = [
        f'<h2 id="{name}">{name}</h2><p>{html.escape(note)}</p><img src="{name}.jpg" alt="{name} on four backgrounds">'
        for name, note in notes.items()
    ]
    style = "body{font:15px sans-serif;margin:2em;background:#fafafa}img{max-width:100%}"
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Difficult photos</title><style>{style}</style>'
        f"<h1>Twenty difficult photos, default settings</h1>{''.join(parts)}</html>\n"
    )


def build(photos: dict[str, Path]) -> None:
    """Cuts the photos out and writes the page."""
    OUT.mkdir(parents=True, exist_ok=True)
    notes = {}
    with Remover() as remover:
        for name, path in photos.items():
            result = remover.remove(path)
            draw(path, result, OUT / f"{name}.jpg")
            alpha = result.cutout.alpha
            soft = float(((alpha > 0.02) & (alpha < 0.98)).mean())
            kept = f"{alpha.mean():.1%} of the photo kept, {soft:.1%} of it soft"
            notes[name] = f"{DIFFICULT[name]}: " + (kept if result.found else "no subject found")
            print(f"{name}: {notes[name]}", flush=True)
    (OUT / "index.html").write_text(page(notes), "utf-8")
    print(f"{OUT / 'index.html'}: {len(notes)} photos")


def main() -> int:
    """The exit code: 1 where something was wrong, with a line that says what."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=Path, nargs="?", default=PHOTOS, help="where the photos are, or their `images`")
    try:
        build(find(parser.parse_args().photos))
    except (FeathercutError, OSError) as error:
        print(f"difficult photos: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
