"""The eight ways in which a camera can be held."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Samples = TypeVar("Samples", bound=np.generic)


def upright(samples: NDArray[Samples], orientation: int) -> NDArray[Samples]:
    """`samples` (H×W or H×W×C) turned and mirrored as EXIF's orientation 1 to 8 says; any other number does nothing.

    >>> upright(np.array([[1, 2], [3, 4]]), 6).tolist()
    [[3, 1], [4, 2]]
    """
    if orientation in (5, 6, 7, 8):
        samples = samples.swapaxes(0, 1)
    # After the swap: 5 is done, 6 is mirrored, 7 is turned by 180°, 8 is flipped.
    if orientation in (3, 4, 7, 8):
        samples = samples[::-1]
    if orientation in (2, 3, 6, 7):
        samples = samples[:, ::-1]
    return samples


def swaps_sides(orientation: int) -> bool:
    """The orientation turns the picture by a quarter."""
    return orientation in (5, 6, 7, 8)
