"""The product on one screen: a photo in, a cutout out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from feathercut.options import Options
from feathercut.pictures import Cutout, Image, Prediction
from feathercut.recipe import Act
from feathercut.steps.arrange import Box
from feathercut.steps.choose import choose
from feathercut.steps.compose import compose
from feathercut.steps.confine import bounds, confine, put_back, region_box
from feathercut.steps.edit import edit
from feathercut.steps.foreground import foreground
from feathercut.steps.methods import Drawn, draw
from feathercut.steps.refine import refine
from feathercut.steps.replay import replay
from feathercut.steps.select import select

Predictor = Callable[[Image], Sequence[Prediction]]
"""Networks, ready: what they make of one photo."""


def cut_out(
    photo: Image, predict: Predictor, options: Options, acts: Sequence[Act] = (), *, is_spent: bool = False
) -> Cutout:
    """The subject of a photo: straight alpha and its own colours, at the photo's size.

    `acts` are what a person drew on the matte. `is_spent` says that nobody looks at the photo again: its memory may
    become the cutout's.
    """
    region = region_box(photo.size, options)
    seen = confine(photo, region) if options.needs_network else photo
    if options.method == "network":
        drawn = Drawn(refine(seen, predict(seen) if options.needs_network else (), options))
    else:
        drawn = draw(seen, options)
    matte = drawn.matte
    matte = select(matte, options)
    matte = put_back(matte, region, photo.size)
    matte, subjects = choose(photo, matte, options)
    matte = replay(photo, matte, acts)
    matte = edit(matte, options, bounds(photo.alpha, region, photo.size))
    return foreground(photo, matte, options, subjects, colours=drawn.colours, is_spent=is_spent)


def finish(cutout: Cutout, photo: Image, options: Options, box: Box | None = None) -> Image:
    """The picture that leaves: the cutout on its background, on its canvas; `box` counts as the subject's."""
    return compose(cutout, photo, options, box)
