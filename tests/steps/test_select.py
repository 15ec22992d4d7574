from __future__ import annotations

import numpy as np
import pytest

from factories import soft_disc
from feathercut.options import Select
from feathercut.pictures import FloatArray, Matte
from feathercut.steps.select import select


def chosen(alpha: FloatArray, **options: float) -> Matte:
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
