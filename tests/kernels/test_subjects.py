"""Subjects of drawn mattes: which parts are one, where two that touch are two, and where hair goes."""

from __future__ import annotations

import numpy as np
import pytest

from feathercut.evaluate.synthetic.outlines import coverage, disc, round_line, union
from feathercut.kernels.subjects import find_subjects, subjects
from feathercut.kernels.territories import share_of
from feathercut.pictures import FloatArray

SIZE = (240, 360)


def person(x: float, height: float = 180, bottom: float = 230) -> FloatArray:
    """A head over a body that widens below it."""
    head = disc((x, bottom - height * 0.88), (height * 0.1, height * 0.12))
    body = disc((x, bottom - height * 0.36), (height * 0.19, height * 0.4))
    return coverage(union(head, body), SIZE)


def pair(gap: float, left_colour: tuple[float, ...], right_colour: tuple[float, ...]) -> tuple[FloatArray, FloatArray]:
    """A matte of two, the left one before the right one, and a photo in which they have these colours."""
    left, right = person(180 - gap / 2), person(180 + gap / 2, 165)
    alpha = np.maximum(left, right)
    photo = np.full((*SIZE, 3), 0.5, np.float32)
    for one, colour in ((right, right_colour), (left, left_colour)):
        photo += one[..., None] * (np.array(colour, np.float32) - photo)
    y, x = np.mgrid[: SIZE[0], : SIZE[1]]
    photo += (0.02 * np.sin(x / 3) * np.cos(y / 4))[..., None].astype(np.float32)  # cloth is not flat
    return alpha, np.clip(photo, 0, 1)


def test_subjects_are_numbered_by_size_and_say_where_they_are() -> None:
    alpha = np.zeros((60, 100), np.float32)
    alpha[10:50, 5:15], alpha[5:55, 60:90], alpha[20:30, 30:40] = 1, 1, 0.8
    found = subjects(alpha)
    assert [one.number for one in found] == [1, 2, 3]
    assert [one.box for one in found] == [(5, 60, 55, 90), (10, 5, 50, 15), (20, 30, 30, 40)]
    assert [round(one.area) for one in found] == [1500, 400, 80]
    assert found[0].centre == pytest.approx((75, 30))


def test_a_flat_half_transparent_subject_is_one_too() -> None:
    alpha = np.zeros((40, 40), np.float32)
    alpha[10:30, 10:30] = 0.3
    assert [one.box for one in subjects(alpha)] == [(10, 10, 30, 30)]


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (3000, 2)])
def test_any_size_is_taken(size: tuple[int, int]) -> None:
    whole, empty = np.ones(size, np.float32), np.zeros(size, np.float32)
    assert [one.box for one in subjects(whole, np.zeros((*size, 3), np.float32))] == [(0, 0, *size)]
    assert subjects(empty, np.zeros((*size, 3), np.float32)) == ()


def test_a_hat_held_apart_is_a_part_and_a_far_bird_is_not() -> None:
    alpha = person(150)
    hat = coverage(disc((188, 90), (12, 7)), SIZE)
    bird = coverage(disc((330, 30), (14, 9)), SIZE)
    assert len(subjects(np.maximum(alpha, hat))) == 1
    assert len(subjects(np.maximum(alpha, bird))) == 2


def test_legs_behind_a_bar_belong_to_the_body_above_it() -> None:
    alpha = person(150)
    alpha[170:184] = 0
    assert len(subjects(alpha)) == 1


def test_two_that_touch_are_two_where_their_colours_differ() -> None:
    alpha, photo = pair(58, (0.8, 0.2, 0.2), (0.2, 0.3, 0.8))
    found = find_subjects(alpha, photo)
    assert len(found.each) == 2
    left = share_of(found, {found.labels[found.labels.shape[0] // 2, 120 // found.cell]}, photo, alpha)
    wrong = np.abs(left - person(151)).sum() / person(151).sum()
    assert wrong < 0.03


def test_a_small_one_beside_a_large_one_is_one_where_they_have_no_colour_in_common() -> None:
    large, small = person(150), person(205, 110)
    alpha = np.maximum(large, small)
    for colour, count in (((0.2, 0.3, 0.8), 2), ((0.8, 0.2, 0.2), 1)):
        photo = np.full((*SIZE, 3), 0.5, np.float32)
        for one, shown in ((small, colour), (large, (0.8, 0.2, 0.2))):
            photo += one[..., None] * (np.array(shown, np.float32) - photo)
        y, x = np.mgrid[: SIZE[0], : SIZE[1]]
        photo += (0.02 * np.sin(x / 3) * np.cos(y / 4))[..., None].astype(np.float32)
        assert len(subjects(alpha, np.clip(photo, 0, 1))) == count


def test_one_of_one_colour_stays_one() -> None:
    alpha, photo = pair(45, (0.6, 0.4, 0.2), (0.6, 0.4, 0.2))
    assert len(subjects(alpha, photo)) == 1


def test_a_two_coloured_person_is_not_cut_in_two() -> None:
    alpha = person(180)
    photo = np.full((*SIZE, 3), 0.5, np.float32)
    photo[:, :180], photo[:, 180:] = (0.9, 0.1, 0.1), (0.1, 0.1, 0.9)
    assert len(subjects(alpha, photo)) == 1


def test_a_raised_arm_is_no_subject() -> None:
    arm = coverage(round_line([(160, 130), (215, 60)], 16), SIZE)
    alpha = np.maximum(person(150), arm)
    photo = np.where(arm[..., None] > 0, [0.9, 0.7, 0.6], [0.1, 0.2, 0.5]).astype(np.float32)
    assert len(subjects(alpha, photo)) == 1


def test_soft_hair_goes_with_its_head_and_none_is_lost() -> None:
    alpha = np.zeros(SIZE, np.float32)
    alpha[60:220, 40:140], alpha[40:220, 240:340] = 1, 1
    hair = np.linspace(0.9, 0.05, 60, dtype=np.float32)
    alpha[80:180, 140:200] = hair  # as far as beyond the middle between the two
    found = find_subjects(alpha)
    left, right = (share_of(found, {number}, np.zeros((*SIZE, 3), np.float32), alpha) for number in (1, 2))
    assert np.array_equal(left[80:180, 140:195], alpha[80:180, 140:195])
    assert not right[:, :195].any()
    assert np.abs(left + right - alpha).max() < 1e-4
