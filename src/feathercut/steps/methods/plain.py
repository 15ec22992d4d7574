"""A plain backdrop, as in a studio."""

from __future__ import annotations

from feathercut.errors import MethodError
from feathercut.kernels.plain import plain_trimap
from feathercut.kernels.trimap import alpha_from_trimap
from feathercut.options import Options
from feathercut.pictures import Image, Matte
from feathercut.steps.methods.drawn import Drawn
from feathercut.steps.seen import visible


def draw(photo: Image, options: Options) -> Drawn:  # noqa: ARG001
    """What differs from the backdrop that the border shows. Raises MethodError."""
    seen = visible(photo)
    trimap = plain_trimap(seen)
    if trimap is None:
        raise MethodError("Option `method`: the photo's border is no plain backdrop; use another method")
    return Drawn(Matte(alpha_from_trimap(seen, trimap)))
