import numpy as np
import pytest

from factories import floats
from feathercut.kernels.glass import behind, least_alpha, own_colours, reduced, thickened, thinned
from feathercut.kernels.pieces import spread
from feathercut.kernels.resample import resize
from feathercut.pictures import FloatArray, Through
from scenes_of_glass import before, outline, tumbler, wall


def over(ground: float, alpha: FloatArray, colour: FloatArray) -> FloatArray:
    return alpha[..., None] * colour + (1 - alpha[..., None]) * np.float32(ground)


def test_least_alpha_is_the_least_of_all_that_keep_the_colour_a_colour() -> None:
    random = np.random.default_rng(2)
    photo, colour = (random.random((3, 6, 6)).astype(np.float32) for _ in range(2))
    colour = 0.1 + 0.8 * colour  # so that there is room on both sides
    found = least_alpha(photo, colour, np.float32(0))
    for y, x in np.ndindex(6, 6):
        tried = [step / 1000 for step in range(1, 1001)]
        own = ((photo[:, y, x] - (1 - alpha) * colour[:, y, x]) / alpha for alpha in tried)
        least = next(alpha for alpha, f in zip(tried, own, strict=True) if (f > -1e-4).all() and (f < 1 + 1e-4).all())
        assert abs(found[y, x] - least) < 0.002


def test_what_differs_from_the_backdrop_by_noise_is_all_backdrop() -> None:
    colour = np.full((3, 4, 4), 0.5, np.float32)
    assert not least_alpha(colour + np.float32(0.02), colour, np.float32(0.03)).any()


def found_through(photo: FloatArray) -> tuple[FloatArray, FloatArray]:
    small = reduced(photo)
    cells = resize(outline(), (small.shape[1], small.shape[2]), "box")
    back = behind(small, ~spread(cells > 0.05, 2))
    assert back is not None
    places = np.ones_like(cells)
    alpha = thinned(photo, outline(), places, back)
    colours = photo.copy()
    own_colours(photo, alpha, Through(places, back.colour), colours)
    return alpha, colours


@pytest.mark.parametrize("ground", [0.0, 1.0])
def test_a_tumbler_over_another_ground_looks_as_if_it_stood_there(ground: float) -> None:
    alpha, colour = tumbler()
    photo = before(wall(), alpha, colour)
    wanted, solid = over(ground, alpha, colour), over(ground, outline(), photo)
    thin = over(ground, *found_through(photo))
    errors = [float(((one - wanted) ** 2).mean()) for one in (thin, solid)]
    assert errors[0] < errors[1] / 10


def test_highlights_and_dark_rims_stay_dense_and_walls_get_thin() -> None:
    alpha, colour = tumbler()
    found, _ = found_through(before(wall(), alpha, colour))
    assert found[alpha > 0.7].mean() > 0.7
    assert found[(alpha > 0) & (alpha < 0.2)].mean() < 0.3
    assert not found[alpha == 0].any()


def test_an_edge_never_grows() -> None:
    alpha, colour = tumbler()
    photo = before(wall(), alpha, colour)
    small = reduced(photo)
    back = behind(small, np.ones(small.shape[1:], bool))
    assert back is not None
    soft = outline() * np.float32(0.2)
    assert (thinned(photo, soft, np.ones(small.shape[1:], np.float32), back) <= soft).all()


def test_nothing_is_known_to_be_behind_a_subject_that_fills_the_photo() -> None:
    assert behind(reduced(wall()), np.zeros((168, 224), bool)) is None


def trimap() -> FloatArray:
    return np.where(spread(outline() > 0, 4), np.float32(0.5), np.float32(0))


def test_a_trimap_that_knows_nothing_solid_gets_what_the_backdrop_cannot_explain() -> None:
    alpha, colour = tumbler()
    photo, empty = before(wall(), alpha, colour), np.zeros_like(alpha)
    found = thickened(photo, empty, trimap(), is_sure=False)
    there = alpha > 0
    assert ((found - alpha)[there] ** 2).mean() < 0.3 * (alpha[there] ** 2).mean()
    assert not found[trimap() == 0].any()


def test_a_trimap_that_knows_the_subject_is_left_to_its_solver_unless_it_is_sure() -> None:
    alpha, colour = tumbler()
    photo, known, solved = before(wall(), alpha, colour), trimap(), floats(alpha * 0.5)
    known[60:120, 100:140] = 1
    assert thickened(photo, solved, known, is_sure=False) is solved
    assert thickened(photo, solved, known, is_sure=True).sum() > solved.sum()


def test_a_trimap_without_background_changes_nothing() -> None:
    solved = np.full((180, 240), 0.5, np.float32)
    assert thickened(wall(), solved, solved, is_sure=True) is solved
