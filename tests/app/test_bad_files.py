"""Rubbish at the page: a clear message, nothing lost, and the next photo works."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image as Pillow
from playwright.sync_api import Browser, expect

from .browser import visit
from .person import Person

pytestmark = [pytest.mark.weights, pytest.mark.timeout(300)]

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"


def png_header(width: int, height: int) -> bytes:
    """The beginning of a PNG that claims this size, and ends there."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("notes.jpg", "not a picture"),
        ("empty.png", "not a picture"),
        ("cut.jpg", "damaged"),
        ("wide.png", "more pixels"),
        ("huge.png", "more pixels"),
    ],
)
def test_rubbish_is_told_and_the_next_photo_works(
    chromium: Browser, app: str, tmp_path: Path, name: str, words: str
) -> None:
    whole = (PHOTOS / "cat.jpg").read_bytes()
    content = {
        "notes.jpg": b"these are notes",
        "empty.png": b"",
        "cut.jpg": whole[: len(whole) // 3],
        "wide.png": png_header(300_000, 10),
        "huge.png": png_header(20_000, 10_000),
    }
    (tmp_path / name).write_bytes(content[name])
    with visit(chromium, app) as (page, heard):
        person = Person(page)
        person.chooses_quality("Stay small")
        person.drops(tmp_path / name, PHOTOS / "cup.jpg")
        expect(page.get_by_role("button", name=f"{name}, failed")).to_be_visible(timeout=30_000)
        page.get_by_role("button", name=f"{name}, failed").click()
        expect(page.get_by_text(re.compile(words)).first).to_be_visible()
        expect(page.get_by_role("button", name=re.compile("cup.jpg, done"))).to_be_visible(timeout=60_000)
        assert heard.complaints == []


def test_a_picture_of_one_pixel_and_an_animation_work(chromium: Browser, app: str, tmp_path: Path) -> None:
    Pillow.new("RGB", (1, 1), "red").save(tmp_path / "pixel.png")
    frames = [Pillow.new("RGB", (40, 30), colour) for colour in ("red", "green", "blue")]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:], duration=100)
    with visit(chromium, app) as (page, _):
        person = Person(page)
        person.chooses_quality("Stay small")
        person.drops(tmp_path / "pixel.png", tmp_path / "moving.gif")
        for name in ("pixel.png", "moving.gif"):
            expect(page.get_by_role("button", name=re.compile(f"{name}, (done|Nothing found)"))).to_be_visible(
                timeout=60_000
            )
