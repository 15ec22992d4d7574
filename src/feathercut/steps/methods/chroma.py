"""A green or blue screen, or one of any other strong colour."""

from __future__ import annotations

import numpy as np

from feathercut import values
from feathercut.errors import MethodError
from feathercut.kernels.chroma import find_screen, is_strong, key
from feathercut.kernels.colour import from_srgb
from feathercut.options import Options
from feathercut.pictures import Image, Matte
from feathercut.steps.methods.drawn import Drawn
from feathercut.steps.seen import visible


def draw(photo: Image, options: Options) -> Drawn:
    """The subject by `options.screen`, `auto` being what the photo's border shows. Raises MethodError."""
    seen = visible(photo)
    if options.screen == "auto":
        screen = find_screen(seen)
        if screen is None:
            raise MethodError(
                "Option `method`: there is no screen of one strong colour around the subject; "
                "name its colour with `screen`, or use another method"
            )
    else:
        named = np.array([[values.parse_colour(options.screen).rgb]], np.float32)
        screen = from_srgb(named, photo.metadata.profile)[0, 0]
        if not is_strong(screen):
            raise MethodError(f"Option `screen`: `{options.screen}` has no strong colour; `method` `plain` is for such")
    keyed = key(seen, screen, options.despill / 100)
    return Drawn(Matte(keyed.alpha), keyed.rgb)
