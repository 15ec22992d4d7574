"""On a phone: two fingers pinch, one brings a loupe and paints, and a held button shows the photo as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from .browser import PHONE
from .person import with_cutout

pytestmark = [pytest.mark.weights, pytest.mark.timeout(240)]

PHOTO = Path(__file__).parents[2] / "examples" / "photos" / "cup.jpg"
_LOUPE, _GAP = 60, 12
"""CSS pixels: its radius, and how far it stays from the border."""

# What the picture (0) and what lies over it (1) show at a place in CSS pixels from their corner: RGBA.
_SHOWN = """([layer, x, y]) => {
    const canvas = document.querySelectorAll("section.stage [role=application] canvas")[layer];
    return [...canvas.getContext("2d").getImageData(x * devicePixelRatio, y * devicePixelRatio, 1, 1).data];
}"""

Place = tuple[float, float]


class Fingers:
    """Fingers on the picture, at places in CSS pixels from its corner."""

    def __init__(self, page: Page) -> None:
        self._page = page
        box = page.locator("section.stage [role=application]").bounding_box()
        assert box is not None
        self.size = (box["width"], box["height"])
        self._corner = (box["x"], box["y"])
        self._browser: CDPSession = page.context.new_cdp_session(page)

    @contextmanager
    def down(self, *places: Place) -> Iterator[None]:
        """On the glass while the block lasts."""
        for count in range(1, len(places) + 1):  # nobody puts two down in the same moment
            self._send("touchStart", places[:count])
        yield
        self._send("touchEnd", ())

    def move(self, *places: Place) -> None:
        self._send("touchMove", places)

    def _send(self, kind: str, places: tuple[Place, ...]) -> None:
        left, top = self._corner
        points = [{"x": left + x, "y": top + y, "id": number} for number, (x, y) in enumerate(places)]
        self._browser.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def waits_for(page: Page, layer: int, place: Place, holds: str) -> None:
    """Until `holds`, of a `[red, green, blue, alpha]`, holds of what a layer shows at a place."""
    page.wait_for_function(f"(asked) => (({holds}))(({_SHOWN})(asked))", arg=[layer, *place])


def test_fingers_pinch_look_closer_paint_and_compare(chromium: Browser, app: str) -> None:
    with with_cutout(chromium, app, PHOTO, PHONE, has_touch=True) as (person, heard):
        page = person.page
        fingers = Fingers(page)
        across, down = fingers.size
        undo = page.get_by_role("button", name="Undo", exact=True)
        zoom = page.locator("button.zoom")

        before = int(zoom.inner_text().rstrip("%\u00a0 "))
        with fingers.down((across / 2 - 40, down / 2), (across / 2 + 40, down / 2)):
            fingers.move((across / 2 - 60, down / 2), (across / 2 + 60, down / 2))
            fingers.move((across / 2 - 80, down / 2), (across / 2 + 80, down / 2))
        expect(zoom).not_to_have_text(f"{before}%")
        after = int(zoom.inner_text().rstrip("%\u00a0 "))
        assert after == pytest.approx(2 * before, abs=2)
        expect(undo).to_be_disabled()  # two fingers never paint

        finger, loupe = (across / 2 - 60, down / 2), (across - _LOUPE - _GAP, _LOUPE + _GAP)
        centre = page.evaluate(_SHOWN, [0, *finger])
        aside = (loupe[0] + 45, loupe[1])
        assert page.evaluate(_SHOWN, [1, *aside])[3] == 0
        person.presses("Erase brush")
        with fingers.down(finger):
            waits_for(page, 1, aside, "([, , , alpha]) => alpha === 255")
            fingers.move((finger[0] + 30, finger[1]))
            waits_for(page, 0, finger, f"(rgba) => rgba.join() !== '{','.join(map(str, centre))}'")
        waits_for(page, 1, aside, "([, , , alpha]) => alpha === 0")
        expect(undo).to_be_enabled()

        erased = page.evaluate(_SHOWN, [0, *finger])
        compare = page.get_by_role("button", name="Hold to compare")
        compare.hover()
        page.mouse.down()
        waits_for(page, 0, finger, f"(rgba) => rgba.join() === '{','.join(map(str, centre))}'")
        page.mouse.up()
        waits_for(page, 0, finger, f"(rgba) => rgba.join() === '{','.join(map(str, erased))}'")
        assert heard.complaints == []
