"""A folder of photos without mattes, as pairs whose alpha says nothing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import overload

import numpy as np

from feathercut.errors import InputError
from feathercut.train.data import Pair
from feathercut.train.data.listing import listed
from feathercut.train.data.pairs import read_photo


class Photos(Sequence[Pair]):
    """The photos of a folder, or of `images` in it, by name; each is read when it is asked for."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths

    @classmethod
    def open(cls, folder: Path) -> Photos:
        """The photos in a folder. Raises InputError where there are none."""
        where = folder / "images" if (folder / "images").is_dir() else folder
        endings: list[str] = []
        found = listed(where.parent, where.name, endings)
        named = zip(found.ids, found.endings, strict=True)
        paths = [where / f"{os.fsdecode(bytes(one))}{endings[ending]}" for one, ending in named]
        if not paths:
            raise InputError(f"{folder} has no photos to keep the answers to")
        return cls(paths)

    def __len__(self) -> int:
        return len(self._paths)

    @overload
    def __getitem__(self, number: int) -> Pair: ...
    @overload
    def __getitem__(self, number: slice) -> Photos: ...
    def __getitem__(self, number: int | slice) -> Pair | Photos:
        if isinstance(number, slice):
            return Photos(self._paths[number])
        rgb = read_photo(self._paths[number])
        return Pair.of(rgb, np.zeros(rgb.shape[:2], np.float32))
