"""COCO's layout: a folder of photos, and one JSON file of their images, categories and annotations.

`segmentation` is a list of polygons, or run lengths as a list or packed into a string. The objects of a photo, or those
of the chosen categories, together are its subject.
"""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from feathercut.errors import InputError, OptionError
from feathercut.formats.orientation import upright
from feathercut.pictures import FloatArray, Size
from feathercut.train.data.importers.json_items import items
from feathercut.train.data.importers.shapes import number_pairs, polygon, run_lengths
from feathercut.train.data.importers.taken import Progress, Taken, begin, name_of, put, turn_for


def import_coco(annotations: Path, photos: Path, folder: Path, classes: Iterable[str], progress: Progress) -> Taken:
    """Writes the photos that have annotations, and their masks. Raises InputError, OptionError, OutputError.

    What a photo lacks is told in `left_out` and stops nothing. The annotations are read one by one.
    """
    wanted = _categories(annotations, set(classes))
    sizes = {one["id"]: one for one in items(annotations, "images")}
    shapes: dict[Any, list[bytes]] = defaultdict(list)
    for one in items(annotations, "annotations"):
        if wanted is None or one.get("category_id") in wanted:
            # Packed: those of 120,000 photos would take gigabytes as Python's numbers.
            packed = zlib.compress(json.dumps(one.get("segmentation")).encode(), 1)
            shapes[one.get("image_id")].append(packed)
    begin(folder, "coco", "hard")
    taken = Taken()
    for done, (image, drawn) in enumerate(shapes.items()):
        try:
            about = sizes[image]
            _take(about, drawn, photos, folder)
            taken.pairs += 1
        except KeyError as error:
            taken.left_out.append(f"image {image}: its entry lacks {error}")
        except (InputError, TypeError, ValueError) as error:
            taken.left_out.append(f"{sizes.get(image, {}).get('file_name', image)}: {error}")
        progress(str(image), done + 1, len(shapes))
    return taken


def _take(about: dict[str, Any], drawn: list[bytes], photos: Path, folder: Path) -> None:
    size = int(about["height"]), int(about["width"])
    photo = photos / about["file_name"]
    if not photo.resolve().is_relative_to(photos.resolve()):
        raise InputError(f"{photo} lies outside of {photos}")
    turn = turn_for(photo, size)
    put(folder, name_of(about["file_name"]), photo, upright(_alpha(size, drawn), turn))


def _alpha(size: Size, drawn: list[bytes]) -> FloatArray:
    alpha = np.zeros(size, np.float32)
    for packed in drawn:
        one = json.loads(zlib.decompress(packed))
        if isinstance(one, dict):
            if (said := tuple(int(side) for side in one["size"])) != size:
                raise InputError(f"run lengths for {said[1]}×{said[0]} pixels in a photo of {size[1]}×{size[0]}")
            np.maximum(alpha, run_lengths(one["counts"], size), out=alpha)
            continue
        for outline in one or ():
            np.maximum(alpha, polygon(size, number_pairs(outline)), out=alpha)
    if not alpha.any():
        raise InputError("its annotations cover nothing")
    return alpha


def _categories(annotations: Path, names: set[str]) -> set[Any] | None:
    """The numbers of the categories of these names; None for all. Raises OptionError."""
    known = {one.get("name"): one.get("id") for one in items(annotations, "categories")}
    if not names:
        return None
    if missing := sorted(names - known.keys()):
        raise OptionError(f"{annotations} has no category {', '.join(missing)}; it has {', '.join(map(str, known))}")
    return {known[name] for name in names}
