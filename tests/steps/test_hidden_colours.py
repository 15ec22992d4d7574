"""What a file holds where alpha is zero."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow

from feathercut.options import Encode, Format
from feathercut.pictures import Animation, Image
from feathercut.steps.encode import encode

from .test_encode import by_pillow, disc, write


def rgba_of(picture: Pillow.Image) -> NDArray[np.uint8]:
    return np.asarray(picture.convert("RGBA"))


def leaking_disc() -> Image:
    """A disc that hides white around it."""
    image = disc((200, 240))
    return Image(np.ones_like(image.rgb), image.alpha)


def test_colours_are_zero_where_alpha_is_in_lossless_webp() -> None:
    still = rgba_of(by_pillow(write(leaking_disc(), "webp", file_quality=100)))
    moved = by_pillow(encode(Animation((leaking_disc(),) * 2, (40, 40)), Encode(file_quality=100), "webp"))
    for rgba in (still, rgba_of(moved)):
        assert (rgba[..., 3] == 0).any() and not rgba[rgba[..., 3] == 0].any()


@pytest.mark.parametrize("format", ["webp", "avif"])
@pytest.mark.parametrize("quality", [30, 60, 90])
@pytest.mark.parametrize("colour", [(1, 1, 1), (1, 0, 0)])
def test_lossy_colours_are_near_zero_where_alpha_is(
    format: Format,  # noqa: A002
    quality: int,
    colour: tuple[float, float, float],
) -> None:
    """Compression rings at the subject's edge, and only there; docs/formats.md has these numbers."""
    white = leaking_disc()
    image = Image(white.rgb * np.array(colour, np.float32), white.alpha)
    rgba = rgba_of(by_pillow(write(image, format, file_quality=quality)))
    hidden = rgba[..., 3] == 0
    strongest = rgba[..., :3].max(axis=2)
    y, x = np.mgrid[:200, :240]
    is_far = np.hypot(x - 120, y - 100) > 100 + 16
    assert is_far.any() and hidden[is_far].all() and strongest[is_far].max() <= 8
