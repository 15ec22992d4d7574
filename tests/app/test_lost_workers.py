"""Machinery that is lost while it works: the page recovers, nothing of the person's is lost, the next photo works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Worker, expect

from .browser import visit
from .person import Person

pytestmark = [pytest.mark.weights, pytest.mark.timeout(600)]

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"


def worker(page: Page, kind: str) -> Worker:
    return next(one for one in page.workers if f"{kind}.worker" in one.url)


def end(page: Page, kind: str) -> None:
    """Ends a worker as a browser does that wants its memory: without a word to anyone."""
    worker(page, kind).evaluate("() => self.close()")


@pytest.mark.parametrize("kind", ["engine", "studio"])
def test_a_worker_that_was_ended_between_photos_is_started_again(chromium: Browser, app: str, kind: str) -> None:
    with visit(chromium, app) as (page, heard):
        person = Person(page)
        person.chooses_quality("Stay small")
        person.drops(PHOTOS / "cup.jpg")
        person.waits_for_first()
        expect(page.locator(".tool:not(:disabled)").first).to_be_visible()
        end(page, kind)
        person.drops(PHOTOS / "cat.jpg")
        person.waits_for_done("cat.jpg")
        assert heard.complaints == []


def test_an_engine_that_is_ended_while_it_runs_is_started_again(chromium: Browser, app: str) -> None:
    with visit(chromium, app) as (page, heard):
        person = Person(page)
        person.chooses_quality("Finest")
        person.drops(PHOTOS / "cup.jpg")
        expect(page.get_by_text(re.compile("Looking with IS-Net|Getting IS-Net ready")).first).to_be_visible()
        end(page, "engine")
        person.waits_for_final()
        assert heard.complaints == []


def test_a_studio_that_is_ended_while_it_works_keeps_photo_and_edits(
    chromium: Browser, app: str, tmp_path: Path
) -> None:
    with visit(chromium, app) as (page, _):
        person = Person(page)
        person.chooses_quality("Stay small")
        person.drops(PHOTOS / "cup.jpg")
        person.waits_for_first()
        person.keys("1")
        person.keys("e")
        person.strokes([(100, 100), (180, 120)], (512, 512))
        before = person.downloads("PNG", tmp_path).read_bytes()
        page.keyboard.press("Escape")
        end(page, "studio")
        assert person.downloads("PNG", tmp_path).read_bytes() == before
        page.keyboard.press("Escape")
        person.drops(PHOTOS / "cat.jpg")
        person.waits_for_done("cat.jpg")
