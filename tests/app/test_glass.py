"""A glass lets a new background through, is made solid by a click, and Python makes the same pictures of the recipe."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from playwright.sync_api import Browser, expect

import scenes_of_glass

from .comparing import difference, premultiplied, replayed
from .person import with_cutout

pytestmark = [pytest.mark.weights, pytest.mark.timeout(240)]


def test_glass_is_clear_by_itself_and_solid_where_somebody_says_so(chromium: Browser, app: str, tmp_path: Path) -> None:
    size = (480, 640)
    scene = scenes_of_glass.before(scenes_of_glass.wall(size), *scenes_of_glass.tumbler(size))
    photo = tmp_path / "tumbler.png"
    Pillow.fromarray((scene * 255).round().astype(np.uint8)).save(photo)
    with with_cutout(chromium, app, photo) as (person, heard):
        page = person.page
        expect(page.get_by_text("Glass and smoke", exact=True)).to_be_visible(timeout=60_000)
        clear = person.downloads("PNG", tmp_path / "clear")
        page.keyboard.press("Escape")
        recipe = person.saves_recipe(tmp_path / "clear")
        person.chooses("Solid")
        expect(page.get_by_text("All that is found stays solid.")).to_be_visible()
        solid = person.downloads("PNG", tmp_path / "solid")
        assert heard.complaints == []
    middle = np.s_[200:280, 290:350]
    assert premultiplied(clear)[0][middle].max() < 64 < 250 < premultiplied(solid)[0][middle].min()
    assert difference(clear, replayed(photo, recipe)) <= 1
