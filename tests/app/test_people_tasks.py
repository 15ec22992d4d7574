"""What people come for, each in ten clicks or fewer."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from playwright.sync_api import Browser, expect

from .browser import visit
from .person import Person

pytestmark = [pytest.mark.weights, pytest.mark.timeout(600)]

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"
SIZE = (512, 512)


@pytest.fixture
def person(chromium: Browser, app: str) -> Iterator[Person]:
    """Somebody who has just come to the page, for the first time."""
    with visit(chromium, app) as (page, _):
        yield Person(page)


def opened(path: Path) -> Pillow.Image:
    picture = Pillow.open(path)
    picture.load()
    return picture


def test_a_product_on_white_at_2000_by_2000(person: Person, tmp_path: Path) -> None:
    person.chooses_quality("Finest")
    person.drops(PHOTOS / "cup.jpg")
    person.waits_for_final()
    person.opens("Canvas")
    person.chooses("Square product")
    product = opened(person.downloads("JPEG", tmp_path))
    assert product.size == (2000, 2000)
    corners = np.asarray(product.convert("RGB"))[[0, 0, -1, -1], [0, -1, 0, -1]]
    assert (corners >= 254).all()
    subject = (np.asarray(product.convert("L")) < 240).nonzero()
    longest = max(np.ptp(subject[0]), np.ptp(subject[1]))
    assert 1500 < longest < 1950
    assert person.clicks <= 10


def test_a_portrait_with_hair_to_transparent_png(person: Person, tmp_path: Path) -> None:
    person.chooses_quality("Finest")
    person.drops(PHOTOS / "astronaut.jpg")
    person.waits_for_final()
    portrait = opened(person.downloads("PNG", tmp_path))
    alpha = np.asarray(portrait.getchannel("A"))
    hair = alpha[20:130, 150:300]
    assert ((hair > 12) & (hair < 243)).sum() > 200  # soft, not cut with scissors
    assert person.clicks <= 10


def test_a_cups_handle_is_opened(person: Person, tmp_path: Path) -> None:
    person.chooses_quality("Stay small")
    person.drops(PHOTOS / "cup.jpg")
    person.waits_for_first()
    so_far = person.clicks
    before = np.asarray(opened(person.downloads("PNG", tmp_path)).getchannel("A"))
    person.clicks = so_far  # a look of the test's own
    width, height = before.shape[1], before.shape[0]
    person.page.keyboard.press("Escape")
    person.keys("1")
    person.keys("e")
    person.strokes([(width / 2 - 5, height / 2), (width / 2 + 5, height / 2)], (width, height))
    after = np.asarray(opened(person.downloads("PNG", tmp_path)).getchannel("A"))
    assert after[height // 2, width // 2] == 0
    far = np.hypot(*(np.indices(after.shape) - np.array([[[height / 2]], [[width / 2]]]))) > 150
    np.testing.assert_array_equal(after[far], before[far])
    assert person.clicks <= 10


def test_what_is_done_right_after_a_dialog_counts_on_a_machine_that_draws_slowly(person: Person) -> None:
    person.chooses_quality("Stay small")
    person.drops(PHOTOS / "cup.jpg")
    person.waits_for_first()
    erase = person.page.get_by_role("button", name="Erase brush", exact=True)
    expect(erase).to_have_attribute("aria-pressed", "false")
    person.page.evaluate("window.requestAnimationFrame = (draw) => setTimeout(draw, 700)")
    person.keys("?")
    person.presses("Close")
    person.keys("e")
    expect(erase).to_have_attribute("aria-pressed", "true")


def test_a_download_that_is_asked_for_too_soon_is_made_when_there_is_something(person: Person) -> None:
    person.chooses_quality("Stay small")
    person.drops(PHOTOS / "cup.jpg")
    person.keys("Control+s")
    dialog = person.page.get_by_role("dialog")
    expect(dialog.get_by_text("cup-cutout.png")).to_be_visible()
    expect(dialog.get_by_role("button", name="Download", exact=True)).to_be_enabled()


def test_a_lost_ear_is_put_back(person: Person, tmp_path: Path) -> None:
    person.chooses_quality("Stay small")
    person.drops(PHOTOS / "cat.jpg")
    person.waits_for_first()
    size = opened(PHOTOS / "cat.jpg").size
    person.keys("1")
    person.keys("e")
    place = (size[0] * 0.5, size[1] * 0.5)
    person.strokes([place, (place[0] + 20, place[1])], size)
    person.keys("b")
    person.strokes([place, (place[0] + 20, place[1])], size)
    alpha = np.asarray(opened(person.downloads("PNG", tmp_path)).getchannel("A"))
    assert alpha[round(place[1]), round(place[0]) + 10] == 255
    assert person.clicks <= 10


def test_twenty_photos_to_a_zip(person: Person, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    with Pillow.open(PHOTOS / "cat.jpg") as cat:
        for number in range(20):
            cat.resize((96 + number, 80)).save(folder / f"cat-{number:02}.jpg")
    person.chooses_quality("Stay small")
    person.drops(*sorted(folder.iterdir()))
    expect(person.page.get_by_text("20 of 20 done")).to_be_visible(timeout=180_000)
    person.presses("Download all")
    with person.page.expect_download() as coming:
        person.presses("Download all 20 as ZIP")
    coming.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.testzip() is None
        names = sorted(archive.namelist())
        sizes = [Pillow.open(io.BytesIO(archive.read(name))).size for name in names]
    assert len(names) == 20
    assert sizes == [(96 + number, 80) for number in range(20)]
    assert person.clicks <= 10
