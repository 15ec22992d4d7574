"""A data set that is being made: photos copied byte for byte, mattes written, and what could not be had."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Literal

import numpy as np

from feathercut import files
from feathercut.errors import InputError, OutputError
from feathercut.formats.damage import damage_as_ours
from feathercut.formats.orientation import swaps_sides
from feathercut.pictures import FloatArray, Size

Progress = Callable[[str, int, int | None], None]
"""Told (name, pairs done, pairs in all, None where that is not known)."""
_ORIENTATION = 274


@dataclass
class Taken:
    """What came of an import: how many pairs are there, and a sentence for each that is not."""

    pairs: int = 0
    left_out: list[str] = field(default_factory=list)
    waiting: int = 0
    """Photos that were put aside, to be cut out by hand first."""


def begin(folder: Path, source: str, truth: Literal["soft", "hard"]) -> None:
    """Makes the folder, or sees that it came from the same layout. Raises OutputError.

    `set.json` says whether its truth is soft, for `feathercut data check` and for training.
    """
    said = {"imported": source, "truth": truth}
    note = folder / "set.json"
    if note.is_file():
        try:
            found = json.loads(note.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise OutputError(f"{note} cannot be read: {error}; choose another folder") from error
        if not isinstance(found, dict) or found.get("imported") != source:
            raise OutputError(f"{folder} holds another set; choose another folder")
        return
    if folder.is_dir() and any(folder.iterdir()):
        raise OutputError(f"{folder} holds something else already; choose a folder of its own")
    for name in ("images", "alpha"):
        files.make_folder(folder / name)
    files.write(note, (json.dumps(said, indent=1) + "\n").encode(), overwrite=True)


def name_of(path: str) -> str:
    """An id from a path below a source: its folders become part of the name, and nothing leads out.

    >>> name_of("day 1/../a/photo.of.me.jpg")
    'day 1-a-photo.of.me'
    """
    parts = [part for part in re.split(r"[\\/]", path) if part not in ("", ".", "..")]
    stem = re.sub(r"\.[A-Za-z0-9]{2,5}$", "", parts[-1]) if parts else ""
    return re.sub(r'[\x00-\x1f:*?"<>|]', "_", "-".join([*parts[:-1], stem])) or "photo"


def put(folder: Path, name: str, photo: Path, alpha: FloatArray) -> None:
    """Puts a pair into a set. Raises InputError or OutputError."""
    ending = photo.suffix.lower() or ".jpg"
    write_matte(folder / "alpha" / f"{name}.png", alpha)
    copy(photo, folder / "images" / f"{name}{ending}")


def copy(source: Path, target: Path) -> None:
    """Copies a photo byte for byte, whole or not at all. Raises InputError or OutputError."""
    files.make_folder(target.parent)
    try:
        data = source.read_bytes()
    except OSError as error:
        raise InputError(f"{source} cannot be read: {files.reason(error)}") from error
    files.write(target, data, overwrite=True)


def write_matte(path: Path, alpha: FloatArray) -> None:
    """Writes alpha as a grey PNG of 8 bits. Raises OutputError."""
    from PIL import Image as Pillow  # deferred: a costly start

    stream = BytesIO()
    Pillow.fromarray(np.rint(alpha * 255).astype(np.uint8)).save(stream, "PNG")
    files.make_folder(path.parent)
    files.write(path, stream.getvalue(), overwrite=True)


def turn_for(photo: Path, size_hw: Size) -> int:
    """How annotations of that size are to be turned so that they fit the upright photo, as EXIF counts orientations.

    Annotations of COCO are of the pixels as they lie in the file, those of other tools of the photo as it is shown.
    Raises InputError, which names the photo, where neither has this size.
    """
    from PIL import Image as Pillow  # deferred: a costly start

    try:
        with damage_as_ours(photo.suffix.lstrip(".").upper() or "file"), Pillow.open(photo) as picture:
            lies = picture.height, picture.width
            orientation = int(picture.getexif().get(_ORIENTATION, 1))
    except (OSError, InputError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise InputError(f"{photo} cannot be read: {reason}") from error
    if lies == size_hw:
        return orientation if 1 <= orientation <= 8 else 1
    if swaps_sides(orientation) and lies[::-1] == size_hw:
        return 1
    raise InputError(f"it has {lies[1]}×{lies[0]} pixels, and its annotations are for {size_hw[1]}×{size_hw[0]}")
