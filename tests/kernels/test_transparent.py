from dataclasses import replace

import numpy as np
import pytest

from feathercut.kernels.glass import behind, least_alpha, reduced
from feathercut.kernels.pieces import spread
from feathercut.kernels.resample import resize
from feathercut.kernels.transparent import PERHAPS, Signs, signs, thin_places, transparent_places
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


def signs_of(photo: FloatArray, matte: FloatArray) -> Signs:
    small = reduced(photo)
    alpha = resize(matte, (small.shape[1], small.shape[2]), "box")
    back = behind(small, ~spread(alpha > 0.05, 2))
    assert back is not None
    found = signs(small, alpha > 0.5, alpha < 0.05, least_alpha(small, back.colour, np.float32(0.03)), back)
    assert found is not None
    return found


def test_symmetry_is_the_best_overlap_with_a_mirror_image() -> None:
    photo, matte = wall((120, 160)), outline((120, 160))
    assert signs_of(photo, matte).symmetry == 1
    matte[60:90, 48:60] = 1
    piece = matte > 0.5
    slow = 0.0
    for axis in range(matte.shape[1] * 2):
        turned = np.zeros_like(piece)
        for x in range(piece.shape[1]):
            if 0 <= axis - x < piece.shape[1]:
                turned[:, x] = piece[:, axis - x]
        slow = max(slow, (piece & turned).sum() / (piece | turned).sum())
    assert signs_of(photo, matte).symmetry == pytest.approx(slow)


def test_what_is_turned_needs_less_of_the_other_signs() -> None:
    found = replace(
        signs_of(before(wall(), *tumbler()), outline()), bare=0.2, variety=0.06, follows=0.7, agreement=0.28, lines=2.0
    )
    assert found.is_sure
    crooked = replace(found, symmetry=0.9)
    assert not crooked.is_sure and not crooked.is_perhaps


def test_perhaps_becomes_sure_beside_glass() -> None:
    """A second tumbler, of smoked glass that is bare nowhere."""
    alpha, colour = tumbler()
    smoked, grey = alpha.copy(), colour.copy()
    smoked[alpha == np.float32(0.15)], grey[alpha == np.float32(0.15)] = 0.25, 0.05
    both = before(wall((180, 480)), np.hstack((alpha, smoked)), np.hstack((colour, grey)))
    matte = np.hstack((np.zeros_like(alpha), outline()))
    assert (
        places(before(wall((180, 480)), matte * np.hstack((alpha, smoked)), np.hstack((colour, grey))), matte).max()
        == PERHAPS
    )
    assert set(np.unique(places(both, np.hstack((outline(), outline()))))) == {np.float32(0), np.float32(1)}


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
