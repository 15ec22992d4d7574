from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from factories import BLUE, RED, WHITE, alpha_of, composed, flat, floats, one_pixel, red_square, soft_disc
from feathercut.errors import OptionError
from feathercut.options import Compose
from feathercut.pictures import Cutout, Image, Size
from feathercut.steps.compose import compose, on_colour, subject_box
from feathercut.values import Colour


def box_of(picture: Image) -> tuple[int, int, int, int]:
    return subject_box(alpha_of(picture))


def test_without_options_the_cutout_leaves_as_it_is() -> None:
    cutout = red_square()
    picture = composed(cutout)
    assert np.array_equal(picture.rgb, cutout.rgb) and np.array_equal(alpha_of(picture), cutout.alpha)


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
    assert box_of(picture) == (19, 19, 29, 37), "twice as large at (20, 20), and a soft pixel around it"
    assert (alpha_of(picture)[21:27, 21:35] == 1).all()


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


@pytest.mark.parametrize(
    ("options", "box"),
    [
        # The middle of the subject's box stood at (14/30, 7/20) of the photo.
        ({"scale": "50%", "size": "100x100"}, (22, 22, 47, 72)),
        ({"scale": "100%", "size": "100x100"}, (10, 0, 60, 100)),
        ({"scale": "50%"}, (3, 6, 11, 21)),
    ],
)
def test_a_scaled_subject_stays_where_it_stood(options: dict[str, Any], box: tuple[int, int, int, int]) -> None:
    got = box_of(composed(red_square(), position="original", **options))
    assert np.abs(np.subtract(got, box)).max() <= 1


def test_a_subject_scaled_at_the_edge_stays_on_the_canvas() -> None:
    corner = red_square((20, 30), (0, 26, 4, 30))
    picture = composed(corner, position="original", size="100x100", scale="50%")
    assert box_of(picture) == (0, 50, 50, 100)


@pytest.mark.parametrize(
    ("options", "box"),
    [
        # Square: 20 % of the subject each side, so the subject has 1/1.4 of the canvas, 50 px of 70.
        ({"margin": "20%", "size": "70x70"}, (10, 10, 60, 60)),
        ({"margin": "20%", "size": "70x70", "scale": "100%"}, (10, 10, 60, 60)),
        ({"margin": "20%", "size": "70x70", "scale": "50%"}, (22, 22, 47, 47)),
        ({"margin": "20%", "size": "70x70", "scale": "50%", "position": "100% 0%"}, (10, 35, 35, 60)),
        ({"margin": "0", "size": "70x70", "scale": "50%"}, (18, 18, 53, 53)),
        ({"margin": "10px 0px 0px 0px", "scale": "50%", "position": "0%"}, (10, 0, 15, 5)),
        ({"margin": "5px", "position": "0%"}, (5, 5, 15, 15)),
    ],
)
def test_a_margin_stays_free_around_a_placed_subject(options: dict[str, Any], box: tuple[int, int, int, int]) -> None:
    square = red_square((20, 30), (5, 10, 15, 20))
    picture = composed(square, crop=True, **options)
    assert np.abs(np.subtract(subject_box(np.round(alpha_of(picture))), box)).max() <= 1


def test_a_layout_may_be_that_of_another_box() -> None:
    square = red_square()
    picture = compose(square, flat((20, 30)), Compose(crop=True), (2, 8, 12, 20))
    assert picture.size == (10, 12) and box_of(picture) == (3, 2, 7, 10)


def test_the_box_of_several_is_around_all_that_show() -> None:
    nothing = np.zeros((20, 30), np.float32)
    first, second = red_square().alpha, red_square(box=(12, 2, 14, 11)).alpha
    assert subject_box(first, nothing, second) == (5, 2, 14, 18)
    assert subject_box(nothing, nothing) == (0, 0, 20, 30)


def test_a_subject_that_touches_every_edge_is_not_pushed_out() -> None:
    for width in range(5, 60):
        cutout = red_square((20, 30), (0, 0, 20, 30))
        for place in ("100%", "0%"):
            picture = composed(cutout, size=f"{width}x{61 - width}", scale="100%", position=place)
            assert picture.size == (61 - width, width) and alpha_of(picture).max() == 1


def test_a_reduced_white_subject_on_hidden_red_has_no_red_rim() -> None:
    alpha = soft_disc((200, 200), 1.0)
    rgb = np.where(alpha[..., None] > 0, floats(WHITE), floats(RED))
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
