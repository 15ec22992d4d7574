"""Many clients at a server: started, asked, watched. What `bench/serve.py` measures with."""

from __future__ import annotations

import contextlib
import io
import json
import os
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np
from PIL import Image

from bench import incumbent
from bench.places import LOG, ROOT, own_command, rembg_command, rembg_settings
from bench.processes import BenchError

CLIENTS = 64
_SIDES = (240, 480, 720, 960, 1280)
_WAIT_S, _PAUSE_S, _START_S = 600.0, 0.1, 120.0
_PAGE = 4096
_LEAST_FREE_MB = 1500.0
"""A server that leaves the machine less than this is ended, before the system ends something else."""


@dataclass(frozen=True)
class Server:
    """A server that runs, how a photo is sent to it, and from which mean difference of alpha an answer is wrong."""

    process: subprocess.Popen[str]
    address: str
    field_name: str
    far: float
    data: dict[str, str] = field(default_factory=dict)


@dataclass
class Passage:
    """What one block of requests gave: seconds in all and of each answer, statuses, answers that are not their
    photo's, requests without an answer, and the megabytes of the server's processes together."""

    count: int
    wall_s: float = 0.0
    seconds: list[float] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)
    wrong: int = 0
    lost: int = 0
    start_mb: float = 0.0
    peak_mb: float = 0.0
    end_mb: float = 0.0
    was_ended: bool = False


@contextlib.contextmanager
def ours(model: str, *more: str) -> Iterator[Server]:
    """`feathercut serve` with one network, and a queue that holds what all clients send."""
    flags = ["--port", "0", "--json", "--page", "off", "--models", model, "--log", "off", "--queue-megapixels", "1000"]
    flags += ["--deadline-s", "600", *more]
    with _started([own_command("feathercut"), "serve", *flags], {}, is_heard=True) as process:
        said = ""
        while not said.rstrip().endswith("}"):
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                raise BenchError("`feathercut serve` ended at once")
            said += line
        address = json.loads(said)["address"]
        # A network's answer differs by rounding at most, whoever else is asked for at the time.
        yield Server(process, f"{address}v1/cutouts", "picture", 0.01)


@contextlib.contextmanager
def theirs(model: str) -> Iterator[Server]:
    """`rembg s` with the same weights. Its own post-processing and ours differ, two photos' answers by far more."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    words = [rembg_command("rembg"), "s", "--host", "127.0.0.1", "--port", str(port), "--no-ui"]
    with _started(words, rembg_settings(), is_heard=False) as process:
        address = f"http://127.0.0.1:{port}/api"
        ends = time.monotonic() + _START_S
        while True:
            with contextlib.suppress(httpx.HTTPError):
                httpx.get(address, timeout=5)
                break
            if time.monotonic() > ends or process.poll() is not None:
                raise BenchError(f"`rembg s` does not answer; its last words are in {LOG}")
            time.sleep(_PAUSE_S)
        yield Server(process, f"{address}/remove", "file", 0.2, {"model": incumbent.NETWORKS[model]})


@contextlib.contextmanager
def _started(words: list[str], settings: dict[str, str], *, is_heard: bool) -> Iterator[subprocess.Popen[str]]:
    with LOG.open("a") as log:
        # A pipe that nobody reads is full after a thousand lines, and holds up whoever writes on.
        said = subprocess.PIPE if is_heard else log
        process = subprocess.Popen(words, env={**os.environ, **settings}, cwd=ROOT, stdout=said, stderr=log, text=True)
    try:
        yield process
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(30)
        process.kill()
        process.communicate()


def asked(server: Server, photos: Sequence[bytes], expected: Sequence[np.ndarray], first: int, count: int) -> Passage:
    """`count` requests by all clients at once, of the photos from the `first` on."""
    passage = Passage(count, start_mb=_held_mb(server.process.pid))
    is_over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(server.process, passage, is_over))
    watcher.start()
    limits = httpx.Limits(max_connections=CLIENTS, max_keepalive_connections=CLIENTS)
    with httpx.Client(timeout=_WAIT_S, limits=limits) as client, ThreadPoolExecutor(CLIENTS) as threads:

        def ask(number: int) -> tuple[float, httpx.Response | None]:
            began = time.perf_counter()
            files = {server.field_name: ("photo.jpg", photos[number % len(photos)], "image/jpeg")}
            try:
                answer = client.post(server.address, files=files, data=server.data)
            except httpx.HTTPError:
                return time.perf_counter() - began, None
            return time.perf_counter() - began, answer

        began = time.perf_counter()
        answers = list(threads.map(ask, range(first, first + count)))
        passage.wall_s = time.perf_counter() - began
    is_over.set()
    watcher.join()
    passage.end_mb = _held_mb(server.process.pid)
    for number, (seconds, answer) in enumerate(answers, first):
        if answer is None:
            passage.lost += 1
            continue
        passage.seconds.append(seconds)
        if answer.status_code == 200 and not _fits(answer.content, expected[number % len(photos)], server.far):
            passage.wrong += 1
    passage.statuses = dict(Counter(str(answer.status_code) for _, answer in answers if answer is not None))
    return passage


def _fits(body: bytes, expected: np.ndarray, far: float) -> bool:
    with Image.open(io.BytesIO(body)) as image:
        alpha = np.asarray(image.convert("RGBA"), np.float32)[..., 3] / 255
    return alpha.shape == expected.shape and float(np.abs(alpha - expected).mean()) < far


def photos() -> list[bytes]:
    """Photos of which no two have one size, so that an answer to another one is seen."""
    made = []
    for number, name in enumerate(("cat.jpg", "astronaut.jpg", "cup.jpg")):
        with Image.open(ROOT / "examples" / "photos" / name) as opened:
            for side in _SIDES:
                file = io.BytesIO()
                opened.convert("RGB").resize((side + number, side * 3 // 4)).save(file, "JPEG", quality=92)
                made.append(file.getvalue())
    return made


def sizes() -> str:
    """What the photos are, in words."""
    return f"photos of {min(_SIDES)} to {max(_SIDES)} px a side"


def _watch(server: subprocess.Popen[str], passage: Passage, is_over: threading.Event) -> None:
    """Notes the most that a server's processes hold, and ends it where it would take the machine with it."""
    while not is_over.wait(_PAUSE_S):
        passage.peak_mb = max(passage.peak_mb, _held_mb(server.pid))
        if _free_mb() < _LEAST_FREE_MB:
            passage.was_ended = True
            server.kill()
            return


def _held_mb(process: int) -> float:
    return sum(_resident(one) for one in _family(process)) / 1e6


def _free_mb() -> float:
    with contextlib.suppress(OSError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable"):
                return int(line.split()[1]) / 1000
    return float("inf")


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
