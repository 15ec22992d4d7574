"""A picture's size by its header: nothing is unpacked."""

import io
import zlib
from typing import Any

import imagecodecs
import numpy as np
import pytest
from PIL import Image as Pillow

from feathercut.errors import DamagedPictureError, NotAPictureError, TooLargeError
from feathercut.options import Decode
from feathercut.steps.decode import Measured, measure


def saved(name: str, size: tuple[int, int] = (30, 20), **how: Any) -> bytes:
    file = io.BytesIO()
    Pillow.new("RGB", size, (200, 30, 30)).save(file, name, **how)
    return file.getvalue()


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF"])
def test_every_format_tells_its_size(name: str) -> None:
    assert measure(saved(name)) == Measured(30, 20, 1)


def test_frames_are_counted() -> None:
    others = [Pillow.new("RGB", (30, 20), (level, 0, 0)) for level in (50, 100)]
    measured = measure(saved("WEBP", save_all=True, append_images=others, duration=100))
    assert (measured.frames, measured.pixels) == (3, 1800)


def test_nothing_is_unpacked() -> None:
    """A PNG of 900 megapixels that has no pixel: whoever unpacked it would fail."""
    whole = imagecodecs.png_encode(np.zeros((2, 2, 3), np.uint8))
    head = bytearray(whole[:33])
    head[16:24] = (30_000).to_bytes(4, "big") * 2
    head[29:33] = zlib.crc32(bytes(head[12:29])).to_bytes(4, "big")
    data = bytes(head) + whole[33:]
    assert measure(data, Decode(max_megapixels=1000)).pixels == 900_000_000
    with pytest.raises(TooLargeError, match="900"):
        measure(data)


def test_limits_and_strangers_are_refused_as_in_decoding() -> None:
    with pytest.raises(TooLargeError, match="pixels"):
        measure(saved("PNG"), Decode(max_megapixels=0.0001))
    with pytest.raises(TooLargeError, match="megabytes"):
        measure(saved("PNG"), Decode(max_megabytes=0.00001))
    with pytest.raises(NotAPictureError, match="text"):
        measure(b"hello")
    with pytest.raises(DamagedPictureError):
        measure(saved("JPEG")[:50])
