"""A photo of few pixels is looked at once more, from afar, where two networks see different subjects."""

from __future__ import annotations

import numpy as np
import pytest

from factories import tiny_record
from feathercut.engines.stub import StubEngine
from feathercut.loading import Loaded
from feathercut.options import Options
from feathercut.pictures import FloatArray, Image
from feathercut.pipeline import cut_out
from feathercut.remover import answers, remover_of
from feathercut.steps.predict import place

SIZE = (64, 64)


def square(side: int = 160) -> Image:
    """A red square on green, a half of the photo's side large."""
    rgb = np.full((side, side, 3), (0.1, 0.6, 0.1), np.float32)
    rgb[side // 4 : -side // 4, side // 4 : -side // 4] = (1, 0.1, 0.1)
    return Image(rgb)


def sees(part: str = "all", afar: str = "red") -> StubEngine:
    """Sees a part of what is red; from afar, where that is smaller, all that is `red` or all that is not."""

    def answer(array: FloatArray) -> FloatArray:
        red = array[0, 0] > 0.5
        if red.mean() < 0.2:
            return np.asarray(red if afar == "red" else ~red, np.float32)
        half = len(red) // 2
        red[half:] &= part != "top"
        red[:, half:] &= part != "left"
        return np.asarray(red, np.float32)

    return StubEngine(answer)


def loaded(first: StubEngine, second: StubEngine) -> list[Loaded]:
    record = tiny_record(size=SIZE)
    return [Loaded(first, record), Loaded(second, record, is_farther=True)]


def test_a_photo_takes_its_share_of_the_canvas_amid_its_mirror_images() -> None:
    photo = Image(np.random.default_rng(1).random((40, 40, 3)).astype(np.float32))
    canvas, (top, left, bottom, right) = place(photo, SIZE, tiny_record(size=SIZE).input, 5 / 8)
    assert (top, left, bottom, right) == (12, 12, 52, 52)
    assert np.abs(canvas[top:bottom, left:right] - photo.rgb).max() < 1e-6
    assert np.array_equal(canvas[top - 3], canvas[top + 3])
    assert np.array_equal(canvas[:, right + 4], canvas[:, right - 6])


def test_what_both_missed_comes_by_the_look_from_afar_unless_it_is_off() -> None:
    photo = square()
    found = answers(photo, loaded(sees("top"), sees("left")))
    assert [one.is_afar for one in found] == [False, False, True]
    asked, off = Options(decontaminate=0), Options(decontaminate=0, low_resolution="off")
    alpha, without, alone = (
        cut_out(photo, lambda *_, seen=seen: seen, options).alpha
        for seen, options in ((found, asked), (found, off), (found[:2], off))
    )
    assert alpha[90:110, 90:110].min() > 0.95
    assert without[90:110, 90:110].max() < 0.05
    assert np.array_equal(without, alone)


@pytest.mark.parametrize(
    ("first", "side", "looks"),
    [("all", 160, 1), ("top", 400, 1), ("top", 160, 2)],
    ids=["both see one subject", "a larger photo", "they differ"],
)
def test_the_second_is_asked_again_only_where_they_differ(first: str, side: int, looks: int) -> None:
    second = sees()
    assert len(answers(square(side), loaded(sees(first), second))) == 1 + looks
    assert len(second.seen) == looks


def test_nobody_looks_from_afar_where_that_is_off() -> None:
    second = sees("left")
    remover = remover_of(loaded(sees("top"), second), 1)
    found = remover.apply(square(), Options(decontaminate=0, low_resolution="off"))
    assert len(second.seen) == 1
    assert found.alpha[90:110, 90:110].max() < 0.05


def test_another_subject_from_afar_does_not_count() -> None:
    second = sees(afar="green")
    assert len(answers(square(), loaded(sees("top"), second))) == 2
    assert len(second.seen) == 2
