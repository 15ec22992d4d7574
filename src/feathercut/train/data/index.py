"""Which photo of a data set belongs to which matte: a list that lies on the disk and is looked at, not loaded.

    <set>/.feathercut-index    a line, the length of a header, the header in JSON, then three arrays: the ids in order
                               (bytes of one width), and the number of each photo's and each matte's ending

The names of half a million pairs take 100 MB as Python's objects; here they are pages of a file, of which the system
keeps those that are read. The header has the time at which each folder changed last: an index whose folders changed
since is written anew. A folder that changed a moment before it was read is not trusted to show the next change.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from feathercut import files
from feathercut.errors import InputError, OutputError
from feathercut.train.data.listing import Listed, listed

NAME = ".feathercut-index"
_FIRST_LINE = b"feathercut pairs 1\n"
_MOMENT_NS = 2_000_000_000
"""Some disks note times to two seconds."""
_NAMED = 1000
"""Files that lack a partner, or share an id, of which the names are kept; the others are counted."""

Names = NDArray[np.bytes_]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Files:
    """One pair by its paths; `id` is the photo's path below `images`, without its ending."""

    id: str
    image: Path
    alpha: Path


class Index:
    """The pairs of a folder in the order of their ids: `len(index)`, `index[number]`."""

    def __init__(self, folder: Path, header: dict[str, Any], ids: Names, images: Bytes, alphas: Bytes) -> None:
        self._folder, self._header = folder, header
        self._ids, self._images, self._alphas = ids, images, alphas

    def __len__(self) -> int:
        return len(self._ids)

    def __getitem__(self, number: int) -> Files:
        name = os.fsdecode(bytes(self._ids[number]))
        endings = self._header["endings"]
        image, alpha = endings[self._images[number]], endings[self._alphas[number]]
        return Files(name, self._folder / "images" / f"{name}{image}", self._folder / "alpha" / f"{name}{alpha}")

    @property
    def ids(self) -> Names:
        """All ids as bytes, in order; pages of the file."""
        return self._ids

    def left_out(self, kind: str) -> tuple[int, list[str]]:
        """How many files are in no pair, and the first thousand, below the set.

        `kind` is `images` or `alpha` for those without a partner, `twice` for those of an id that was met before.
        """
        count, names = self._header[kind]
        return int(count), list(names)


def open_index(folder: Path) -> Index:
    """The index of a data set; the one that an earlier look left where nothing changed since.

    Raises InputError where the folder is no data set or cannot be read.
    """
    for name, what in (("images", "the photos"), ("alpha", "their mattes, of the same names")):
        if not (folder / name).is_dir():
            raise InputError(f"{folder} is no data set: it has no folder `{name}` for {what}")
    path = folder / NAME
    if (header := _read_header(path)) is not None and header["folders"] == _times(folder, header["folders"]):
        return _mapped(folder, path, header)
    return _made(folder, path)


def _times(folder: Path, names: dict[str, int]) -> dict[str, int]:
    """When each of the folders changed last, in ns; -1 where it is not there."""
    found = {}
    for name in names:
        try:
            found[name] = (folder / name).stat().st_mtime_ns
        except OSError:
            found[name] = -1
    return found


def _read_header(path: Path) -> dict[str, Any] | None:
    """The header of an index, with the place where its arrays begin; None where there is none that can be read."""
    try:
        with path.open("rb") as file:
            if file.readline() != _FIRST_LINE:
                return None
            length = int(file.readline())
            header: dict[str, Any] = {**json.loads(file.read(length)), "start": file.tell()}
            is_whole = path.stat().st_size == header["start"] + header["count"] * (header["width"] + 2)
            return header if is_whole else None
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _mapped(folder: Path, path: Path, header: dict[str, Any]) -> Index:
    count, width, start = header["count"], header["width"], header["start"]
    if count == 0:
        none = np.zeros(0, np.uint8)
        return Index(folder, header, np.zeros(0, f"S{width}"), none, none)
    ids: Names = np.memmap(path, f"S{width}", "r", start, count)
    images: Bytes = np.memmap(path, np.uint8, "r", start + count * width, count)
    alphas: Bytes = np.memmap(path, np.uint8, "r", start + count * (width + 1), count)
    return Index(folder, header, ids, images, alphas)


def _made(folder: Path, path: Path) -> Index:
    """Reads the folders, writes their index beside them, or to a file that goes with this process."""
    now = time.time_ns()
    endings: list[str] = []
    images, alphas = listed(folder, "images", endings), listed(folder, "alpha", endings)
    _, of_images, of_alphas = np.intersect1d(images.ids, alphas.ids, assume_unique=True, return_indices=True)
    changed = {**images.folders, **alphas.folders}
    header = {
        "count": len(of_images),
        "width": max(1, images.ids.dtype.itemsize),
        "endings": endings,
        "folders": {name: -2 if now - at < _MOMENT_NS else at for name, at in changed.items()},
        "images": _alone(images, of_images, "images"),
        "alpha": _alone(alphas, of_alphas, "alpha"),
        "twice": [images.twice_count + alphas.twice_count, [*images.twice, *alphas.twice][:_NAMED]],
    }
    text = json.dumps(header).encode()
    parts = [_FIRST_LINE, f"{len(text)}\n".encode(), text]
    arrays = (images.ids[of_images], images.endings[of_images], alphas.endings[of_alphas])
    try:
        files.write(path, [*parts, *(array.tobytes() for array in arrays)], overwrite=True)
    except OutputError:  # a disk that is not ours to write on: the list is made anew the next time
        return _mapped_for_now(folder, [*parts, *(array.tobytes() for array in arrays)])
    found = _read_header(path)
    if found is None:
        raise InputError(f"{path} was written and cannot be read; look at the disk")
    return _mapped(folder, path, found)


def _mapped_for_now(folder: Path, parts: list[bytes]) -> Index:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as where:  # a map outlives its file's name
        path = Path(where) / NAME
        files.write(path, parts, overwrite=True)
        header = _read_header(path)
        if header is None:
            raise InputError(f"{path} was written and cannot be read; look at the disk")
        return _mapped(folder, path, header)


def _alone(side: Listed, paired: NDArray[np.intp], name: str) -> list[Any]:
    """How many files of one side have no partner, and the first of them."""
    is_alone = np.ones(len(side.ids), np.bool_)
    is_alone[paired] = False
    numbers = np.flatnonzero(is_alone)
    named = [
        f"{name}/{os.fsdecode(bytes(side.ids[number]))}{side.all_endings[side.endings[number]]}"
        for number in numbers[:_NAMED]
    ]
    return [len(numbers), named]
