"""Edges of a photo of few pixels are solved for on the page; the recipe says so, and Python makes the same picture."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from playwright.sync_api import Browser, expect

from feathercut.evaluate.synthetic.scenes import render

from .comparing import difference, premultiplied, replayed
from .person import with_cutout

pytestmark = [pytest.mark.weights, pytest.mark.timeout(240)]


def test_a_small_photos_edges_are_solved_for(chromium: Browser, app: str, tmp_path: Path) -> None:
    scene = render(4242, "hair", (240, 320))
    photo = tmp_path / "head.png"
    Pillow.fromarray((scene.rgb * 255).round().astype(np.uint8)).save(photo)
    with with_cutout(chromium, app, photo) as (person, heard):
        page = person.page
        switch = page.get_by_role("switch", name="Edges from the photo’s colours")
        expect(switch).to_be_checked()
        solved = person.downloads("PNG", tmp_path / "solved")
        page.keyboard.press("Escape")
        recipe = person.saves_recipe(tmp_path / "solved")
        # The input itself lies unseen below its words.
        page.get_by_text("Edges from the photo’s colours").click()
        expect(switch).not_to_be_checked()
        drawn = person.downloads("PNG", tmp_path / "drawn")
        page.keyboard.press("Escape")
        other = person.saves_recipe(tmp_path / "drawn")
        assert heard.complaints == []
    assert [json.loads(one.read_text("utf-8"))["low_resolution"] for one in (recipe, other)] == ["auto", "off"]
    assert difference(solved, replayed(photo, recipe)) <= 1
    assert difference(drawn, replayed(photo, other)) <= 1
    assert np.abs(premultiplied(solved)[0] - premultiplied(drawn)[0]).max() > 20
