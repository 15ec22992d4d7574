"""Weights that come over a bad line: told, nothing fetched twice, and what was damaged is never run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from feathercut.app import page as built

from .browser import visit
from .kept import kept, waits_for_share
from .person import Person
from .poor_host import poor_host

pytestmark = [pytest.mark.weights, pytest.mark.timeout(600)]

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"


@pytest.fixture(scope="module")
def small(page_weights: dict[str, Path]) -> str:
    """The file of the small network, as the page asks for it."""
    return next(name for name in page_weights if "u2netp" in name and "webgpu" not in name)


def test_weights_that_fail_their_hash_are_told_and_not_kept(chromium: Browser, page_weights: dict[str, Path]) -> None:
    with poor_host({**built.files(), **page_weights}) as host, visit(chromium, host.address) as (page, heard):
        host.damaged = True
        person = Person(page)
        person.chooses_quality("Stay small")
        person.drops(PHOTOS / "cup.jpg")
        expect(page.get_by_text(re.compile("arrived damaged")).first).to_be_visible()
        assert not [name for name in kept(page) if name.endswith(".onnx")]
        host.damaged = False
        person.presses("Try again")
        person.waits_for_first()
        assert heard.complaints == []


def test_a_line_that_breaks_is_picked_up_where_it_broke(
    chromium: Browser, page_weights: dict[str, Path], small: str
) -> None:
    length = page_weights[small].stat().st_size
    with poor_host({**built.files(), **page_weights}) as host, visit(chromium, host.address) as (page, _):
        host.breaks_after = length * 2 // 5  # three answers for the whole
        person = Person(page)
        person.chooses_quality("Stay small")
        person.drops(PHOTOS / "cup.jpg")
        person.waits_for_first()
        # From the start it could never get beyond two fifths. What is on its way when a line breaks may come twice.
        assert length <= host.sent[small] < 1.3 * length


def test_a_line_that_stays_broken_is_told_and_the_next_try_goes_on(
    chromium: Browser, page_weights: dict[str, Path], small: str
) -> None:
    length = page_weights[small].stat().st_size
    with poor_host({**built.files(), **page_weights}) as host, visit(chromium, host.address) as (page, _):
        host.crawls_at = length // 3
        person = Person(page)
        person.chooses_quality("Stay small")
        person.drops(PHOTOS / "cup.jpg")
        expect(page.get_by_text(re.compile("Fetching")).first).to_be_visible()
        waits_for_share(page, 0.33)
        host.gone = True
        expect(page.get_by_text(re.compile("connection is missing or broke")).first).to_be_visible()
        before, host.gone, host.crawls_at = host.sent[small], False, None
        assert 0 < before < length
        person.presses("Try again")
        person.waits_for_first()
        assert host.sent[small] < length + before / 2, "what had come was not fetched again"


def test_kept_weights_that_lost_bits_are_fetched_anew(
    chromium: Browser, page_weights: dict[str, Path], small: str
) -> None:
    length = page_weights[small].stat().st_size
    with poor_host({**built.files(), **page_weights}) as host, visit(chromium, host.address) as (page, _):
        person = Person(page)
        person.chooses_quality("Stay small")
        person.drops(PHOTOS / "cup.jpg")
        person.waits_for_first()
        page.evaluate(
            """async (name) => {
                const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("weights");
                const handle = await folder.getFileHandle(name);
                const file = await handle.createWritable({ keepExistingData: true });
                await file.write({ type: "write", position: 5000, data: new Uint8Array(64) });
                await file.close();
            }""",
            small.rpartition("/")[2],
        )
        page.reload()
        again = Person(page)
        again.drops(PHOTOS / "cat.jpg")
        again.waits_for_first()
        assert host.sent[small] == 2 * length
