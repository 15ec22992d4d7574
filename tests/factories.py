"""Pictures, mattes and networks that tests name: a reader sees the picture in the name."""

from __future__ import annotations

from typing import Any

import imagecodecs
import numpy as np

from feathercut.engines.stub import StubEngine
from feathercut.models.spec import Input, Licence, Output, Record
from feathercut.options import Compose
from feathercut.pictures import Cutout, FloatArray, Image, Metadata, Prediction, Size
from feathercut.remover import Remover
from feathercut.steps.compose import compose

RED = (1.0, 0.0, 0.0)
WHITE = (1.0, 1.0, 1.0)
BLUE = (0.0, 0.0, 1.0)


def floats(values: object) -> FloatArray:
    """An array of float32, from numbers in lists or tuples or from any array."""
    return np.array(values, np.float32)


def flat(size_hw: Size, colour: tuple[float, float, float] = WHITE, alpha: FloatArray | None = None) -> Image:
    """A picture of one colour."""
    return Image(np.full((*size_hw, 3), colour, np.float32), alpha)


def half_white(size_hw: Size = (40, 80)) -> Image:
    """Black on the left, white on the right."""
    rgb = np.zeros((*size_hw, 3), np.float32)
    rgb[:, size_hw[1] // 2 :] = 1
    return Image(rgb)


def half_prediction(size_hw: Size = (8, 8)) -> Prediction:
    """A network that saw nothing on the left and the subject on the right."""
    alpha = np.zeros(size_hw, np.float32)
    alpha[:, size_hw[1] // 2 :] = 1
    return Prediction(alpha, (0, 0, *size_hw), "tiny")


def soft_disc(size_hw: Size, softness_px: float = 6.0) -> FloatArray:
    """Alpha of a disc in the middle, 0.3 of the shorter side in radius, with a soft edge."""
    height, width = size_hw
    y, x = np.mgrid[:height, :width]
    distance = np.hypot(y - (height - 1) / 2, x - (width - 1) / 2)
    return floats(np.clip((min(size_hw) * 0.3 - distance) / softness_px + 0.5, 0, 1))


def gradient(size_hw: Size) -> Image:
    """Red grows to the right, green downwards; blue is 0.2."""
    y, x = np.mgrid[0 : 1 : size_hw[0] * 1j, 0 : 1 : size_hw[1] * 1j]
    return Image(np.stack([x, y, np.full(size_hw, 0.2)], axis=2).astype(np.float32))


def display_p3() -> bytes:
    """An ICC profile of Display P3's primaries with gamma 2.2."""
    primaries = [part for x, y in ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)) for part in (x, y, 1)]
    return bytes(imagecodecs.cms_profile("rgb", whitepoint=(0.3127, 0.3290, 1), primaries=primaries, gamma=2.2))


def in_display_p3(image: Image) -> Image:
    """The same numbers, taken as Display P3."""
    return Image(image.rgb, image.alpha, Metadata(profile=display_p3()))


def tiny_record(**words: Any) -> Record:
    """A record of a network that sees 8×8; words of `input` and `output` may be given."""
    takes: dict[str, Any] = {"name": "input", "size": (8, 8), "mean": (0, 0, 0), "std": (1, 1, 1)}
    gives: dict[str, Any] = {"name": "output"}
    for word, value in words.items():
        part = gives if word in Output.model_fields and word not in Input.model_fields else takes
        part[word] = value
    size = takes["size"]
    # Records start at 16 pixels a side; a test's network is smaller, so the size is not validated.
    rules = Input(**{**takes, "size": (16, 16)}).model_copy(update={"size": size})
    licence = Licence(weights="none", commercial=True, source="tests")
    return Record(
        version=1, id="tiny", title="A test's", task="subject", verified=True, licence=licence, input=rules,
        output=Output(**gives),
    )  # fmt: skip


def half_engine() -> StubEngine:
    """Answers 0.5 everywhere."""
    return StubEngine(lambda array: np.full(array.shape[2:], 0.5, np.float32))


def red_engine() -> StubEngine:
    """Answers with the red of what it sees: the subject is whatever is red."""
    return StubEngine(lambda array: np.ascontiguousarray(array[0, 0]))


def red_remover(size_hw: Size = (8, 8)) -> Remover:
    """A remover that cuts out whatever is red."""
    return Remover.from_engine(red_engine(), tiny_record(size=size_hw))


def red_square(size_hw: Size = (20, 30), box: tuple[int, int, int, int] = (5, 10, 9, 18)) -> Cutout:
    """A red subject, opaque, in a box (top, left, bottom, right) of a photo."""
    alpha = np.zeros(size_hw, np.float32)
    alpha[box[0] : box[2], box[1] : box[3]] = 1
    return Cutout(alpha[..., None] * floats(RED), alpha)


def one_pixel(red: int, green: int, blue: int, alpha: int) -> Cutout:
    """A cutout of one pixel, from bytes."""
    return Cutout(floats([[[red, green, blue]]]) / np.float32(255), floats([[alpha]]) / np.float32(255))


def alpha_of(picture: Image) -> FloatArray:
    """The alpha of a picture that has one."""
    assert picture.alpha is not None
    return picture.alpha


def composed(cutout: Cutout, photo: Image | None = None, **options: Any) -> Image:
    """A cutout put together with these options; the photo is blue unless another is given."""
    return compose(cutout, photo or flat(cutout.size, BLUE), Compose(**options))
