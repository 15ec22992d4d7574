"""Mattes without a network, one file a method, for what each is good at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module

from feathercut.options import Options
from feathercut.pictures import Image, Matte
from feathercut.steps.methods.drawn import Drawn

Method = Callable[[Image, Options], Drawn]

__all__ = ["Drawn", "draw"]


def draw(photo: Image, options: Options) -> Drawn:
    """The photo by `options.method`, which is not `network`; its own alpha bounds the matte.

    Raises MethodError where the photo is not of the kind that the method is for.
    """
    method: Method = import_module(f"{__name__}.{options.method}").draw  # grabcut needs a package that is an extra
    drawn = method(photo, options)
    return drawn if photo.alpha is None else replace(drawn, matte=Matte(drawn.matte.alpha * photo.alpha))
