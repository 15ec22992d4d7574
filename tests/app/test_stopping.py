"""A person stops what runs, at any moment: it stops at once, nothing is lost, and the next photo works."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from feathercut.app import page as built

from .browser import visit
from .comparing import difference, replayed
from .kept import waits_for_share
from .person import Person
from .poor_host import poor_host

pytestmark = [pytest.mark.weights, pytest.mark.timeout(600)]

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"


def says(page: Page, words: str) -> None:
    expect(page.get_by_text(re.compile(words)).first).to_be_visible()


def test_stopped_while_it_fetches_what_came_is_kept(chromium: Browser, page_weights: dict[str, Path]) -> None:
    small = next(name for name in page_weights if "u2netp-int8" in name)
    length = page_weights[small].stat().st_size
    with poor_host({**built.files(), **page_weights}) as host, visit(chromium, host.address) as (page, heard):
        host.crawls_at = length // 3
        person = Person(page)
        person.chooses_quality("Stay small")
        person.drops(PHOTOS / "cup.jpg")
        says(page, "Fetching U²-Net-p · [1-9]")
        waits_for_share(page, 0.33)
        person.presses("Stop")
        says(page, "^ ?Stopped")
        came, host.crawls_at = host.sent[small], None
        assert 0 < came < length
        person.presses("Try again")
        person.waits_for_first()
        assert host.sent[small] < length + came / 2
        assert heard.complaints == []


def test_stopped_while_the_network_runs_the_first_cutout_stays(chromium: Browser, app: str, tmp_path: Path) -> None:
    with visit(chromium, app) as (page, heard):
        person = Person(page)
        person.chooses_quality("Finest")
        person.drops(PHOTOS / "cup.jpg")
        person.waits_for_first()
        says(page, "Looking with IS-Net")
        person.presses("Stop")
        expect(page.get_by_role("button", name="Stop", exact=True)).to_have_count(0)
        expect(page.get_by_text(re.compile("First cutout in")).first).to_be_visible()
        expect(page.get_by_text(re.compile("final in"))).to_have_count(0)
        cutout = person.downloads("PNG", tmp_path)
        page.keyboard.press("Escape")
        recipe = person.saves_recipe(tmp_path)
        assert [one["model"] for one in json.loads(recipe.read_text("utf-8"))["predictions"]] == ["u2netp"]
        assert difference(cutout, replayed(PHOTOS / "cup.jpg", recipe)) <= 1
        person.drops(PHOTOS / "cat.jpg")
        person.waits_for_done("cat.jpg")
        assert heard.complaints == []


def test_stopped_while_a_file_is_made_the_next_is_made(chromium: Browser, app: str, tmp_path: Path) -> None:
    with visit(chromium, app) as (page, heard):
        person = Person(page)
        person.chooses_quality("Stay small")
        person.drops(PHOTOS / "cup.jpg")
        person.waits_for_first()
        person.presses("Download")
        page.get_by_role("dialog").locator("label:has(input[type=radio])").get_by_text("AVIF", exact=True).click()
        says(page, "Making the file")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert person.downloads("PNG", tmp_path).stat().st_size > 10_000
        page.keyboard.press("Escape")
        person.drops(PHOTOS / "cat.jpg")
        person.waits_for_done("cat.jpg")
        assert heard.complaints == []
