"""Symmetric 3×3 matrices, one a pixel, as six planes: those of `PAIRS`, row and column."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

PAIRS = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))
_ROWS = ((0, 1, 2), (1, 3, 4), (2, 4, 5))
"""Where each row's elements lie among the six."""
Number = TypeVar("Number", np.float32, np.float64)


def inverted(matrix: NDArray[Number]) -> NDArray[Number]:
    """The inverses of positive matrices, 6×…; give float64 where they may be nearly singular."""
    a, b, c, d, e, f = matrix
    result = np.stack([d * f - e * e, c * e - b * f, b * e - c * d, a * f - c * c, b * c - a * e, a * d - b * b])
    result /= a * result[0] + b * result[1] + c * result[2]
    return result


def times(matrix: NDArray[Number], vector: NDArray[Number]) -> NDArray[Number]:
    """The products with vectors of three planes."""
    result = np.empty_like(vector)
    for row, (first, second, third) in enumerate(_ROWS):
        np.multiply(matrix[first], vector[0], out=result[row])
        result[row] += matrix[second] * vector[1]
        result[row] += matrix[third] * vector[2]
    return result
