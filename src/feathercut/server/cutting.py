"""An order carried out: what the library does between a request's bytes and an answer's."""

from __future__ import annotations

import asyncio
import base64
import binascii
import io
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import numpy as np

from feathercut import values
from feathercut.applying import apply_predictor, apply_without_network, each_by_predictor, each_without_network
from feathercut.errors import InputError, OptionError
from feathercut.options import Encode, Format, Network, Options
from feathercut.pictures import Animation, Cutout, Image, Prediction
from feathercut.pipeline import Predictor
from feathercut.recipe import Picture, read_recipe
from feathercut.remover import Remover
from feathercut.replaying import replay
from feathercut.result import Result
from feathercut.server import telemetry
from feathercut.server.orders import Answer, Caller, LateError, Order
from feathercut.server.settings import ServerSettings
from feathercut.settings import Settings
from feathercut.shared import Shared
from feathercut.steps.arrange import arrange, subject_box
from feathercut.steps.compose import fill
from feathercut.steps.confine import on_any_size
from feathercut.steps.decode import decode, measure
from feathercut.steps.encode import encode
from feathercut.steps.reduce import reduce
from feathercut.steps.shade import room

MEDIA_TYPES: dict[Format, str] = {
    "png": "image/png",
    "webp": "image/webp",
    "avif": "image/avif",
    "jpeg": "image/jpeg",
    "tiff": "image/tiff",
    "gif": "image/gif",
    "psd": "image/vnd.adobe.photoshop",
    "ora": "image/openraster",
}
_ENDINGS = {"jpeg": "jpg", "tiff": "tif"}
FROM_MATTE = "matte"
"""What an answer names as its model where a matte came with the photo and no network looked."""

_NO_ONE_MATTES = {"edges": "network", "specks": 0, "presence": 0}  # what was given is not to be improved upon


def needs_network(order: Order) -> bool:
    """Whether a network has to look: not where a matte, a recipe or another method says what the subject is."""
    return order.matte is None and order.recipe is None and order.options.needs_network


def cut(order: Order, remover: Remover | None) -> Answer:
    """The answer to an order, by a network that is ready; None serves where `needs_network` says no.

    Raises what the library raises: InputError and its kinds for the photo, the matte or the background, OptionError
    for an option that does not fit the photo, RecipeError, NetworkError.
    """
    _refuse_paths(order.options)
    stages: dict[str, float] = {}
    with _timed(stages, "decode"):
        photos = decode(order.picture, order.options)
        photo_size = photos.frames[0].size
        if order.gives == "layers" and not photos.is_still:
            raise OptionError("Option `format`: the two layers are those of one picture, and this is an animation")
        options = _with_background(order)
        if order.most_pixels is not None and order.recipe is None:
            options = on_any_size(options, photo_size)
            small = tuple(reduce(frame, order.most_pixels) for frame in photos.frames)
            photos = Animation(small, photos.durations_ms, photos.loop)
    with _timed(stages, "cut"):
        first, files = (
            _numbered(_each(order, photos, options, remover, stages)) if order.gives == "each" else (None, {})
        )
        result = first or _result(order, photos, options, remover, stages)
    with _timed(stages, "encode"):
        if order.gives == "each":
            body, media_type = _stored(files), "application/zip"
        elif order.gives == "layers":
            body, media_type = _layers(result, photos.frames[0]), "application/zip"
        else:
            if options.format == "jpeg" and order.background_picture is not None:
                result = result.over("white")  # where that picture is transparent itself
            body, media_type = result.to_bytes(), MEDIA_TYPES[result.options.format or "png"]
    box = _foreground(result.cutout, result.options) if result.found else (0, 0, 0, 0)
    report = result.report.as_object(with_masks=True)
    return Answer(body, media_type, result.picture.size, photo_size, box, result.found, result.model, stages, report)


def _result(
    order: Order, photos: Animation, options: Options, remover: Remover | None, stages: dict[str, float]
) -> Result:
    is_spent = order.gives == "picture"
    if order.recipe is not None:
        _check_recipe(order.recipe, options)
        return replay(order.picture, read_recipe(order.recipe), options=options)
    if order.matte is not None:
        if options.region is not None:
            raise OptionError("Option `region`: the matte says what the subject is; leave one of them away")
        matte = _matte(order.matte, options)
        given = options.model_copy(update=_NO_ONE_MATTES)
        return apply_predictor(photos, given, lambda photo, _: [_fitted(matte, photo)], FROM_MATTE, is_spent=is_spent)
    if not options.needs_network:
        return apply_without_network(photos, options, is_spent=is_spent)
    look, name = _looks(remover, stages)
    return apply_predictor(photos, options, look, name, is_spent=is_spent)


def _each(
    order: Order, photos: Animation, options: Options, remover: Remover | None, stages: dict[str, float]
) -> Iterator[Result]:
    """A result a subject, of an order without a recipe."""
    if order.matte is not None:
        matte = _matte(order.matte, options)
        given = options.model_copy(update=_NO_ONE_MATTES)
        return each_by_predictor(photos, given, lambda photo, _: [_fitted(matte, photo)], FROM_MATTE)
    if not options.needs_network:
        return each_without_network(photos, options)
    look, name = _looks(remover, stages)
    return each_by_predictor(photos, options, look, name)


def _looks(remover: Remover | None, stages: dict[str, float]) -> tuple[Predictor, str]:
    """A network that is ready and takes its time down, and its name."""
    network = remover
    assert network is not None  # `needs_network` said that one does

    def look(photo: Image, options: Options) -> Sequence[Prediction]:
        with _timed(stages, "network"):
            return network.predict(photo, options)

    return look, network.record.id


def _with_background(order: Order) -> Options:
    """The order's options, its background picture among them; that is measured before anyone unpacks it."""
    if order.background_picture is None:
        return order.options
    try:
        measure(order.background_picture, order.options)
    except InputError as error:
        raise type(error)(f"The background cannot be used: {error}") from error
    text = base64.b64encode(order.background_picture).decode("ascii")
    return order.options.model_copy(update={"background": f"data:;base64,{text}"})


def _refuse_paths(options: Options) -> None:
    """Raises OptionError where an option names a file: what lies on this machine is nobody's who asks over HTTP."""
    behind = values.parse_background(options.background)
    if isinstance(behind, values.PictureFile) and not behind.path.startswith("data:"):
        raise OptionError("Option `background`: the server reads no files of its own; send the picture itself")
    if options.trimap is not None:
        raise OptionError("Option `trimap`: the server reads no files of its own; send a `matte` instead")


def _check_recipe(text: str, options: Options) -> None:
    """Raises InputError, RecipeError or OptionError where a recipe brings more than may be unpacked, or a path."""
    recipe = read_recipe(text)
    _refuse_paths(recipe.options(options))
    brought = [kept.png for kept in recipe.predictions]
    if isinstance(recipe.background, Picture):
        brought.append(recipe.background.data)
    for one in brought:
        with suppress(binascii.Error):  # replaying says which part of the recipe it is
            measure(base64.b64decode(one, validate=True), options)


def _matte(data: bytes, options: Options) -> Image:
    """The matte that came with a photo: its alpha where it has one that says something, else its grey."""
    try:
        return decode(data, options).frames[0]
    except InputError as error:
        raise type(error)(f"The matte cannot be used: {error}") from error


def _fitted(matte: Image, photo: Image) -> Prediction:
    """A matte as if a network had drawn it. Raises InputError where it has another shape than the photo."""
    (height, width), (own_height, own_width) = photo.size, matte.size
    # A photo that was reduced is a pixel off at the most.
    if abs(own_height * width / height - own_width) > max(1.0, own_width / width, own_height / height):
        raise InputError(
            f"The matte has {own_width}×{own_height} pixels and another shape than the photo; make it of its size"
        )
    has_alpha = matte.alpha is not None and float(matte.alpha.min()) < 1
    alpha = matte.alpha if has_alpha and matte.alpha is not None else matte.rgb.mean(axis=2)
    return Prediction(np.ascontiguousarray(alpha, np.float32), (0, 0, own_height, own_width), FROM_MATTE, "box")


def _foreground(cutout: Cutout, options: Options) -> tuple[int, int, int, int]:
    """The subject's box in the finished picture: top, left, height, width."""
    layout = arrange(cutout.alpha, options, room=room(cutout, options))
    top, left, bottom, right = subject_box(cutout.alpha)
    ratio_y = layout.size[0] / (layout.source[2] - layout.source[0])
    ratio_x = layout.size[1] / (layout.source[3] - layout.source[1])
    y, x = layout.corner[0] + (top - layout.source[0]) * ratio_y, layout.corner[1] + (left - layout.source[1]) * ratio_x
    return round(y), round(x), max(1, round((bottom - top) * ratio_y)), max(1, round((right - left) * ratio_x))


def _layers(result: Result, photo: Image) -> bytes:
    """A stored ZIP of `color.jpg`, the photo with the subject's own colours at soft pixels, and `alpha.png`."""
    colours = fill(result.picture, result.cutout, photo, result.options)
    plain = Encode(file_quality=result.options.file_quality)
    alpha = plain.model_copy(update={"only_matte": True})
    files = {
        "color.jpg": encode(Animation((colours,)), plain, "jpeg"),
        "alpha.png": encode(result.animation, alpha, "png"),
    }
    return _stored(files)


def _numbered(each: Iterator[Result]) -> tuple[Result | None, dict[str, bytes]]:
    """The first result, and a file a subject, named by its number; one result after the other is held."""
    first: Result | None = None
    files = {}
    for result in each:
        first = first or result
        (number,) = (one.number for one in result.subjects if one.kept)
        chosen = result.options.format or "png"
        files[f"{number}.{_ENDINGS.get(chosen, chosen)}"] = result.to_bytes()
    return first, files


def _stored(files: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


@contextmanager
def _timed(stages: dict[str, float], name: str) -> Iterator[None]:
    start = time.perf_counter()
    with telemetry.span(name):
        yield
    stages[name] = stages.get(name, 0) + time.perf_counter() - start  # an animation's frames are looked at one by one


class InProcess:
    """Inference by threads of this process: for tests, and where one process is all that is wanted."""

    def __init__(self, settings: ServerSettings, threads: int = 2, make: Callable[[Network], Remover] | None = None):
        self._settings = settings
        self._budget_bytes = Settings.read().cache_bytes
        self._removers: Shared[Network, Remover] = Shared(make or Remover.open, lambda remover: remover.bytes)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="inference")

    async def cut(self, order: Order, caller: Caller) -> Answer:
        """The answer. Raises what `cut` raises, what loading a network raises, and LateError.

        Cancelled, an order that waits is dropped; one that runs already runs to its end for nobody.
        """
        work = asyncio.get_running_loop().run_in_executor(self._threads, self._cut, order)
        try:
            return await asyncio.wait_for(work, caller.deadline_s)
        except TimeoutError as error:
            raise LateError(f"No answer within {caller.deadline_s:g} s; send a smaller photo, or come again") from error

    def close(self) -> None:
        """Ends the threads, once they have done what they are at, and frees the networks."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._removers.clear()

    def _cut(self, order: Order) -> Answer:
        remover = self._removers.get(order.network, self._budget_bytes) if needs_network(order) else None
        return cut(order, remover)
