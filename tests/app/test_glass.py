"""A glass lets a new background through, is made solid by a click, and Python makes the same pictures of the recipe."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from playwright.sync_api import Browser, expect

import feathercut
import scenes_of_glass

from .browser import visit
from .person import Person

pytestmark = [pytest.mark.weights, pytest.mark.timeout(240)]


def premultiplied(path: Path) -> tuple[np.ndarray, np.ndarray]:
    rgba = np.asarray(Pillow.open(path).convert("RGBA")).astype(np.float64)
    return rgba[..., 3], rgba[..., :3] * rgba[..., 3:] / 255


def test_glass_is_clear_by_itself_and_solid_where_somebody_says_so(chromium: Browser, app: str, tmp_path: Path) -> None:
    size = (480, 640)
    scene = scenes_of_glass.before(scenes_of_glass.wall(size), *scenes_of_glass.tumbler(size))
    photo = tmp_path / "tumbler.png"
    Pillow.fromarray((scene * 255).round().astype(np.uint8)).save(photo)
    with visit(chromium, app) as (page, heard):
        person = Person(page)
        person.chooses_quality("Stay small")
        person.drops(photo)
        person.waits_for_first()
        expect(page.get_by_text("Glass and smoke", exact=True)).to_be_visible(timeout=60_000)
        clear = premultiplied(person.downloads("PNG", tmp_path))
        page.keyboard.press("Escape")
        replayed = tmp_path / "replayed.png"
        feathercut.replay(photo, person.saves_recipe(tmp_path)).save(replayed)
        person.chooses("Solid")
        expect(page.get_by_text("All that is found stays solid.")).to_be_visible()
        solid = premultiplied(person.downloads("PNG", tmp_path))
        assert heard.complaints == []
    middle = np.s_[200:280, 290:350]
    assert clear[0][middle].max() < 64 < 250 < solid[0][middle].min()
    for theirs, ours in zip(clear, premultiplied(replayed), strict=True):
        assert np.abs(theirs - ours).max() <= 1
