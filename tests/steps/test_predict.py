from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from factories import (
    RED,
    WHITE,
    flat,
    floats,
    gradient,
    half_engine,
    half_white,
    in_display_p3,
    red_engine,
    soft_disc,
    tiny_record,
)
from feathercut.engines.stub import StubEngine
from feathercut.errors import NetworkError, OptionError
from feathercut.kernels.colour import to_srgb
from feathercut.options import Refine
from feathercut.pictures import FloatArray, Image
from feathercut.steps.predict import predict
from feathercut.steps.refine import refine


def seen(image: Image, **words: Any) -> FloatArray:
    """What the network is fed, 3×h×w."""
    engine = half_engine()
    predict(image, tiny_record(**words), engine)
    return floats(engine.seen[0][0])


def answering(answer: FloatArray, **words: Any) -> FloatArray:
    """What becomes of a network's answer."""
    return predict(half_white(), tiny_record(**words), StubEngine(lambda _: answer)).alpha


def test_stretching_fills_the_canvas() -> None:
    prediction = predict(half_white((40, 80)), tiny_record(), red_engine())
    assert prediction.inside == (0, 0, 8, 8)
    assert prediction.model == "tiny"
    assert np.array_equal(prediction.alpha[:, :3], np.zeros((8, 3)))
    assert np.array_equal(prediction.alpha[:, 5:], np.ones((8, 3)))


@pytest.mark.parametrize(
    ("photo_hw", "inside"),
    [((40, 80), (4, 0, 12, 16)), ((80, 40), (0, 4, 16, 12)), ((50, 50), (0, 0, 16, 16)), ((1, 5000), (7, 0, 8, 16))],
)
def test_a_letterboxed_photo_lies_in_the_middle(photo_hw: tuple[int, int], inside: tuple[int, ...]) -> None:
    prediction = predict(flat(photo_hw, RED), tiny_record(size=(16, 16), fit="letterbox"), red_engine())
    assert prediction.inside == inside
    top, left, bottom, right = inside
    expected = np.zeros((16, 16))
    expected[top:bottom, left:right] = 1
    assert np.array_equal(prediction.alpha, expected)


def test_around_a_letterboxed_photo_it_is_black() -> None:
    canvas = seen(flat((40, 80), WHITE), size=(16, 16), fit="letterbox", mean=(0.25, 0.5, 0.75))
    assert np.allclose(canvas[:, 0, 0], [-0.25, -0.5, -0.75])
    assert np.allclose(canvas[:, 8, 8], [0.75, 0.5, 0.25])


@pytest.mark.parametrize("fit", ["stretch", "letterbox"])
@pytest.mark.parametrize("photo_hw", [(96, 160), (160, 96)])
def test_a_matte_lands_where_the_subject_is(fit: str, photo_hw: tuple[int, int]) -> None:
    subject = np.roll(soft_disc(photo_hw, 8.0), (9, -14), axis=(0, 1))
    image = Image(np.stack([subject, 0 * subject, 0 * subject], axis=2))
    prediction = predict(image, tiny_record(size=(64, 64), fit=fit), red_engine())
    matte = refine(image, [prediction], Refine(low_resolution="off"))
    assert np.abs(matte.alpha - subject).mean() < 0.01
    assert np.abs(matte.alpha - subject).max() < 0.2


def test_scale_255_leaves_a_dark_photo_dark_and_image_max_brightens_it() -> None:
    dark = flat((8, 8), (0.25, 0.1, 0.0))
    assert np.allclose(seen(dark)[:, 0, 0], [0.25, 0.1, 0])
    assert np.allclose(seen(dark, scale="image-max")[:, 0, 0], [1, 0.4, 0])


def test_a_black_photo_is_not_divided_by_nothing() -> None:
    assert not seen(flat((8, 8), (0, 0, 0)), scale="image-max").any()


def test_mean_and_deviation_are_red_green_blue() -> None:
    planes = seen(flat((8, 8), (0.6, 0.5, 0.4)), mean=(0.1, 0.2, 0.3), std=(0.5, 0.25, 0.1))
    assert planes.dtype == np.float32 and planes.flags.c_contiguous
    assert np.allclose(planes[:, 3, 3], [1.0, 1.2, 1.0], atol=1e-6)


@pytest.mark.parametrize("fit", ["stretch", "letterbox"])
@pytest.mark.parametrize("photo_hw", [(8, 8), (64, 100)])
def test_what_is_hidden_is_never_seen(fit: str, photo_hw: tuple[int, int]) -> None:
    """Pure red where the photo is transparent, white where it shows."""
    alpha = np.zeros(photo_hw, np.float32)
    alpha[:, : photo_hw[1] // 2] = 1
    rgb = np.where(alpha[..., None] > 0, np.float32(1), floats(RED))
    planes = seen(Image(rgb, alpha), fit=fit)
    assert np.abs(planes[0] - planes[1]).max() < 1e-6 and np.abs(planes[1] - planes[2]).max() < 1e-6
    assert np.allclose(planes[:, 4, 7], 0.5) and np.allclose(planes[:, 4, 0], 1, atol=1e-6)


def test_half_transparent_parts_are_half_grey() -> None:
    planes = seen(flat((8, 8), RED, np.full((8, 8), 0.5, np.float32)))
    assert np.allclose(planes[:, 0, 0], [0.75, 0.25, 0.25])


def test_the_network_sees_srgb_whatever_the_profile() -> None:
    photo = in_display_p3(flat((16, 16), (0.6, 0.4, 0.3)))
    expected = to_srgb(photo.rgb, photo.metadata.profile)[0, 0]
    assert expected[0] > 0.62, "the same numbers are redder in Display P3"
    assert np.abs(seen(photo)[:, 0, 0] - expected).max() < 1e-5


def test_reduction_does_not_alias() -> None:
    stripes = np.zeros((64, 800, 3), np.float32)
    stripes[:, ::2] = 1
    assert seen(Image(stripes)).std() < 0.01


def test_reduction_in_bytes_rounds_to_255ths() -> None:
    exact, rounded = seen(gradient((18, 18))), seen(gradient((18, 18)), rounding="8-bit")
    assert np.abs(rounded * 255 - np.round(rounded * 255)).max() < 1e-4
    assert 1e-4 < np.abs(exact - rounded).max() < 2.5 / 255


def test_answers_are_clipped_not_stretched() -> None:
    answer = np.linspace(-0.2, 1.2, 64, dtype=np.float32).reshape(8, 8)
    assert np.array_equal(answering(answer), np.clip(answer, 0, 1))
    faint = np.full((8, 8), 0.02, np.float32)
    faint[4, 4] = 0.04
    assert np.array_equal(answering(faint), faint)


def test_sigmoid_of_logits_however_large() -> None:
    answer = np.zeros((8, 8), np.float32)
    answer[0] = [-1e4, -2, -1, 0, 1, 2, 50, 1e4]
    got = answering(answer, activation="sigmoid")[0]
    assert np.allclose(got, [0, 0.119203, 0.268941, 0.5, 0.731059, 0.880797, 1, 1], atol=1e-6)


def test_min_max_stretches_and_leaves_a_flat_answer_empty() -> None:
    answer = np.linspace(0.2, 0.4, 64, dtype=np.float32).reshape(8, 8)
    got = answering(answer, rescale="min-max")
    assert got.min() == 0 and got.max() == 1 and abs(float(got[0, 1]) - 1 / 63) < 1e-5
    assert not answering(np.full((8, 8), 0.7, np.float32), rescale="min-max").any()


def test_rounding_of_an_answer_cuts_down_to_255ths() -> None:
    record = tiny_record()
    cut = record.model_copy(update={"output": record.output.model_copy(update={"rounding": "8-bit"})})
    answer = np.full((8, 8), 99.9 / 255, np.float32)
    got = predict(half_white(), cut, StubEngine(lambda _: answer)).alpha
    assert np.allclose(got, 99 / 255, atol=1e-7)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_none_are_an_error(value: float) -> None:
    answer = np.full((8, 8), 0.5, np.float32)
    answer[3, 3] = value
    with pytest.raises(NetworkError, match="`tiny` answered with numbers that are not finite"):
        answering(answer)


def test_an_answer_of_another_size_is_an_error() -> None:
    with pytest.raises(NetworkError, match=r"`tiny` answered at 4×8 where 8×8 was asked"):
        answering(np.zeros((4, 8), np.float32))


def test_an_answer_of_several_planes_is_no_matte() -> None:
    with pytest.raises(NetworkError, match=r"`tiny` answered with an array of 1×1×3×8×8, which is no matte"):
        answering(np.zeros((3, 8, 8), np.float32))


def test_an_output_that_is_missing_is_named() -> None:
    engine = StubEngine(lambda _: np.zeros((8, 8), np.float32), output_name="other")
    with pytest.raises(NetworkError, match="`tiny` gave no output `output`, but other"):
        predict(half_white(), tiny_record(), engine)


def test_a_side_that_the_record_allows_is_what_the_network_sees() -> None:
    engine = red_engine()
    prediction = predict(half_white(), tiny_record(sizes=(16, 32)), engine, 32)
    assert engine.seen[0].shape == (1, 3, 32, 32) and prediction.alpha.shape == (32, 32)


def test_a_side_that_the_record_does_not_allow_is_refused_with_those_it_does() -> None:
    with pytest.raises(OptionError, match="Option `network_size`: `tiny` works at 8, 16, 32, not at 64"):
        predict(half_white(), tiny_record(sizes=(16, 32)), half_engine(), 64)


def test_a_photo_of_one_pixel_is_seen() -> None:
    assert np.allclose(seen(flat((1, 1), (0.2, 0.4, 0.6)))[:, 7, 0], [0.2, 0.4, 0.6])
