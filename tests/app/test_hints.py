"""What is said of a cutout: a quiet verdict, findings whose place is shown, and a remedy at hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from .browser import visit
from .person import Person
from .test_subjects import two_cups

pytestmark = [pytest.mark.weights, pytest.mark.timeout(240)]

# The colour of a finding's place, on the canvas that lies over the picture.
_MARKED = """() => {
    const marks = document.querySelectorAll("section.stage canvas")[1];
    const { data } = marks.getContext("2d").getImageData(0, 0, marks.width, marks.height);
    for (let i = 0; i < data.length; i += 4)
        if (data[i] > 240 && Math.abs(data[i + 1] - 176) < 9 && data[i + 2] < 20) return true;
    return false;
}"""
_UNMARKED = f"() => !({_MARKED})()"


def test_findings_show_their_place_and_lead_to_what_helps(chromium: Browser, app: str, tmp_path: Path) -> None:
    with visit(chromium, app) as (page, heard):
        person = Person(page)
        person.chooses_quality("Stay small")
        person.drops(two_cups(tmp_path))
        person.waits_for_first()
        verdict = page.get_by_role("button", name=re.compile(r"\d hints?$"))
        expect(verdict).to_be_visible(timeout=60_000)
        expect(verdict).to_have_attribute("aria-expanded", "false")
        verdict.click()
        card = page.get_by_role("complementary", name="What is said of this cutout")
        expect(card).to_be_focused()
        assert not page.evaluate(_MARKED)
        several = card.get_by_role("button", name="There are several subjects.")
        several.hover()
        page.wait_for_function(_MARKED)
        page.keyboard.press("Escape")
        expect(card).to_have_count(0)
        expect(verdict).to_be_focused()
        page.wait_for_function(_UNMARKED)
        verdict.press("Enter")
        expect(card).to_be_focused()
        several.press("Enter")
        expect(several).to_have_attribute("aria-pressed", "true")
        page.wait_for_function(_MARKED)
        card.get_by_role("button", name="Choose subjects").click()
        expect(page.get_by_role("tab", name="Subjects")).to_have_attribute("aria-selected", "true")
        expect(card).to_have_count(0)
        page.wait_for_function(_UNMARKED)
        assert heard.complaints == []
