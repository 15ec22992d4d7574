"""What is solid though it has about the screen's colour."""

from __future__ import annotations

import numpy as np
import pytest

from feathercut.kernels.chroma import find_screen, key
from feathercut.kernels.pieces import spread
from feathercut.kernels.solid_parts import solid_parts
from feathercut.kernels.windows import Marks
from feathercut.pictures import FloatArray

SCREEN = np.array([0.1, 0.7, 0.24], np.float32)
GREEN = np.array([0.27, 0.78, 0.4], np.float32)
WHITE = np.array([0.9, 0.9, 0.95], np.float32)
SIZE = (96, 128)


def square() -> Marks:
    marks = np.zeros(SIZE, bool)
    marks[20:80, 30:100] = True
    return marks


def waves() -> FloatArray:
    """Light, or thickness, that varies: 0.8 to 1.2."""
    rows, columns = np.mgrid[: SIZE[0], : SIZE[1]]
    light: FloatArray = (1 + 0.2 * np.sin(rows / 9) * np.cos(columns / 11)).astype(np.float32)
    return light[..., None]


def over_screen(inside: FloatArray) -> tuple[FloatArray, FloatArray]:
    """A photo, and its screen."""
    screen = np.broadcast_to(SCREEN, (*SIZE, 3)).astype(np.float32)
    return np.where(square()[..., None], inside, screen).astype(np.float32), screen


def found(inside: FloatArray) -> Marks:
    photo, screen = over_screen(inside)
    return solid_parts(photo, screen, np.zeros(SIZE, bool), ~square())


def test_a_green_cloth_in_light_and_shade_is_solid() -> None:
    solid = found(GREEN * waves())
    assert solid[spread(~square(), 2) ^ True].all()
    assert not solid[~square()].any()


def test_a_veil_that_the_screen_shows_through_is_not() -> None:
    alpha = 0.3 * waves()
    assert not found(alpha * WHITE + (1 - alpha) * SCREEN).any()


def test_what_has_but_one_colour_could_be_either_and_is_left_alone() -> None:
    assert not found(np.broadcast_to(GREEN, (*SIZE, 3)).astype(np.float32)).any()


def test_what_fades_out_is_not_solid() -> None:
    fade = np.clip(np.minimum(np.arange(SIZE[1]) - 30, 100 - np.arange(SIZE[1])) / 40, 0, 1)[None, :, None]
    assert not found((fade * WHITE * waves() + (1 - fade) * SCREEN).astype(np.float32)).any()


@pytest.mark.parametrize("size", [(1, 1), (2, 5), (9, 9)])
def test_small_and_empty_photos_have_no_solid_parts(size: tuple[int, int]) -> None:
    screen = np.broadcast_to(SCREEN, (*size, 3)).astype(np.float32)
    nothing, all_of_it = np.zeros(size, bool), np.ones(size, bool)
    assert not solid_parts(screen, screen, nothing, all_of_it).any()
    assert not solid_parts(screen, screen, nothing, nothing).any()


def test_the_key_leaves_a_green_cloth_whole_and_in_its_colour() -> None:
    photo, _ = over_screen(GREEN * waves())
    photo[40:60, 50:80] = (0.7, 0.5, 0.4)  # a hand, which is surely the subject's
    screen = find_screen(photo)
    assert screen is not None
    keyed = key(photo, screen, 1.0)
    inside = ~spread(~square(), 2)
    assert keyed.alpha[inside].min() == 1
    assert np.abs(keyed.rgb - photo)[inside].max() < 1 / 255
    assert keyed.alpha[~square()].max() == 0
