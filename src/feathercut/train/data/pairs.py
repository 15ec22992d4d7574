"""A folder of photos and mattes as a sequence of pairs, each read when it is asked for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import overload

import numpy as np

from feathercut.errors import InputError
from feathercut.evaluate.reading import read_alpha
from feathercut.kernels.colour import to_srgb
from feathercut.options import Decode
from feathercut.pictures import FloatArray
from feathercut.sources import load
from feathercut.steps.seen import visible
from feathercut.train.data.index import Files, Index, open_index
from feathercut.train.data.pair import Pair

_DECODE = Decode()
_SOFT = (5 / 255, 250 / 255)
_SOFT_FROM = 0.0002
"""Of all pixels: masks have none between inside and outside; the edge of a smooth body is 0.002 of a photo."""


class Pairs(Sequence[Pair]):
    """The pairs of a data set in the order of their ids: `images/<id>.jpg` with `alpha/<id>.png`, and so on.

    `len(pairs)` and `pairs[number]`; a pair that cannot be read raises InputError, which names its file. What is in
    memory does not grow with the set.
    """

    def __init__(self, folder: Path, index: Index) -> None:
        self.folder = folder
        self.listing = index
        self._are_masks = said_of(folder).get("truth") == "hard"

    @classmethod
    def open(cls, folder: Path) -> Pairs:
        """The data set in a folder. Raises InputError where it is none."""
        return cls(folder, open_index(folder))

    def __len__(self) -> int:
        return len(self.listing)

    @overload
    def __getitem__(self, number: int) -> Pair: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Pair]: ...
    def __getitem__(self, number: int | slice) -> Pair | Sequence[Pair]:
        if isinstance(number, slice):
            from feathercut.train.data.split import Part  # deferred: it knows this class

            return Part(self, np.arange(len(self))[number])
        if not -len(self) <= number < len(self):
            raise IndexError(f"There are {len(self)} pairs in {self.folder}")
        return read_pair(self.listing[number % len(self)], are_masks=self._are_masks)

    def files(self, number: int) -> Files:
        """The paths of one pair."""
        return self.listing[number]


def read_pair(files: Files, *, are_masks: bool = False) -> Pair:
    """One pair from its files. Raises InputError, which names the file."""
    rgb = read_photo(files.image)
    alpha = read_matte(files.alpha)
    if alpha.shape != rgb.shape[:2]:
        (height, width), (own_height, own_width) = alpha.shape, rgb.shape[:2]
        raise InputError(
            f"{files.alpha} has {width}×{height} pixels and its photo {own_width}×{own_height}; "
            "`feathercut data check` names all that do not fit"
        )
    return Pair.of(rgb, alpha, is_mask=are_masks or soft_share(alpha) < _SOFT_FROM)


def read_photo(path: Path) -> FloatArray:
    """A photo, H×W×3 in [0, 1], upright and in sRGB, grey behind transparent parts. Raises InputError."""
    image = load(path, _DECODE).frames[0]
    return to_srgb(visible(image), image.metadata.profile)


def read_matte(path: Path) -> FloatArray:
    """The alpha in a file, H×W in [0, 1]. Raises InputError."""
    integers = read_alpha(path)
    return integers.astype(np.float32) / np.float32(np.iinfo(integers.dtype).max)


def soft_share(alpha: FloatArray) -> float:
    """The share of pixels that are neither inside nor outside."""
    return float(np.count_nonzero((alpha > _SOFT[0]) & (alpha < _SOFT[1])) / alpha.size)


def said_of(folder: Path) -> dict[str, object]:
    """What `set.json` says of a data set; nothing where there is none. Raises InputError where it is broken."""
    path = folder / "set.json"
    if not path.is_file():
        return {}
    try:
        said = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {error}; repair it, or take it away") from error
    return said if isinstance(said, dict) else {}
