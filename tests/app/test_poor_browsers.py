"""Browsers that give the page little: no threads, nothing kept, no room. It works, and says what is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from feathercut.app import page as built

from .browser import chromium_path, visit
from .kept import kept
from .person import Person
from .poor_host import poor_host

pytestmark = [pytest.mark.weights, pytest.mark.timeout(600)]

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"


def test_without_isolation_and_service_worker_one_thread_does(
    chromium: Browser, page_weights: dict[str, Path], tmp_path: Path
) -> None:
    files = {**built.files(), **page_weights}
    with (
        poor_host(files, is_isolated=False) as host,
        visit(chromium, host.address, service_workers="block") as (page, heard),
    ):
        assert page.evaluate("() => crossOriginIsolated") is False
        person = Person(page)
        person.chooses_quality("Stay small")
        person.drops(PHOTOS / "cup.jpg")
        person.waits_for_first()
        assert person.downloads("PNG", tmp_path).stat().st_size > 10_000
        page.keyboard.press("Escape")
        person.presses("More")
        person.presses("Settings")
        expect(page.get_by_text("one thread").first).to_be_visible()
        expect(page.get_by_text(re.compile("not isolated")).first).to_be_visible()
        assert not [one for one in heard.complaints if "Service" not in one]


def test_without_isolation_the_service_worker_brings_it(chromium: Browser, page_weights: dict[str, Path]) -> None:
    files = {**built.files(), **page_weights}
    with poor_host(files, is_isolated=False) as host, visit(chromium, host.address) as (page, _):
        page.wait_for_function("() => crossOriginIsolated")
        person = Person(page)
        person.chooses_quality("Stay small")
        person.drops(PHOTOS / "cup.jpg")
        person.waits_for_first()


@contextmanager
def keeping_nothing(playwright: Playwright, folder: Path, address: str) -> Iterator[Page]:
    """A page in a Chromium whose owner lets sites keep nothing, as private windows of other browsers do."""
    (folder / "Default").mkdir()
    refused = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (folder / "Default" / "Preferences").write_text(json.dumps(refused))
    context = playwright.chromium.launch_persistent_context(
        folder, executable_path=chromium_path(), args=["--no-sandbox"], accept_downloads=True
    )
    try:
        page = context.new_page()
        page.goto(address)
        yield page
    finally:
        context.close()


def edits_and_goes_on(person: Person, folder: Path) -> None:
    """Erases a little, downloads it, and brings the next photo."""
    person.keys("1")
    person.keys("e")
    person.strokes([(200, 300), (260, 320)], (512, 512))
    assert person.downloads("PNG", folder).stat().st_size > 10_000
    person.page.keyboard.press("Escape")
    person.drops(PHOTOS / "cat.jpg")
    person.waits_for_done("cat.jpg")


def test_a_window_that_keeps_nothing_works_and_says_so_once(playwright: Playwright, app: str, tmp_path: Path) -> None:
    (tmp_path / "profile").mkdir()
    with keeping_nothing(playwright, tmp_path / "profile", app) as page:
        assert page.evaluate("() => navigator.storage.getDirectory().then(() => 'kept', () => 'refused')") == "refused"
        person = Person(page)
        person.chooses_quality("Stay small")
        person.drops(PHOTOS / "cup.jpg")
        person.waits_for_first()
        expect(page.get_by_text(re.compile("This window keeps nothing"))).to_have_count(1)
        edits_and_goes_on(person, tmp_path)
        expect(page.get_by_text(re.compile("a reload would lose this photo"))).to_have_count(1)


def test_storage_that_is_full_is_told_and_stops_nothing(chromium: Browser, app: str, tmp_path: Path) -> None:
    with visit(chromium, "about:blank") as (page, heard):
        limits = page.context.new_cdp_session(page)
        limits.send("Storage.overrideQuotaForOrigin", {"origin": app.rstrip("/"), "quotaSize": 100_000})
        page.goto(app)
        person = Person(page)
        person.chooses_quality("Stay small")
        person.drops(PHOTOS / "cup.jpg")
        person.waits_for_first()
        expect(page.get_by_text(re.compile("no room to keep the networks"))).to_be_visible()
        expect(page.get_by_text(re.compile("a reload would lose this photo"))).to_have_count(1)
        edits_and_goes_on(person, tmp_path)
        assert heard.complaints == []
        # Once there is room again, the next visit keeps them.
        limits.send("Storage.overrideQuotaForOrigin", {"origin": app.rstrip("/")})
        page.reload()
        person.drops(PHOTOS / "cat.jpg")
        person.waits_for_first()
        assert sum(kept(page).values()) > 1e6
