from __future__ import annotations

import base64
import struct
import warnings
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image

from feathercut.errors import InputError
from feathercut.train.data.importers.shapes import bitmap, polygon, run_lengths

from .layouts import MASK, PHOTO, packed, packed_png, runs_of


def test_a_polygon_covers_parts_of_pixels_and_its_holes_none() -> None:
    square = [(1.5, 1.0), (5.0, 1.0), (5.0, 4.0), (1.5, 4.0)]
    alpha = polygon(PHOTO, square, [[(3.0, 2.0), (4.0, 2.0), (4.0, 3.0), (3.0, 3.0)]])
    wanted = np.zeros(PHOTO)
    wanted[1:4, 1:5] = 1
    wanted[1:4, 1] = 0.5
    wanted[2, 3] = 0
    assert np.allclose(alpha, wanted, atol=1e-6)
    assert not polygon(PHOTO, [(1, 1), (2, 2)]).any()


def test_run_lengths_are_read_as_they_were_written() -> None:
    masks: list[Any] = [MASK, 1 - MASK, np.random.default_rng(0).integers(0, 2, (37, 61)), np.ones((90, 70), np.uint8)]
    for mask in masks:
        size = mask.shape[0], mask.shape[1]
        assert np.array_equal(run_lengths(runs_of(mask), size), mask)
        assert np.array_equal(run_lengths(packed(runs_of(mask)), size), mask)


def test_a_packed_string_means_what_the_format_says() -> None:
    """By hand: 6 zeros, 1 one, 40 zeros, and the rest by the difference of 0 to the one before the last: 1 one."""
    assert packed([6, 1, 40, 1]) == "61X10"
    assert np.flatnonzero(run_lengths("61X10", (6, 8)).T.ravel()).tolist() == [6, 47]


@pytest.mark.parametrize("wrong", [[5, 5], "61X1", "6\x7f", [-1, 49]])
def test_run_lengths_that_do_not_fill_the_photo_are_refused(wrong: Any) -> None:
    with pytest.raises(InputError, match="run lengths"):
        run_lengths(wrong, PHOTO)


def test_a_bitmap_lies_at_its_origin_in_every_form_of_png() -> None:
    small = Image.fromarray(MASK[1:4, 2:7] * 255)
    clear = Image.merge("RGBA", (*[Image.new("L", small.size, 90)] * 3, small))
    palette = Image.fromarray(MASK[1:4, 2:7]).convert("P")
    wanted = np.zeros(PHOTO)
    wanted[1:4, 2:7] = 1
    for data in (packed_png(small.convert("1")), packed_png(small), packed_png(clear)):
        assert np.array_equal(bitmap(PHOTO, data, (2, 1)), wanted)
    assert bitmap(PHOTO, packed_png(palette, transparency=0), (2, 1)).sum() == 15
    with pytest.raises(InputError, match="beyond the photo"):
        bitmap(PHOTO, packed_png(small), (5, 1))
    with pytest.raises(InputError, match="cannot be unpacked"):
        bitmap(PHOTO, "bm90IHBhY2tlZA==", (0, 0))


@pytest.mark.parametrize("side", [9, 12_000, 60_000])
def test_a_bitmap_larger_than_its_photo_is_refused_before_it_is_unpacked(side: int) -> None:
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(100))), (b"IEND", b"")]
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(InputError, match="bitmap"):
            bitmap(PHOTO, base64.b64encode(zlib.compress(png)).decode(), (0, 0))
