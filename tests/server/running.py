"""`feathercut serve` as people run it: a process of its own, asked over a real socket."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
from PIL import Image

from feathercut.settings import Settings

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"
CAT = PHOTOS / "cat.jpg"
WAIT_S = 60.0


@dataclass
class Running:
    """A server: its address, its process, and the file that its log goes to."""

    address: str
    process: subprocess.Popen[str]
    log: Path

    def cut(self, photo: Path | bytes = CAT, **fields: str) -> httpx.Response:
        body = photo.read_bytes() if isinstance(photo, Path) else photo
        return httpx.post(f"{self.address}v1/cutouts", files={"picture": ("photo", body)}, data=fields, timeout=WAIT_S)

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(self.address + path, headers=headers, timeout=WAIT_S)

    def figure(self, name: str) -> float:
        """A figure of `/metrics`, all its labels summed, waited for while inference cannot tell its own."""
        told: list[str] = []

        def is_whole() -> bool:
            told[:] = self.get("metrics").text.splitlines()
            return "feathercut_inference_up 1.0" in told

        until(is_whole)
        lines = [line for line in told if line.partition("{")[0].split(" ")[0] == name]
        return sum(float(line.rpartition(" ")[2]) for line in lines)

    def children(self, kind: str) -> list[int]:
        """The ids of the server's processes of a kind: `inference`, or `HTTP` for all others."""
        inference = inference_process(self)
        if kind == "inference":
            return [inference]
        found = []
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                words = path.read_text().rpartition(")")[2].split()
                line = (path.parent / "cmdline").read_bytes()
            except OSError:
                continue
            if int(words[1]) == self.process.pid and b"spawn_main" in line:
                found.append(int(path.parent.name))
        return [one for one in found if one != inference]

    def lines(self) -> list[dict[str, object]]:
        """What the server logged."""
        return [
            json.loads(line)
            for line in self.log.read_text().splitlines()
            if line.startswith("{") and line.endswith("}")
        ]

    def logged(self, answer: httpx.Response) -> dict[str, object]:
        """The one line of a request, which is written once its answer was sent."""
        request_id = answer.headers["x-request-id"]

        def found() -> list[dict[str, object]]:
            return [line for line in self.lines() if line.get("request_id") == request_id]

        until(lambda: len(found()) > 0)
        (line,) = found()
        return line

    def ends(self) -> int:
        return self.process.wait(WAIT_S)


def inference_process(server: Running) -> int:
    return int(server.figure("feathercut_inference_process"))


def is_running(process: int) -> bool:
    """Whether there is such a process, and it has not ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def kill_inference(server: Running) -> None:
    """Kills inference while it is at a photo; whoever asks afterwards asks the next one."""
    until(lambda: server.figure("feathercut_running_photos") > 0)
    process = inference_process(server)
    os.kill(process, signal.SIGKILL)
    until(lambda: not is_running(process))


@contextmanager
def standing_still(server: Running) -> Iterator[None]:
    """Inference goes on with nothing meanwhile: what the server has taken it still has to do."""
    process = inference_process(server)
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def until(holds: Callable[[], bool], within_s: float = WAIT_S) -> None:
    """Waits for something to become true, and fails where it does not."""
    ends = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.02)


def environment(settings: Settings) -> dict[str, str]:
    return {**os.environ, "FEATHERCUT_CACHE": str(settings.cache), "FEATHERCUT_OFFLINE": "1"}


@contextmanager
def serving(folder: Path, settings: Settings, *flags: str, waits: bool = True, **variables: str) -> Iterator[Running]:
    """A server on a free port, stopped at the end; it has u2netp and no page unless flags say otherwise."""
    given = ["--port", "0", "--json", *flags]
    for flag, value in (("--models", "u2netp"), ("--page", "off")):
        given += [] if flag in flags else [flag, value]
    log = folder / f"log-{len(list(folder.glob('log-*')))}.txt"
    with log.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "feathercut", "serve", *given],
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
            env={**environment(settings), **variables},
        )
    assert process.stdout is not None
    try:
        said = ""
        while not said.rstrip().endswith("}"):
            line = process.stdout.readline()
            assert line, f"it ended at once: {log.read_text()}"
            said += line
        server = Running(json.loads(said)["address"], process, log)
        if waits:
            until(lambda: server.get("readyz").status_code == 200)
        yield server
    finally:
        process.stdout.close()
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(WAIT_S)
            finally:
                process.kill()
                process.wait()


def disc(megapixels: float) -> bytes:
    """A photo of a bright disc that takes a while."""
    side = int((megapixels * 1e6) ** 0.5)
    y, x = np.mgrid[:side, :side]
    is_disc = np.hypot(y - side / 2, x - side / 2) < side / 3
    file = io.BytesIO()
    Image.fromarray(np.where(is_disc[..., None], [230, 120, 30], [150, 150, 150]).astype(np.uint8)).save(file, "JPEG")
    return file.getvalue()
