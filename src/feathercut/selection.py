"""The grammar of `subject`: which of several subjects is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from numbers import Integral
from typing import Literal

from feathercut.values import Length, parse_lengths

Word = Literal["all", "largest", "central", "nearest"]
_WORDS: tuple[Word, ...] = ("all", "largest", "central", "nearest")


@dataclass(frozen=True)
class Numbers:
    """Subjects by their numbers, each once, in order; 1 is the largest."""

    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Point:
    """The subject at a place."""

    x: Length
    y: Length


@dataclass(frozen=True)
class Rectangle:
    """The subjects in a rectangle."""

    left: Length
    top: Length
    right: Length
    bottom: Length


Selection = Word | Numbers | Point | Rectangle


def parse_subject(text: str) -> Selection:
    """Which subjects a text names.

    Whole numbers alone are those of subjects; a place or a rectangle has `px` or `%` in at least one of its lengths.

    >>> parse_subject("1, 3"), parse_subject("LARGEST")
    (Numbers(numbers=(1, 3)), 'largest')
    >>> parse_subject("50%,40%")
    Point(x=Length(value=50.0, unit='%'), y=Length(value=40.0, unit='%'))
    """
    word = text.strip().lower()
    for known in _WORDS:
        if word == known:
            return known
    if re.fullmatch(r"[1-9]\d{0,3}(\s*,\s*[1-9]\d{0,3})*", word):
        return Numbers(tuple(sorted({int(number) for number in word.split(",")})))
    lengths = parse_lengths(word) if re.search("px|%", word) else []
    if len(lengths) == 2:
        return Point(*lengths)
    if len(lengths) == 4:
        return Rectangle(*lengths)
    raise ValueError(
        f"`{text}` is no choice of subjects; write `all`, `largest`, `central`, `nearest`, numbers from 1 on as in "
        "`1,3`, a place as in `40%,60%` or `120px,80px`, or a rectangle as in `0,0,50%,100%`"
    )


def in_shares(text: str, size: tuple[int, int]) -> str:
    """The same choice with places as shares of a photo of this size (height, width).

    >>> in_shares("50px,20%", (100, 200)), in_shares("1,3", (100, 200))
    ('25.000000000000%,20.000000000000%', '1,3')
    """
    match parse_subject(text):
        case Point(x=x, y=y):
            lengths = [x, y]
        case Rectangle(left=left, top=top, right=right, bottom=bottom):
            lengths = [left, top, right, bottom]
        case _:
            return text
    whole = size[1], size[0]
    return ",".join(f"{100 * length.of(whole[at % 2]) / whole[at % 2]:.12f}%" for at, length in enumerate(lengths))


def write_subject(value: object) -> object:
    """A choice of subjects in words, from a number or several.

    >>> write_subject(2), write_subject((1, 3)), write_subject("central")
    ('2', '1,3', 'central')
    """
    numbers = list(value) if isinstance(value, tuple | list) and value else [value]
    if all(isinstance(number, Integral) and not isinstance(number, bool) for number in numbers):
        return ",".join(map(str, numbers))
    if isinstance(value, str):
        return value
    raise ValueError(f"it takes text such as `largest` or `50%,40%`, or whole numbers as in (1, 3), got: {value!r}")
