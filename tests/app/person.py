"""A person at the page: what they do, by the names that they read. Every click is counted."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from .browser import Heard, visit

_FINAL_MS = 240_000
"""The large network is fetched and run until then."""


class Person:
    """Drops, clicks, drags and types; `clicks` says how often they pressed a button or a key."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0
        self._stays_small = False

    # Photos in

    def drops(self, *photos: Path) -> None:
        """Lets files fall on the page, as from a folder's window."""
        files = [{"name": one.name, "bytes": base64.b64encode(one.read_bytes()).decode()} for one in photos]
        self.page.evaluate(
            """async (files) => {
                const carried = new DataTransfer();
                for (const { name, bytes } of files) {
                    const content = Uint8Array.from(atob(bytes), (sign) => sign.charCodeAt(0));
                    carried.items.add(new File([content], name));
                }
                for (const type of ["dragenter", "dragover", "drop"]) {
                    const event = new DragEvent(type, { dataTransfer: carried, bubbles: true, cancelable: true });
                    document.body.dispatchEvent(event);
                }
            }""",
            files,
        )
        self.clicks += 1

    def chooses_quality(self, name: str) -> None:
        """On the start page: `Ask first`, `Finest` or `Stay small`."""
        self._choice(name).click()
        self.clicks += 1
        self._stays_small = name == "Stay small"

    def waits_for_first(self) -> None:
        """A cutout; where no other network follows, one that nothing changes any more."""
        expect(self.page.get_by_text(re.compile("First cutout in")).first).to_be_visible()
        if self._stays_small:
            expect(self.page.locator(".status[data-state=done]")).to_be_visible()

    def waits_for_final(self) -> None:
        expect(self.page.get_by_text(re.compile("final in")).first).to_be_visible(timeout=_FINAL_MS)

    def waits_for_done(self, name: str) -> None:
        """A photo of several, by its name in the queue."""
        done = self.page.get_by_role("button", name=re.compile(f"{re.escape(name)}, done"))
        expect(done).to_be_visible()

    # Tools

    def presses(self, name: str) -> None:
        """A button by its name."""
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.clicks += 1

    def keys(self, shortcut: str) -> None:
        self.page.keyboard.press(shortcut)
        self.clicks += 1

    def opens(self, panel: str) -> None:
        """A panel at the side: Edge, Background, Canvas, Shadow or View."""
        self.page.get_by_role("tab", name=panel, exact=True).click()
        self.clicks += 1

    def chooses(self, name: str) -> None:
        """One of a few, by its words."""
        self._choice(name).click()
        self.clicks += 1

    def types(self, field: str, text: str) -> None:
        """A number or words into the field of a name."""
        box = self.page.get_by_label(field, exact=True).first
        box.fill(text)
        box.press("Enter")
        self.clicks += 1

    def _choice(self, name: str) -> Locator:
        return self.page.locator("label:has(input[type=radio])").get_by_text(name, exact=True).first

    # The picture

    @property
    def picture(self) -> Locator:
        return self.page.locator("section.stage canvas").first

    def strokes(self, points: Sequence[tuple[float, float]], size: tuple[int, int]) -> None:
        """Drags along points, given in px of a photo of `size` (width, height) that is shown at actual size."""
        expect(self.page.locator(".tool:not(:disabled)").first).to_be_visible()
        box = self.picture.bounding_box()
        assert box is not None
        left = box["x"] + (box["width"] - size[0]) / 2
        top = box["y"] + (box["height"] - size[1]) / 2
        (x, y), *others = points
        self.page.mouse.move(left + x, top + y)
        self.page.mouse.down()
        for x, y in others:
            self.page.mouse.move(left + x, top + y, steps=6)
        self.page.mouse.up()
        self.clicks += 1

    # Out

    def downloads(self, format_name: str, folder: Path) -> Path:
        """Opens the dialog, chooses a format, and takes the file away."""
        self.presses("Download")
        dialog = self.page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        dialog.locator("label:has(input[type=radio])").get_by_text(format_name, exact=True).first.click()
        button = dialog.get_by_role("button", name="Download", exact=True)
        expect(button).to_be_enabled()
        with self.page.expect_download() as coming:
            button.click()
        self.clicks += 2
        path = folder / coming.value.suggested_filename
        coming.value.save_as(path)
        return path

    def saves_recipe(self, folder: Path) -> Path:
        self.presses("More")
        with self.page.expect_download() as coming:
            self.presses("Save recipe")
        path = folder / coming.value.suggested_filename
        coming.value.save_as(path)
        return path


@contextmanager
def with_cutout(
    browser: Browser, address: str, photo: Path, size: dict[str, int] | None = None, **context: object
) -> Iterator[tuple[Person, Heard]]:
    """Somebody who stays small and has a photo cut out on a page of their own, and what is heard of that."""
    with visit(browser, address, size, "", **context) as (page, heard):
        person = Person(page)
        person.chooses_quality("Stay small")
        person.drops(photo)
        person.waits_for_first()
        yield person, heard
