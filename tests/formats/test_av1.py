"""The size in AV1 data, as the specification lays its header out."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from feathercut.formats.av1 import HEADER_BYTES, coded_size
from feathercut.formats.iso_boxes import starts_of


def unit(bits: str, kind: int = 1) -> bytes:
    """A unit with its length, of bits written as text."""
    bits = bits.replace(" ", "")
    body = int(bits.ljust(-(-len(bits) // 8) * 8, "1"), 2).to_bytes(-(-len(bits) // 8), "big")
    return bytes([kind << 3 | 2, len(body)]) + body


SIZE = "1010 1001" + f"{1599:011b}" + f"{899:010b}"  # 11 and 10 bits for 1600×900
POINTS = "00001" + "0" * 12 + "01000" + "0"  # two operating points: the first with a tier ...
REDUCED = "000 1 1 00101"
PLAIN = "000 0 0 0 0" + POINTS + "0" * 12 + "00101"  # ... the second without
DELAYED = "000 0 0 0 1 00000" + "0" * 12 + "00101" + "1 0111"
TIMED = "000 0 0 1" + "0" * 64 + "1 00101" + "1 00111" + "0" * 42 + "0 00000" + "0" * 12 + "00101" + "1" + "0" * 17


@pytest.mark.parametrize("header", [REDUCED, PLAIN, DELAYED, TIMED], ids=["reduced", "plain", "delayed", "timed"])
def test_size_is_read_from_every_kind_of_header(header: str) -> None:
    assert coded_size(b"\x12\0" + unit(header + SIZE)) == (1600, 900)


def test_data_without_a_header_has_no_size() -> None:
    assert coded_size(b"") is None
    assert coded_size(unit("0" * 64, kind=6)) is None
    with pytest.raises(ValueError, match="truncated"):
        coded_size(unit("000 1"))
    with pytest.raises(ValueError, match="without end"):
        coded_size(b"\x0a" + b"\xff" * 20)


@pytest.mark.parametrize("size", [(16, 12), (1000, 700), (1, 300)])
def test_size_of_a_real_file_is_its_own(size: tuple[int, int]) -> None:
    file = io.BytesIO()
    Image.new("RGBA", size, (1, 2, 3, 4)).save(file, "AVIF", speed=10)
    found = [coded_size(start) for start in starts_of(file.getvalue(), b"av01", HEADER_BYTES)]
    assert found == [size, size]  # colours and alpha
