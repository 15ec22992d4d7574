"""Image → Prediction, once more: what networks make of the part of a photo in which there is a subject."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from feathercut.engines import Engine
from feathercut.kernels.resample import resize
from feathercut.models.spec import Record
from feathercut.pictures import FloatArray, Image, Prediction, Size
from feathercut.steps.predict import Box, predict

_AROUND, _AROUND_DRAWN = 0.3, 0.2
"""How much of its surroundings is seen with a subject, of its longer side: by what fills it, and by what draws it."""
_SEAM, _SEAM_OF_ALL = 16, 14
"""What is left out along the edges of a part drawn from near, as networks err at what is cut off: so many cells, or
where that is less the side's so-manieth part, which is half of the surroundings at most."""
_DRAWN = 0.5
"""What is drawn, of the highest alpha of all."""
_LEAST = 0.005
"""The share of a row or column that is drawn where a subject begins: a speck moves no box."""


def closer(
    image: Image, drawn: Prediction, seen: Prediction, record: Record, engine: Engine, network_size: int | None = None
) -> Prediction:
    """`seen`, the network's answer to the whole photo, or where that is higher its answer to the subject alone.

    A subject that is small in the photo is larger in the second answer. `drawn` is what another network sees of
    the photo and says where the subject is. Where it fills the photo the network is not asked again. Raises
    NetworkError where the answer is not a matte.
    """
    shown = seen.shown
    size = (shown.shape[0], shown.shape[1])
    box = _box(drawn.shown, image.size, size, _AROUND)
    if box == (0, 0, *size):
        return seen
    top, left, bottom, right = box
    both = replace(seen, alpha=seen.alpha.copy())
    place = both.shown[top:bottom, left:right]
    np.maximum(place, _from_near(image, box, size, record, engine, network_size), out=place)
    return both


def drawn_closer(
    image: Image, drawn: Prediction, record: Record, engine: Engine, network_size: int | None = None
) -> Prediction | None:
    """The subject as the network draws it from near, on what it drew of the rest: a twin of `drawn`.

    None where the subject fills the photo. Raises NetworkError where the answer is not a matte.
    """
    size = (drawn.shown.shape[0], drawn.shown.shape[1])
    box = _box(drawn.shown, image.size, size, _AROUND_DRAWN)
    if box == (0, 0, *size):
        return None
    top, left, bottom, right = box
    near = _from_near(image, box, size, record, engine, network_size)
    twin = replace(drawn, alpha=drawn.alpha.copy(), is_twin=True)
    # Where the part ends with the photo, nothing was cut off.
    seams = [min(_SEAM, side // _SEAM_OF_ALL) for side in near.shape]
    rows = slice(seams[0] * (top > 0), near.shape[0] - seams[0] * (bottom < size[0]))
    columns = slice(seams[1] * (left > 0), near.shape[1] - seams[1] * (right < size[1]))
    twin.shown[top:bottom, left:right][rows, columns] = near[rows, columns]
    return twin


def _from_near(
    image: Image, box: Box, size: Size, record: Record, engine: Engine, network_size: int | None
) -> FloatArray:
    """The network's answer to a box of the photo, which is given in cells of a grid of that size; as many cells."""
    top, left, bottom, right = box
    part = _part(image, (top / size[0], left / size[1], bottom / size[0], right / size[1]))
    return resize(predict(part, record, engine, network_size).shown, (bottom - top, right - left), "bilinear")


def _box(drawn: FloatArray, photo: Size, cells: Size, share: float) -> Box:
    """Where the subject lies with that share of its longer side around it, in cells of a grid over the photo.

    All of it where there is no subject.
    """
    marks = drawn >= _DRAWN * max(float(drawn.max()), 1e-6)
    rows, columns = (np.flatnonzero(marks.mean(axis=axis) >= _LEAST) for axis in (1, 0))
    if not (len(rows) and len(columns)):
        return 0, 0, *cells
    # In shares of the photo's sides, between which the networks keep no proportion.
    low = np.array([rows[0], columns[0]]) / drawn.shape
    high = np.array([rows[-1] + 1, columns[-1] + 1]) / drawn.shape
    around = share * float(((high - low) * photo).max()) / np.array(photo)
    top, left = np.maximum(np.floor((low - around) * cells), 0).astype(int).tolist()
    bottom, right = np.minimum(np.ceil((high + around) * cells), cells).astype(int).tolist()
    return top, left, bottom, right


def _part(image: Image, box: tuple[float, float, float, float]) -> Image:
    """The part of a photo within a box that is given in shares of its sides; at least a pixel of it."""
    height, width = image.size
    top, left = min(int(box[0] * height), height - 1), min(int(box[1] * width), width - 1)
    bottom, right = max(top + 1, round(box[2] * height)), max(left + 1, round(box[3] * width))
    part = slice(top, bottom), slice(left, right)
    return replace(image, rgb=image.rgb[part], alpha=None if image.alpha is None else image.alpha[part])
