"""The product on one screen: a photo in, a cutout out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from feathercut.diagnose.later import diagnose
from feathercut.options import LAYERED, Options
from feathercut.pictures import Cutout, Image, Prediction
from feathercut.steps.arrange import Box
from feathercut.steps.choose import Nearness, choose
from feathercut.steps.compose import compose
from feathercut.steps.confine import bounds, confine, put_back, region_box
from feathercut.steps.edit import edit
from feathercut.steps.foreground import foreground
from feathercut.steps.methods import Drawn, draw
from feathercut.steps.refine import refine
from feathercut.steps.replay import replay
from feathercut.steps.see_through import see_through
from feathercut.steps.seen import remembering
from feathercut.steps.select import select
from feathercut.steps.shade import mirror, shade, unmirrored

if TYPE_CHECKING:
    from feathercut.recipe import Act

Predictor = Callable[[Image, Options], Sequence[Prediction]]
"""Networks, ready: what they make of one photo, as far as the options have a use for it."""


@remembering
def cut_out(
    photo: Image,
    predict: Predictor,
    options: Options,
    acts: Sequence[Act] | None = None,
    *,
    nearness: Nearness | None = None,
    is_spent: bool = False,
    is_diagnosed: bool = True,
) -> Cutout:
    """The subject of a photo: straight alpha and its own colours, at the photo's size.

    `acts` are what a person drew on the matte that a recipe begins with; None where nobody did: what they made solid
    stays solid, and sliders come after them. `nearness` is asked where the nearest subject is wanted. `is_spent` says
    that nobody looks at the photo again: its memory may become the cutout's. What nobody asks for a report of need not
    be diagnosed.
    """
    region = region_box(photo.size, options)
    seen = confine(photo, region) if options.needs_network else photo
    predictions = predict(seen, options) if options.needs_network else ()
    drawn = Drawn(refine(seen, predictions, options)) if options.method == "network" else draw(seen, options)
    found = select(drawn.matte, options)
    matte = put_back(found, region, photo.size)
    diagnosis = None
    if is_diagnosed and predictions:
        diagnosis = diagnose(seen, predictions, found).placed(region, photo.size)
    elif is_diagnosed:
        diagnosis = diagnose(photo, (), matte)
    matte, subjects = choose(photo, matte, options, nearness)
    within = bounds(photo.alpha, region, photo.size)
    if acts is None:
        matte = edit(matte, options, within)
        matte = see_through(photo, matte, options) if drawn.colours is None else matte
    else:
        clear = see_through(photo, matte, options) if drawn.colours is None else matte
        matte = replace(edit(replay(photo, clear, acts), options, within), through=clear.through)
    mirrored = mirror(photo, matte, options)
    shadow = shade(unmirrored(photo, mirrored), matte, options)
    cutout = foreground(photo, matte, options, colours=drawn.colours, is_spent=is_spent)
    return replace(cutout, shadow=shadow, mirrored=mirrored, diagnosis=diagnosis, found_subjects=subjects)


def finish(cutout: Cutout, photo: Image, options: Options, box: Box | None = None, around: Box | None = None) -> Image:
    """The picture that leaves: the cutout on its background, on its canvas.

    `box` counts as the subject's, `around` as the room that its shadow takes.
    """
    return compose(cutout, photo, options, box, around, keeps_layers=options.format in LAYERED)
