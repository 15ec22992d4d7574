from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from feathercut.pictures import FloatArray
from feathercut.train.data.likeness import (
    MOST_SIGNS,
    Fingerprints,
    are_alike,
    fingerprint,
    neighbours,
    small_of,
    tiny_of,
)

from .sets import levels, pattern


def small(picture: Image.Image) -> FloatArray:
    return small_of(np.asarray(picture, np.float32) / np.float32(255))


def picture(number: int) -> Image.Image:
    return Image.fromarray(levels(pattern(number, (240, 320))))


def as_jpeg(one: Image.Image, quality: int) -> Image.Image:
    file = io.BytesIO()
    one.save(file, "JPEG", quality=quality)
    return Image.open(file)


def differ(one: int, other: int) -> int:
    return (one ^ other).bit_count()


@pytest.mark.parametrize("number", range(10))
def test_a_photo_that_was_saved_again_or_resized_keeps_its_fingerprint(number: int) -> None:
    own = picture(number)
    copies = [as_jpeg(own, 40), own.resize((160, 120), Image.Resampling.LANCZOS), as_jpeg(own.resize((500, 375)), 60)]
    for copy in copies:
        assert differ(fingerprint(small(own)), fingerprint(small(copy))) <= MOST_SIGNS
        assert are_alike(tiny_of(small(own))[None], tiny_of(small(copy))[None]).all()


def test_photos_that_show_something_else_are_told_apart() -> None:
    marks = [fingerprint(small(picture(number))) for number in range(30)]
    distances = [differ(one, other) for place, one in enumerate(marks) for other in marks[:place]]
    assert min(distances) > MOST_SIGNS and 24 < float(np.mean(distances)) < 40


def planted(count: int) -> Fingerprints:
    """Random fingerprints, some of which are another with up to ten signs changed."""
    random = np.random.default_rng(0)
    marks = random.integers(0, 2**64, count, np.uint64)
    for place in range(0, count // 2, 3):
        changed = random.choice(64, int(random.integers(0, 11)), replace=False)
        marks[count - 1 - place] = marks[place] ^ np.bitwise_or.reduce(np.uint64(1) << changed.astype(np.uint64))
    return marks


def pairs_of(marks: Fingerprints) -> list[tuple[int, int]]:
    return [(int(first), int(second)) for block in neighbours(marks) for first, second in block]


def test_neighbours_are_those_that_comparing_all_with_all_finds() -> None:
    marks = planted(700)
    slow = {
        (first, second)
        for first in range(len(marks))
        for second in range(first + 1, len(marks))
        if differ(int(marks[first]), int(marks[second])) <= MOST_SIGNS
    }
    quick = pairs_of(marks)
    assert len(slow) > 50
    assert len(quick) == len(set(quick)) and set(quick) == slow


def test_many_of_one_fingerprint_and_none_at_all() -> None:
    assert len(pairs_of(np.zeros(40, np.uint64))) == 40 * 39 // 2
    assert pairs_of(np.zeros(0, np.uint64)) == []
