"""The built page in a real browser, served as `feathercut app` serves it."""

from __future__ import annotations

import shutil
import subprocess
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


# Not longer than these tests: while it lives, the main thread counts as one that runs an event loop.
@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
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


WEB = Path(__file__).parents[2] / "web"


@pytest.fixture(scope="session")
def checks_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The machinery of the page without the page, built: `web/checks`."""
    node = shutil.which("npx")
    if node is None or not (WEB / "node_modules").exists():
        pytest.skip("the page's packages are not installed: `make page`")
    built = tmp_path_factory.mktemp("checks")
    command = [node, "vite", "build", "-c", "vite.checks.config.ts", "--outDir", str(built), "--logLevel", "warn"]
    done = subprocess.run(command, cwd=WEB, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return {path.relative_to(built).as_posix(): path for path in built.rglob("*") if path.is_file()}
