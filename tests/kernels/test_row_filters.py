"""PNG's row filters against the specification, byte by byte."""

import numpy as np
import pytest

from feathercut.kernels.row_filters import NUMBERS, Bytes, RowFilter, filter_rows


def _slow(rows: Bytes, pixel_bytes: int, name: RowFilter) -> Bytes:
    result = np.zeros((rows.shape[0], rows.shape[1] + 1), np.uint8)
    result[:, 0] = NUMBERS[name]
    for y in range(rows.shape[0]):
        for x in range(rows.shape[1]):
            left = int(rows[y, x - pixel_bytes]) if x >= pixel_bytes else 0
            up = int(rows[y - 1, x]) if y else 0
            corner = int(rows[y - 1, x - pixel_bytes]) if y and x >= pixel_bytes else 0
            guess = left + up - corner
            # The first of left, up and corner that comes nearest.
            nearest = min((left, up, corner), key=lambda value: abs(guess - value))
            foretold = {"none": 0, "sub": left, "up": up, "paeth": nearest}[name]
            result[y, x + 1] = (int(rows[y, x]) - foretold) % 256
    return result


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("pixel_bytes", [1, 3, 4, 8])
def test_filter_is_the_specification(name: RowFilter, pixel_bytes: int) -> None:
    rows = np.random.default_rng(3).integers(0, 256, (131, 5 * pixel_bytes), np.uint8)
    assert (filter_rows(rows, pixel_bytes, name) == _slow(rows, pixel_bytes, name)).all()


@pytest.mark.parametrize("name", NUMBERS)
def test_one_byte_is_enough(name: RowFilter) -> None:
    assert filter_rows(np.array([[7]], np.uint8), 1, name).tolist() == [[NUMBERS[name], 7]]


def _sparse(pixel_bytes: int) -> Bytes:
    """As cutouts are: rows of nothing at the top and within, one column, pixels at the borders and at strips' ends."""
    random = np.random.default_rng(4)
    rows = np.zeros((200, 6 * pixel_bytes), np.uint8)
    rows[31, pixel_bytes : 2 * pixel_bytes] = random.integers(1, 256, pixel_bytes)  # foretells the strip below
    rows[70:80, 2 * pixel_bytes : 4 * pixel_bytes] = random.integers(0, 256, (10, 2 * pixel_bytes))
    rows[150, [0, -1]] = 9, 200
    rows[199, -1] = 1
    return rows


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("pixel_bytes", [1, 3, 4, 8])
def test_where_there_is_nothing_the_filter_is_the_specification_too(name: RowFilter, pixel_bytes: int) -> None:
    rows = _sparse(pixel_bytes)
    assert (filter_rows(rows, pixel_bytes, name) == _slow(rows, pixel_bytes, name)).all()
    nothing = np.zeros_like(rows)
    assert (filter_rows(nothing, pixel_bytes, name) == _slow(nothing, pixel_bytes, name)).all()


def test_paeth_chooses_as_specified_for_every_kind_of_neighbours() -> None:
    """All of left, up and corner out of the values where bytes overflow or are equal."""
    values = [0, 1, 2, 100, 101, 127, 128, 129, 200, 254, 255]
    cases = [[[corner, up], [left, 7]] for corner in values for up in values for left in values]
    rows = np.array(cases, np.uint8).transpose(1, 0, 2).reshape(2, -1)
    assert (filter_rows(rows, 1, "paeth") == _slow(rows, 1, "paeth")).all()


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("top", [1, 31, 32, 33, 150])
def test_a_part_is_filtered_as_it_is_in_the_whole(name: RowFilter, top: int) -> None:
    rows = _sparse(4)
    whole = filter_rows(rows, 4, name)
    assert (filter_rows(rows[top:], 4, name, rows[top - 1]) == whole[top:]).all()
