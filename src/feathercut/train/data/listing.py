"""The pictures of one folder of a data set and of those below it, as arrays."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from feathercut.errors import InputError

_READ = re.compile(r"\.(jpe?g|jpe|jfif|mpo|a?png|webp|avif|hei[cf]|hif|tiff?|bmp|dib|gif)", re.IGNORECASE)
_BLOCK = 20_000
"""Names that are Python's objects at a time."""
_MOST_ENDINGS = 256
_NAMED = 1000


@dataclass(frozen=True)
class Listed:
    """The ids of a folder's pictures, sorted as bytes, each once, and the number of each one's ending.

    `folders` are those that were read, below the set, with when they changed last in ns. `twice` are files whose id
    another one has as well, at most a thousand of `twice_count`.
    """

    ids: NDArray[np.bytes_]
    endings: NDArray[np.uint8]
    all_endings: list[str]
    folders: dict[str, int]
    twice_count: int
    twice: list[str]


def listed(folder: Path, name: str, all_endings: list[str]) -> Listed:
    """The pictures in `name` of a set; `all_endings` grows by those that are new. Raises InputError."""
    folders: dict[str, int] = {}
    blocks: list[NDArray[np.bytes_]] = []
    kinds: list[NDArray[np.uint8]] = []
    names: list[bytes] = []
    endings = bytearray()
    numbers = {ending: number for number, ending in enumerate(all_endings)}

    def close_block() -> None:
        if names:
            blocks.append(np.array(names))
            kinds.append(np.frombuffer(bytes(endings), np.uint8))
            names.clear()
            endings.clear()

    for found, ending in _pictures(folder, name, folders):
        if ending not in numbers:
            if len(numbers) == _MOST_ENDINGS:
                raise InputError(f"{folder / name}: files of more than {_MOST_ENDINGS} endings; name them alike")
            numbers[ending] = len(all_endings)
            all_endings.append(ending)
        names.append(os.fsencode(found))
        endings.append(numbers[ending])
        if len(names) == _BLOCK:
            close_block()
    close_block()
    ids = np.concatenate(blocks) if blocks else np.zeros(0, "S1")
    codes = np.concatenate(kinds) if kinds else np.zeros(0, np.uint8)
    order = np.lexsort((codes, ids))
    ids, codes = ids[order], codes[order]
    again = np.zeros(len(ids), np.bool_)
    again[1:] = ids[1:] == ids[:-1]
    twice = [
        f"{name}/{os.fsdecode(bytes(ids[number]))}{all_endings[codes[number]]}"
        for number in np.flatnonzero(again)[:_NAMED]
    ]
    return Listed(ids[~again], codes[~again], all_endings, folders, int(again.sum()), twice)


def _pictures(folder: Path, name: str, folders: dict[str, int]) -> Iterator[tuple[str, str]]:
    """(id, ending) of each picture; notes every folder before it is read, so that no change is missed."""
    waiting = [""]
    while waiting:
        below = waiting.pop()
        where = folder / name / below
        try:
            folders[str(PurePosixPath(name) / below)] = where.stat().st_mtime_ns
            with os.scandir(where) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    stem, ending = os.path.splitext(entry.name)  # noqa: PTH122 - a Path a file is ten times as slow
                    found = f"{below}/{stem}" if below else stem
                    if _READ.fullmatch(ending):
                        yield found, ending
                    elif entry.is_dir(follow_symlinks=False):
                        waiting.append(f"{below}/{entry.name}" if below else entry.name)
        except OSError as error:
            raise InputError(f"{where} cannot be looked into: {error.strerror or error}") from error
