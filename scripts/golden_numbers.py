"""Numbers and colours that golden cases are made of, which any language can make again."""

from __future__ import annotations

import numpy as np

from feathercut.pictures import FloatArray

BLUE, ORANGE = np.array([[0.125, 0.25, 0.75], [0.75, 0.5, 0.25]], np.float32)


def noise(*shape: int) -> FloatArray:
    """Numbers that any language can make: a lattice sequence in [0, 1), no generator needed."""
    count = int(np.prod(shape))
    return ((np.arange(1, count + 1) * 0.6180339887498949) % 1.0).astype(np.float32).reshape(shape)


def sixteenths(*shape: int) -> FloatArray:
    """The same numbers as `noise`, short to write down."""
    return (np.floor(noise(*shape) * 16) / 16).astype(np.float32)
