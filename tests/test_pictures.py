from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from factories import flat
from feathercut.errors import ShapeError
from feathercut.formats.frames import LazyFrames
from feathercut.pictures import Animation, Cutout, Image, Matte, Prediction

RGB = np.zeros((4, 6, 3), np.float32)
ALPHA = np.zeros((4, 6), np.float32)


def test_a_sound_picture_tells_its_size_as_height_and_width() -> None:
    assert Image(RGB, ALPHA).size == (4, 6)
    assert Cutout(RGB, ALPHA, ALPHA).size == (4, 6)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Image(RGB.astype(np.uint8)), "Image.rgb must be float32 ?×?×3, got uint8 4×6×3"),
        (lambda: Image(RGB.astype(np.float64)), "Image.rgb must be float32 ?×?×3, got float64 4×6×3"),
        (lambda: Image(RGB[..., :2]), "Image.rgb must be float32 ?×?×3, got float32 4×6×2"),
        (lambda: Image(RGB[:0]), "Image.rgb must be float32 ?×?×3, got float32 0×6×3"),
        (lambda: Image(RGB, ALPHA.T), "Image.alpha must be float32 4×6, got float32 6×4"),
        (lambda: Image(RGB + 1.5), "Image.rgb must lie in [0, 1], got 1.5 to 1.5"),
        (lambda: Image(RGB - 0.5), "Image.rgb must lie in [0, 1], got -0.5 to -0.5"),
        (lambda: Image(RGB * np.float32(np.nan)), "Image.rgb must lie in [0, 1], got nan to nan"),
        (lambda: Matte(RGB), "Matte.alpha must be float32 ?×?, got float32 4×6×3"),
        (lambda: Cutout(RGB, ALPHA[:2]), "Cutout.alpha must be float32 4×6, got float32 2×6"),
        (lambda: Cutout(RGB, ALPHA, ALPHA[:2]), "Cutout.shadow must be float32 4×6, got float32 2×6"),
        (lambda: Prediction(ALPHA, (0, 0, 5, 6), "m"), "Prediction.inside must lie in 4×6, got (0, 0, 5, 6)"),
        (lambda: Prediction(ALPHA, (2, 0, 2, 6), "m"), "Prediction.inside must lie in 4×6, got (2, 0, 2, 6)"),
        (lambda: Animation(()), "Animation needs one duration a frame, got 0 frames and 1 durations"),
        (lambda: Animation((flat((1, 1)),) * 3, (10, 20)), "got 3 frames and 2 durations"),
    ],
)
def test_a_broken_promise_says_what_was_expected_and_what_came(make: Any, message: str) -> None:
    with pytest.raises(ShapeError) as caught:
        make()
    assert str(caught.value).endswith(message)


@pytest.mark.parametrize("place", [0, 63, 64, 199])
@pytest.mark.parametrize(
    ("value", "said"), [(np.nan, "nan to nan"), (-1, "-1 to 0.5"), (2, "0.5 to 2"), (np.inf, "0.5 to inf")]
)
def test_one_wrong_number_is_found_wherever_it_is(place: int, value: float, said: str) -> None:
    alpha = np.full((200, 3), 0.5, np.float32)
    Matte(alpha)
    alpha[place, 1] = value
    with pytest.raises(ShapeError, match=rf"^Matte.alpha must lie in \[0, 1\], got {said}$"):
        Matte(alpha)


def test_a_list_is_no_array() -> None:
    pixels: Any = [[[0.0, 0.0, 0.0]]]
    with pytest.raises(ShapeError, match=r"^Image.rgb must be a float32 array, got list$"):
        Image(pixels)


def test_one_alpha_among_none_is_not_empty() -> None:
    alpha = ALPHA.copy()
    assert Matte(alpha).is_empty and Cutout(RGB, alpha).is_empty
    alpha[3, 5] = 1e-6
    assert not Matte(alpha).is_empty and not Cutout(RGB, alpha).is_empty


def test_values_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Image(RGB).rgb = RGB  # type: ignore[misc]


def test_frames_of_two_sizes_are_no_animation() -> None:
    frames = (flat((4, 6)), flat((4, 6)), flat((5, 6)))
    for some in (frames, list(frames)):
        with pytest.raises(ShapeError, match=r"^Animation.frames must have one size, 4×6, got 5×6$"):
            Animation(some, (40, 40, 40))


def test_frames_that_are_decoded_when_asked_for_are_not_asked_for() -> None:
    def never() -> Iterator[Image]:
        raise AssertionError

    assert len(Animation(LazyFrames("GIF", 3, never), (40, 40, 40)).frames) == 3


def test_only_one_frame_is_a_still() -> None:
    frame = flat((1, 1))
    assert Animation((frame,)).is_still
    assert not Animation((frame, frame), (40, 40)).is_still
