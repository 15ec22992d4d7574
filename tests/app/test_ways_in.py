"""How photos come in besides by a drop, and how a cutout goes on: paste, another app's share, the clipboard."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from playwright.sync_api import Browser, Route, expect

from .browser import visit
from .person import Person

pytestmark = [pytest.mark.weights, pytest.mark.timeout(600)]

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"

_PASTE = """(bytes) => {
    const content = Uint8Array.from(atob(bytes), (sign) => sign.charCodeAt(0));
    const carried = new DataTransfer();
    carried.items.add(new File([content], "image.png", { type: "image/png" }));
    document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true }));
}"""
_SHARE = """(bytes) => {
    const content = Uint8Array.from(atob(bytes), (sign) => sign.charCodeAt(0));
    const carried = new DataTransfer();
    carried.items.add(new File([content], "shared cat.jpg", { type: "image/jpeg" }));
    const form = document.createElement("form");
    Object.assign(form, { action: "share", method: "post", enctype: "multipart/form-data" });
    const input = Object.assign(document.createElement("input"), { type: "file", name: "photos" });
    input.files = carried.files;
    form.append(input);
    document.body.append(form);
    form.submit();
}"""
_COPIED = """async () => {
    const [item] = await navigator.clipboard.read();
    const bytes = new Uint8Array(await (await item.getType("image/png")).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}"""


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def test_a_picture_is_pasted_and_its_cutout_copied(chromium: Browser, app: str) -> None:
    pasted = io.BytesIO()
    Pillow.open(PHOTOS / "cat.jpg").save(pasted, "PNG")
    with visit(chromium, app, permissions=["clipboard-read", "clipboard-write"]) as (page, heard):
        person = Person(page)
        person.chooses_quality("Stay small")
        page.evaluate(_PASTE, encoded(pasted.getvalue()))
        person.waits_for_first()
        person.presses("Download")
        page.get_by_role("dialog").get_by_role("button", name="Copy", exact=True).click()
        expect(page.get_by_text("Copied: paste it anywhere.").first).to_be_visible()
        copied = np.asarray(Pillow.open(io.BytesIO(base64.b64decode(page.evaluate(_COPIED)))))
        assert copied.shape == (300, 451, 4)
        assert 0.2 < (copied[..., 3] > 127).mean() < 0.8
        assert heard.complaints == []


def test_what_falls_on_the_page_before_it_is_all_there_is_not_lost(chromium: Browser, app: str) -> None:
    with visit(chromium, "about:blank") as (page, heard):
        held: list[Route] = []
        page.route("**/assets/main-*.js", lambda route: held.append(route))
        page.goto(app, wait_until="domcontentloaded")
        person = Person(page)
        person.drops(PHOTOS / "cat.jpg")
        for route in held:
            route.continue_()
        expect(page.get_by_role("heading", name="cat.jpg")).to_be_visible()
        assert held and heard.complaints == []


def test_what_another_app_shares_is_cut_out(chromium: Browser, app: str) -> None:
    with visit(chromium, app) as (page, heard):
        person = Person(page)
        person.chooses_quality("Stay small")
        # It is the service worker that takes what is shared; the page starts it when it is at rest.
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        page.evaluate(_SHARE, encoded((PHOTOS / "cat.jpg").read_bytes()))
        expect(page.get_by_role("heading", name="shared cat.jpg")).to_be_visible()
        person.waits_for_first()
        assert "#" not in page.url
        assert heard.complaints == []
