"""From a decoder's samples to an Image: depth, alpha, colour, orientation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from feathercut.formats import exif as exif_block
from feathercut.formats.orientation import swaps_sides, upright
from feathercut.kernels import colour
from feathercut.kernels.side_by_side import each
from feathercut.pictures import FloatArray, Image, Metadata


@dataclass(frozen=True)
class Tags:
    """What a file says besides its samples, as it says it: nothing is checked yet.

    `exif` may begin with `Exif\\0\\0`. `orientation` is the one to apply; None takes the EXIF block's.
    """

    profile: bytes | None = None
    dpi: tuple[float, float] | None = None
    exif: bytes | None = None
    orientation: int | None = None


@dataclass(frozen=True)
class Raster:
    """Samples as a decoder gives them, H×W or H×W×C, integers from 0 to `maximum`.

    `space` tells the colour channels; one more channel is alpha. `is_premultiplied` says that the
    colours were multiplied by it.
    """

    samples: NDArray[Any]
    maximum: int
    space: colour.ColourSpace
    tags: Tags = Tags()
    is_premultiplied: bool = False

    def image(self) -> Image:
        """The upright Image; colours other than RGB are converted to sRGB."""
        orientation = self.tags.orientation or exif_block.orientation(self.tags.exif)
        samples = upright(self.samples, orientation)
        samples = samples[..., None] if samples.ndim == 2 else samples
        count = {"gray": 1, "rgb": 3, "lab": 3, "cmyk": 4}[self.space]
        alpha = _unit(samples[..., count], self.maximum) if samples.shape[2] > count else None
        space = colour.colour_space(self.tags.profile) if self.tags.profile else None
        profile = self.tags.profile if space == "rgb" and self.space in ("rgb", "gray") else None
        colours = samples[..., :count]
        if self.space == "rgb" or (self.space == "gray" and space != "gray"):
            rgb = _unit(colours, self.maximum)
            if self.is_premultiplied and alpha is not None:
                rgb = _straight(rgb, alpha)
            rgb = np.repeat(rgb, 3, axis=2) if self.space == "gray" else rgb
        else:
            rgb = self._to_srgb(colours, alpha, space)
        return Image(rgb, alpha, self._metadata(profile, orientation))

    def _to_srgb(self, colours: NDArray[Any], alpha: FloatArray | None, space: str | None) -> FloatArray:
        unit = _unit(colours, self.maximum)
        if self.is_premultiplied and alpha is not None:
            unit = _straight(unit, alpha)
        # 16-bit integers, for the colour engine counts float ink in per cent and float Lab in its own units.
        whole = np.round(unit * np.float32(65535)).astype(np.uint16)
        profile = self.tags.profile
        if self.space == "lab":
            return colour.lab_to_srgb(whole)
        if profile is not None and space == self.space:
            return colour.device_to_srgb(whole[..., 0] if self.space == "gray" else whole, profile, self.space)
        return colour.ink_to_srgb(whole)

    def _metadata(self, profile: bytes | None, orientation: int) -> Metadata:
        dpi = self.tags.dpi or exif_block.dpi(self.tags.exif)
        if dpi is not None and swaps_sides(orientation):
            dpi = (dpi[1], dpi[0])
        is_sane = dpi is not None and all(1 < side <= 1e6 for side in dpi)
        exif = exif_block.cleaned(self.tags.exif)
        return Metadata(profile, dpi if is_sane else None, exif, 16 if self.maximum > 255 else 8)


_ROWS = 64  # a strip stays in the processor's cache


def _unit(samples: NDArray[Any], maximum: int) -> FloatArray:
    """The samples as float32 in [0, 1]."""
    unit = np.empty(samples.shape, np.float32)
    may_exceed = samples.dtype.kind != "u" or int(np.iinfo(samples.dtype).max) > maximum

    def convert(top: int) -> None:
        strip = unit[top : top + _ROWS]
        strip[:] = samples[top : top + _ROWS]
        strip /= np.float32(maximum)
        if may_exceed:
            np.minimum(strip, np.float32(1), out=strip)

    each(convert, range(0, len(samples), _ROWS))
    return unit


def _straight(premultiplied: FloatArray, alpha: FloatArray) -> FloatArray:
    """Colours with alpha divided out; zero where alpha is zero."""
    divided: FloatArray = np.divide(
        premultiplied, alpha[..., None], out=np.zeros_like(premultiplied), where=alpha[..., None] > 0
    )
    return np.minimum(divided, np.float32(1), out=divided)
