"""What a row may ask of a tool."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bytes8 = NDArray[np.uint8]
Photo = bytes | Bytes8
Answer = Callable[[Floats], Floats]
"""What a stub network makes of its input: 1×3×h×w → h×w."""


class UnsupportedError(Exception):
    """The tool has no such option."""


@dataclass(frozen=True)
class Request:
    """What is asked for besides the photo. The defaults are what a person gets who sets nothing.

    `network` names the stub that answers, hence how the photo is brought to it. `cleans_edges` asks
    for colours with the old background taken out. `order` is the order of an array's channels.
    `refined` asks for edges drawn after the photo, or for none, `cleaned` for a matte without specks. `trimap` is a PNG
    file of the photo's size to take alpha from. `refiner` is what a network for edges would make of the
    photo it is shown, for tools that have one.
    """

    network: Literal["isnet-general", "u2netp"] = "isnet-general"
    background: Literal["transparent", "white"] = "transparent"
    cleans_edges: bool = False
    depth: Literal[8, 16] = 8
    order: Literal["rgb", "bgr"] = "rgb"
    refined: bool | None = None
    cleaned: bool = False
    trimap: bytes | None = None
    refiner: Answer | None = None


DEFAULTS = Request()


@dataclass(frozen=True)
class FolderRun:
    """A command line's run over a folder: its exit code, and all that it wrote to the terminal."""

    exit_code: int
    said: str


class Tool(Protocol):
    """A background remover under test. `module` is what its users import."""

    module: str

    def cut_out(self, photo: Photo, answer: Answer, request: Request = DEFAULTS) -> bytes:
        """The cutout as a PNG file, when the network answers with `answer`."""
        ...

    def cut_out_folder(self, inputs: Path, outputs: Path, home: Path) -> FolderRun:
        """The command line over a folder with a tiny real network; `home` is an empty folder for it."""
        ...

    def networks_loaded(self, photo: bytes, calls: int, home: Path) -> int:
        """How many networks a fresh process loads for so many calls that name no session."""
        ...


def run_command(arguments: list[str], settings: dict[str, str]) -> FolderRun:
    """A command of this environment, with `settings` added to its environment variables."""
    done = subprocess.run(
        [sys.executable, *arguments], env={**os.environ, **settings}, capture_output=True, text=True, check=False
    )
    return FolderRun(done.returncode, done.stdout + done.stderr)


def count_networks(code: str, photo: bytes, calls: int, home: Path, settings: dict[str, str]) -> int:
    """How many of the runtime's sessions are made while `code` runs so often on `photo`.

    Every tool here runs its networks by onnxruntime, so its own class does the counting.
    """
    (home / "photo.jpg").write_bytes(photo)
    script = f"""
import json, pathlib, onnxruntime
made = []
class Counted(onnxruntime.InferenceSession):
    def __init__(self, *arguments, **keywords):
        made.append(1)
        super().__init__(*arguments, **keywords)
onnxruntime.InferenceSession = Counted
photo = pathlib.Path({str(home / "photo.jpg")!r}).read_bytes()
for _ in range({calls}):
    {code}
print(json.dumps(len(made)))
"""
    run = run_command(["-c", script], settings)
    if run.exit_code:
        raise AssertionError(run.said)
    return int(json.loads(run.said.strip().splitlines()[-1]))


def peak_bytes(code: str, settings: dict[str, str]) -> int:
    """The most memory that a fresh process holds while it runs `code`, which may import these tests.

    Linux counts anew for each program; elsewhere the system's number may be that of the process that started it.
    """
    tests = str(Path(__file__).resolve().parents[2])
    script = f"""
import sys
sys.path.insert(0, {tests!r})
{code}
from pathlib import Path
status = Path("/proc/self/status")
if status.is_file():
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    print(int(line.split()[1]) * 1024)
else:
    import resource
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
    run = run_command(["-c", script], settings)
    if run.exit_code:
        raise AssertionError(run.said)
    return int(run.said.strip().splitlines()[-1])
