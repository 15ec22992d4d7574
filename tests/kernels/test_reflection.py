"""A subject mirrored below itself: where the ground is, how it fades, and what hangs above it."""

from __future__ import annotations

import numpy as np

from feathercut.kernels.reflection import reflection
from feathercut.pictures import FloatArray


def square(box: tuple[int, int, int, int], size: tuple[int, int] = (100, 80)) -> tuple[FloatArray, FloatArray]:
    """A square whose red grows downwards, and its alpha."""
    top, left, bottom, right = box
    rgb, alpha = np.zeros((*size, 3), np.float32), np.zeros(size, np.float32)
    alpha[top:bottom, left:right] = 1
    rgb[top:bottom, left:right, 0] = np.linspace(0, 1, bottom - top, dtype=np.float32)[:, None]
    return rgb, alpha


def test_a_square_is_turned_over_at_its_lower_edge_and_fades() -> None:
    rgb, alpha = square((20, 10, 60, 50))
    mirrored = reflection(rgb, alpha, 0.5)
    assert mirrored is not None
    colours, shown = mirrored
    assert not shown[:60].any() and not shown[:, :10].any() and not shown[:, 50:].any()
    # Row 60 shows row 59, row 70 shows row 49; half of its height below nothing is seen.
    for row, source in ((60, 59), (70, 49)):
        assert np.abs(colours[row, 10:50] - rgb[source, 10:50]).max() < 1e-6
        assert np.abs(shown[row, 10:50] - 0.5 * (1 - (row + 0.5 - 60) / 20) ** 2).max() < 1e-6
    assert not shown[80:].any()


def test_a_slanted_foot_is_mirrored_along_its_slant() -> None:
    alpha = np.zeros((120, 60), np.float32)
    lowest = np.round(np.linspace(80, 82, 40)).astype(int)
    for column, row in zip(range(10, 50), lowest, strict=True):
        alpha[20:row, column] = 1
    mirrored = reflection(np.zeros((120, 60, 3), np.float32), alpha, 1.0)
    assert mirrored is not None
    shown = mirrored[1]
    first = np.argmax(shown > 0, axis=0)
    # Nothing of it lies over the subject by more than the rounding of its slant, and no gap is left.
    assert all(abs(int(first[column]) - row) <= 1 for column, row in zip(range(10, 50), lowest, strict=True))


def test_what_hangs_above_the_ground_is_as_far_below_it() -> None:
    rgb, alpha = square((20, 10, 60, 50))
    alpha[30:50, 50:60] = 1  # a handle, its lowest point ten rows above the ground
    mirrored = reflection(rgb, alpha, 1.0)
    assert mirrored is not None
    assert not mirrored[1][60:70, 50:60].any() and (mirrored[1][70, 50:60] > 0).all()


def test_soft_edges_stay_soft_and_colours_straight() -> None:
    rgb, alpha = square((20, 10, 60, 50))
    alpha[20:60, 10:12] = 0.4
    mirrored = reflection(rgb, alpha, 1.0)
    assert mirrored is not None
    colours, shown = mirrored
    assert np.abs(shown[62, 10] / shown[62, 30] - 0.4) < 1e-5
    assert np.abs(colours[62, 10] - rgb[57, 10]).max() < 1e-6


def test_a_subject_that_ends_with_the_canvas_leaves_no_room_for_one() -> None:
    rgb, alpha = square((20, 10, 100, 50))
    mirrored = reflection(rgb, alpha, 1.0)
    assert mirrored is not None and not mirrored[1].any()


def test_nothing_has_no_reflection() -> None:
    assert reflection(np.zeros((4, 4, 3), np.float32), np.zeros((4, 4), np.float32), 1.0) is None
    faint = np.full((4, 4), 0.3, np.float32)
    assert reflection(np.zeros((4, 4, 3), np.float32), faint, 1.0) is None
