"""Image → array: a photo's colours reduced, for the steps that look at it small.

Five of them do, each at a size of its own, and all begin by halving the photo: in work that is `remembering`, once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

import numpy as np

from feathercut.kernels.halve import Halves
from feathercut.kernels.resample import shrink
from feathercut.pictures import FloatArray, Image, Resample, Size

# What shows through where the photo itself is transparent: no colour that a subject is cut out on often.
_BEHIND = np.float32(0.5)

Given = ParamSpec("Given")
Made = TypeVar("Made")

_known: WeakKeyDictionary[Image, Halves] = WeakKeyDictionary()


def visible(image: Image) -> FloatArray:
    """The photo's colours, H×W×3, with grey behind transparent parts: what is hidden there says nothing."""
    if image.alpha is None:
        return image.rgb
    alpha = image.alpha[..., None]
    seen: FloatArray = image.rgb * alpha + _BEHIND * (1 - alpha)
    return seen


def reduced(image: Image, size: Size, resample: Resample) -> FloatArray:
    """What is visible of a photo at a size that is no larger, h×w×3."""
    return shrink(visible(image), size, resample, _known.get(image))


def remembering(work: Callable[Concatenate[Image, Given], Made]) -> Callable[Concatenate[Image, Given], Made]:
    """Work on a photo, its first argument, that nobody writes to meanwhile: how it looks when halved is remembered."""

    @wraps(work)
    def remembered(photo: Image, /, *arguments: Given.args, **named: Given.kwargs) -> Made:
        halves = _known.setdefault(photo, Halves())
        try:
            return work(photo, *arguments, **named)
        finally:
            if _known.get(photo) is halves:
                _known.pop(photo, None)

    return remembered
