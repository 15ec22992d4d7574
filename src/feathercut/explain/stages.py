"""The stages of one photo's way: what each saw or made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feathercut.explain.depths import answers
from feathercut.kernels.composite import over
from feathercut.kernels.resample import shrink
from feathercut.loading import check_network, recipe
from feathercut.models.sources import Progress
from feathercut.models.spec import Record
from feathercut.models.weights import locate
from feathercut.options import Network, Options
from feathercut.pictures import Cutout, FloatArray, Image, Prediction, Size
from feathercut.pipeline import cut_out
from feathercut.remover import Remover
from feathercut.settings import Settings
from feathercut.steps.foreground import foreground
from feathercut.steps.predict import place
from feathercut.steps.refine import refine

_MOST_SIDE = 1600
_CHECKER_PX = 16
_WHITE = np.ones(3, np.float32)


@dataclass(frozen=True)
class Stage:
    """One picture with its sentence: `picture` is h×w×3 uint8, `name` fits a file's name."""

    name: str
    title: str
    sentence: str
    picture: NDArray[np.uint8]


def stages(photo: Image, network: Network, options: Options, progress: Progress | None = None) -> Iterator[Stage]:
    """What each stage saw or made of a photo, in order; pictures have at most 1600 pixels a side.

    Raises UnknownModelError, LicenceError, OptionError, DeviceError, WeightsError or NetworkError.
    """
    yield _stage("photo", "The photo", "Upright and in its own colours: this is where it begins.", photo.rgb)
    settings = Settings.read()
    for number, one in enumerate(recipe(network, settings)):
        record, size = check_network(one, settings)
        weights = locate(record, settings, progress=progress)
        canvas, inside = place(photo, size, record.input)
        yield _seen(record, size, canvas, is_first=number == 0)
        yield from _depths(record, answers(canvas, record, size, weights, settings), inside)
    with Remover.open(network, progress) as remover:
        predictions = remover.predict(photo, options)
        models = [remover.record.id, *(one.model for one in predictions[1:])]
    yield from _matte(photo, predictions, models, options)


def _seen(record: Record, size: Size, canvas: FloatArray, *, is_first: bool) -> Stage:
    height, width = size
    why = (
        "Whatever the photo's size, the network sees no more than this: what is finer cannot come from it."
        if is_first
        else "A second, smaller network sees less detail and is harder to fool about what is solid."
    )
    how = "stretched to a square" if record.input.fit == "stretch" and height == width else "fitted in"
    sentence = f"{width}×{height} pixels, {how}. {why}"
    return _stage(f"{record.id}-input", f"What {record.id} is given", sentence, canvas)


def _depths(record: Record, found: Sequence[FloatArray], inside: tuple[int, int, int, int]) -> Iterator[Stage]:
    top, left, bottom, right = inside
    for depth, alpha in enumerate(found, 1):
        if depth == 1:
            sentence = "Its finest answer, which draws on all the others: this one becomes the matte."
        elif depth <= len(found) / 2:
            sentence = "Nearer to the surface outlines come out."
        else:
            sentence = "Deep down it knows where the subject is, not where it ends."
        title = f"{record.id}, depth {depth} of {len(found)}"
        yield _stage(f"{record.id}-depth-{depth}", title, sentence, _grey(alpha[top:bottom, left:right]))


def _matte(photo: Image, predictions: Sequence[Prediction], models: Sequence[str], options: Options) -> Iterator[Stage]:
    drawn = refine(photo, predictions, options.model_copy(update={"edges": "network"}))
    how = (
        f"{models[0]} draws, {models[1]} says what is body, and the photo's colours decide between them."
        if len(models) > 1
        else f"The answer of {models[0]}, at the photo's size."
    )
    yield _stage("matte", "The matte", how, _grey(drawn.alpha))
    followed = refine(photo, predictions, options)
    yield _stage(
        "edges",
        "Edges after the photo",
        "Where the matte is soft, the photo's own hair and outlines decide anew, at its full size.",
        _grey(followed.alpha),
    )
    plain = foreground(photo, followed, options.model_copy(update={"decontaminate": 0}))
    yield _stage(
        "photo-colours",
        "The photo's colours, on white",
        "Soft pixels still have the old background in them: a rim that gives a cutout away.",
        _on(plain, _WHITE),
    )
    cutout = cut_out(photo, lambda *_: predictions, options)
    yield _stage(
        "colours",
        "The subject's own colours, on white",
        "The background is bled out of soft pixels; what is solid keeps its colours to the bit.",
        _on(cutout, _WHITE),
    )
    yield _stage("cutout", "The cutout", "Ready for any background.", _on(cutout, _checker(cutout.size)))


def _on(cutout: Cutout, behind: FloatArray) -> FloatArray:
    return over(cutout.rgb, cutout.alpha, behind, 1.0)[0]


def _checker(size: Size) -> FloatArray:
    side = max(1, round(_CHECKER_PX * max(1.0, max(size) / _MOST_SIDE)))  # of the picture that is shown
    rows, columns = (np.arange(length) // side for length in size)
    is_light = (rows[:, None] + columns) % 2 == 0
    return np.repeat(np.where(is_light, np.float32(0.9), np.float32(0.7))[..., None], 3, axis=2)


def _grey(alpha: FloatArray) -> FloatArray:
    return np.repeat(alpha[..., None], 3, axis=2)


def _stage(name: str, title: str, sentence: str, rgb: FloatArray) -> Stage:
    height, width = rgb.shape[:2]
    ratio = min(1.0, _MOST_SIDE / max(height, width))
    if ratio < 1:
        rgb = shrink(rgb, (max(1, round(height * ratio)), max(1, round(width * ratio))), "box")
    return Stage(name, title, sentence, np.floor(np.clip(rgb, 0, 1) * 255 + 0.5).astype(np.uint8))
