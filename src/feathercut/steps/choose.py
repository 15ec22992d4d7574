"""Matte → Matte: which of several subjects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from feathercut.errors import OptionError, SubjectError
from feathercut.kernels.resample import resize
from feathercut.kernels.subjects import Subjects, find_subjects
from feathercut.kernels.territories import share_of
from feathercut.options import Select
from feathercut.pictures import FloatArray, Image, Matte, Size, Subject
from feathercut.selection import Numbers, Point, Rectangle, parse_subject
from feathercut.values import Length

# A click beside a subject means it: this far, of the photo's longer side.
_BESIDE = 0.03
_IN = 0.5
# Of a subject the nearest part counts: a person's feet are as far away as what stands behind their knees.
_NEAR = 0.75

Nearness = Callable[[Image], FloatArray]
"""How near each place of a photo is, h×w in [0, 1], 1 the nearest."""


def choose(
    photo: Image, matte: Matte, options: Select, nearness: Nearness | None = None
) -> tuple[Matte, tuple[Subject, ...] | None]:
    """The matte of the subjects that `options.subject` names, and all that there are; None where `all` are wanted.

    A matte without a subject stays empty. Raises SubjectError where the photo has no such subject, OptionError where
    the `nearest` is wanted and nothing says how near things are.
    """
    selection = parse_subject(options.subject)
    if selection == "all":
        return matte, None
    found = find_subjects(matte.alpha, photo.rgb)
    if not found.each:
        return matte, ()
    if selection == "nearest":
        wanted = {_nearest(found, photo, nearness)}
    else:
        wanted = _wanted(found, options.subject, photo.size)
    subjects = tuple(replace(one, kept=one.number in wanted) for one in found.each)
    if len(wanted) == len(subjects):
        return matte, subjects
    return Matte(share_of(found, wanted, photo.rgb, matte.alpha)), subjects


def _wanted(found: Subjects, text: str, size: Size) -> set[int]:
    """The numbers of the subjects that a text names. Raises SubjectError."""
    match parse_subject(text):
        case Numbers(numbers=numbers):
            if missing := [number for number in numbers if number > len(found.each)]:
                raise SubjectError(_none_of(found.each, missing))
            return set(numbers)
        case Point(x=x, y=y):
            return {_at(found, text, _pixel(x, y, size, text))}
        case Rectangle() as box:
            return _inside(found, box, size, text)
        case "largest":
            return {1}
        case "central":
            return {min(found.each, key=lambda one: _off_centre(one, size)).number}
        case _:
            return {one.number for one in found.each}


def _nearest(found: Subjects, photo: Image, nearness: Nearness | None) -> int:
    """The number of the subject that stands in front of the others."""
    if nearness is None:
        raise OptionError(
            "Option `subject`: the `nearest` is told by a depth network, and none is loaded here; name the "
            "subject in another way, or do it with the command or with a `Remover`"
        )
    if len(found.each) == 1:
        return 1
    near = resize(nearness(photo), (found.labels.shape[0], found.labels.shape[1]), "bilinear")
    return max(found.each, key=lambda one: float(np.quantile(near[one.mask], _NEAR))).number


def _none_of(subjects: Sequence[Subject], missing: Sequence[int]) -> str:
    named = ", ".join(map(str, missing))
    there = "there is 1 subject" if len(subjects) == 1 else f"there are {len(subjects)} subjects"
    none = "is none of them" if len(missing) == 1 else "are none of them"
    none = "is not it" if len(subjects) == 1 and len(missing) == 1 else none
    hint = "; a place is written as in `120px,80px`" if max(missing) > 32 else ""
    return f"Option `subject`: {there}; {named} {none}{hint}"


def _pixel(x: Length, y: Length, size: Size, text: str) -> tuple[int, int]:
    """(row, column) of the pixel at a place."""
    across, down = x.of(size[1]), y.of(size[0])
    if across > size[1] or down > size[0]:
        raise SubjectError(f"Option `subject`: `{text}` lies beyond the photo, which has {size[1]}×{size[0]} pixels")
    return min(int(down), size[0] - 1), min(int(across), size[1] - 1)


def _at(found: Subjects, text: str, pixel: tuple[int, int]) -> int:
    """The number of the subject at a pixel, or of one close by."""
    y, x = (at // found.cell for at in pixel)
    reach = max(found.labels.shape) * _BESIDE
    nearest: list[tuple[float, int]] = []
    for one in found.each:
        rows, columns = np.nonzero(one.mask)
        nearest.append((float(np.hypot(rows - y, columns - x).min()), one.number))
    away, number = min(nearest)
    if away > reach:
        raise SubjectError(f"Option `subject`: there is background at `{text}`, and no subject beside it")
    return number


def _inside(found: Subjects, box: Rectangle, size: Size, text: str) -> set[int]:
    """The subjects that lie in a rectangle by half; where none does, the one that fills most of it."""
    rows = np.arange(found.labels.shape[0]) * found.cell + found.cell / 2
    columns = np.arange(found.labels.shape[1]) * found.cell + found.cell / 2
    is_row = (rows >= box.top.of(size[0])) & (rows <= box.bottom.of(size[0]))
    is_column = (columns >= box.left.of(size[1])) & (columns <= box.right.of(size[1]))
    window = np.logical_and.outer(is_row, is_column)
    held = {one.number: int((one.mask & window).sum()) for one in found.each}
    mostly = {one.number for one in found.each if held[one.number] >= _IN * one.mask.sum()}
    most = max(held, key=lambda number: held[number])
    if not mostly and held[most] == 0:
        raise SubjectError(f"Option `subject`: there is no subject in `{text}`")
    return mostly or {most}


def _off_centre(subject: Subject, size: Size) -> float:
    """How far a subject's middle is from the photo's, its sides counted as 1."""
    x, y = subject.centre
    return float(np.hypot(x / size[1] - 0.5, y / size[0] - 0.5))
