"""Photo and recipe in, the finished picture out: no network is looked at, fetched or loaded."""

from __future__ import annotations

import base64
import hashlib
import os
from pathlib import Path

import numpy as np

from feathercut.errors import FeathercutError, InputError, OptionError, RecipeError
from feathercut.options import Options
from feathercut.pictures import Animation, Image, Prediction
from feathercut.pipeline import Predictor, cut_out, finish
from feathercut.recipe import KeptPrediction, Recipe, read_recipe
from feathercut.result import Result
from feathercut.sources import Source, load, read_file
from feathercut.steps.decode import decode

FROM_NOTHING = "recipe"
"""What a result names as its model where a recipe keeps no prediction: all of the photo is the subject."""


def replay(
    photo: Source,
    recipe: Recipe | str | os.PathLike[str],
    *,
    options: Options | None = None,
    any_photo: bool = False,
    predictor: Predictor | None = None,
) -> Result:
    """The picture that a recipe makes of its photo, as the editor in the browser made it.

    `recipe` is what was read, or the path of its file. `options` say how files are read and written; what the recipe
    says counts before them. A file that is not the recipe's photo is refused unless `any_photo` is given.
    `predictor` looks at the photo where the recipe keeps no network's answer. Raises RecipeError, InputError or
    OptionError.
    """
    chosen = recipe if isinstance(recipe, Recipe) else read_recipe_file(Path(recipe))
    given = options or Options()
    source = read_file_of(photo, given)
    if (
        not any_photo
        and isinstance(source, bytes)
        and (found := hashlib.sha256(source).hexdigest()) != chosen.photo.sha256
    ):
        raise RecipeError(
            f"This recipe is for another photo: {chosen.photo.name}, of hash "
            f"{chosen.photo.sha256[:12]}…, not {found[:12]}…; give that photo, or `any_photo` to use it on this one"
        )
    if given.region is not None:
        raise OptionError("Option `region`: a recipe says what the subject is; draw a rectangle in it instead")
    frames = load(source, given)
    image = frames.frames[0]
    if chosen.acts and image.size != chosen.photo.size:
        (height, width), (own_height, own_width) = image.size, chosen.photo.size
        raise RecipeError(
            f"What was drawn was drawn on {own_width}×{own_height} pixels, and this photo has {width}×{height}; "
            "give a photo of that size"
        )
    return _made(image, chosen, chosen.options(given), predictor)


def _made(image: Image, recipe: Recipe, options: Options, predictor: Predictor | None) -> Result:
    options = options.of_what_is_written()
    kept = [kept_prediction(one) for one in recipe.predictions]
    model = kept[0].model if kept else FROM_NOTHING
    predict: Predictor = (lambda *_: kept) if kept else predictor or _everything
    if not kept and predictor is None and options.needs_network:
        # Nobody looked: there is no presence to miss, and no edge to draw anew.
        options = options.model_copy(update={"edges": "network", "specks": 0, "presence": 0})
    cutout = cut_out(image, predict, options, recipe.acts)
    return Result(Animation((finish(cutout, image, options),)), cutout, not cutout.is_empty, model, options)


def _everything(*_: Image | Options) -> list[Prediction]:
    return [Prediction(np.ones((1, 1), np.float32), (0, 0, 1, 1), FROM_NOTHING)]


def read_recipe_file(path: Path) -> Recipe:
    """The recipe in a file. Raises RecipeError, which names it."""
    try:
        return read_recipe(path.read_bytes())
    except (OSError, ValueError) as error:
        reason = error.strerror or error if isinstance(error, OSError) else error
        raise RecipeError(f"{path} cannot be read: {reason}; check the path") from error
    except RecipeError as error:
        raise RecipeError(f"{path}: {error}") from error


def read_file_of(photo: Source, options: Options) -> Source:
    """A photo's bytes where it is a path, else the photo as it is. Raises InputError, which names the file."""
    if not isinstance(photo, str | os.PathLike):
        return bytes(photo) if isinstance(photo, bytearray | memoryview) else photo
    path = Path(photo)
    try:
        return read_file(path, options)
    except InputError as error:
        raise type(error)(f"{path}: {error}") from error


def kept_prediction(kept: KeptPrediction) -> Prediction:
    """A network's answer as a recipe keeps it. Raises RecipeError where it is broken."""
    try:
        grey = decode(base64.b64decode(kept.png, validate=True)).frames[0].rgb[..., 0]
        if grey.shape != kept.size:
            raise RecipeError(f"it has {grey.shape[1]}×{grey.shape[0]} pixels, not {kept.size[1]}×{kept.size[0]}")
        return Prediction(np.ascontiguousarray(grey), kept.inside, kept.model, kept.resample)
    except (FeathercutError, ValueError) as error:
        raise RecipeError(
            f"The recipe's prediction of {kept.model} cannot be used: {error}; save the recipe anew in the editor"
        ) from error
