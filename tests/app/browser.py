"""A real Chromium, and what a page in it asked for and said."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request, expect

PATIENCE_MS = 120_000
"""How long anything is waited for: a busy machine is no failure."""

expect.set_options(timeout=PATIENCE_MS)

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def chromium_path() -> str:
    """The system's Chromium; `make test` sees to it that there is one."""
    path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    assert path, "There is no Chromium; `make test` installs it, or says how"
    return path


def launch(playwright: Playwright, *arguments: str) -> Browser:
    """It, without a window."""
    # Root, as in containers and CI, may not use Chromium's own sandbox.
    return playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox", *arguments])


@dataclass
class Heard:
    """Everything that a page asked for, and whatever it complained of."""

    addresses: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def request(self, request: Request) -> None:
        self.addresses.append(request.url)
        if request.post_data_buffer:
            self.bodies.append(request.post_data_buffer)

    def console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    @property
    def origins(self) -> set[str]:
        """Where anything was asked for; what lies in the page itself (`blob:`, `data:`) is no request."""
        parts = [urlsplit(address) for address in self.addresses]
        return {f"{part.scheme}://{part.netloc}" for part in parts if part.scheme not in ("blob", "data")}


@contextmanager
def visit(
    browser: Browser, address: str, size: dict[str, int] | None = None, script: str = "", **context: object
) -> Iterator[tuple[Page, Heard]]:
    """A page in a profile of its own, which is thrown away, and what is heard of it; `script` runs before its own."""
    viewport = size or DESKTOP
    opened = browser.new_context(viewport=viewport, accept_downloads=True, **context)  # type: ignore[arg-type]
    opened.set_default_timeout(PATIENCE_MS)
    heard = Heard()
    opened.on("request", heard.request)
    opened.on("console", heard.console)
    opened.on("weberror", lambda error: heard.complaints.append(str(error.error)))
    page = opened.new_page()
    if script:
        page.add_init_script(script)
    try:
        page.goto(address)
        yield page, heard
    finally:
        opened.close()
