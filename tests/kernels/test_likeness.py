"""Colours of the subject and of the background, counted."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from factories import floats
from feathercut.kernels.likeness import _LEVELS, _RARE, likeness


def test_it_is_what_counting_colour_by_colour_gives() -> None:
    random = np.random.default_rng(0)
    rgb = floats(random.random((12, 9, 3)))
    subject = random.random((12, 9)) < 0.4
    background = ~subject & (random.random((12, 9)) < 0.5)
    levels = np.rint(rgb * (_LEVELS - 1)).astype(int)

    def share(colour: tuple[int, ...], marks: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> float:
        total = 0.0
        for offset in itertools.product((-1, 0, 1), repeat=3):
            weight = np.prod([0.5 if step == 0 else 0.25 for step in offset])
            there = (levels == np.add(colour, offset)).all(axis=2)
            total += float(weight) * float((there & marks).sum())
        return total / float(marks.sum())

    found = likeness(rgb, subject, background)
    for y, x in np.ndindex(12, 9):
        ours, theirs = share(tuple(levels[y, x]), subject), share(tuple(levels[y, x]), background)
        assert abs(found[y, x] - (ours + _RARE) / (ours + theirs + 2 * _RARE)) < 1e-6


@pytest.mark.parametrize("known", ["subject", "background", "neither"])
def test_without_either_side_it_says_nothing(known: str) -> None:
    rgb = floats(np.random.default_rng(1).random((4, 5, 3)))
    every, none = np.ones((4, 5), bool), np.zeros((4, 5), bool)
    found = likeness(rgb, every if known == "subject" else none, every if known == "background" else none)
    assert (found == 0.5).all()


def test_how_much_of_the_photo_the_subject_covers_does_not_matter() -> None:
    rgb = np.zeros((10, 10, 3), np.float32)
    rgb[:5] = 1
    few, many = np.zeros((10, 10), bool), np.zeros((10, 10), bool)
    few[0, 0], many[:5] = True, True
    below = ~many
    assert np.array_equal(likeness(rgb, few, below), likeness(rgb, many, below))
