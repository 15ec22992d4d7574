"""Animations: one canvas for all frames, and formats that do not move are refused before the network runs."""

from __future__ import annotations

import io
from typing import Any, cast

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageSequence

from factories import red_engine, red_remover, tiny_record
from feathercut.errors import OptionError
from feathercut.options import Format
from feathercut.remover import Remover
from feathercut.steps.compose import subject_box

# (x, y) of the disc's box in each frame; in the third there is none.
PLACES: tuple[tuple[int, int] | None, ...] = ((4, 6), (20, 14), None, (36, 30))
SIDE, DISC = 64, 16


def moving_disc() -> bytes:
    """A GIF of a red disc on blue that stands elsewhere in each frame."""
    y, x = np.mgrid[:DISC, :DISC] - (DISC - 1) / 2
    inside = np.hypot(x, y) <= DISC / 2
    frames = []
    for place in PLACES:
        pixels = np.zeros((SIDE, SIDE, 3), np.uint8)
        pixels[..., 2] = 200
        if place is not None:
            left, top = place
            pixels[top : top + DISC, left : left + DISC][inside] = (255, 0, 0)
        frames.append(Pillow.fromarray(pixels))
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:], duration=100, loop=0)
    return buffer.getvalue()


def boxes_in(data: bytes) -> tuple[set[tuple[int, int]], list[tuple[int, int, int, int]]]:
    """Another program's view: the sizes of the frames, and the box (top, left, bottom, right) of the disc in each."""
    alphas = [np.asarray(one.convert("RGBA"))[..., 3] for one in ImageSequence.Iterator(Pillow.open(io.BytesIO(data)))]
    sizes = {cast("tuple[int, int]", alpha.shape) for alpha in alphas}
    return sizes, [subject_box((alpha > 127).astype(np.float32)) for alpha in alphas]


@pytest.mark.parametrize("format", ["png", "webp", "gif"])
@pytest.mark.parametrize(
    ("options", "size", "ratio", "corner"),
    [
        ({"crop": True}, (40, 48), 1.0, (0, 0)),
        ({"crop": True, "margin": "3px"}, (46, 54), 1.0, (3, 3)),
        ({"scale": "100%", "size": "96x96"}, (96, 96), 2.0, (8, 0)),
        ({"position": "100%"}, (64, 64), 1.0, (24, 16)),
    ],
)
def test_frames_of_an_animation_share_one_layout(
    format: Format,  # noqa: A002
    options: dict[str, Any],
    size: tuple[int, int],
    ratio: float,
    corner: tuple[int, int],
) -> None:
    result = red_remover((SIDE, SIDE)).remove(moving_disc(), **options)
    sizes, boxes = boxes_in(result.to_bytes(format))
    assert sizes == {size} and len(boxes) == len(PLACES)
    for place, box in zip(PLACES, boxes, strict=True):
        if place is None:
            assert box == (0, 0, *size), "nothing shows"
            continue
        top, left = corner[0] + ratio * (place[1] - 6), corner[1] + ratio * (place[0] - 4)
        expected = (top, left, top + ratio * DISC, left + ratio * DISC)
        assert np.abs(np.subtract(box, expected)).max() <= (1 if ratio == 1 else 2)


@pytest.mark.parametrize("format", ["jpeg", "avif", "tiff"])
def test_an_animation_into_a_format_of_one_picture_is_refused_before_the_network_runs(
    format: Format,  # noqa: A002
) -> None:
    engine = red_engine()
    remover = Remover.from_engine(engine, tiny_record(size=(SIDE, SIDE)))
    with pytest.raises(OptionError, match="holds one picture, not 4; Animations are written as PNG, WebP or GIF"):
        remover.remove(moving_disc(), format=format, background="white")
    assert engine.seen == []
