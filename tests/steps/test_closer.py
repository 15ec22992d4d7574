"""A subject that is small in its photo, and a network that sees only what is large in what it is shown."""

from __future__ import annotations

import numpy as np
import pytest

from factories import floats, tiny_record
from feathercut.engines.stub import StubEngine
from feathercut.pictures import FloatArray, Image, Prediction, Size
from feathercut.steps.closer import closer, drawn_closer
from feathercut.steps.predict import predict

RECORD = tiny_record(size=(64, 64))


def _photo(size: Size, top: int, left: int, side: int, alpha: FloatArray | None = None) -> Image:
    """A white square on black."""
    rgb = np.zeros((*size, 3), np.float32)
    rgb[top : top + side, left : left + side] = 1
    return Image(rgb, alpha)


def _drawn(photo: Image) -> Prediction:
    return Prediction(photo.rgb[..., 0], (0, 0, *photo.size), "draws")


def _sees_large(array: FloatArray) -> FloatArray:
    """What is white, where that is more than a twentieth of what is shown."""
    white = array[0, 0] - array[0, 0].min()
    return floats(white / max(float(white.max()), 1e-6) * (white.mean() > 0.05 * max(float(white.max()), 1e-6)))


def _looked(photo: Image, engine: StubEngine) -> Prediction:
    return closer(photo, _drawn(photo), predict(photo, RECORD, engine), RECORD, engine)


@pytest.mark.parametrize(("top", "left"), [(0, 0), (100, 140), (200, 290), (260, 350)])
def test_what_is_too_small_in_the_photo_is_seen_from_near_and_lies_where_it_is(top: int, left: int) -> None:
    photo = _photo((300, 400), top, left, 40)
    engine = StubEngine(_sees_large)
    assert predict(photo, RECORD, engine).alpha.max() == 0
    alpha = _looked(photo, engine).shown
    rows, columns = (np.arange(64) + 0.5) * 300 / 64, (np.arange(64) + 0.5) * 400 / 64
    # Away from the edge by more than a cell of the network's grid.
    inside = np.ix_(np.abs(rows - top - 20) < 13, np.abs(columns - left - 20) < 13)
    outside = (np.abs(rows - top - 20) > 27)[:, None] | (np.abs(columns - left - 20) > 27)
    assert alpha[inside].min() > 0.95
    assert alpha[outside].max() < 0.05


def test_nothing_that_was_seen_of_the_whole_photo_is_lost() -> None:
    photo = _photo((300, 400), 100, 140, 90)

    def sees_small(array: FloatArray) -> FloatArray:
        return floats(array[0, 0] * (array[0, 0].mean() < 0.1))

    engine = StubEngine(sees_small)
    whole = predict(photo, RECORD, engine)
    assert whole.alpha.max() > 0.95
    assert np.array_equal(_looked(photo, engine).alpha, whole.alpha)
    assert len(engine.seen) == 3 and engine.answer(engine.seen[2]).max() == 0


@pytest.mark.parametrize("side", [0, 280])
def test_a_network_is_not_asked_again_of_the_same_photo(side: int) -> None:
    """Where the subject fills the photo, or where there is none."""
    photo = _photo((300, 300), 10, 10, side)
    engine = StubEngine(_sees_large)
    _looked(photo, engine)
    assert len(engine.seen) == 1


def test_a_speck_far_away_does_not_take_the_look_off_the_subject() -> None:
    photo = _photo((300, 400), 100, 140, 40)
    photo.rgb[295, 395] = 1
    assert _looked(photo, StubEngine(_sees_large)).shown.max() > 0.95


def test_what_is_transparent_in_the_photo_is_grey_from_near_too() -> None:
    alpha = np.ones((300, 400), np.float32)
    alpha[100:140, 140:180] = 0
    engine = StubEngine(_sees_large)
    _looked(_photo((300, 400), 100, 140, 40, alpha), engine)
    near = engine.seen[1][0, 0]
    assert near.max() - near.min() == pytest.approx(engine.seen[0][0, 0].max() - engine.seen[0][0, 0].min(), abs=1e-5)


def test_one_pixel_is_a_photo() -> None:
    photo = Image(np.ones((1, 1, 3), np.float32))
    assert _looked(photo, StubEngine(_sees_large)).alpha.shape == (64, 64)


def _white(array: FloatArray) -> FloatArray:
    return floats(array[0, 0])


def test_what_is_drawn_from_near_lies_where_it_is_and_the_rest_as_it_was() -> None:
    record = tiny_record(size=(320, 320))
    photo = _photo((320, 640), 120, 300, 60)
    photo.rgb[10:20, 10:20] = 0.4
    engine = StubEngine(lambda array: _white(array) * floats(0.5 + 0.5 * (array[0, 0].mean() > 0.1)))
    seen = predict(photo, record, engine)
    twin = drawn_closer(photo, seen, record, engine)
    assert twin is not None and twin.is_twin and not seen.is_twin
    # Half as sure from afar as from near.
    assert seen.shown[125:175, 155:175].max() == pytest.approx(0.5)
    assert twin.shown[125:175, 155:175].min() > 0.95
    assert np.array_equal(twin.shown[:90], seen.shown[:90])
    assert np.abs(twin.shown[:, 140:190] - 2 * seen.shown[:, 140:190]).mean() < 0.01


def test_what_is_cut_off_at_the_edge_of_the_part_is_not_taken_from_there() -> None:
    """A network that errs along every edge of what it sees."""
    record = tiny_record(size=(320, 320))
    photo = _photo((320, 320), 120, 120, 60)

    def errs_at_edges(array: FloatArray) -> FloatArray:
        alpha = _white(array)
        if array[0, 0].mean() > 0.1:
            alpha[:20], alpha[-20:], alpha[:, :20], alpha[:, -20:] = 1, 1, 1, 1
        return alpha

    engine = StubEngine(errs_at_edges)
    seen = predict(photo, record, engine)
    twin = drawn_closer(photo, seen, record, engine)
    assert twin is not None and np.abs(twin.alpha - seen.alpha).max() < 0.6
    assert np.abs(twin.alpha - seen.alpha).mean() < 0.01


def test_a_subject_that_fills_its_photo_is_not_drawn_again() -> None:
    photo = _photo((300, 300), 10, 10, 280)
    engine = StubEngine(_white)
    assert drawn_closer(photo, predict(photo, RECORD, engine), RECORD, engine) is None
    assert len(engine.seen) == 1
