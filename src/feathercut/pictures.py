"""The four values that travel: `Image → Prediction → Matte → Cutout → Image`.

Each is frozen and checks its promise when it is made; inside the walls nobody checks again.
Arrays are float32, rows first; alpha is straight, never premultiplied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from feathercut.errors import ShapeError
from feathercut.report import Diagnosis, Report

FloatArray = NDArray[np.float32]
Resample = Literal["box", "bilinear", "bicubic", "lanczos"]
"""A filter that brings an array to another size; see `kernels.resample`."""
Size = tuple[int, int]
"""(height, width) in pixels."""

_ROWS = 64
_ONE = int(np.float32(1).view(np.uint32))


@dataclass(frozen=True, eq=False)
class Metadata:
    """What a file says about its picture besides the pixels.

    `profile` is an ICC profile of an RGB space; None means sRGB. `dpi` is (horizontal, vertical) in
    pixels an inch. `exif` is a TIFF-structured block (no `Exif` prefix) whose orientation is already
    applied. `depth` is the bits a channel that the file brought.
    """

    profile: bytes | None = None
    dpi: tuple[float, float] | None = None
    exif: bytes | None = None
    depth: Literal[8, 16] = 8


@dataclass(frozen=True, eq=False)
class Layers:
    """What a picture was put together from, all of its size, encoded as it is.

    `rgb` H×W×3 are the subject's colours, the photo's own where `alpha` H×W hides them. `shadow` H×W is the alpha of
    black below it, `mirrored` its reflection: H×W×3 and H×W. `below` H×W×3 and `below_alpha` are the background. Each
    is None where there is none, or where it is opaque.
    """

    rgb: FloatArray
    alpha: FloatArray
    shadow: FloatArray | None = None
    mirrored: tuple[FloatArray, FloatArray] | None = None
    below: FloatArray | None = None
    below_alpha: FloatArray | None = None


@dataclass(frozen=True, eq=False)
class Image:
    """An upright picture.

    `rgb` is H×W×3 float32 in [0, 1], encoded as `metadata.profile` says (sRGB where it is None), so
    that a pixel nobody touches leaves as it came. `alpha` is H×W float32 in [0, 1], or None where
    the picture is opaque. `layers` are there where a format was asked for that holds them.

    >>> Image(np.zeros((4, 4, 3), np.uint8))
    Traceback (most recent call last):
    feathercut.errors.ShapeError: Image.rgb must be float32 ?×?×3, got uint8 4×4×3
    """

    rgb: FloatArray
    alpha: FloatArray | None = None
    metadata: Metadata = Metadata()
    layers: Layers | None = None

    def __post_init__(self) -> None:
        _check("Image.rgb", self.rgb, (None, None, 3))
        if self.alpha is not None:
            _check("Image.alpha", self.alpha, self.size)

    @property
    def size(self) -> Size:
        """(height, width) in pixels."""
        return self.rgb.shape[0], self.rgb.shape[1]


@dataclass(frozen=True, eq=False)
class Animation:
    """The frames of one file: a still has one, with no duration.

    All frames have one size. `durations_ms` has one entry a frame. `loop` counts the repetitions; 0 means for ever.
    """

    frames: Sequence[Image]
    durations_ms: tuple[float, ...] = (0,)
    loop: int = 0

    def __post_init__(self) -> None:
        if not self.frames or len(self.frames) != len(self.durations_ms):
            raise ShapeError(
                f"Animation needs one duration a frame, got {len(self.frames)} frames "
                f"and {len(self.durations_ms)} durations"
            )
        if isinstance(self.frames, tuple | list):  # others may be decoded when they are asked for
            first = self.frames[0].size
            other = next((frame.size for frame in self.frames if frame.size != first), first)
            if other != first:
                raise ShapeError(
                    f"Animation.frames must have one size, {first[0]}×{first[1]}, got {other[0]}×{other[1]}"
                )

    @property
    def is_still(self) -> bool:
        """One frame only."""
        return len(self.frames) == 1


@dataclass(frozen=True, eq=False)
class Prediction:
    """What a network answered.

    `alpha` is h×w float32 in [0, 1] at the network's size. `inside` is the part of that canvas which
    shows the photo, as (top, left, bottom, right) in canvas pixels. `model` is the record's id.
    `resample` is the filter that brings this network's answers to the photo's size. `is_twin` says that
    this is the first network's answer to the mirrored photo, turned back, or to the subject alone, put in its place.
    """

    alpha: FloatArray
    inside: tuple[int, int, int, int]
    model: str
    resample: Resample = "bilinear"
    is_twin: bool = False

    def __post_init__(self) -> None:
        _check("Prediction.alpha", self.alpha, (None, None))
        top, left, bottom, right = self.inside
        height, width = self.alpha.shape
        if not (0 <= top < bottom <= height and 0 <= left < right <= width):
            raise ShapeError(f"Prediction.inside must lie in {height}×{width}, got {self.inside}")

    @property
    def is_afar(self) -> bool:
        """Whether the network saw the photo smaller than its canvas allows, with surroundings on all sides."""
        return self.inside[0] > 0 and self.inside[1] > 0

    @property
    def shown(self) -> FloatArray:
        """The part of `alpha` that shows the photo, all of it."""
        top, left, bottom, right = self.inside
        return self.alpha[top:bottom, left:right]


@dataclass(frozen=True, eq=False)
class Through:
    """What a subject lets through, on a small grid of the whole photo.

    `places` h×w is above 0 where the subject is transparent. `backdrop` is 3×h×w: the colours behind it, as far as
    they can be guessed from around it.
    """

    places: FloatArray
    backdrop: FloatArray

    def __post_init__(self) -> None:
        _check("Through.places", self.places, (None, None))
        _check("Through.backdrop", self.backdrop, (3, *self.places.shape))


@dataclass(frozen=True, eq=False)
class Matte:
    """How much of each pixel is the subject: `alpha` H×W float32 in [0, 1] at the photo's size.

    `through` says where it is transparent and what is behind it there; None where it is not.
    """

    alpha: FloatArray
    through: Through | None = None

    def __post_init__(self) -> None:
        _check("Matte.alpha", self.alpha, (None, None))

    @property
    def is_empty(self) -> bool:
        """No subject was found."""
        return not self.alpha.max() > 0  # three times as quick as `any`, which knows no float


@dataclass(frozen=True, eq=False)
class Subject:
    """One of the subjects of a photo, numbered by size: 1 is the largest.

    `box` is (top, left, bottom, right) in px of the photo, `area` the sum of its alpha in px, `centre` (x, y) the
    middle of that mass. `mask` marks its cells, each `cell` px wide and high. `kept` is false where `subject` left
    it out.
    """

    number: int
    box: tuple[int, int, int, int]
    area: float
    centre: tuple[float, float]
    mask: NDArray[np.bool_]
    cell: int
    kept: bool = True


@dataclass(frozen=True, eq=False)
class Cutout:
    """The subject alone.

    `rgb` is H×W×3 float32 in [0, 1], the subject's own colours with the background bled out, zero
    where `alpha` is zero, encoded as `metadata.profile` says. `alpha` is H×W, straight. `shadow` is
    an optional layer below the subject: the alpha of black, H×W; `mirrored` another: straight colours H×W×3 and alpha
    H×W of its reflection in the ground. `report` says how far the matte can be trusted, and
    what is the matter, None where there is no `diagnosis`. `found_subjects` are those that `subject` chose among, None
    where all of them are here; `Result.subjects` lists them either way.
    """

    rgb: FloatArray
    alpha: FloatArray
    shadow: FloatArray | None = None
    metadata: Metadata = Metadata()
    diagnosis: Diagnosis | None = None
    found_subjects: tuple[Subject, ...] | None = None
    mirrored: tuple[FloatArray, FloatArray] | None = None

    def __post_init__(self) -> None:
        _check("Cutout.rgb", self.rgb, (None, None, 3))
        _check("Cutout.alpha", self.alpha, self.size)
        if self.shadow is not None:
            _check("Cutout.shadow", self.shadow, self.size)
        if self.mirrored is not None:
            _check("Cutout.mirrored", self.mirrored[0], (*self.size, 3))
            _check("Cutout.mirrored", self.mirrored[1], self.size)

    @property
    def size(self) -> Size:
        """(height, width) in pixels."""
        return self.rgb.shape[0], self.rgb.shape[1]

    @property
    def report(self) -> Report | None:
        """What the diagnosis says; it is made when it is first asked for."""
        return None if self.diagnosis is None else self.diagnosis.report

    @property
    def is_empty(self) -> bool:
        """No subject was found."""
        return not self.alpha.max() > 0  # three times as quick as `any`, which knows no float


def _check(name: str, array: FloatArray, shape: tuple[int | None, ...]) -> None:
    """Raises ShapeError unless `array` is float32 of `shape` (None fits any length) within [0, 1]."""
    if not isinstance(array, np.ndarray):
        raise ShapeError(f"{name} must be a float32 array, got {type(array).__name__}")
    fits = array.ndim == len(shape) and all(want in (None, got) for want, got in zip(shape, array.shape, strict=True))
    if not fits or array.dtype != np.float32 or array.size == 0:
        expected = "×".join("?" if length is None else str(length) for length in shape)
        got = "×".join(str(length) for length in array.shape)
        raise ShapeError(f"{name} must be float32 {expected}, got {array.dtype} {got}")
    if _is_plainly_within(array):
        return
    low, high = _range(array)
    if not (low >= 0.0 and high <= 1.0):  # also false for NaN
        raise ShapeError(f"{name} must lie in [0, 1], got {low:g} to {high:g}")


def _is_plainly_within(array: FloatArray) -> bool:
    """Whether all of an array lies in [0, 1], seen in one pass: read as whole numbers, what is negative, larger or no
    number at all is beyond 1. False also for a negative zero."""
    return all(int(array[top : top + _ROWS].view(np.uint32).max()) <= _ONE for top in range(0, len(array), _ROWS))


def _range(array: FloatArray) -> tuple[float, float]:
    """The least and the most of an array, both NaN where one number is."""
    # By blocks that stay in the processor's cache: a large photo is fetched from memory once, not twice.
    ends = [(block.min(), block.max()) for block in (array[top : top + _ROWS] for top in range(0, len(array), _ROWS))]
    lows, highs = zip(*ends, strict=True)
    return float(np.min(lows)), float(np.max(highs))
