from __future__ import annotations

import numpy as np
import pytest

from feathercut.kernels import halve
from feathercut.kernels.resample import shrink
from feathercut.pictures import FloatArray, Image
from feathercut.steps.seen import reduced, remembering, visible


def photo(*, is_transparent: bool = False) -> Image:
    random = np.random.default_rng(0)
    alpha = random.random((301, 402), np.float32) if is_transparent else None
    return Image(random.random((301, 402, 3), np.float32), alpha)


@remembering
def at_sizes(image: Image, *sizes: tuple[int, int]) -> list[FloatArray]:
    return [reduced(image, size, "box") for size in sizes]


SIZES = (30, 40), (100, 120), (30, 40), (60, 50), (290, 300)


@pytest.mark.parametrize("is_transparent", [False, True])
def test_a_photo_is_reduced_to_the_same_numbers_however_often(is_transparent: bool) -> None:
    image = photo(is_transparent=is_transparent)
    for size, found in zip(SIZES, at_sizes(image, *SIZES), strict=True):
        assert np.array_equal(found, shrink(visible(image), size, "box"))


def test_it_is_halved_once_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, ...]] = []
    original = halve.halved_pixels

    def noted(rgb: FloatArray) -> FloatArray:
        asked.append(rgb.shape)
        return original(rgb)

    monkeypatch.setattr(halve, "halved_pixels", noted)
    at_sizes(photo(), *SIZES)
    assert asked == [(301, 402, 3)]


def test_a_photo_that_was_painted_on_is_looked_at_anew() -> None:
    image = photo()
    (before,) = at_sizes(image, (30, 40))
    image.rgb[:] = 0.25
    (after,) = at_sizes(image, (30, 40))
    assert before.std() > 0.001 and np.allclose(after, 0.25)


def test_halves_of_a_large_photo_are_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(halve, "_KEPT", 3 * 76 * 101)
    image = photo()
    for size, found in zip(SIZES, at_sizes(image, *SIZES), strict=True):
        assert np.array_equal(found, shrink(image.rgb, size, "box"))
