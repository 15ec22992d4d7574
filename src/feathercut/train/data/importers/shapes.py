"""Annotations → alpha: polygons, run lengths and packed bitmaps, as files of segmentation have them."""

from __future__ import annotations

import base64
import binascii
import io
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from feathercut.errors import InputError
from feathercut.kernels.strokes import lasso
from feathercut.pictures import FloatArray, Size

_MOST_PIXELS = 150_000_000
_OFFSET, _BITS, _MORE, _SIGN = 48, 0x1F, 0x20, 0x10


def polygon(
    size_hw: Size, outline: Sequence[Sequence[float]], holes: Sequence[Sequence[Sequence[float]]] = ()
) -> FloatArray:
    """Alpha of a closed outline of points (x, y) in px, pixel centres at .5, without its holes: smooth at its edge."""
    alpha = _filled(size_hw, outline)
    for hole in holes:
        np.minimum(alpha, 1 - _filled(size_hw, hole), out=alpha)
    return alpha


def _filled(size_hw: Size, outline: Sequence[Sequence[float]]) -> FloatArray:
    alpha = np.zeros(size_hw, np.float32)
    covered = lasso(size_hw, outline) if len(outline) >= 3 else None
    if covered is not None:
        (top, left, bottom, right), coverage = covered
        alpha[top:bottom, left:right] = np.clip(coverage, 0, 1)
    return alpha


def run_lengths(counts: str | Sequence[int], size_hw: Size) -> FloatArray:
    """Alpha of COCO's run lengths: zeros and ones in turn, column by column; a string has them packed.

    A packed number has five bits a character from the least, a bit that says that there are more, and its sign; from
    the third on it is the difference to the one but one before. Raises InputError where they do not fill the size.
    """
    runs = _unpacked(counts) if isinstance(counts, str) else [int(run) for run in counts]
    height, width = size_hw
    if min(runs, default=0) < 0 or sum(runs) != height * width or height * width > _MOST_PIXELS:
        raise InputError(f"run lengths of {sum(runs)} pixels, where {width}×{height} were said")
    values = np.arange(len(runs)) % 2
    return np.repeat(values, runs).astype(np.float32).reshape(width, height).T.copy()


def _unpacked(text: str) -> list[int]:
    runs: list[int] = []
    number, shift = 0, 0
    for character in text:
        digit = ord(character) - _OFFSET
        if not 0 <= digit < 2 * _MORE:
            raise InputError(f"run lengths with {character!r} in them, which is no digit of theirs")
        number |= (digit & _BITS) << shift
        shift += 5
        if digit & _MORE:
            continue
        if digit & _SIGN:
            number -= 1 << shift
        runs.append(number + runs[-2] if len(runs) > 2 else number)
        number, shift = 0, 0
    if shift:
        raise InputError("run lengths that are cut short")
    return runs


def bitmap(size_hw: Size, data: str, origin: Sequence[int]) -> FloatArray:
    """Alpha of a packed bitmap: base64 of zlib of a PNG, at its origin (x, y). Raises InputError.

    The subject is where the PNG's alpha is, or where it is not black where it has none.
    """
    from PIL import Image as Pillow  # deferred: a costly start

    try:
        packed = base64.b64decode(data, validate=True)
        unpack = zlib.decompressobj()
        png = unpack.decompress(packed, _MOST_PIXELS)
        with Pillow.open(io.BytesIO(png), formats=["PNG"]) as picture:
            if picture.width > size_hw[1] or picture.height > size_hw[0]:
                raise InputError(f"a bitmap of {picture.width}×{picture.height} pixels, beyond the photo")
            has_alpha = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
            mask = picture.convert("RGBA").getchannel("A") if has_alpha else picture.convert("L")
            shown = np.asarray(mask) > 0
    except (binascii.Error, zlib.error, OSError, ValueError, SyntaxError, Pillow.DecompressionBombError) as error:
        raise InputError(f"a bitmap that cannot be unpacked: {error}") from error
    alpha = np.zeros(size_hw, np.float32)
    left, top = int(origin[0]), int(origin[1])
    rows, columns = min(shown.shape[0], size_hw[0] - top), min(shown.shape[1], size_hw[1] - left)
    if min(left, top) < 0 or (rows, columns) != shown.shape:
        raise InputError(f"a bitmap of {shown.shape[1]}×{shown.shape[0]} pixels at {left}, {top}, beyond the photo")
    alpha[top : top + rows, left : left + columns] = shown
    return alpha


def number_pairs(numbers: Any) -> list[tuple[float, float]]:
    """Points (x, y) of a list x, y, x, y…, as COCO has them. Raises InputError."""
    try:
        flat = [float(number) for number in numbers]
    except (TypeError, ValueError) as error:
        raise InputError(f"a polygon that is no list of numbers: {error}") from error
    if len(flat) % 2 or not np.isfinite(flat).all():
        raise InputError(f"a polygon of {len(flat)} numbers, which are no pairs")
    return list(zip(flat[::2], flat[1::2], strict=True))
