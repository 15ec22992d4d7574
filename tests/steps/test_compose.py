from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from factories import RED, WHITE, display_p3, flat, gradient, soft_disc
from feathercut.errors import InputError, OptionError
from feathercut.kernels.colour import to_srgb
from feathercut.kernels.composite import gaussian_blur
from feathercut.kernels.quantise import quantise
from feathercut.options import Compose
from feathercut.pictures import Cutout, FloatArray, Image, Metadata, Size
from feathercut.steps.compose import compose, on_colour, subject_box
from feathercut.values import Colour

BLUE = (0.0, 0.0, 1.0)


def red_square(size_hw: Size = (20, 30), box: tuple[int, int, int, int] = (5, 10, 9, 18)) -> Cutout:
    """A red subject, opaque, in a box (top, left, bottom, right) of a photo."""
    alpha = np.zeros(size_hw, np.float32)
    alpha[box[0] : box[2], box[1] : box[3]] = 1
    return Cutout(alpha[..., None] * np.float32(RED), alpha)


def composed(cutout: Cutout, photo: Image | None = None, **options: Any) -> Image:
    return compose(cutout, photo or flat(cutout.size, BLUE), Compose(**options))


def alpha_of(picture: Image) -> FloatArray:
    assert picture.alpha is not None
    return picture.alpha


def box_of(picture: Image) -> tuple[int, int, int, int]:
    return subject_box(alpha_of(picture))


def eight_bits(picture: Image) -> list[int]:
    """The first pixel."""
    return quantise(picture.rgb, picture.alpha, 8)[0, 0].tolist()  # type: ignore[no-any-return]


def one_pixel(red: int, green: int, blue: int, alpha: int) -> Cutout:
    rgb = np.float32([[[red, green, blue]]]) / np.float32(255)
    return Cutout(rgb, np.float32([[alpha]]) / np.float32(255))


def test_without_options_the_cutout_leaves_as_it_is() -> None:
    cutout = red_square()
    picture = composed(cutout)
    assert picture.rgb is cutout.rgb and picture.alpha is cutout.alpha


# Backgrounds


def test_straight_alpha_over_white_in_numbers() -> None:
    """Incumbents multiply twice, or forget to: 200 × 128/255 + 255 × 127/255 = 227."""
    picture = composed(one_pixel(200, 100, 50, 128), background="white")
    assert picture.alpha is None
    assert eight_bits(picture) == [227, 177, 152]


@pytest.mark.parametrize(
    ("background", "pixel"),
    [
        ("#00ff0080", [133, 167, 33, 192]),
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


def saved(path: Path, array: FloatArray) -> str:
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


def test_a_blurred_background_shows_nothing_that_the_photo_hides() -> None:
    alpha = np.zeros((40, 60), np.float32)
    alpha[:, 30:] = 1
    rgb = np.where(alpha[..., None] > 0, np.float32(WHITE), np.float32(RED))
    empty = Cutout(np.zeros_like(rgb), np.zeros_like(alpha))
    picture = composed(empty, Image(rgb, alpha), background="blur:6")
    shows = alpha_of(picture) > 1 / 255
    assert picture.rgb[shows].min() > 0.99
    assert alpha_of(picture)[20, 2] < 0.01 < 0.9 < alpha_of(picture)[20, 57]


# Crop and margin


def test_a_crop_is_the_subjects_box() -> None:
    picture = composed(red_square(), crop=True)
    assert picture.size == (4, 8) and (alpha_of(picture) == 1).all()


@pytest.mark.parametrize(
    ("margin", "size", "corner"),
    [
        ("3", (10, 14), (3, 3)),
        ("3px 5px", (10, 18), (3, 5)),
        ("50%", (8, 16), (2, 4)),
        ("1px 2px 3px 4px", (8, 14), (1, 4)),
        ("100% 0", (12, 8), (4, 0)),
    ],
)
def test_margins_in_px_and_per_cent_of_the_subject(margin: str, size: Size, corner: tuple[int, int]) -> None:
    picture = composed(red_square(), crop=True, margin=margin)
    assert picture.size == size
    assert box_of(picture) == (*corner, corner[0] + 4, corner[1] + 8)


def test_a_margin_may_reach_beyond_the_photo() -> None:
    picture = composed(red_square(), crop=True, margin="100", background="white")
    assert picture.size == (204, 208) and np.allclose(picture.rgb[0, 0], WHITE)
    assert np.allclose(picture.rgb[100:104, 100:108], RED)


def test_a_crop_without_a_subject_is_the_whole_photo() -> None:
    nothing = Cutout(np.zeros((20, 30, 3), np.float32), np.zeros((20, 30), np.float32))
    assert composed(nothing, crop=True).size == (20, 30)
    assert composed(nothing, crop=True, size="10x10", scale="50%").size == (10, 10)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"crop": True, "margin": "40000px"}, "Option `margin`: the picture would have 80008×80004 pixels"),
        ({"size": "60000x60000"}, "Option `size`: the picture would have 60000×60000 pixels; 65535 a side and 250"),
    ],
)
def test_a_canvas_that_no_memory_holds_is_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(OptionError) as caught:
        composed(red_square(), **options)
    assert str(caught.value).startswith(words)


# Size, scale and position


def test_a_size_fits_the_photo_in_the_middle() -> None:
    picture = composed(red_square(), size="60x60")
    assert picture.size == (60, 60)
    assert box_of(picture)[:2] in {(19, 19), (20, 20), (19, 20)}, "Lanczos may show a pixel around the edge"
    inside = alpha_of(picture)[22:26, 22:34]
    assert inside.min() > 0.99 and alpha_of(picture)[45, 45] == 0


def test_a_size_with_crop_fills_the_canvas_with_the_subject() -> None:
    picture = composed(red_square(), crop=True, size="16x16")
    assert box_of(picture) == (4, 0, 12, 16)


def test_a_scale_is_the_share_that_the_subject_fills() -> None:
    picture = composed(red_square(), size="100x100", scale="80%")
    assert box_of(picture) == (30, 10, 70, 90)


def test_a_scale_without_a_size_keeps_the_photos_canvas() -> None:
    picture = composed(red_square(), scale="100%")
    assert picture.size == (20, 30) and box_of(picture) == (2, 0, 17, 30)


@pytest.mark.parametrize(
    ("position", "corner"),
    [("center", (8, 11)), ("0%", (0, 0)), ("100%", (16, 22)), ("0% 100%", (16, 0)), ("50% 25%", (4, 11))],
)
def test_a_position_moves_the_subject_at_its_own_size(position: str, corner: tuple[int, int]) -> None:
    picture = composed(red_square(), position=position)
    assert picture.size == (20, 30)
    assert box_of(picture) == (*corner, corner[0] + 4, corner[1] + 8)


def test_the_original_position_is_where_it_was() -> None:
    assert box_of(composed(red_square(), position="original")) == (5, 10, 9, 18)


def test_a_position_with_scale_leaves_the_rest_of_the_space_where_it_says() -> None:
    picture = composed(red_square(), size="100x100", scale="50%", position="100% 0%")
    assert box_of(picture) == (0, 50, 25, 100)


def test_a_subject_that_touches_every_edge_is_not_pushed_out() -> None:
    for width in range(5, 60):
        cutout = red_square((20, 30), (0, 0, 20, 30))
        for place in ("100%", "0%"):
            picture = composed(cutout, size=f"{width}x{61 - width}", scale="100%", position=place)
            assert picture.size == (61 - width, width) and alpha_of(picture).max() == 1


def test_a_reduced_white_subject_on_hidden_red_has_no_red_rim() -> None:
    alpha = soft_disc((200, 200), 1.0)
    rgb = np.where(alpha[..., None] > 0, np.float32(WHITE), np.float32(RED))
    picture = composed(Cutout(rgb, alpha), size="60x60")
    assert picture.rgb[alpha_of(picture) > 0.5 / 255].min() > 0.999


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"crop": True, "margin": "50%"},
        {"background": "blur"},
        {"background": "#f00a", "size": "7x3"},
        {"scale": "10%", "size": "1x1", "position": "100%"},
    ],
)
def test_a_photo_of_one_pixel_goes_through(options: dict[str, Any]) -> None:
    picture = composed(one_pixel(10, 20, 30, 255), **options)
    assert picture.size == ((3, 7) if "size" in options and options["size"] == "7x3" else picture.size)
    assert np.isfinite(picture.rgb).all()


# A finished picture over a colour


def test_over_a_colour_keeps_what_is_opaque_and_fills_the_rest() -> None:
    square = red_square()
    picture = on_colour(Image(square.rgb, square.alpha), Colour(0, 0, 1))
    assert picture.alpha is None
    assert np.allclose(picture.rgb[0, 0], BLUE) and np.allclose(picture.rgb[6, 12], RED)
    assert on_colour(picture, Colour(1, 1, 1)) is picture
