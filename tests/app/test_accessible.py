"""axe-core finds nothing to complain of in any view, on a desk and in a hand, light and dark."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from .browser import DESKTOP, PHONE, visit
from .views import visit_views

pytestmark = [pytest.mark.weights, pytest.mark.timeout(600)]

_ROOT = Path(__file__).parents[2]
_AXE = _ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
_PHOTO = _ROOT / "examples" / "photos" / "cat.jpg"
_CONTRAST = ["color-contrast", "link-in-text-block"]
"""The rules about colours."""

# Looked at by people; git ignores them.
_PICTURES = _ROOT / "web" / "test-results" / "views"

# Colours change by transitions, which begin when the page is drawn next.
_AT_REST = """async () => {
    const drawn = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const running = () => document.getAnimations().filter((one) => one instanceof CSSTransition);
    do await drawn();
    while (running().length);
}"""


def complaints(page: Page, scheme: str) -> list[str]:
    """What axe finds in the page as it stands: the rule, the element and why."""
    # What is there and what it is called is the same in the dark; how it stands out is not.
    rules = {"runOnly": _CONTRAST} if scheme == "dark" else {}
    outcome = page.evaluate("async (rules) => await axe.run(rules)", rules)
    least = 0 if rules else 10
    assert len(outcome["passes"]) > least, "axe looked at hardly anything"
    found = outcome["violations"]
    return [
        f"{rule['id']}: {node['html'][:140]} ({node['failureSummary'].splitlines()[-1].strip()})"
        for rule in found
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize(("place", "size"), [("desktop", DESKTOP), ("phone", PHONE)])
def test_axe_finds_nothing(chromium: Browser, app: str, place: str, size: dict[str, int]) -> None:
    _PICTURES.mkdir(parents=True, exist_ok=True)
    found = []
    with visit(chromium, app, size, bypass_csp=True, reduced_motion="reduce") as (page, heard):
        page.add_script_tag(path=_AXE)
        views = 0
        for view in visit_views(page, _PHOTO):
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                page.evaluate(_AT_REST)
                page.screenshot(path=_PICTURES / f"{place}-{view}-{scheme}.png")
                found += [f"{view}, {scheme}: {line}" for line in complaints(page, scheme)]
            views += 1
        assert views == 12
        assert heard.complaints == []
    assert not found, "\n".join(found)
