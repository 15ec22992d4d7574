"""The largest or least value within a disc, quickly: by short lines in eight directions.

A disc is put together from lines of pixels whose steps are whole: along and across, aslant, and as a
knight moves. R. Jones, P. Soille, "Periodic lines: definition, cascades, and application to
granulometries", Pattern Recognition Letters 17, 1996. With whole steps an edge moves without being blurred.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from feathercut.pictures import FloatArray

_LINES = (((0, 1), (1, 0)), ((1, 1), (1, -1)), ((1, 2), (2, 1), (2, -1), (1, -2)))
"""Steps of the three kinds of lines, (down, across): a square, a diamond and a polygon of eight sides."""
_REACHES = (1, 2, 6)
"""How far a line of three pixels of each kind, in all its directions, takes an edge that is upright."""


class Disc(NamedTuple):
    """How a disc is put together: of crosses, and of lines of 2n + 1 pixels, n for each kind of lines.

    What that makes is mixed with what one cross or square more makes of it: `share` of the way, and of
    that, `square` in 1 is the square's.
    """

    crosses: int
    lines: tuple[int, int, int]
    share: float
    square: float

    @property
    def reach(self) -> int:
        """How far the disc goes from its middle, in pixels along either side."""
        return self.crosses + sum(half * far for half, far in zip(self.lines, _REACHES, strict=True)) + 1


@lru_cache(maxsize=16)
def disc_of(radius_px: float) -> Disc:
    """The disc of a radius of more than 0 to some hundred pixels, as near as it can be in all directions.

    Upright and level edges move by exactly `radius_px`; aslant ones by up to half a pixel or 2.5 % more or less.
    """
    whole = int(np.ceil(radius_px)) - 1
    share = radius_px - whole
    turn = np.linspace(0, np.pi / 4, 33)  # the rest is the same, mirrored
    y, x = np.sin(turn), np.cos(turn)
    radii = [sum(np.abs(down * y + across * x) for down, across in steps) for steps in _LINES]
    best, least = Disc(0, (0, 0, 0), share, 0), np.inf
    for crosses, lines in _candidates(whole):
        drawn = sum(half * radius for half, radius in zip(lines, radii, strict=True)) + (crosses + share) * x
        lacking = radius_px - drawn
        square = float(np.clip((lacking * y).sum() / (share * (y * y).sum()), 0, 1))
        error = float(np.abs(lacking - share * square * y).max())
        if error < least:
            best, least = Disc(crosses, lines, share, square), error
    return best


def _candidates(whole: int) -> Iterator[tuple[int, tuple[int, int, int]]]:
    """Crosses and lines that take an upright edge by `whole` pixels.

    All lines are about as long, as in a regular polygon. Aslant ones never go without a square, which fills
    the gaps between their pixels.
    """
    length = whole * np.pi / 16
    for knight in _about(length / 5**0.5):
        for diamond in _about(length / 2**0.5):
            for crosses in range(3):
                square = whole - crosses - 2 * diamond - 6 * knight
                if square > 0 or (square == 0 and not (diamond or knight)):
                    yield crosses, (square, diamond, knight)


def _about(middle: float) -> range:
    return range(max(0, round(middle) - 2), round(middle) + 3)


def moved(around: FloatArray, disc: Disc, extreme: Any) -> FloatArray:
    """The extreme (`np.maximum` or `np.minimum`) within a disc of each pixel, less by its reach on each side."""
    for steps, half in zip(_LINES, disc.lines, strict=True):
        for down, across in steps:
            around = _along(around, down, across, 2 * half + 1, extreme)
    for _ in range(disc.crosses):
        around = _cross(around, extreme)
    wider = _cross(around, extreme)
    if disc.square:
        squared = _along(_along(around, 0, 1, 3, extreme), 1, 0, 3, extreme)
        wider = _between(wider, squared, disc.square)
    return _between(around[1:-1, 1:-1], wider, disc.share)


def _along(around: FloatArray, down: int, across: int, count: int, extreme: Any) -> FloatArray:
    """The extreme of `count` pixels on a line in steps of (down, across), by doubling what is known of it."""
    known = 1
    while known < count:
        more = min(known, count - known)
        height, width = around.shape[0] - more * down, around.shape[1] - more * abs(across)
        start, stop = (0, more * across) if across >= 0 else (-more * across, 0)
        around = extreme(around[:height, start : start + width], around[more * down :, stop : stop + width])
        known += more
    return around


def _cross(around: FloatArray, extreme: Any) -> FloatArray:
    """The extreme of each pixel and its four neighbours."""
    most = extreme(around[:-2, 1:-1], around[2:, 1:-1])
    extreme(most, around[1:-1, :-2], out=most)
    extreme(most, around[1:-1, 2:], out=most)
    result: FloatArray = extreme(most, around[1:-1, 1:-1], out=most)
    return result


def _between(one: FloatArray, other: FloatArray, share: float) -> FloatArray:
    """`share` of the way from one to the other; exactly the one where they are the same, and the other at the end."""
    if share > 1 - 1e-6:
        return other
    way = other - one
    way *= np.float32(share)
    way += one
    return np.clip(way, 0, 1, out=way)
