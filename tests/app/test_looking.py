"""What is seen on the canvas beside the picture: the divider, the finished frame, and what ran the networks."""

from __future__ import annotations

import contextlib
import io
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow
from playwright.sync_api import Browser, expect

from .browser import PATIENCE_MS, visit
from .person import Person

pytestmark = [pytest.mark.weights, pytest.mark.timeout(600)]

PHOTO = Path(__file__).parents[2] / "examples" / "photos" / "cup.jpg"


@pytest.fixture
def person(chromium: Browser, app: str) -> Iterator[Person]:
    """Somebody who has a first cutout of a cup."""
    with visit(chromium, app) as (page, _):
        person = Person(page)
        person.chooses_quality("Stay small")
        person.drops(PHOTO)
        person.waits_for_first()
        expect(page.locator(".tool:not(:disabled)").first).to_be_visible()
        yield person


def seen(person: Person) -> NDArray[np.int32]:
    """The stage as it is on the screen, H×W×3."""
    picture = person.page.locator("section.stage .picture").screenshot()
    return np.asarray(Pillow.open(io.BytesIO(picture)).convert("RGB"), np.int32)


def in_the_end(person: Person, holds: Callable[[], None]) -> None:
    """Asserts what holds once the page has drawn it, however long that takes."""
    ends = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < ends:
        with contextlib.suppress(AssertionError):
            return holds()
        person.page.wait_for_timeout(50)
    return holds()


def test_the_divider_is_a_bright_line_with_a_grip_that_is_dragged(person: Person) -> None:
    person.presses("Before and after")
    divider = person.page.get_by_role("slider", name="Before and after")
    box = divider.bounding_box()
    assert box is not None and box["width"] == 44
    middle = seen(person).shape[1] // 2

    def is_at(x: int) -> None:
        assert (seen(person)[-40:, x - 1 : x + 1] > 240).all()  # over the dull ground below the photo

    in_the_end(person, lambda: is_at(middle))
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.62
    person.page.mouse.move(x, y)
    person.page.mouse.down()
    person.page.mouse.move(x - 200, y, steps=4)
    person.page.mouse.up()
    expect(divider).to_have_attribute("aria-valuenow", re.compile("^(2|3)"))
    in_the_end(person, lambda: is_at(middle - 200))


def test_the_finished_pictures_frame_is_seen_on_the_canvas_and_all_of_it(person: Person) -> None:
    person.opens("Canvas")
    person.chooses("Square product")

    def has_a_frame() -> None:
        rows = seen(person)
        white = rows.min(axis=2) > 250
        # A white square that does not reach the canvas's border, and what is left out is dimmed.
        high, wide = np.flatnonzero(white[:, 130]), np.flatnonzero(white[-50])
        assert len(high) and len(wide)
        assert abs(np.ptp(high) - np.ptp(wide)) < 12
        assert np.ptp(wide) > 0.8 * rows.shape[0]
        assert (rows[20:-20, -20:] < 150).all()

    def has_none() -> None:
        assert (seen(person)[20:-20, -8:] > 200).all()

    in_the_end(person, has_a_frame)
    person.chooses("Original")
    in_the_end(person, has_none)


def test_the_page_says_what_ran_the_networks(person: Person) -> None:
    expect(person.page.get_by_text(re.compile(r"WASM, \d+ threads?|WebGPU")).first).to_be_visible()


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("size", [(360, 640), (1920, 1080)])
def test_nothing_leaves_the_screen_in_either_direction(
    chromium: Browser, app: str, size: tuple[int, int], direction: str
) -> None:
    width, height = size
    with visit(chromium, app, {"width": width, "height": height}) as (page, _):
        page.evaluate("(direction) => { document.documentElement.dir = direction }", direction)
        person = Person(page)
        assert beyond(person) == []
        person.chooses_quality("Stay small")
        # While it works the line below the photo has a bar and a button more.
        page.evaluate(_WATCH)
        person.drops(PHOTO)
        person.waits_for_first()
        expect(page.locator(".tool:not(:disabled)").first).to_be_visible()
        assert page.evaluate("() => window.stuckOut") == []
        assert beyond(person) == []
        person.opens("Canvas")
        assert beyond(person) == []
        tools = page.locator(".tool").first.bounding_box()
        panels = page.get_by_role("tab", name="View", exact=True).bounding_box()
        assert tools is not None and panels is not None
        if width > 1000:  # tools stand at the side where lines begin
            assert (tools["x"] < panels["x"]) == (direction == "ltr")


_BEYOND = """() => [...document.querySelectorAll("button, h1, h2, label, input, [role=tab], p")].filter((one) => {
    const { left, right, width } = one.getBoundingClientRect();
    return width > 2 && (left < -1 || right > innerWidth + 1);
}).map((one) => one.outerHTML.slice(0, 120))"""
_WATCH = f"""() => {{
    window.stuckOut = [];
    const look = () => {{
        if (document.querySelector(".stage-foot progress")) window.stuckOut.push(...({_BEYOND})());
        requestAnimationFrame(look);
    }};
    look();
}}"""


def beyond(person: Person) -> list[str]:
    """What can be pressed or read and sticks out at the left or the right."""
    found: list[str] = person.page.evaluate(f"() => ({_BEYOND})()")
    return found
