import numpy as np
import pytest

from feathercut.kernels.glass import behind, reduced
from feathercut.kernels.pieces import spread
from feathercut.kernels.resample import resize
from feathercut.kernels.transparent import PERHAPS, thin_places, transparent_places
from feathercut.pictures import FloatArray
from scenes_of_glass import before, outline, stone, tumbler, wall


def places(photo: FloatArray, matte: FloatArray) -> FloatArray:
    small = reduced(photo)
    alpha = resize(matte, (small.shape[1], small.shape[2]), "box")
    back = behind(small, ~spread(alpha > 0.05, 2))
    assert back is not None
    return transparent_places(small, alpha, back)


def test_a_tumbler_is_transparent_all_over() -> None:
    found = places(before(wall(), *tumbler()), outline())
    inside = resize(outline(), found.shape, "box") > 0.5
    assert (found[inside] == 1).all()
    assert found[:10].max() == 0


def test_a_rough_thing_of_the_walls_colour_is_not() -> None:
    assert not places(stone(wall()), outline()).any()


def test_a_red_ball_is_not() -> None:
    assert not places(before(wall(), outline(), np.full((180, 240, 3), (0.8, 0.1, 0.1), np.float32)), outline()).any()


def test_a_white_cupboard_before_a_white_wall_is_not() -> None:
    """One photo does not tell it from frosted glass, and there are more cupboards."""
    white = np.full((180, 240, 3), 0.8, np.float32)
    assert not places(before(white, outline(), np.full((180, 240, 3), 0.68, np.float32)), outline()).any()


def test_glass_that_the_frame_cuts_off_is_perhaps_transparent() -> None:
    alpha, colour = tumbler()
    photo, matte = before(wall(), alpha, colour)[:120], outline()[:120]
    assert set(np.unique(places(photo, matte))) == {np.float32(0), PERHAPS}


@pytest.mark.parametrize("share", [0.0, 1e-4])
def test_nothing_and_specks_are_not_judged(share: float) -> None:
    matte = np.zeros((180, 240), np.float32)
    matte[90, 100 : 100 + round(share * matte.size)] = 1
    assert not places(wall(), matte).any()


def test_thin_places_leave_out_dense_things() -> None:
    alpha, colour = tumbler()
    alpha[100:140, 90:150], colour[100:140, 90:150] = 1, (0.9, 0.05, 0.05)  # a label
    small = reduced(before(wall(), alpha, colour))
    cells = resize(outline(), (small.shape[1], small.shape[2]), "box")
    back = behind(small, ~spread(cells > 0.05, 2))
    assert back is not None
    found = thin_places(small, cells, back)
    assert found[105:120, 95:130].max() < 0.01
    assert found[55:80, 95:130].min() > 0.9
