from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from factories import soft_disc
from feathercut.options import Select
from feathercut.pictures import FloatArray, Matte
from feathercut.steps.select import select


def chosen(alpha: FloatArray, **options: Any) -> Matte:
    return select(Matte(alpha), Select(**options))


def noise(most: float) -> FloatArray:
    return (np.random.default_rng(2).random((300, 400)) * most).astype(np.float32)


def test_the_noise_of_a_photo_without_a_subject_is_empty() -> None:
    assert chosen(noise(0.0239)).is_empty


def test_a_half_transparent_subject_stays_half() -> None:
    half = np.full((300, 400), 0.5, np.float32)
    assert np.array_equal(chosen(half).alpha, half)
    assert np.array_equal(chosen(half[:1, :1]).alpha, half[:1, :1])


@pytest.mark.parametrize("presence", [0.1, 0.4, 0.9])
def test_presence_is_where_a_flat_matte_begins_to_count(presence: float) -> None:
    under, over = np.float32(presence - 0.01), np.float32(presence + 0.01)
    assert chosen(np.full((200, 300), under, np.float32), presence=presence).is_empty
    assert not chosen(np.full((200, 300), over, np.float32), presence=presence).is_empty


def test_presence_0_keeps_all_that_eight_bits_can_show() -> None:
    faint = noise(0.0239)
    assert np.array_equal(chosen(faint, presence=0).alpha > 0, faint >= 0.5 / 255)


def test_single_strong_pixels_are_no_subject() -> None:
    """IS-Net answers a fine checkerboard with points up to 0.8."""
    points = np.zeros((1024, 1024), np.float32)
    points[::16, ::16] = 0.8
    assert chosen(points).is_empty


def test_a_bird_in_the_sky_is_a_subject() -> None:
    sky = np.zeros((1500, 2000), np.float32)
    sky[703:723, 1111:1131] = 1
    assert not chosen(sky).is_empty


def test_a_clear_subject_is_left_as_it_is() -> None:
    disc = np.round(soft_disc((60, 60)), 2)
    assert np.array_equal(chosen(disc).alpha, disc)


def test_fog_too_faint_for_eight_bits_is_taken_off() -> None:
    disc = np.clip(soft_disc((60, 60)), np.float32(0.001), np.float32(0.999))
    alpha = chosen(disc).alpha
    assert alpha[0, 0] == 0 and alpha[30, 30] == 1
    soft = (disc > 0.01) & (disc < 0.99)
    assert np.array_equal(alpha[soft], disc[soft])


def test_only_what_rounds_to_nothing_or_all_is_fog() -> None:
    """On either side of both limits, in the first and the last rows of a tall matte."""
    fog = np.float32(0.5 / 255)
    below, above = np.nextafter(fog, np.float32(0)), np.nextafter(1 - fog, np.float32(1))
    alpha = np.full((150, 4), 0.5, np.float32)
    alpha[[0, 149]] = below, np.nextafter(fog, np.float32(1)), np.nextafter(1 - fog, np.float32(0)), above
    result = chosen(alpha).alpha
    for row in (0, 149):
        assert result[row].tolist() == [0, alpha[row, 1], alpha[row, 2], 1]
    assert (result[1:149] == 0.5).all()


def square(alpha: FloatArray, top: int, left: int, side: int, value: float = 1) -> FloatArray:
    alpha[top : top + side, left : left + side] = value
    return alpha


def big_subject() -> FloatArray:
    """400×400 of 900×1100 pixels."""
    return square(np.zeros((900, 1100), np.float32), 300, 100, 400)


@pytest.mark.parametrize("value", [0.05, 0.4, 1])
def test_a_speck_far_from_the_subject_goes_with_its_faint_surroundings(value: float) -> None:
    alpha = square(big_subject(), 100, 895, 15, 0.015)
    square(alpha, 104, 900, 6, value)
    result = chosen(alpha).alpha
    assert (result[:250] == 0).all()
    assert np.array_equal(result[250:], alpha[250:])


def test_specks_0_keeps_every_piece() -> None:
    alpha = square(big_subject(), 104, 900, 6)
    assert np.array_equal(chosen(alpha, specks=0).alpha, alpha)


def test_specks_is_a_share_of_the_largest_piece() -> None:
    alpha = square(big_subject(), 104, 900, 20)  # 400 of 160 000 pixels: 0.25 %
    assert np.array_equal(chosen(alpha, specks=0.24).alpha, alpha)
    assert np.array_equal(chosen(alpha, specks=0.26).alpha, big_subject())


def test_a_flock_of_small_subjects_stays() -> None:
    alpha = np.zeros((900, 1100), np.float32)
    for top in range(60, 800, 160):
        for left in range(60, 1000, 190):
            square(alpha, top, left, 12 if (top + left) % 3 else 30)
    assert np.array_equal(chosen(alpha).alpha, alpha)


def test_a_faint_whisker_of_one_pixel_stays() -> None:
    alpha = big_subject()
    whisker = np.arange(500, 1050)
    alpha[400 - (whisker - 500) // 3, whisker] = 0.03
    assert np.array_equal(chosen(alpha).alpha, alpha)


def test_a_strand_that_breaks_off_near_the_subject_stays() -> None:
    alpha = big_subject()
    alpha[200:290:2, 300] = 0.5  # ten pixels from the head, in dots
    alpha[120:180, 303] = 0.1
    assert np.array_equal(chosen(alpha).alpha, alpha)


def test_wide_fog_around_a_speck_fades_out_without_a_step() -> None:
    alpha = square(big_subject(), 60, 860, 200, 0.019)
    square(alpha, 155, 955, 4, 0.5)
    result = chosen(alpha).alpha
    assert (result[145:170, 945:970] == 0).all()
    inside = result[80:240, 880:1040]
    assert np.abs(np.diff(inside, axis=0)).max() < 0.0025 and np.abs(np.diff(inside, axis=1)).max() < 0.0025
    assert result[65, 865] == np.float32(0.019), "what is far from the speck is no part of it"


def test_specks_at_the_last_rows_and_columns_go() -> None:
    alpha = big_subject()
    alpha[-1, -1] = alpha[-1, 900] = alpha[2, -1] = 1
    assert np.array_equal(chosen(alpha).alpha, big_subject())
