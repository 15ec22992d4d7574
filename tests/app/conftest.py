"""The built page in a real browser, served as `feathercut app` serves it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from feathercut.app import page as built
from feathercut.app.serve import LOOPBACK, open_server
from feathercut.app.weights import prepare_weights
from feathercut.settings import Settings

from .browser import launch
from .exchange import exchange as exchange


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = launch(playwright)
    yield browser
    browser.close()


@contextmanager
def serving(files: Mapping[str, Path]) -> Iterator[str]:
    """The address of a server of these files."""
    with open_server(files, 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://{LOOPBACK}:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def page_weights(weights_settings: Settings) -> dict[str, Path]:
    """The weights that the page is offered, prepared once for all tests."""
    return dict(prepare_weights(weights_settings))


@pytest.fixture(scope="session")
def app(page_weights: dict[str, Path]) -> Iterator[str]:
    """The address of the whole page with its weights."""
    with serving({**built.files(), **page_weights}) as address:
        yield address
