"""Image → Image: larger, by a network that was made for it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from feathercut.engines import Engine
from feathercut.errors import NetworkError, TooLargeError
from feathercut.kernels.resample import resize
from feathercut.models.spec import Record
from feathercut.pictures import FloatArray, Image
from feathercut.steps.predict import normalise
from feathercut.steps.seen import visible

# Each tile is seen with this much around it, of its side, so that no edge between two tiles shows.
_AROUND = 8


def enlarge(image: Image, record: Record, engine: Engine, most_pixels: float) -> Image:
    """The photo as many times larger as the network makes it, tile by tile; its alpha follows by interpolation.

    The network is given colours as they are encoded and gives back the same: 1×3×h×w to 1×3×sh×sw for a whole s.
    Raises TooLargeError where the result has more than `most_pixels`, NetworkError where the answer is no picture.
    """
    height, width = image.size
    rows, columns = record.input.size
    around = min(rows, columns) // _AROUND
    rgb = np.pad(visible(image), ((around, rows), (around, columns), (0, 0)), "edge")
    result: FloatArray | None = None
    for top, left in _places(image.size, rows - 2 * around, columns - 2 * around):
        answer = _answer(rgb[top : top + rows, left : left + columns], record, engine)
        times = len(answer) // rows
        if result is None:
            if height * width * times**2 > most_pixels:
                raise TooLargeError(
                    f"{width * times}×{height * times} pixels, {times} times as large each way as the photo, are more "
                    f"than `max_megapixels` allows ({most_pixels / 1e6:g})"
                )
            result = np.empty((height * times, width * times, 3), np.float32)
        inner = answer[around * times : (rows - around) * times, around * times : (columns - around) * times]
        place = result[top * times : top * times + len(inner), left * times : left * times + inner.shape[1]]
        place[:] = inner[: place.shape[0], : place.shape[1]]
    assert result is not None  # a photo has a tile
    alpha = None
    if image.alpha is not None:
        alpha = np.clip(resize(image.alpha, (result.shape[0], result.shape[1]), "bicubic"), 0, 1)
    return Image(result, alpha, image.metadata)


def _places(size: tuple[int, int], rows: int, columns: int) -> Iterator[tuple[int, int]]:
    """The corners of tiles of so many rows and columns that cover a photo."""
    for top in range(0, size[0], rows):
        for left in range(0, size[1], columns):
            yield top, left


def _answer(tile: FloatArray, record: Record, engine: Engine) -> FloatArray:
    """The tile as the network enlarges it, H×W×3 in [0, 1]."""
    outputs = engine.run({str(record.input.name): normalise(tile, record.input)})
    answer = outputs.get(str(record.output.name))
    if answer is None:
        raise NetworkError(f"`{record.id}` gave no output `{record.output.name}`, but {', '.join(outputs)}")
    rows, columns = tile.shape[:2]
    times = answer.shape[-1] // columns
    if times < 1 or answer.shape != (1, 3, rows * times, columns * times):
        shape = "×".join(map(str, answer.shape))
        raise NetworkError(f"`{record.id}` answered with an array of {shape}, which is no larger picture of the photo")
    if not np.isfinite(answer).all():
        raise NetworkError(f"`{record.id}` answered with numbers that are not finite; its file or its device is broken")
    enlarged: FloatArray = np.clip(answer[0].transpose(1, 2, 0), 0, 1)
    return enlarged.astype(np.float32)
