"""Feathercut, with its own stub engine."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from feathercut.engines.stub import StubEngine
from feathercut.models import catalogue
from feathercut.remover import Remover
from incumbent.tiny_network import tiny_network
from incumbent.tools.base import DEFAULTS, Answer, FolderRun, Photo, Request, count_networks, run_command


class Feathercut:
    """The Feathercut of this environment."""

    module = "feathercut"

    def cut_out(self, photo: Photo, answer: Answer, request: Request = DEFAULTS) -> bytes:
        record = catalogue.find(request.network)
        engine = StubEngine(answer, str(record.input.name), str(record.output.name))
        # Edges are cleaned and follow the photo, and specks go, unless a person says otherwise.
        words: dict[str, Any] = {"order": request.order, "background": request.background, "depth": request.depth}
        if request.refined is False:
            words["edges"] = "network"
        with Remover.from_engine(engine, record) as remover, TemporaryDirectory() as folder:
            if request.trimap is not None:
                path = Path(folder) / "trimap.png"
                path.write_bytes(request.trimap)
                words["trimap"] = path
            return remover.remove(photo, **words).to_bytes("png")

    def cut_out_folder(self, inputs: Path, outputs: Path, home: Path) -> FolderRun:
        code = "from feathercut.cli.main import main; main()"
        words = ["remove", "--model", "tiny", "--output-dir", str(outputs), str(inputs)]
        return run_command(["-c", code, *words], _settings(home))

    def networks_loaded(self, photo: bytes, calls: int, home: Path) -> int:
        code = "import feathercut; feathercut.remove(photo, model='tiny')"
        settings = _settings(home)
        count_networks(code, photo, 1, home, settings)  # once a machine the runtime compiles the network
        return count_networks(code, photo, calls, home, settings)


def _settings(home: Path) -> dict[str, str]:
    """A user's own record and network, and a cache that starts empty."""
    (home / "tiny.onnx").write_bytes(tiny_network())
    record = {
        "version": 1,
        "id": "tiny",
        "title": "The mean of the channels",
        "task": "subject",
        "verified": True,
        "licence": {"weights": "Apache-2.0", "commercial": True, "source": "tests/incumbent/tiny_network.py"},
        "input": {"name": "input", "size": [64, 64], "mean": [0, 0, 0], "std": [1, 1, 1]},
        "output": {"name": "output"},
    }
    (home / "tiny.json").write_text(json.dumps(record), "utf-8")
    return {"FEATHERCUT_MODELS": str(home), "FEATHERCUT_CACHE": str(home / "cache"), "FEATHERCUT_OFFLINE": "1"}


TOOL = Feathercut()
