"""The photo's own shadow and a reflection on the page: in the picture, in layers, in the recipe, the same in Python."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from playwright.sync_api import Browser, expect
from psd_tools import PSDImage

from feathercut.evaluate.synthetic.shadows import render

from .comparing import difference, premultiplied, replayed
from .person import with_cutout

pytestmark = [pytest.mark.weights, pytest.mark.timeout(240)]


def test_a_photos_own_shadow_and_a_reflection_are_layers_of_their_own(
    chromium: Browser, app: str, tmp_path: Path
) -> None:
    scene = render(302, "plain", (384, 512))
    photo = tmp_path / "bottle.png"
    Pillow.fromarray((scene.rgb * 255).round().astype(np.uint8)).save(photo)
    with with_cutout(chromium, app, photo) as (person, heard):
        page = person.page
        person.opens("Shadow")
        person.chooses("Photo’s own")
        expect(page.get_by_text("The shadow that the photo has")).to_be_visible()
        kept = person.downloads("PNG", tmp_path / "kept")
        page.keyboard.press("Escape")
        recipe = person.saves_recipe(tmp_path / "kept")
        person.types("Reflection, value", "40")
        layered = person.downloads("PSD", tmp_path)
        page.keyboard.press("Escape")
        person.opens("Canvas")
        person.chooses("Tight crop")
        cropped = person.downloads("PNG", tmp_path / "cropped")
        page.keyboard.press("Escape")
        cropped_recipe = person.saves_recipe(tmp_path / "cropped")
        for _ in range(3):
            person.keys("ControlOrMeta+z")
        person.opens("Shadow")
        expect(page.get_by_text("The subject alone.")).to_be_visible()
        bare = person.downloads("PNG", tmp_path / "bare")
        assert heard.complaints == []
    assert difference(kept, replayed(photo, recipe)) <= 1
    assert difference(cropped, replayed(photo, cropped_recipe)) <= 1
    alpha, without = premultiplied(kept)[0], premultiplied(bare)[0]
    beside = (scene.shadow > 0.2) & (scene.alpha < 0.01) & (without == 0)
    assert alpha[beside].mean() / 255 > 0.5 * scene.shadow[beside].mean()
    assert [layer.name for layer in PSDImage.open(layered)] == ["Shadow", "Reflection", "Subject"]
