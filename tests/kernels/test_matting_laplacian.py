"""The matting Laplacian against the matrix itself, written out from the paper's formula."""

import numpy as np
from numpy.typing import NDArray

from feathercut.kernels.matting_laplacian import MattingLaplacian, solve
from feathercut.pictures import FloatArray

_EPSILON = 1e-3


def _colours(height: int, width: int) -> FloatArray:
    return np.random.default_rng(2).random((3, height, width), np.float32)


def _matrix(rgb: FloatArray, epsilon: float) -> NDArray[np.float64]:
    """Σ over windows of δ − (1 + (Iᵢ − μ)ᵀ (Σ + εU)⁻¹ (Iⱼ − μ)) / 9: Levin, Lischinski and Weiss, equation 12."""
    _, height, width = rgb.shape
    numbers = np.arange(height * width).reshape(height, width)
    result = np.zeros((height * width, height * width))
    for y in range(1, height - 1):
        for x in range(1, width - 1):
            members = numbers[y - 1 : y + 2, x - 1 : x + 2].ravel()
            colours = rgb.reshape(3, -1)[:, members].T.astype(np.float64)
            off = colours - colours.mean(axis=0)
            inverse = np.linalg.inv(off.T @ off / 9 + epsilon * np.eye(3))
            result[np.ix_(members, members)] += np.eye(9) - (1 + off @ inverse @ off.T) / 9
    return result


def test_application_is_the_matrix_of_the_paper() -> None:
    rgb = _colours(17, 140)  # more than a tile
    alpha = np.random.default_rng(3).random((17, 140))
    everywhere = np.ones((17, 140), bool)
    laplacian = MattingLaplacian(rgb, everywhere, _EPSILON)
    matrix = _matrix(rgb, _EPSILON)
    assert np.abs(laplacian.at_marks(alpha) - matrix @ alpha.ravel()).max() < 1e-5
    wanted = matrix.diagonal()
    large = wanted > 0.3  # the others are raised a little
    assert large.mean() > 0.5
    assert np.abs(laplacian.diagonal.ravel() - wanted)[large].max() < 1e-5


def test_some_marks_get_what_they_would_among_all() -> None:
    rgb = _colours(40, 200)
    alpha = rgb[0].astype(np.float64)
    marks = np.zeros((40, 200), bool)
    marks[0, 0] = marks[20:30, 100:150] = marks[39, 190:] = True
    whole = MattingLaplacian(rgb, np.ones_like(marks), _EPSILON).at_marks(alpha)
    some = MattingLaplacian(rgb, marks, _EPSILON).at_marks(alpha)
    assert np.abs(some - whole[marks.ravel()]).max() < 1e-9


def test_alpha_that_is_linear_in_colour_costs_nothing() -> None:
    rgb = _colours(30, 30)
    alpha = 0.2 * rgb[0].astype(np.float64) + 0.5 * rgb[2] + 0.1
    laplacian = MattingLaplacian(rgb, np.ones((30, 30), bool), 1e-7)
    assert np.abs(laplacian.at_marks(alpha)).max() < 1e-5


def test_solution_is_that_of_the_whole_system() -> None:
    rgb = _colours(12, 15)
    random = np.random.default_rng(5)
    guess, weight = random.random((12, 15), np.float32), random.random((12, 15), np.float32) * np.float32(0.1)
    start = np.zeros((12, 15), np.float32)
    start[:, 8:] = 1
    marks = np.zeros((12, 15), bool)
    marks[:, 4:11] = True
    found = solve(MattingLaplacian(rgb, marks, _EPSILON), start, guess, weight, 1e-5, 1000)

    inside = marks.ravel()
    matrix = _matrix(rgb, _EPSILON) + np.diag(weight.ravel().astype(np.float64))
    right = (weight * guess).ravel()[inside] - matrix[np.ix_(inside, ~inside)] @ start.ravel()[~inside]
    wanted = np.linalg.solve(matrix[np.ix_(inside, inside)], right)
    assert (found[~marks] == start[~marks]).all()
    assert np.abs(found[marks] - wanted).max() < 1e-3


def test_picture_too_small_for_a_window_follows_the_guess() -> None:
    rgb, guess = _colours(2, 5), np.full((2, 5), 0.3, np.float32)
    laplacian = MattingLaplacian(rgb, np.ones((2, 5), bool), _EPSILON)
    found = solve(laplacian, np.zeros_like(guess), guess, np.full_like(guess, 0.01), 1e-5, 50)
    assert np.abs(found - 0.3).max() < 1e-4
