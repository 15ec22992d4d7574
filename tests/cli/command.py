"""The real command in a process of its own, with a network so small that a run takes half a second."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from incumbent.tiny_network import tiny_network

RECORD = {
    "version": 1,
    "id": "tiny",
    "title": "The mean of the channels",
    "task": "subject",
    "verified": True,
    "licence": {"weights": "Apache-2.0", "commercial": True, "source": "tests/incumbent/tiny_network.py"},
    "input": {"name": "input", "size": [64, 64], "sizes": [96], "mean": [0, 0, 0], "std": [1, 1, 1]},
    "output": {"name": "output"},
}


@dataclass(frozen=True)
class Finished:
    """How a command ended: its exit code, what it wrote, and the lines that it said."""

    code: int
    out: bytes
    said: list[str]

    @property
    def report(self) -> dict[str, Any]:
        """Stdout as one JSON document."""
        document: dict[str, Any] = json.loads(self.out)
        return document

    def is_one_line(self, code: int, *words: str) -> None:
        """Asserts that it ended so, with one line that has these words in it and no traceback."""
        assert (self.code, len(self.said)) == (code, 1), self
        missing = [word for word in words if word not in self.said[0]]
        assert not missing, f"{missing} not in: {self.said[0]}"
        assert "Traceback" not in self.said[0] and "fault of" not in self.said[0]


@dataclass(frozen=True)
class Command:
    """Calls `feathercut` in a folder; `settings` are environment variables, None takes one away."""

    folder: Path
    settings: dict[str, str]
    before: tuple[str, ...] = field(default=())
    """Words in front, such as those that take rights away."""

    def __call__(self, *words: str | bytes, stdin: bytes = b"", **settings: str | None) -> Finished:
        done = subprocess.run(
            self.words(*words), cwd=self.folder, env=self.environ(**settings), input=stdin,
            capture_output=True, check=False, timeout=120,
        )  # fmt: skip
        return Finished(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace").splitlines())

    def remove(self, *words: str | bytes, stdin: bytes = b"", **settings: str | None) -> Finished:
        """`feathercut remove` with the tiny network."""
        return self("remove", "--model", "tiny", *words, stdin=stdin, **settings)

    def words(self, *words: str | bytes) -> list[str | bytes]:
        return [*self.before, sys.executable, "-m", "feathercut", *words]

    def environ(self, **settings: str | None) -> dict[str, str]:
        environ = {**os.environ, **self.settings}
        environ.update({name: value for name, value in settings.items() if value is not None})
        return {name: value for name, value in environ.items() if settings.get(name, "") is not None}

    def without_rights(self) -> Command:
        """The same for someone whom the system refuses things, which it does not do for root."""
        if not hasattr(os, "geteuid") or os.geteuid() != 0:
            return self
        if not shutil.which("setpriv"):
            pytest.skip("root is refused nothing, and there is no setpriv to change that")
        dropped = "-dac_override,-dac_read_search"
        return Command(self.folder, self.settings, ("setpriv", f"--bounding-set={dropped}", f"--inh-caps={dropped}"))


def make_models(folder: Path) -> Path:
    """A folder with the tiny network and its record, as a user keeps one."""
    folder.mkdir(parents=True)
    (folder / "tiny.onnx").write_bytes(tiny_network())
    (folder / "tiny.json").write_text(json.dumps(RECORD), "utf-8")
    return folder


def photo(width: int = 48, height: int = 32, kind: str = "JPEG") -> bytes:
    """A bright disc on black, which the tiny network takes for a subject."""
    y, x = np.mgrid[:height, :width]
    disc = np.hypot(x - width / 2, y - height / 2) < min(width, height) / 3
    pixels = np.where(disc[..., None], [250, 240, 200], 0).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, kind)
    return stream.getvalue()


def size_of(path: Path) -> tuple[int, int]:
    """(width, height) of a picture that decodes to its end."""
    with Image.open(path) as image:
        image.load()
        return image.size


def left_over(folder: Path) -> list[Path]:
    """Half-written files."""
    return list(folder.rglob("*.part"))
