"""The outline of the main shape."""

from __future__ import annotations

from feathercut.errors import MethodError
from feathercut.kernels.outline import outline_trimap
from feathercut.kernels.trimap import alpha_from_trimap
from feathercut.options import Options
from feathercut.pictures import Image, Matte
from feathercut.steps.methods.drawn import Drawn
from feathercut.steps.seen import visible


def draw(photo: Image, options: Options) -> Drawn:  # noqa: ARG001
    """What the photo's strongest edges enclose. Raises MethodError."""
    seen = visible(photo)
    trimap = outline_trimap(seen)
    if trimap is None:
        raise MethodError("Option `method`: no outline in this photo closes; use another method")
    return Drawn(Matte(alpha_from_trimap(seen, trimap)))
