from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from feathercut.pictures import Image
from feathercut.steps.decode import decode

FILES = Path(__file__).parent / "files"


def read(name: str) -> Image:
    return decode((FILES / name).read_bytes()).frames[0]


def gradient() -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    y, x = np.mgrid[:48, :64]
    return np.dstack([x / 63, y / 47, np.full(x.shape, 0.5)])


@pytest.mark.parametrize(
    ("name", "depth", "tolerance"), [("rgb8", 8, 3 / 255), ("rgb10", 16, 3 / 1023), ("icc", 8, 3 / 255)]
)
def test_colours(name: str, depth: int, tolerance: float) -> None:
    picture = read(f"{name}.heic")
    assert picture.metadata.depth == depth and picture.alpha is None
    assert np.abs(picture.rgb - gradient()).max() < tolerance
    assert (picture.metadata.profile is not None) == (name == "icc")


def test_alpha() -> None:
    picture = read("rgba8.heic")
    assert picture.alpha is not None
    assert np.abs(picture.alpha - gradient()[..., 0]).max() < 2 / 255
    assert np.abs(picture.rgb - gradient()).max() < 3 / 255


def test_orientation_is_applied_once() -> None:
    assert np.abs(read("turned.heic").rgb - np.rot90(gradient(), -1)).max() < 3 / 255
    assert np.abs(read("mirrored.heic").rgb - np.swapaxes(gradient(), 0, 1)).max() < 3 / 255
    assert read("turned.heic").metadata.dpi == (150, 300)
