"""A real Chromium without a window: one visit in a profile of its own, what it saw and what its tab held."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.processes import BenchError, NotRunError

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_MARKS = Path(__file__).with_name("marks.js")
_CORES = 2
_EVERY_S = 0.1
_PATIENCE_MS = 180_000
_SETTLES_MS = 2_000
"""How long a browser that was just started is busy with itself: in a fresh profile it makes a page of its own ready."""


@dataclass(frozen=True)
class Seen:
    """Of one photo: seconds from the beginning until a cutout, one with edges that follow the photo's, and the final
    one were on the screen; the longest task of the page's own thread and the longest time in which it did not answer,
    in ms."""

    first_s: float
    edges_s: float
    final_s: float
    longest_ms: float
    gap_ms: float


class Visit:
    """A page that was just asked for. Times of the first photo count from there, of others from their being given."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page = page
        self._folder = folder

    def gives(self, photo: Path, last: str, *, is_new: bool = True) -> Seen:
        """Gives the page a photo and waits until `last`, "first", "edges" or "final", is on the screen."""
        if is_new:
            self.page.evaluate("begin()")
        self.page.set_input_files("#chooser", photo)
        seen = self.page.evaluate("([last, patience_ms]) => until(last, patience_ms)", [last, _PATIENCE_MS])
        if seen["failed"]:
            raise BenchError(f"The page failed: {seen['failed']}")
        first = seen["first"]
        edges = seen["edges"] or first
        final = seen["final"] or edges
        return Seen(first / 1000, edges / 1000, final / 1000, seen["longest"], seen["gap"])

    @contextmanager
    def weighed(self) -> Iterator[Weight]:
        """What the tab holds while the block lasts. Reading it slows the page down: such runs are not timed."""
        weight = Weight(_renderers(self._folder))
        try:
            yield weight
        finally:
            weight.stop()


class Weight:
    """The most that the tab held, in MB: memory that is shared counts by its share.

    A browser has processes for pages that nobody sees, too. The tab's is the one that holds most.
    """

    def __init__(self, processes: list[int]) -> None:
        self.peak_mb = 0.0
        self._processes = processes
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def stop(self) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._is_over.wait(_EVERY_S):
            self.peak_mb = max(self.peak_mb, *(_held_mb(process) for process in self._processes))


def _held_mb(process: int) -> float:
    try:
        said = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0.0  # ended meanwhile
    found = re.search(r"^Pss: +(\d+) kB", said, re.MULTILINE)
    return int(found[1]) / 1000 if found else 0.0


def _renderers(profile: Path) -> list[int]:
    """The processes that show pages, of the browser with this profile."""
    if not Path("/proc/self/smaps_rollup").is_file():
        raise NotRunError("memory of a tab is read from /proc, which this system has not")
    parents: dict[int, int] = {}
    words: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            words[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, UnicodeDecodeError):
            continue
    roots = {one for one, said in words.items() if f"--user-data-dir={profile}" in said and "--type=" not in said}

    def is_ours(process: int) -> bool:
        while process in parents:
            if process in roots:
                return True
            process = parents[process]
        return False

    return [one for one, said in words.items() if "--type=renderer" in said and is_ours(one)]


@contextmanager
def visit(address: str, quality: str | None = None, *arguments: str) -> Iterator[Visit]:
    """A page in a fresh profile, as at a first visit. `quality` is what its person chose before ("full", "small")."""
    from playwright.sync_api import Error, sync_playwright

    path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if path is None:
        raise NotRunError("there is no Chromium; `make test` installs it, or says how")
    with (
        tempfile.TemporaryDirectory(prefix="feathercut-bench-", ignore_cleanup_errors=True) as profile,
        _on_two_cores(),
    ):
        try:
            with sync_playwright() as playwright:
                # Root, as in containers, may not use Chromium's own sandbox.
                context: BrowserContext = playwright.chromium.launch_persistent_context(
                    profile,
                    executable_path=path,
                    args=["--no-sandbox", *arguments],
                    viewport={"width": 1440, "height": 900},
                )
                context.add_init_script(path=_MARKS)
                if quality is not None:
                    chosen = json.dumps(json.dumps({"quality": quality}))
                    context.add_init_script(f'localStorage.setItem("feathercut.preferences", {chosen})')
                page = context.new_page()
                page.wait_for_timeout(_SETTLES_MS)
                page.goto(address, wait_until="commit")
                page.wait_for_selector("#chooser", state="attached")
                yield Visit(page, Path(profile))
                context.close()
        except Error as error:
            raise BenchError(f"Chromium: {error.message.splitlines()[0]}") from error
        time.sleep(0.2)  # the last of its processes let go of the profile


@contextmanager
def _on_two_cores() -> Iterator[None]:
    """What is started in the block runs on two cores, as most figures of the project do."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:_CORES])
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
