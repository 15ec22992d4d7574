"""A photo that is read ahead is the photo, and what is wrong with it is said where it is waited for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from feathercut.batch.ahead import Ahead
from feathercut.errors import InputError, TooLargeError
from feathercut.options import Options
from feathercut.sources import load


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    pixels = np.random.default_rng(0).integers(0, 256, (30, 40, 3)).astype(np.uint8)
    path = tmp_path / "photo.png"
    Pillow.fromarray(pixels).save(path)
    return path


def test_it_is_what_would_be_read_now_and_its_size_is_told(photo: Path) -> None:
    told: list[int] = []
    ahead = Ahead(photo, Options()).load(photo, Options(), told.append)
    assert np.array_equal(ahead.frames[0].rgb, load(photo, Options()).frames[0].rgb)
    assert told == [30 * 40]


def test_another_photo_is_read_when_it_is_asked_for(photo: Path, tmp_path: Path) -> None:
    ahead = Ahead(tmp_path / "nowhere.png", Options())
    assert ahead.load(photo, Options()).frames[0].size == (30, 40)


def test_a_photo_is_given_once_and_read_anew_after(photo: Path) -> None:
    ahead = Ahead(photo, Options())
    first = ahead.load(photo, Options())
    assert ahead.load(photo, Options()) is not first


def test_what_is_wrong_is_raised_where_it_is_waited_for(photo: Path, tmp_path: Path) -> None:
    photo.write_bytes(photo.read_bytes()[:60])
    with pytest.raises(InputError, match=r"photo\.png"):
        Ahead(photo, Options()).load(photo, Options())
    nowhere = tmp_path / "nowhere.png"
    with pytest.raises(InputError, match="is not there"):
        Ahead(nowhere, Options()).load(nowhere, Options())


def test_a_photo_that_is_too_large_is_refused_before_its_size_is_told(photo: Path) -> None:
    told: list[int] = []
    small = Options(max_megapixels=0.001)
    with pytest.raises(TooLargeError):
        Ahead(photo, small).load(photo, small, told.append)
    assert not told
