"""A photo and its matte, as training takes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from feathercut.errors import ShapeError
from feathercut.pictures import FloatArray, Size


@dataclass(frozen=True, eq=False)
class Pair:
    """A photo and what of it is the subject.

    `rgb` is 3×H×W float32 in [0, 1], sRGB, upright; `alpha` 1×H×W float32 in [0, 1]. `is_mask` says that the truth
    knows inside and outside only, so that the subject's own colours cannot be told from those behind its edge.

    >>> Pair(np.zeros((3, 4, 4), np.float32), np.zeros((1, 4, 5), np.float32))
    Traceback (most recent call last):
    feathercut.errors.ShapeError: Pair.alpha must be float32 1×4×4, got float32 1×4×5
    """

    rgb: FloatArray
    alpha: FloatArray
    is_mask: bool = False

    def __post_init__(self) -> None:
        if self.rgb.ndim != 3 or self.rgb.shape[0] != 3 or self.rgb.dtype != np.float32 or not self.rgb.size:
            raise ShapeError(f"Pair.rgb must be float32 3×H×W, got {_kind(self.rgb)}")
        if self.alpha.shape != (1, *self.size) or self.alpha.dtype != np.float32:
            height, width = self.size
            raise ShapeError(f"Pair.alpha must be float32 1×{height}×{width}, got {_kind(self.alpha)}")

    @classmethod
    def of(cls, rgb: FloatArray, alpha: FloatArray, *, is_mask: bool = False) -> Pair:
        """The pair of a photo H×W×3 and its alpha H×W; both are looked at, not copied."""
        return cls(rgb.transpose(2, 0, 1), alpha[None], is_mask)

    @property
    def size(self) -> Size:
        """(height, width) in pixels."""
        return self.rgb.shape[1], self.rgb.shape[2]

    @property
    def pixels(self) -> FloatArray:
        """The photo as H×W×3."""
        return np.ascontiguousarray(self.rgb.transpose(1, 2, 0))


def _kind(array: FloatArray) -> str:
    return f"{array.dtype} {'×'.join(map(str, array.shape))}"
