"""What a person sees between a network's answer and the matte whose edges follow the photo's."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from playwright.sync_api import Browser, Page, expect

import feathercut

from .browser import DESKTOP, PHONE, visit
from .person import Person

pytestmark = [pytest.mark.weights, pytest.mark.timeout(600)]

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"
VIEWS = Path(__file__).parents[2] / "web" / "test-results" / "views"
# Mattes reach the page only once the test says so: the sketch is there for a third of a second otherwise.
_HOLD = """
const listen = Worker.prototype.addEventListener;
const mattes = [];
let isOpen = false;
window.letMattesIn = () => { isOpen = true; for (const hear of mattes.splice(0)) hear(); };
Worker.prototype.addEventListener = function (type, heard, ...rest) {
  if (type !== "message") return listen.call(this, type, heard, ...rest);
  return listen.call(this, type, (event) => {
    const isLate = mattes.length > 0 || event.data?.value?.kind === "found";
    if (isLate && !isOpen) mattes.push(() => heard(event));
    else heard(event);
  }, ...rest);
};
"""
_WATCH = """
new MutationObserver(() => (window.wasCut ||= !!document.querySelector(".preview[data-cut=true]")))
  .observe(document, { subtree: true, childList: true, attributes: true });
"""
_OPACITY = """canvas => {
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  return { width, height, alpha: Array.from({ length: width * height }, (_, at) => data[4 * at + 3]) };
}"""


def sketched(page: Page, photo: Path) -> Person:
    """A person before whom the sketch of a photo stands still, on a page with `_HOLD`."""
    person = Person(page)
    person.chooses_quality("Stay small")
    person.drops(photo)
    expect(page.locator(".preview[data-cut=true]")).to_be_visible()
    return person


def face(page: Page) -> np.ndarray:
    """The middle of what is on the screen, where the astronaut smiles."""
    with Pillow.open(BytesIO(page.locator("section.stage .picture").screenshot())) as screen:
        width, height = screen.size
        middle = screen.convert("RGB").crop((width // 2 - 60, height // 2 - 100, width // 2 + 60, height // 2))
        return np.asarray(middle).astype(np.float32)


def moved(before: np.ndarray, after: np.ndarray) -> tuple[int, int]:
    """By how many px down and right it has moved, of three each way."""
    shifts = [(down, right) for down in range(-3, 4) for right in range(-3, 4)]
    return min(shifts, key=lambda shift: float(np.abs(np.roll(before, shift, (0, 1)) - after).mean()))


@pytest.mark.parametrize(("name", "size"), [("desktop", DESKTOP), ("phone", PHONE)])
def test_the_networks_own_drawing_is_seen_until_there_is_a_matte(
    chromium: Browser, app: str, name: str, size: dict[str, int]
) -> None:
    with visit(chromium, app, size, _HOLD) as (page, heard):
        person = sketched(page, PHOTOS / "astronaut.jpg")
        expect(page.get_by_text(re.compile("First cutout in .* · Following the edges")).first).to_be_visible()
        VIEWS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=VIEWS / f"sketch-{name}.png")
        seen = page.locator(".preview canvas").evaluate(_OPACITY)
        shown = face(page)

        page.evaluate("letMattesIn()")
        person.waits_for_first()
        expect(page.locator(".tool:not(:disabled)").first).to_be_visible()
        expect(page.locator(".preview")).to_have_count(0)
        assert moved(shown, face(page)) == (0, 0)  # when tools come the picture stays where it is
        assert heard.complaints == []
    alpha = np.array(seen["alpha"], np.float32).reshape(seen["height"], seen["width"]) / 255
    drawn = feathercut.remove(PHOTOS / "astronaut.jpg", model="u2netp", edges="network").cutout.alpha
    assert np.abs(alpha - drawn).mean() < 0.005


def test_stopped_at_the_sketch_the_cutout_comes_all_the_same(chromium: Browser, app: str, tmp_path: Path) -> None:
    with visit(chromium, app, script=_HOLD) as (page, heard):
        person = sketched(page, PHOTOS / "cup.jpg")
        person.presses("Stop")
        page.evaluate("letMattesIn()")
        expect(page.locator(".status[data-state=done]")).to_be_visible()
        with Pillow.open(person.downloads("PNG", tmp_path)) as cutout:
            assert np.asarray(cutout)[..., 3].max() == 255
        assert heard.complaints == []


def test_nothing_is_sketched_where_nothing_is_found(chromium: Browser, app: str, tmp_path: Path) -> None:
    Pillow.new("RGB", (600, 600), (120, 130, 140)).save(empty := tmp_path / "empty.png")
    with visit(chromium, app, script=_WATCH) as (page, heard):
        person = Person(page)
        person.chooses_quality("Stay small")
        person.drops(empty)
        expect(page.get_by_text("No subject was found").first).to_be_visible()
        assert not page.evaluate("window.wasCut")
        assert heard.complaints == []
