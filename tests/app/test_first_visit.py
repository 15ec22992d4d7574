"""A person cuts a photo out, mends it and takes it away, in a real browser with the real networks."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from playwright.sync_api import Browser, expect

from .browser import DESKTOP, visit
from .comparing import difference, replayed
from .person import Person

pytestmark = [pytest.mark.weights, pytest.mark.timeout(600)]

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"
SIZE = (512, 512)
_IS_KEPT = """async (addresses) => {
    const kept = await Promise.all(addresses.map((one) => caches.match(one)));
    return kept.every((one) => one);
}"""


def pixels(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    with Pillow.open(path) as picture:
        return np.asarray(picture)


def test_drop_cut_out_mend_undo_and_download(chromium: Browser, app: str, tmp_path: Path) -> None:
    with visit(chromium, app, DESKTOP) as (page, heard):
        person = Person(page)
        person.chooses_quality("Finest")
        person.drops(PHOTOS / "astronaut.jpg")
        person.waits_for_first()
        person.waits_for_final()

        as_found = pixels(person.downloads("PNG", tmp_path))
        assert as_found.shape == (*SIZE, 4)
        assert as_found[300, 230, 3] == 255 and as_found[20, 20, 3] == 0
        original = pixels(PHOTOS / "astronaut.jpg")
        solid = as_found[..., 3] == 255
        np.testing.assert_allclose(as_found[solid][:, :3], original[solid], atol=2)  # two decoders of one JPEG
        assert not as_found[as_found[..., 3] == 0][:, :3].any()

        page.keyboard.press("Escape")
        person.keys("1")  # actual pixels
        person.keys("e")
        person.strokes([(200, 300), (260, 320)], SIZE)
        erased = pixels(person.downloads("PNG", tmp_path / "erased"))
        assert erased[310, 230, 3] == 0 and erased[200, 230, 3] == 255
        page.keyboard.press("Escape")
        recipe = person.saves_recipe(tmp_path)
        person.keys("Control+z")
        expect(page.get_by_role("button", name="Redo")).to_be_enabled()
        undone = pixels(person.downloads("PNG", tmp_path))
        np.testing.assert_array_equal(undone, as_found)

        page.keyboard.press("Escape")
        person.opens("Edge")
        person.types("Edge shift, value", "-4")
        person.opens("Background")
        person.chooses("Colour")
        person.presses("White")
        white = pixels(person.downloads("PNG", tmp_path / "white"))
        assert tuple(white[20, 20, :3]) == (255, 255, 255)
        assert heard.complaints == []
    # Both networks and a stroke, from a JPEG.
    shown = next((tmp_path / "erased").iterdir())
    assert difference(shown, replayed(PHOTOS / "astronaut.jpg", recipe)) <= 1


def test_nothing_leaves_and_the_second_visit_needs_no_connection(chromium: Browser, app: str, tmp_path: Path) -> None:
    photo = PHOTOS / "cat.jpg"
    with visit(chromium, app) as (page, heard):
        person = Person(page)
        person.chooses_quality("Stay small")
        person.drops(photo)
        person.waits_for_first()
        expect(page.get_by_text(re.compile("fetched again on the next visit"))).to_have_count(0)
        assert heard.origins == {app.rstrip("/")}
        assert heard.bodies == []
        assert not [address for address in heard.addresses if "cat" in address]

        # The page is isolated here without its service worker, which keeps it for the next visit.
        used = [one for one in heard.addresses if one.endswith((".js", ".css", ".wasm"))]
        assert any(one.endswith(".wasm") for one in used)
        page.wait_for_function(_IS_KEPT, arg=used)
        assert page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        page.context.set_offline(True)
        heard.addresses.clear()
        page.reload()
        again = Person(page)
        expect(page.get_by_text(re.compile("never leaves this machine|First cutout|cat.jpg")).first).to_be_visible()
        again.drops(PHOTOS / "cup.jpg")
        again.waits_for_done("cup.jpg")
        page.context.set_offline(False)
