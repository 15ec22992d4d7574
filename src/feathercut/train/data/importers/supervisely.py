"""Supervisely's layout: `<project>/<dataset>/img/<photo>` with `<project>/<dataset>/ann/<photo>.json`.

An object is a bitmap (base64 of zlib of a PNG, at its origin) or a polygon of an outer line and holes. The objects of a
photo, or those of the chosen classes, together are its subject.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from feathercut.errors import InputError, OptionError
from feathercut.formats.orientation import upright
from feathercut.pictures import FloatArray, Size
from feathercut.train.data.importers.shapes import bitmap, polygon
from feathercut.train.data.importers.taken import Progress, Taken, begin, name_of, put, turn_for


def import_supervisely(project: Path, folder: Path, classes: Iterable[str], progress: Progress) -> Taken:
    """Writes the photos that have objects, and their masks. Raises InputError, OptionError or OutputError.

    What a photo lacks is told in `left_out` and stops nothing.
    """
    notes = sorted(path for path in project.rglob("*.json") if path.parent.name == "ann")
    if not notes:
        raise InputError(f"{project} has no `ann/*.json`; name the folder of the project, or of one of its data sets")
    wanted = set(classes)
    met: set[str] = set()
    begin(folder, "supervisely", "hard")
    taken = Taken()
    for done, note in enumerate(notes):
        photo = note.parent.with_name("img") / note.name.removesuffix(".json")
        try:
            size, objects = _read(note)
            met.update(str(one.get("classTitle")) for one in objects)
            chosen = [one for one in objects if not wanted or one.get("classTitle") in wanted]
            if chosen:
                turn = turn_for(photo, size)
                name = name_of(f"{photo.parent.parent.name}/{photo.name}")
                put(folder, name, photo, upright(_alpha(size, chosen), turn))
                taken.pairs += 1
        except (InputError, LookupError, TypeError, ValueError) as error:
            reason = f"its annotations lack {error}" if isinstance(error, LookupError) else error
            taken.left_out.append(f"{photo}: {reason}")
        progress(photo.name, done + 1, len(notes))
    if missing := sorted(wanted - met):
        raise OptionError(f"{project} has no object of class {', '.join(missing)}; it has {', '.join(sorted(met))}")
    return taken


def _read(note: Path) -> tuple[Size, list[dict[str, Any]]]:
    said = json.loads(note.read_text("utf-8"))
    return (int(said["size"]["height"]), int(said["size"]["width"])), list(said["objects"])


def _alpha(size: Size, objects: list[dict[str, Any]]) -> FloatArray:
    alpha = np.zeros(size, np.float32)
    for one in objects:
        # Older files name no geometry; what is there says it.
        packed, points = one.get("bitmap"), one.get("points") or {}
        if packed:
            drawn = bitmap(size, packed["data"], packed["origin"])
        elif points.get("exterior") and one.get("geometryType", "polygon") == "polygon":
            drawn = polygon(size, _lines(points["exterior"]), [_lines(hole) for hole in points.get("interior", [])])
        else:
            raise InputError(f"an object is a {one.get('geometryType', 'thing')}, neither bitmap nor polygon")
        np.maximum(alpha, drawn, out=alpha)
    return alpha


def _lines(points: Any) -> list[tuple[float, float]]:
    """Points (x, y), which name pixels, at the middle of those."""
    return [(float(x) + 0.5, float(y) + 0.5) for x, y in points]
