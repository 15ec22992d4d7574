"""Of two subjects one is dropped by a click, taken back, and the recipe makes the same picture in Python."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from playwright.sync_api import Browser, expect

import feathercut

from .person import with_cutout

pytestmark = [pytest.mark.weights, pytest.mark.timeout(600)]

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"


def two_cups(folder: Path) -> Path:
    """A cup, and a smaller one to its right."""
    with Pillow.open(PHOTOS / "cup.jpg") as cup:
        one = cup.convert("RGB").resize((400, 400))
    photo = Pillow.new("RGB", (760, 400), one.getpixel((3, 3)))
    photo.paste(one, (0, 0))
    photo.paste(one.resize((300, 300)), (440, 90))
    photo.save(folder / "cups.png")
    return folder / "cups.png"


def test_a_click_drops_a_subject_and_python_makes_the_same_picture(chromium: Browser, app: str, tmp_path: Path) -> None:
    photo = two_cups(tmp_path)
    with with_cutout(chromium, app, photo) as (person, _):
        page = person.page
        person.opens("Subjects")
        shown = page.get_by_role("img", name="Which subjects are kept")
        expect(shown).to_be_visible()
        expect(page.get_by_text("Subject 2", exact=True)).to_be_visible()
        box = shown.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 0.26 * box["width"], box["y"] + 0.55 * box["height"])
        expect(page.locator(".subject-map span")).to_have_text("1")
        page.mouse.down()
        page.mouse.up()
        expect(page.get_by_role("button", name="Keep all")).to_be_enabled()
        alpha = np.asarray(Pillow.open(person.downloads("PNG", tmp_path)).getchannel("A"))
        made = feathercut.replay(photo, person.saves_recipe(tmp_path))
        person.keys("Control+z")
        expect(page.get_by_role("button", name="Keep all")).to_be_disabled()
    assert alpha[:, :300].max() < 13  # a faint trace at the most
    assert (alpha[:, 440:] > 250).mean() > 0.1
    assert [one.kept for one in made.subjects] == [False, True]
    assert np.abs(made.alpha * 255 - alpha).max() <= 1.01
