"""Rubbish at the page: a clear message, nothing lost, and the next photo works."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image as Pillow
from playwright.sync_api import Browser, expect

from .browser import visit
from .person import Person

pytestmark = [pytest.mark.weights, pytest.mark.timeout(600)]

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"


def rubbish() -> dict[str, tuple[bytes, str]]:
    """Files by name, and a word of what is said of each."""
    whole = (PHOTOS / "cat.jpg").read_bytes()
    made: dict[str, bytes] = {}
    for name, size in (("wide.png", (30_000, 20)), ("huge.png", (20_000, 10_000)), ("small.png", (200, 150))):
        file = io.BytesIO()
        Pillow.new("1", size).save(file, "PNG")
        made[name] = file.getvalue()
    file = io.BytesIO()
    Pillow.open(io.BytesIO(whole)).save(file, "WEBP")
    return {
        "notes.jpg": (b"these are notes", "not a picture"),
        "empty.png": (b"", "not a picture"),
        "cut.jpg": (whole[: len(whole) // 3], "damaged"),
        "cut.png": (made["small.png"][:-40], "damaged"),
        "cut.webp": (file.getvalue()[: len(file.getvalue()) // 2], "damaged"),
        "wide.png": (made["wide.png"], "more pixels"),
        "huge.png": (made["huge.png"], "more pixels"),
    }


def test_rubbish_is_told_and_the_next_photo_works(chromium: Browser, app: str, tmp_path: Path) -> None:
    files = rubbish()
    for name, (content, _) in files.items():
        (tmp_path / name).write_bytes(content)
    with visit(chromium, app) as (page, heard):
        person = Person(page)
        person.chooses_quality("Stay small")
        person.drops(*(tmp_path / name for name in files), PHOTOS / "cup.jpg")
        person.waits_for_done("cup.jpg")
        for name, (_, words) in files.items():
            page.get_by_role("button", name=f"{name}, failed").click()
            expect(page.get_by_role("heading", name=f"“{name}” could not be opened")).to_be_visible()
            expect(page.get_by_role("alert").get_by_text(re.compile(words)).first).to_be_visible()
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
            expect(page.get_by_role("button", name=re.compile(f"{name}, (done|Nothing found)"))).to_be_visible()
        page.get_by_role("button", name=re.compile("^moving.gif, ")).first.click()
        expect(page.get_by_text(re.compile("animation of 3 frames; the first one is used")).first).to_be_visible()
