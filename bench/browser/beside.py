"""`python -m bench browser`: what a person waits for and fetches, and what a tab holds, beside another page."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import photo
from bench.browser import imgly
from bench.browser.chromium import visit
from bench.browser.relay import relayed
from bench.browser.report import THEIRS, Held, Timed, shown, write
from bench.places import BENCH, ROOT
from bench.processes import BenchError, NotRunError, say
from bench.tables import Table

_SMALL = ROOT / "examples" / "photos" / "astronaut.jpg"
"""512×512 px."""
_MEDIUM, _LARGE = BENCH / "2-megapixels.jpg", BENCH / "12-megapixels.jpg"


_LOOKING_MS = 3000
"""How long a person looks for a photo, once the page is there."""


@dataclass(frozen=True)
class Pages:
    """Where both are served, by the server of `feathercut app`."""

    ours: str
    theirs: str


def table(times: int, *, writes: bool) -> Table:
    """Both in turn, in the same Chromium on two cores; `writes` puts the table into docs/browser.md."""
    for path, megapixels in ((_MEDIUM, 2.0), (_LARGE, 12.0)):
        if not path.is_file():
            photo.make(path, megapixels)
    with _served() as pages:
        fetched = _bytes(pages)  # fills the server's and the system's caches, too
        ours, theirs, loads = Timed(), Timed(), []
        for turn in range(times):
            loads.append(os.getloadavg()[0])
            say(f"run {turn + 1} of {times} of the page and of {THEIRS}, load {loads[-1]:.1f}")
            _turn(pages, ours, theirs)
        held = Held(_memory(pages), fetched, max(loads))
    found = shown(ours, theirs, held, times)
    if writes:
        write(found)
    return found


def _turn(pages: Pages, ours: Timed, theirs: Timed) -> None:
    # As it is set when it is opened: the small network first, the large one once it was allowed.
    with visit(pages.ours) as page:
        ours.asked.append(page.gives(_MEDIUM, "edges", is_new=False))
    with visit(pages.theirs) as page:
        theirs.cold.append(page.gives(_MEDIUM, "final", is_new=False))
        theirs.warm.append(page.gives(_SMALL, "final"))
    with visit(pages.ours, "full") as page:
        ours.cold.append(page.gives(_MEDIUM, "final", is_new=False))
        ours.warm.append(page.gives(_SMALL, "final"))
    for address, waited in ((pages.theirs, theirs.waited), (pages.ours, ours.waited)):
        with visit(address) as page:
            page.page.wait_for_timeout(_LOOKING_MS)
            waited.append(page.gives(_MEDIUM, "final" if address == pages.theirs else "edges"))


def _memory(pages: Pages) -> dict[str, float]:
    """The peak of each kind of visit, of runs that are not timed."""
    found = {}
    for name, address, quality, image in (
        ("ours 2", pages.ours, "full", _MEDIUM),
        ("theirs 2", pages.theirs, None, _MEDIUM),
        ("small 12", pages.ours, "small", _LARGE),
        ("ours 12", pages.ours, "full", _LARGE),
        ("theirs 12", pages.theirs, None, _LARGE),
    ):
        last = "edges" if quality == "small" else "final"
        with visit(address, quality) as page, page.weighed() as weight:
            page.gives(image, last)
            page.page.wait_for_timeout(1500)  # what is drawn and kept after the last cutout
        found[name] = weight.peak_mb
        say(f"memory: {name}: {weight.peak_mb:.0f} MB")
    return found


def _bytes(pages: Pages) -> dict[str, float]:
    """Megabytes that the browser was sent until a cutout was on the screen, from a fresh profile."""
    found = {}
    for name, address, quality, last in (
        ("first", pages.ours, None, "first"),
        ("final", pages.ours, "full", "final"),
        ("theirs", pages.theirs, None, "final"),
    ):
        with relayed(address) as relay, visit(relay.address, quality) as page:
            page.gives(_MEDIUM, last, is_new=False)
            found[name] = relay.received / 1e6
    return found


@contextmanager
def _served() -> Iterator[Pages]:
    from feathercut.app import page
    from feathercut.app.weights import prepare_weights
    from feathercut.errors import FeathercutError
    from feathercut.settings import Settings

    if shutil.which("npm") is None and not (page.FOLDER / "index.html").is_file():
        raise NotRunError("the page is built by npm, and there is none; install Node.js")
    built = subprocess.run(["sh", "scripts/page.sh", "build"], cwd=ROOT, capture_output=True, text=True, check=False)
    if built.returncode:
        raise BenchError(f"the page was not built: {(built.stdout + built.stderr).strip()[-1000:]}")
    try:
        files = {**page.files(), **prepare_weights(Settings.read())}
    except FeathercutError as error:
        raise BenchError(str(error)) from error
    with _serving(files) as ours, _serving(imgly.files()) as theirs:
        yield Pages(ours, theirs)


@contextmanager
def _serving(files: Mapping[str, Path]) -> Iterator[str]:
    from feathercut.app.serve import LOOPBACK, open_server

    with open_server(files, 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://{LOOPBACK}:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()
