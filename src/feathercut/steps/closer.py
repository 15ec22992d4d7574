"""Image → Prediction, once more: what a network makes of the part of a photo in which there is a subject."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from feathercut.engines import Engine
from feathercut.kernels.resample import resize
from feathercut.models.spec import Record
from feathercut.pictures import FloatArray, Image, Prediction, Size
from feathercut.steps.predict import Box, predict

_AROUND = 0.3
"""How much of its surroundings is seen with a subject, of its longer side."""
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
    top, left, bottom, right = _box(drawn.shown, image.size, size)
    if (bottom - top, right - left) == size:
        return seen
    part = _part(image, (top / size[0], left / size[1], bottom / size[0], right / size[1]))
    answer = predict(part, record, engine, network_size).shown
    both = replace(seen, alpha=seen.alpha.copy())
    place = both.shown[top:bottom, left:right]
    np.maximum(place, resize(answer, (bottom - top, right - left), "bilinear"), out=place)
    return both


def _box(drawn: FloatArray, photo: Size, cells: Size) -> Box:
    """Where the subject lies, and what is around it, in cells of a grid over the photo; all where there is none."""
    marks = drawn >= _DRAWN * max(float(drawn.max()), 1e-6)
    rows, columns = (np.flatnonzero(marks.mean(axis=axis) >= _LEAST) for axis in (1, 0))
    if not (len(rows) and len(columns)):
        return 0, 0, *cells
    # In shares of the photo's sides, between which the networks keep no proportion.
    low = np.array([rows[0], columns[0]]) / drawn.shape
    high = np.array([rows[-1] + 1, columns[-1] + 1]) / drawn.shape
    around = _AROUND * float(((high - low) * photo).max()) / np.array(photo)
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
