import numpy as np
import pytest

from factories import floats
from feathercut.kernels.box_sums import box_mean
from feathercut.kernels.few_pixels import has_few, solved_edges
from feathercut.pictures import FloatArray, Size


def disc(size: Size = (90, 120), radius: float = 30) -> FloatArray:
    """An alpha with an edge of a pixel."""
    rows, columns = np.mgrid[: size[0], : size[1]]
    return floats(np.clip(radius - np.hypot(columns + 0.5 - size[1] / 2, rows + 0.5 - size[0] / 2) + 0.5, 0, 1))


def photo_of(alpha: FloatArray, subject: float = 0.8, behind: float = 0.3) -> FloatArray:
    grain = np.random.default_rng(1).normal(0, 0.02, (*alpha.shape, 3))
    return floats(np.clip((alpha * subject + (1 - alpha) * behind)[..., None] + grain, 0, 1))


def drawn_wide(alpha: FloatArray) -> FloatArray:
    """As a network draws it that saw the photo enlarged: too wide, and soft over pixels that are whole."""
    wide = box_mean(box_mean(alpha, 2), 2)
    return floats(np.clip(wide * 1.3, 0, 1))


def test_edges_that_were_drawn_too_wide_are_as_the_photo_has_them() -> None:
    truth = disc()
    drawn = drawn_wide(truth)
    solved = solved_edges(photo_of(truth), drawn)
    before, after = (float(np.abs(one - truth).sum()) for one in (drawn, solved))
    assert before > 150
    assert after < 0.3 * before


def test_an_edge_without_colours_to_tell_it_stays_about_where_it_was_drawn() -> None:
    truth = disc()
    drawn = drawn_wide(truth)
    solved = solved_edges(photo_of(truth, 0.5, 0.5), drawn)
    assert solved.min() >= 0 and solved.max() <= 1
    assert float(np.abs(solved - truth).sum()) < 1.2 * float(np.abs(drawn - truth).sum())


def test_what_is_far_from_an_edge_stays() -> None:
    truth = disc()
    solved = solved_edges(photo_of(truth), drawn_wide(truth))
    assert (solved[40:50, 55:65] == 1).all()
    assert not solved[:5].any()


def test_a_thin_part_that_is_sure_gets_no_fainter() -> None:
    truth = disc()
    truth[:, 15] = 1  # a pixel wide, far from the rest, and hardly another colour than what is behind
    photo = photo_of(truth)
    photo[:, 15] = photo[:, 16]
    assert solved_edges(photo, truth)[5:85, 15].min() > 0.95


def test_a_body_that_is_half_transparent_stays_so() -> None:
    alpha = disc()
    alpha[30:60, 40:80] = 0.4
    solved = solved_edges(photo_of(alpha), alpha)
    assert np.abs(solved[40:50, 52:68] - 0.4).max() < 1e-6


@pytest.mark.parametrize("level", [0.0, 0.02, 0.5, 1.0])
@pytest.mark.parametrize("size", [(1, 1), (1, 40), (2, 2), (30, 40)])
def test_a_flat_matte_is_left_alone(level: float, size: Size) -> None:
    alpha = np.full(size, level, np.float32)
    assert solved_edges(np.full((*size, 3), 0.5, np.float32), alpha) is alpha


def test_few_are_fewer_than_400_by_400() -> None:
    assert has_few((399, 400))
    assert not has_few((400, 400))
    assert not has_few((100, 2000))
