from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow

from factories import BLUE, RED, WHITE, alpha_of, composed, display_p3, floats, gradient, one_pixel, red_square
from feathercut.errors import InputError
from feathercut.kernels.colour import to_srgb
from feathercut.kernels.composite import gaussian_blur
from feathercut.kernels.quantise import quantise
from feathercut.options import Compose
from feathercut.pictures import Cutout, Image, Metadata
from feathercut.steps.compose import compose


def eight_bits(picture: Image) -> list[int]:
    """The first pixel."""
    return quantise(picture.rgb, picture.alpha, 8)[0, 0].tolist()  # type: ignore[no-any-return]


def test_straight_alpha_over_white_in_numbers() -> None:
    """Incumbents multiply twice, or forget to: 200 × 128/255 + 255 × 127/255 = 227."""
    picture = composed(one_pixel(200, 100, 50, 128), background="white")
    assert picture.alpha is None
    assert eight_bits(picture) == [227, 177, 152]


@pytest.mark.parametrize(
    ("background", "pixel"),
    [
        ("#00ff0080", [134, 152, 33, 192]),
        ("rgba(0, 255, 0, 0)", [200, 100, 50, 128]),
        ("rgb(0 255 0)", [100, 177, 25]),
        ("transparent", [200, 100, 50, 128]),
        ("black", [100, 50, 25]),
    ],
)
def test_a_soft_pixel_over_colours(background: str, pixel: list[int]) -> None:
    assert eight_bits(composed(one_pixel(200, 100, 50, 128), background=background)) == pixel


def test_a_translucent_colour_fills_what_is_empty_with_itself() -> None:
    picture = composed(red_square(), background="#0000ff80")
    assert np.allclose(picture.rgb[0, 0], BLUE) and np.allclose(alpha_of(picture)[0, 0], 128 / 255)
    assert np.allclose(picture.rgb[6, 12], RED) and np.allclose(alpha_of(picture)[6, 12], 1)


def test_white_behind_a_display_p3_photo_is_exactly_white() -> None:
    square = red_square()
    cutout = Cutout(square.rgb, square.alpha, metadata=Metadata(profile=display_p3()))
    photo = Image(square.rgb, metadata=cutout.metadata)
    picture = compose(cutout, photo, Compose(background="white"))
    assert quantise(picture.rgb, None, 16)[0, 0].tolist() == [65535] * 3
    assert picture.metadata.profile == cutout.metadata.profile


def test_a_colour_behind_a_display_p3_photo_looks_as_it_was_written() -> None:
    square = red_square()
    cutout = Cutout(square.rgb, square.alpha, metadata=Metadata(profile=display_p3()))
    picture = compose(cutout, Image(square.rgb, metadata=cutout.metadata), Compose(background="#c86432"))
    assert np.abs(picture.rgb[0, 0] * 255 - (200, 100, 50)).max() > 3, "other numbers in a wider space"
    seen = to_srgb(picture.rgb[:1, :1], picture.metadata.profile)[0, 0]
    assert np.abs(seen * 255 - (200, 100, 50)).max() < 0.5


def test_a_shadow_lies_under_the_subject_and_over_the_background() -> None:
    square = red_square()
    shadow = np.zeros((20, 30), np.float32)
    shadow[5:12, 10:22] = 0.5
    cutout = Cutout(square.rgb, square.alpha, shadow)
    bare = composed(cutout)
    assert np.allclose(alpha_of(bare)[10, 20], 0.5) and not bare.rgb[10, 20].any()
    assert np.allclose(bare.rgb[6, 12], RED) and alpha_of(bare)[6, 12] == 1
    on_white = composed(cutout, background="white")
    assert np.allclose(on_white.rgb[10, 20], 0.5) and np.allclose(on_white.rgb[6, 12], RED)
    assert np.allclose(on_white.rgb[0, 0], WHITE)


def saved(path: Path, array: NDArray[np.float64]) -> str:
    Pillow.fromarray((array * 255 + 0.5).astype(np.uint8)).save(path)
    return str(path)


def test_a_picture_covers_the_canvas_and_is_cut_in_the_middle(tmp_path: Path) -> None:
    """Three stripes: only the middle one is left behind a tall canvas."""
    stripes = np.zeros((30, 90, 3))
    stripes[:, :30, 0] = stripes[:, 30:60, 1] = stripes[:, 60:, 2] = 1
    path = saved(tmp_path / "stripes.png", stripes)
    picture = composed(red_square((60, 60)), background=path)
    assert picture.alpha is None and picture.size == (60, 60)
    assert np.allclose(picture.rgb[30, 30], (0, 1, 0), atol=0.01) and np.allclose(picture.rgb[6, 12], RED)
    wide = composed(red_square((30, 90)), background=path)
    assert np.allclose(wide.rgb[20, 5], RED) and np.allclose(wide.rgb[20, 45], (0, 1, 0), atol=0.01)
    assert np.allclose(wide.rgb[20, 85], BLUE)


def test_what_a_background_picture_hides_does_not_come_out(tmp_path: Path) -> None:
    pixels = np.zeros((40, 40, 4))
    pixels[..., :3], pixels[:20, :, :] = RED, 1
    picture = composed(red_square((100, 100)), background=saved(tmp_path / "half.png", pixels))
    soft = (alpha_of(picture) > 0.02) & (alpha_of(picture) < 0.98)
    assert soft.any() and picture.rgb[soft].min() > 0.98, "white fades out; no red rim"


def test_a_background_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    text = tmp_path / "notes.jpg"
    text.write_text("not a picture")
    for path, words in (
        (tmp_path / "gone.jpg", "cannot be read: No such file"),
        (text, "cannot be used: The file is a text"),
    ):
        with pytest.raises(InputError) as caught:
            composed(red_square(), background=str(path))
        assert str(caught.value).startswith(f"The background {path} {words}")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
@pytest.mark.timeout(20)
def test_a_pipe_as_background_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(InputError, match="is no file"):
        composed(red_square(), background=str(tmp_path / "pipe.png"))


def test_a_blurred_background_is_the_photo_where_it_was() -> None:
    photo = gradient((60, 90))
    cutout = red_square((60, 90))
    picture = composed(cutout, photo, background="blur:4")
    assert picture.alpha is None and np.allclose(picture.rgb[6, 12], RED)
    outside = cutout.alpha == 0
    assert np.abs(picture.rgb - gaussian_blur(photo.rgb, 4))[outside].max() < 1e-5
    assert np.abs(picture.rgb - photo.rgb)[30, 45].max() < 0.02, "a slope stays where it is"


def test_a_blurred_background_of_a_crop_is_that_part_of_the_photo() -> None:
    photo = gradient((60, 90))
    picture = composed(red_square((60, 90), (20, 30, 40, 60)), photo, background="blur:2", crop=True, margin="10px")
    assert picture.size == (40, 50)
    assert np.abs(picture.rgb[0, 0] - photo.rgb[10, 20]).max() < 0.03


@pytest.mark.parametrize(
    "options",
    [
        {"crop": True, "margin": "150%"},
        {"size": "90x300", "scale": "60%"},
        {"scale": "20%"},
        {"crop": True, "margin": "150%", "background": "blur:3"},
    ],
)
def test_a_blurred_background_beyond_the_photo_shows_no_second_subject(options: dict[str, Any]) -> None:
    """A small white subject on black: behind it there is no blob with an edge."""
    box = (60, 90, 100, 130)
    cutout = red_square((150, 220), box)
    white = np.repeat(cutout.alpha[..., None], 3, axis=2)
    picture = composed(cutout, Image(white), **{"background": "blur", **options})
    is_background = picture.rgb[..., 0] - picture.rgb[..., 1] < 0.01
    green = picture.rgb[..., 1]
    steps = [np.abs(np.diff(green, axis=axis)) for axis in (0, 1)]
    beside = [is_background[1:] & is_background[:-1], is_background[:, 1:] & is_background[:, :-1]]
    assert max(float(step[where].max()) for step, where in zip(steps, beside, strict=True)) < 0.02
    assert float(np.ptp(green[is_background])) < 0.45, "the subject was 1 on 0"


def test_a_blurred_background_shows_nothing_that_the_photo_hides() -> None:
    alpha = np.zeros((40, 60), np.float32)
    alpha[:, 30:] = 1
    rgb = np.where(alpha[..., None] > 0, floats(WHITE), floats(RED))
    empty = Cutout(np.zeros_like(rgb), np.zeros_like(alpha))
    picture = composed(empty, Image(rgb, alpha), background="blur:6")
    shows = alpha_of(picture) > 1 / 255
    assert picture.rgb[shows].min() > 0.99
    assert alpha_of(picture)[20, 2] < 0.01 < 0.9 < alpha_of(picture)[20, 57]
