"""Which of several subjects: each form does what it says."""

from __future__ import annotations

import numpy as np
import pytest

from feathercut.errors import OptionError, SubjectError
from feathercut.evaluate.synthetic import outlines
from feathercut.options import Select
from feathercut.pictures import FloatArray, Image, Matte
from feathercut.steps.choose import choose

PHOTO = Image(np.zeros((100, 200, 3), np.float32))
LARGE, MIDDLE, SMALL = (slice(10, 90), slice(10, 70)), (slice(30, 70), slice(85, 115)), (slice(40, 60), slice(150, 170))


def three() -> FloatArray:
    """Three apart: a large one on the left, one in the middle, a small one on the right."""
    alpha = np.zeros((100, 200), np.float32)
    for part in (LARGE, MIDDLE, SMALL):
        alpha[part] = 1
    return alpha


def chosen(subject: str) -> FloatArray:
    return choose(PHOTO, Matte(three()), Select(subject=subject))[0].alpha


def of(*parts: tuple[slice, slice]) -> FloatArray:
    alpha = np.zeros((100, 200), np.float32)
    for part in parts:
        alpha[part] = 1
    return alpha


@pytest.mark.parametrize(
    ("subject", "parts"),
    [
        ("all", (LARGE, MIDDLE, SMALL)),
        ("largest", (LARGE,)),
        ("central", (MIDDLE,)),
        ("2", (MIDDLE,)),
        ("3, 1", (LARGE, SMALL)),
        ("80%,50%", (SMALL,)),
        ("160px,50px", (SMALL,)),
        ("147px,50", (SMALL,)),  # beside it
        ("40%,0,100%,100%", (MIDDLE, SMALL)),
        ("0,0,30px,30px", (LARGE,)),  # none lies in it by half
    ],
)
def test_each_form_keeps_what_it_names_and_nothing_else(subject: str, parts: tuple[tuple[slice, slice], ...]) -> None:
    assert np.array_equal(chosen(subject), of(*parts))


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("4", "there are 3 subjects; 4 is none of them"),
        ("4,9", "4, 9 are none of them"),
        ("120,80", "a place is written as in `120px,80px`"),
        ("50%,2%", "there is background at `50%,2%`"),
        ("50%,200px", "lies beyond the photo, which has 200×100 pixels"),
        ("71px,0,84px,10px", "there is no subject in"),
    ],
)
def test_what_is_not_there_is_said(subject: str, said: str) -> None:
    with pytest.raises(SubjectError, match="Option `subject`") as raised:
        chosen(subject)
    assert said in str(raised.value)


@pytest.mark.parametrize("subject", ["", "0", "1,0", "biggest", "10%", "1px,2px,3px", "1;2"])
def test_what_names_no_subjects_is_refused(subject: str) -> None:
    with pytest.raises(OptionError, match="`subject`"):
        Select(subject=subject)


def test_numbers_are_taken_in_python() -> None:
    assert Select(subject=2).subject == "2"
    assert Select(subject=(3, 1)).subject == "3,1"
    with pytest.raises(OptionError, match="whole numbers"):
        Select(subject=1.5)  # type: ignore[arg-type]


def test_an_empty_matte_stays_empty_whatever_is_chosen() -> None:
    matte, subjects = choose(PHOTO, Matte(np.zeros((100, 200), np.float32)), Select(subject=3))
    assert matte.is_empty
    assert subjects == ()


def test_subjects_keep_their_numbers_and_say_which_are_kept() -> None:
    _, subjects = choose(PHOTO, Matte(three()), Select(subject="2"))
    assert subjects is not None
    assert [(one.number, one.kept) for one in subjects] == [(1, False), (2, True), (3, False)]


def touching() -> tuple[Image, list[FloatArray]]:
    """A photo of three in a row that touch, and what shows of each: the middle one is the largest, and in front."""
    size = (240, 400)
    photo = np.full((*size, 3), 0.5, np.float32)
    seen: list[FloatArray] = []
    looks = ((100, 170, (0.8, 0.2, 0.2)), (290, 180, (0.2, 0.7, 0.3)), (196, 200, (0.2, 0.3, 0.8)))
    for x, height, colour in looks:
        head = outlines.disc((x, 230 - height * 0.88), (height * 0.1, height * 0.12))
        body = outlines.disc((x, 230 - height * 0.36), (height * 0.28, height * 0.4))
        alpha = outlines.coverage(outlines.union(head, body), size)
        seen = [*(one * (1 - alpha) for one in seen), alpha]
        photo += alpha[..., None] * (np.array(colour, np.float32) - photo)
    y, x_of = np.mgrid[: size[0], : size[1]]
    photo += (0.02 * np.sin(x_of / 3) * np.cos(y / 4))[..., None].astype(np.float32)  # cloth is not flat
    return Image(np.clip(photo, 0, 1)), seen


@pytest.mark.parametrize(
    ("subject", "wanted"),
    [
        ("all", (0, 1, 2)),
        ("largest", (2,)),
        ("central", (2,)),
        ("1", (2,)),
        ("2,3", (0, 1)),
        ("25%,70%", (0,)),
        ("290px,160px", (1,)),
        ("0,0,160px,240px", (0,)),
        ("30%,0,100%,100%", (1, 2)),
    ],
)
def test_each_form_keeps_its_part_of_what_touches(subject: str, wanted: tuple[int, ...]) -> None:
    photo, seen = touching()
    alpha = choose(photo, Matte(np.clip(np.sum(seen, axis=0), 0, 1)), Select(subject=subject))[0].alpha
    truth = np.sum([seen[at] for at in wanted], axis=0)
    assert np.abs(alpha - truth).sum() < 0.03 * truth.sum()
