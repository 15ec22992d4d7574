"""A photo and what was seen of it → a result, or one for each of its subjects."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from feathercut.errors import OptionError
from feathercut.options import LAYERED, Options
from feathercut.pictures import Animation, Image, Prediction
from feathercut.pipeline import Predictor, cut_out, finish
from feathercut.result import Result
from feathercut.sources import Source, is_decoded, load
from feathercut.steps.arrange import subject_box
from feathercut.steps.choose import Nearness
from feathercut.steps.encode import check_frames
from feathercut.steps.shade import room
from feathercut.values import Blur, parse_background

_EVERY_SUBJECT = "0,0,100%,100%"

FROM_TRIMAP = "trimap"
"""What a result names as its model where a trimap spoke and no network looked; otherwise it is the method."""


def apply_without_network(
    source: Source, options: Options, *, is_spent: bool = False, is_diagnosed: bool = True
) -> Result:
    """The cutout of a photo as `options.trimap` or `options.method` has it; no network is fetched, loaded or run.

    Raises InputError, ShapeError or OptionError.
    """
    name = FROM_TRIMAP if options.method == "network" else options.method
    return apply_predictor(source, options, lambda *_: (), name, is_spent=is_spent, is_diagnosed=is_diagnosed)


def apply_predictor(
    source: Source,
    options: Options,
    predictor: Predictor,
    model: str,
    *,
    nearness: Nearness | None = None,
    is_spent: bool = False,
    is_diagnosed: bool = True,
) -> Result:
    """Every frame of a photo, cut out as `predictor` sees it, and finished; the result names `model` as what looked.

    Without `is_diagnosed` there is no report of it: nobody asks for one.

    Raises InputError, ShapeError or OptionError, and what `predictor` raises.
    """
    photos = load(source, options)
    # What was decoded here is ours alone; a blurred background and layers are made of the photo once more.
    looks_again = isinstance(parse_background(options.background), Blur) or options.format in LAYERED
    is_spent = (is_spent or is_decoded(source)) and not looks_again
    if options.format is not None:
        check_frames(len(photos.frames), options.format)
    options = options.of_what_is_written()
    cutouts = deque(
        cut_out(photo, predictor, options, nearness=nearness, is_spent=is_spent, is_diagnosed=is_diagnosed)
        for photo in photos.frames
    )
    first, found = cutouts[0], any(not cutout.is_empty for cutout in cutouts)
    # Frames that were each laid out by their own box would jump about, and have many sizes.
    box = subject_box(*(cutout.alpha for cutout in cutouts))
    # Taken out one by one, so that no frame is held both as a cutout and as a finished picture.
    rooms = zip(*(room(cutout, options, box) for cutout in cutouts), strict=True)
    above, after, below, before = (max(side) for side in rooms)
    around = (above, after, below, before)
    finished = tuple(finish(cutouts.popleft(), photo, options, box, around) for photo in photos.frames)
    animation = Animation(finished, photos.durations_ms, photos.loop)
    return Result(animation, first, found, model, options)


def each_without_network(source: Source, options: Options) -> Iterator[Result]:
    """As `apply_without_network`, a result a subject."""
    name = FROM_TRIMAP if options.method == "network" else options.method
    return each_by_predictor(source, options, lambda *_: (), name)


def each_by_predictor(
    source: Source, options: Options, predictor: Predictor, model: str, *, nearness: Nearness | None = None
) -> Iterator[Result]:
    """As `apply_predictor`, a result a subject; `predictor` is asked once. Raises OptionError for an animation."""
    photos = load(source, options)
    if not photos.is_still:
        raise OptionError("An animation has its subjects elsewhere in each frame, and they are not told apart in it")
    seen: list[Sequence[Prediction]] = []

    def once(photo: Image, options: Options) -> Sequence[Prediction]:
        if not seen:
            seen.append(predictor(photo, options))
        return seen[0]

    # Who they are is told by the matte, whatever becomes of its colours.
    subject = _EVERY_SUBJECT if options.subject == "all" else options.subject
    asked = {"subject": subject, "decontaminate": 0, "shadow": "none", "keep_reflection": False, "transparency": "off"}
    found = cut_out(photos.frames[0], once, options.model_copy(update=asked), nearness=nearness).found_subjects
    for one in found or ():
        if one.kept:
            alone = options.model_copy(update={"subject": str(one.number)})
            yield apply_predictor(photos, alone, once, model)
