from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow

from factories import flat
from feathercut.errors import (
    DamagedPictureError,
    InputError,
    NotAPictureError,
    OptionError,
    ShapeError,
    TooLargeError,
)
from feathercut.options import Decode
from feathercut.pictures import Animation, Image
from feathercut.sources import from_array, load

PIXELS = np.random.default_rng(4).integers(0, 256, (6, 9, 3), dtype=np.uint8)


def png(pixels: NDArray[Any] = PIXELS, **how: Any) -> bytes:
    buffer = io.BytesIO()
    Pillow.fromarray(pixels).save(buffer, "PNG", **how)
    return buffer.getvalue()


def first(source: Any, **options: Any) -> Image:
    return load(source, Decode(**options)).frames[0]


def test_one_photo_is_the_same_however_it_is_handed_over(tmp_path: Path) -> None:
    data, path = png(), tmp_path / "pho to ü.png"
    path.write_bytes(data)
    with path.open("rb") as opened, path.open("rb", buffering=0) as raw:
        ways = [
            str(path), path, data, bytearray(data), memoryview(data), io.BytesIO(data), opened, raw, PIXELS,
            Pillow.fromarray(PIXELS), Pillow.open(io.BytesIO(data)), Image(PIXELS.astype(np.float32) / np.float32(255)),
        ]  # fmt: skip
        for way in ways:
            assert np.abs(first(way).rgb * 255 - PIXELS).max() < 1e-4, type(way).__name__


def test_a_file_that_gives_a_little_at_a_time_is_read_to_its_end() -> None:
    class Trickle(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(7)

    assert first(Trickle(png())).size == (6, 9)


def test_an_animation_and_an_image_are_taken_as_they_are() -> None:
    image = flat((2, 3))
    assert first(image) is image
    animation = Animation((image, image), (10, 20))
    assert load(animation, Decode()) is animation


# Arrays


@pytest.mark.parametrize(
    ("array", "value", "depth"),
    [
        (np.full((2, 3), 51, np.uint8), 0.2, 8),
        (np.full((2, 3), 13107, np.uint16), 0.2, 16),
        (np.full((2, 3), 13107, ">u2"), 0.2, 16),
        (np.full((2, 3), 0.2, np.float32), 0.2, 16),
        (np.full((2, 3), 0.2, np.float64), 0.2, 16),
        (np.full((2, 3), 0.2, np.float16), 0.2, 16),
        (np.ones((2, 3), bool), 1.0, 8),
    ],
)
def test_each_kind_of_number_has_its_range(array: NDArray[Any], value: float, depth: int) -> None:
    image = from_array(array)
    assert np.allclose(image.rgb, value, atol=1e-4) and image.rgb.shape == (2, 3, 3)
    assert image.alpha is None and image.metadata.depth == depth


def test_channels_are_grey_grey_alpha_rgb_or_rgb_alpha() -> None:
    array = np.arange(1, 5, dtype=np.uint8) * np.ones((2, 3, 1), np.uint8)
    expected = {1: ([1, 1, 1], None), 2: ([1, 1, 1], 2), 3: ([1, 2, 3], None), 4: ([1, 2, 3], 4)}
    for channels, (rgb, alpha) in expected.items():
        image = from_array(array[..., :channels])
        assert np.allclose(image.rgb[0, 0] * 255, rgb, atol=1e-4)
        assert (image.alpha is None) if alpha is None else np.allclose(image.alpha[1, 2] * 255, alpha, atol=1e-4)  # type: ignore[index]


def test_bgr_swaps_the_colours_and_leaves_alpha() -> None:
    array = np.array([[[1, 2, 3, 4]]], np.uint8)
    image = first(array, order="bgr")
    assert np.allclose(image.rgb * 255, [[[3, 2, 1]]], atol=1e-4)
    assert image.alpha is not None and np.allclose(image.alpha * 255, 4, atol=1e-4)
    assert np.allclose(first(array[..., :1], order="bgr").rgb * 255, 1, atol=1e-4)


def test_the_callers_array_is_not_shared() -> None:
    array = np.full((2, 2, 3), 0.5, np.float32)
    image = from_array(array)
    array[:] = 0
    assert (image.rgb == 0.5).all()


def test_strided_and_frozen_arrays_are_read() -> None:
    array = PIXELS[::-1, ::2]
    array.flags.writeable = False
    assert np.abs(from_array(array).rgb * 255 - array).max() < 1e-4


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.zeros((2, 3, 5), np.uint8), "An array must be H×W or H×W×1, 2, 3 or 4, got 2×3×5"),
        (np.zeros((3, 4, 5, 3), np.uint8), "An array must be H×W or H×W×1, 2, 3 or 4, got 3×4×5×3"),
        (np.zeros((0, 4, 3), np.uint8), "An array must be H×W or H×W×1, 2, 3 or 4, got 0×4×3"),
        (np.zeros(7, np.uint8), "An array must be H×W or H×W×1, 2, 3 or 4, got 7"),
        (np.zeros((2, 2), np.int64), "An array must be uint8, uint16, float or bool, got int64"),
        (np.zeros((2, 2), np.uint32), "An array must be uint8, uint16, float or bool, got uint32"),
        (np.zeros((2, 2), complex), "An array must be uint8, uint16, float or bool, got complex128"),
        (np.full((2, 2), 255.0), "A float array must lie in [0, 1], got 255 to 255; divide 0..255 by 255"),
        (np.full((2, 2), -0.1), "A float array must lie in [0, 1], got -0.1 to -0.1; divide 0..255 by 255"),
        (np.full((2, 2), np.nan), "A float array must lie in [0, 1], got nan to nan; divide 0..255 by 255"),
    ],
)
def test_an_array_that_is_no_picture_says_why(array: NDArray[Any], message: str) -> None:
    with pytest.raises(ShapeError) as caught:
        from_array(array)
    assert str(caught.value) == message


# What is no photo


def test_files_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    empty, text = tmp_path / "empty.png", tmp_path / "text.png"
    empty.touch()
    text.write_text("hello")
    cut = tmp_path / "cut.png"
    cut.write_bytes(png()[:60])
    for path, kind, words in (
        (tmp_path / "gone.png", InputError, "is not there"),
        (tmp_path, InputError, "is a folder, where a photo is needed"),
        (empty, NotAPictureError, "The file is empty"),
        (text, NotAPictureError, "The file is a text"),
        (cut, DamagedPictureError, "cut short"),
    ):
        with pytest.raises(kind) as caught:
            first(path).rgb.sum()
        assert str(caught.value).startswith(f"{path}: ") and words in str(caught.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
@pytest.mark.timeout(20)
def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="is no regular file; pipe it to `-`"):
        first(tmp_path / "pipe")


def test_rights_that_are_missing_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret.png"
    path.write_bytes(png())

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(InputError, match=r"secret\.png: cannot be read: Permission denied"):
        first(path)


def test_a_null_byte_makes_no_path() -> None:
    with pytest.raises(InputError):
        first("a\0b.png")


def test_a_file_opened_as_text_is_told_how_to_open(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(png())
    with path.open(encoding="utf-8") as undecodable, pytest.raises(OptionError, match="open it with mode `rb`"):
        first(undecodable)
    with pytest.raises(OptionError, match="open it with mode `rb`"):
        first(io.StringIO("text"))


def test_a_closed_file_is_our_error() -> None:
    closed = io.BytesIO(png())
    closed.close()
    with pytest.raises(InputError, match=r"The open file cannot be read: .*closed"):
        first(closed)


def test_too_many_bytes_are_refused_wherever_they_come_from(tmp_path: Path) -> None:
    data = png(np.random.default_rng(0).integers(0, 256, (100, 100, 3), dtype=np.uint8))
    (tmp_path / "large.png").write_bytes(data)
    for source in (data, io.BytesIO(data), tmp_path / "large.png"):
        with pytest.raises(TooLargeError, match="raise `max_megabytes`"):
            first(source, max_megabytes=0.02)
        assert first(source if source is data else tmp_path / "large.png", max_megabytes=0.05).size == (100, 100)


@pytest.mark.parametrize("source", [None, 3, ["a.png"], object()])
def test_something_else_altogether_is_an_option_error(source: object) -> None:
    with pytest.raises(OptionError, match=f"not {type(source).__name__}"):
        first(source)
