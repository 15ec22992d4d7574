"""Our networks beside the published files: `.venv-train/bin/python -m bench.networks [sizes|costs|u2netp ...]`.

Published weights in our networks against the files on ten photos, our exports against them, sizes, and what a photo
costs at each size. Needs PyTorch, so it stands beside `python -m bench`, whose environment has none.
"""

from __future__ import annotations

import io
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from bench.tables import Table
from feathercut.models import catalogue, graph, weights
from feathercut.models.spec import Record
from feathercut.pictures import FloatArray
from feathercut.settings import Settings
from feathercut.steps.decode import decode
from feathercut.steps.predict import normalise, place
from feathercut.train.networks.answers import Network
from feathercut.train.networks.build import ARCHITECTURES, NETWORKS, build
from feathercut.train.networks.counts import gmac, parameters
from feathercut.train.networks.export import export
from feathercut.train.networks.published import load_published

PHOTOS = Path(__file__).parents[2] / "shared" / "bench" / "photos" / "images"
MODELS = ("u2netp", "isnet-general")
MANY, TIMES = 10, 3
PAPER_MB = {"u2net": "176.3", "u2netp": "4.7", "isnet": "176.6"}
COSTS = (("isnet-general", (320, 512, 768, 1024)), ("u2netp", (320,)), ("unet-small", (320,)), ("student", (320,)))


@dataclass(frozen=True)
class Loaded:
    """A published network twice: in ours, and as its file with all its mattes; and our export of the first."""

    record: Record
    network: Network
    published: onnxruntime.InferenceSession
    exported: onnxruntime.InferenceSession


def equality(model: str, photos: Path) -> Table:
    """The largest differences between published file, our network in PyTorch and our export, over ten photos."""
    paths = sorted(path for path in photos.iterdir() if path.suffix in (".jpg", ".png"))[:MANY]
    loaded = _load(model)
    ours, exported = [], []
    for path in paths:
        photo = _as_seen(path, loaded.record)
        theirs = loaded.published.run(None, {str(loaded.record.input.name): photo})
        with torch.no_grad():
            said = loaded.network(torch.from_numpy(photo))
        ours.append(_farthest(theirs, [torch.sigmoid(one).numpy() for one in said.logits]))
        exported.append(_farthest(theirs, loaded.exported.run(None, {str(loaded.record.input.name): photo})))
    header = ("published file", "photos", "our network in PyTorch", "our export in ONNX Runtime")
    notes = ["The largest difference of any pixel of any matte, all depths, at the network's own size."]
    row = (model, str(len(paths)), f"{max(ours):.1e}", f"{max(exported):.1e}")
    return Table("Published weights in our networks", header, [row], notes)


def sizes() -> Table:
    """How large each network is, and what a photo costs."""
    rows = []
    for name in NETWORKS:
        network, side = build(name), 1024 if name == "isnet" else 320
        written = [io.BytesIO(), io.BytesIO()]
        for file, is_new in zip(written, (True, False), strict=True):
            torch.save(network.state_dict(), file, _use_new_zipfile_serialization=is_new)
        new, old = (f"{file.tell() / 1e6:.1f}" for file in written)
        multiplied = f"{gmac(network, (side, side)):.1f} at {side}"
        rows.append((name, f"{parameters(network):,}", new, old, PAPER_MB.get(name, ""), multiplied))
    header = ("network", "parameters", "checkpoint, MB", "in PyTorch's older format", "the paper's MB", "GMAC")
    return Table("Sizes", header, rows)


def costs() -> Table:
    """Processor time of one photo on one thread, the networks in turn, each with its best answer alone."""
    sessions = {(model, side): _alone(model, side) for model, sides in COSTS for side in sides}
    spent: dict[tuple[str, int], list[float]] = {key: [] for key in sessions}
    for _ in range(TIMES):
        for (model, side), session in sessions.items():
            photo = np.random.default_rng(0).standard_normal((1, 3, side, side), np.float32)
            begun = time.process_time()
            session.run(None, {session.get_inputs()[0].name: photo})
            spent[model, side].append(time.process_time() - begun)
    unit = statistics.median(spent["u2netp", 320])
    rows = []
    for (model, side), seconds in spent.items():
        multiplied = gmac(build(ARCHITECTURES.get(model, model)), (side, side))
        median = statistics.median(seconds)
        rows.append(
            (
                model,
                str(side),
                f"{multiplied:.1f}",
                f"{median:.3f} s",
                f"{median / unit:.2f}",
                f"{multiplied / median:.0f}",
            )
        )
    header = ("network", "side", "GMAC", "processor time", "of U²-Net-p's", "GMAC/s")
    return Table("What a photo costs", header, rows, [f"Medians of {TIMES}, one thread, float32, ONNX Runtime."])


def _load(model: str) -> Loaded:
    record, settings = catalogue.find(model), Settings.read()
    source = weights.locate(record, settings)
    network = build(ARCHITECTURES[model])
    load_published(network, source)
    wanted = tuple(dict.fromkeys([str(record.output.name), *record.depths]))
    published = _session(graph.prepare(source, record, settings, outputs=wanted), record.input.size[0])
    with tempfile.TemporaryDirectory() as folder:
        export(network, Path(folder) / "own.onnx", record.input.size, record)
        exported = _session(Path(folder) / "own.onnx", record.input.size[0])
    return Loaded(record, network.eval(), published, exported)


def _alone(model: str, side: int) -> onnxruntime.InferenceSession:
    """The network with nothing but its best answer; those that nobody published with random weights."""
    settings = Settings.read()
    if model in MODELS:
        record = catalogue.find(model)
        return _session(graph.prepare(weights.locate(record, settings), record, settings), side)
    record = catalogue.find("u2net").model_copy(update={"id": model})
    with tempfile.TemporaryDirectory() as folder:
        export(build(model), Path(folder) / "own.onnx", (side, side))
        kept = Settings(cache=Path(folder))
        return _session(graph.prepare(Path(folder) / "own.onnx", record, kept, outputs=("output",)), side)


def _session(path: Path, side: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    for name in ("height", "width"):
        options.add_free_dimension_override_by_name(name, side)
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _as_seen(path: Path, record: Record) -> FloatArray:
    return normalise(place(decode(path.read_bytes()).frames[0], record.input.size, record.input)[0], record.input)


def _farthest(theirs: list[FloatArray], ours: list[FloatArray]) -> float:
    # Our export also has IS-Net's features, after the mattes.
    return max(float(np.abs(a - b).max()) for a, b in zip(theirs, ours, strict=False))


def main() -> int:
    """The exit code."""
    wanted = sys.argv[1:] or ["sizes", "costs", *MODELS]
    for name in wanted:
        match name:
            case "sizes":
                table = sizes()
            case "costs":
                table = costs()
            case _:
                table = equality(name, PHOTOS)
        print(table.markdown(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
