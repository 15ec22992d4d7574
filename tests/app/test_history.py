"""History: what was done is undone step by step, after a reload as before it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, expect

from feathercut.steps.decode import decode

from .browser import visit
from .person import Person

pytestmark = [pytest.mark.weights, pytest.mark.timeout(600)]

PHOTO = Path(__file__).parents[2] / "examples" / "photos" / "cat.jpg"
SIZE = (451, 300)
STEPS = 205

_ARE_KEPT = """(steps) => new Promise((resolve) => {
    const opening = indexedDB.open("feathercut");
    opening.onerror = () => resolve(false);
    opening.onsuccess = () => {
        const all = opening.result.transaction("documents").objectStore("documents").getAll();
        all.onsuccess = () => resolve(all.result.some((one) => one.saved.steps.length === steps));
    };
})"""


def alpha(person: Person, folder: Path) -> NDArray[np.float32]:
    got = decode(person.downloads("PNG", folder).read_bytes()).frames[0].alpha
    person.keys("Escape")
    expect(person.page.get_by_role("dialog")).to_have_count(0)
    assert got is not None
    return np.asarray(got, np.float32)


def test_two_hundred_steps_are_undone_after_a_reload(chromium: Browser, app: str, tmp_path: Path) -> None:
    with visit(chromium, app) as (page, heard):
        person = Person(page)
        person.chooses_quality("Stay small")
        person.drops(PHOTO)
        person.waits_for_first()
        untouched = alpha(person, tmp_path)
        person.keys("1")
        person.keys("e")
        for step in range(STEPS):
            person.strokes([(20 + 410 * (step % 41) / 40, 30 + 48 * (step // 41))], SIZE)
        assert np.abs(alpha(person, tmp_path) - untouched).mean() > 0.05
        page.wait_for_function(_ARE_KEPT, arg=STEPS)
        page.reload()
        again = Person(page)
        again.waits_for_first()
        erased = alpha(again, tmp_path)
        assert np.abs(erased - untouched).mean() > 0.05
        undo = page.get_by_role("button", name=re.compile("^Undo")).first
        for _ in range(STEPS):
            again.keys("Control+z")
        expect(undo).to_be_disabled()
        assert np.abs(alpha(again, tmp_path) - untouched).max() <= 1 / 255
        again.keys("Control+Shift+z")
        expect(undo).to_be_enabled()
        assert heard.complaints == []
