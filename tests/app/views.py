"""Every view of the page, reached as a person reaches it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, expect

from .browser import PHONE
from .person import Person

PANELS = ("Edge", "Background", "Canvas", "Shadow", "Subjects", "View")


def visit_views(page: Page, photo: Path) -> Iterator[str]:
    """Goes from view to view and says the name of each while it is on the screen."""
    person = Person(page)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    yield "start"
    person.chooses_quality("Stay small")
    person.drops(photo)
    person.waits_for_first()
    expect(page.locator(".tool:not(:disabled)").first).to_be_visible()
    yield "studio"
    verdict = page.locator("button.verdict")
    verdict.click()
    expect(page.get_by_role("complementary", name="What is said of this cutout")).to_be_visible()
    yield "hints"
    page.keyboard.press("Escape")
    yield from _panels(page, person)
    yield from _dialogs(page, person)


def _panels(page: Page, person: Person) -> Iterator[str]:
    for panel in PANELS:
        person.opens(panel)
        expect(page.get_by_role("tabpanel")).to_be_visible()
        expect(page.get_by_text("Looking for subjects")).to_have_count(0)
        yield f"panel-{panel.lower()}"
    if page.viewport_size == PHONE:
        person.presses("Close panel")


def _dialogs(page: Page, person: Person) -> Iterator[str]:
    for name in ("Settings", "Keyboard shortcuts", "Download"):
        if name == "Download":
            person.presses(name)
        else:
            person.presses("More")
            page.get_by_role("button", name=name, exact=True).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        expect(page.get_by_text("Making the file")).to_have_count(0)
        yield name.lower().replace(" ", "-")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
