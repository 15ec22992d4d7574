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
