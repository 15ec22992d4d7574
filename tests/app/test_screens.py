"""A green screen on the page: the hint that names it, the key, its colours; and Python makes the same picture."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from playwright.sync_api import Browser, expect

from feathercut.evaluate.synthetic.studios import in_studio

from .comparing import difference, premultiplied, replayed
from .person import with_cutout

pytestmark = [pytest.mark.weights, pytest.mark.timeout(240)]


def test_a_screen_is_named_keyed_and_taken_back(chromium: Browser, app: str, tmp_path: Path) -> None:
    scene = in_studio(4240, "hair", "screen", (480, 640))
    photo = tmp_path / "portrait.png"
    Pillow.fromarray((scene.rgb * 255).round().astype(np.uint8)).save(photo)
    with with_cutout(chromium, app, photo) as (person, heard):
        page = person.page
        drawn = person.downloads("PNG", tmp_path / "drawn")
        page.keyboard.press("Escape")
        page.locator("button.verdict").click()
        person.presses("Key the screen")
        expect(page.get_by_text("The colours alone, before a green or blue screen")).to_be_visible()
        keyed = person.downloads("PNG", tmp_path / "keyed")
        page.keyboard.press("Escape")
        recipe = person.saves_recipe(tmp_path / "keyed")
        page.get_by_label("The screen’s colour").fill("#1f9e38")
        expect(page.get_by_role("button", name="Find it")).to_be_enabled()
        picked = json.loads(person.saves_recipe(tmp_path / "picked").read_text("utf-8"))
        assert picked["screen"] == "#1f9e38"
        person.chooses("Backdrop")
        expect(page.get_by_text("The colours alone, before a plain backdrop")).to_be_visible()
        plain = person.downloads("PNG", tmp_path / "plain")
        page.keyboard.press("Escape")
        other = person.saves_recipe(tmp_path / "plain")
        for _ in range(3):
            person.keys("ControlOrMeta+z")
        expect(page.get_by_text("Networks that have seen many subjects")).to_be_visible()
        assert heard.complaints == []
    assert difference(keyed, replayed(photo, recipe)) <= 1
    assert difference(plain, replayed(photo, other)) <= 1
    off = {path: np.abs(premultiplied(path)[0] / 255 - scene.alpha).mean() for path in (keyed, drawn)}
    assert off[keyed] < 0.02
    assert off[keyed] < off[drawn] / 3
