"""The server under load: 64 clients, photos of mixed sizes, each answer checked against its photo."""

from __future__ import annotations

import contextlib
import io
import json
import os
import socket
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np
from PIL import Image

from bench import incumbent
from bench.places import LOG, REMBG_ENVIRONMENT, ROOT, own_command, rembg_command, rembg_settings
from bench.processes import BenchError, apart, say
from bench.tables import Table, verdict

CLIENTS = 64
_MODEL = "u2netp"
_SHARE_OF_LIBRARY = 0.9
_SIDES = (240, 480, 720, 960, 1280)
_FAR = 0.2
"""Mean difference of alpha from which an answer is another photo's: two networks' own differ by less."""

_WAIT_S, _PAUSE_S, _START_S = 600.0, 0.1, 120.0
_PAGE = 4096


@dataclass
class Passage:
    """What one run of many requests gave: seconds in all and of each, and what was wrong."""

    wall_s: float
    seconds: list[float]
    statuses: list[int]
    wrong: int
    memory_mb: list[float] = field(default_factory=list)


def table(times: int, *, is_quick: bool) -> Table:
    """Ours and rembg's server in turn over the same photos, beside the library itself."""
    photos = _photos()
    count = 40 if is_quick else 200
    rounds = min(times, 3)
    expected = apart(_alphas, photos)
    library: list[float] = []
    passages: dict[str, list[Passage]] = {}
    with contextlib.ExitStack() as stack:
        servers = {"feathercut serve": stack.enter_context(_ours())}
        if REMBG_ENVIRONMENT.is_dir():
            incumbent.give_weights()
            servers["rembg s"] = stack.enter_context(_theirs())
        for name, server in servers.items():
            say(f"warming up: {name}")
            _run(server, photos, expected, len(photos))
        for turn in range(rounds):
            library.append(apart(_library_rate, photos, count))
            for name, server in servers.items():
                passages.setdefault(name, []).append(_run(server, photos, expected, count))
                last = passages[name][-1]
                say(f"run {turn + 1} of {rounds}: {name}: {count / last.wall_s:.2f} requests a second")
    return _table(passages, library, count)


def _table(passages: dict[str, list[Passage]], library: Sequence[float], count: int) -> Table:
    rows, rates = [], {}
    for name, runs in passages.items():
        seconds = np.array([one for run in runs for one in run.seconds])
        statuses = [one for run in runs for one in run.statuses]
        rates[name] = statistics.median(count / run.wall_s for run in runs)
        memory = [one for run in runs for one in run.memory_mb]
        late = max(runs[-1].memory_mb, default=0) / max(max(runs[0].memory_mb, default=0), 1)
        p50, p95, p99 = np.percentile(seconds, [50, 95, 99])
        rows.append(
            [
                name, f"{rates[name]:.2f}", f"{p50:.1f}", f"{p95:.1f}", f"{p99:.1f}", f"{max(memory, default=0):.0f}",
                f"{late:.2f}", str(len(statuses) - statuses.count(200)), str(sum(run.wrong for run in runs)),
            ]
        )  # fmt: skip
    of_library = rates["feathercut serve"] / statistics.median(library)
    notes = [
        f"{CLIENTS} clients, {len(library)} runs of {count} requests each in turn, {_MODEL}, photos of {min(_SIDES)} "
        f"to {max(_SIDES)} px a side; memory of all processes of a server together, its last run's peak as a share of "
        "the first's.",
        f"The library itself: {statistics.median(library):.2f} photos a second; the server gives {of_library:.2f} of "
        f"that (at least {_SHARE_OF_LIBRARY}): {verdict(of_library >= _SHARE_OF_LIBRARY)}.",
    ]
    header = ["server", "requests/s", "p50 s", "p95 s", "p99 s", "peak MB", "last/first", "not 200", "wrong"]
    return Table("The server under load", header, rows, notes, {"rates": rates, "of_library": of_library})


@dataclass(frozen=True)
class _Server:
    process: subprocess.Popen[str]
    address: str
    path: str
    field_name: str
    data: dict[str, str]


@contextlib.contextmanager
def _ours() -> Iterator[_Server]:
    flags = ["--port", "0", "--json", "--page", "off", "--models", _MODEL, "--log", "off", "--queue-megapixels", "1000"]
    with _started([own_command("feathercut"), "serve", *flags], {}) as process:
        said = ""
        while not said.rstrip().endswith("}"):
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                raise BenchError("`feathercut serve` ended at once")
            said += line
        yield _Server(process, json.loads(said)["address"], "v1/cutouts", "picture", {})


@contextlib.contextmanager
def _theirs() -> Iterator[_Server]:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    words = [rembg_command("rembg"), "s", "--host", "127.0.0.1", "--port", str(port), "--no-ui"]
    with _started(words, rembg_settings()) as process:
        address = f"http://127.0.0.1:{port}/"
        ends = time.monotonic() + _START_S
        while True:
            with contextlib.suppress(httpx.HTTPError):
                httpx.get(address + "api", timeout=5)
                break
            if time.monotonic() > ends or process.poll() is not None:
                raise BenchError(f"`rembg s` does not answer; its last words are in {LOG}")
            time.sleep(_PAUSE_S)
        yield _Server(process, address, "api/remove", "file", {"model": incumbent.NETWORKS[_MODEL]})


@contextlib.contextmanager
def _started(words: list[str], settings: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    with LOG.open("a") as log:
        process = subprocess.Popen(
            words, env={**os.environ, **settings}, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True
        )
    try:
        yield process
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(30)
        process.kill()
        process.communicate()


def _run(server: _Server, photos: list[bytes], expected: list[np.ndarray], count: int) -> Passage:
    """`count` requests by all clients at once."""
    passage = Passage(0, [], [], 0)
    is_over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(server.process.pid, passage.memory_mb, is_over))
    watcher.start()
    limits = httpx.Limits(max_connections=CLIENTS, max_keepalive_connections=CLIENTS)
    with httpx.Client(timeout=_WAIT_S, limits=limits) as client, ThreadPoolExecutor(CLIENTS) as threads:

        def ask(number: int) -> tuple[float, httpx.Response]:
            began = time.perf_counter()
            files = {server.field_name: ("photo.png", photos[number % len(photos)], "image/png")}
            answer = client.post(server.address + server.path, files=files, data=server.data)
            return time.perf_counter() - began, answer

        began = time.perf_counter()
        answers = list(threads.map(ask, range(count)))
        passage.wall_s = time.perf_counter() - began
    is_over.set()
    watcher.join()
    for number, (seconds, answer) in enumerate(answers):
        passage.seconds.append(seconds)
        passage.statuses.append(answer.status_code)
        if answer.status_code == 200 and not _fits(answer.content, expected[number % len(photos)]):
            passage.wrong += 1
    return passage


def _fits(body: bytes, expected: np.ndarray) -> bool:
    with Image.open(io.BytesIO(body)) as image:
        alpha = np.asarray(image.convert("RGBA"), np.float32)[..., 3] / 255
    return alpha.shape == expected.shape and float(np.abs(alpha - expected).mean()) < _FAR


def _photos() -> list[bytes]:
    """Photos of which no two have one size, so that an answer to another one is seen."""
    made = []
    for number, name in enumerate(("cat.jpg", "astronaut.jpg", "cup.jpg")):
        with Image.open(ROOT / "examples" / "photos" / name) as opened:
            for side in _SIDES:
                file = io.BytesIO()
                opened.convert("RGB").resize((side + number, side * 3 // 4)).save(file, "JPEG", quality=92)
                made.append(file.getvalue())
    return made


def _alphas(photos: list[bytes]) -> list[np.ndarray]:
    from feathercut.remover import Remover

    with Remover(model=_MODEL) as remover:
        return [remover.remove(photo).alpha for photo in photos]


def _library_rate(photos: list[bytes], count: int) -> float:
    """Photos a second of the library's own batch, files in and files out."""
    from feathercut.remover import Remover

    with Remover(model=_MODEL) as remover:
        remover.remove(photos[0]).to_bytes()
        began = time.perf_counter()
        for result in remover.batch([photos[number % len(photos)] for number in range(count)]):
            result.to_bytes()
        return count / (time.perf_counter() - began)


def _watch(process: int, memory_mb: list[float], is_over: threading.Event) -> None:
    """Notes what a process and those it started hold, as far as the system says it."""
    while not is_over.wait(_PAUSE_S):
        if held := sum(_resident(one) for one in _family(process)):
            memory_mb.append(held / 1e6)


def _family(process: int) -> list[int]:
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
    family = [process]
    for one in family:
        family += [child for child, parent in parents.items() if parent == one]
    return family


def _resident(process: int) -> int:
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE
    return 0
