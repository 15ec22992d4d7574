"""How good the student is, and how fast, beside U²-Net-p: a line of its curve each time that one asks."""

from __future__ import annotations

import json
import statistics
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.places import ROOT
from bench.processes import BenchError, say
from bench.student_photos import FOLDER
from bench.student_start import SIZE, idle

if TYPE_CHECKING:
    from feathercut.models.spec import Record

OTHERS = {"ecssd": 4, "people": 2, "pets": 1}
"""The sets that it is measured on, and one photo in so many of each; nothing is learned from any of them."""
WHOLE = {**dict.fromkeys(OTHERS, 1), "portraits": 1, "products": 1}
_SHARED = ROOT.parent / "shared" / "bench"
_RUNS = 9


def measure(*, whole: bool = False) -> dict[str, Any]:
    """The scores of the student as it is now, added to `curve.json`, or to `whole.json` on all photos of all sets.

    Raises BenchError.
    """
    import torch

    from feathercut.models.catalogue import find
    from feathercut.models.weights import locate
    from feathercut.settings import Settings
    from feathercut.train.networks.export import export

    state = FOLDER / "training" / "state.pt"
    published, curve_path = locate(find("u2netp"), Settings.read()), FOLDER / ("whole.json" if whole else "curve.json")
    curve: dict[str, Any] = json.loads(curve_path.read_text("utf-8")) if curve_path.is_file() else {}
    known = [("u2netp", published), ("step 0", FOLDER / "start.onnx")]
    if state.is_file():
        now = torch.load(state, map_location="cpu", weights_only=True)
        step, seconds = now["position"]
        path = FOLDER / f"step-{step}.onnx"
        export(idle("student", now["average"]["weights"]), path, SIZE, find("u2netp"))
        known.append((f"step {step}, {seconds / 60:.0f} minutes", path))
    for name, path in known:
        row = curve.setdefault(name, {})
        for kind, every in (WHOLE if whole else OTHERS).items():
            if kind not in row:
                say(f"{name} on {kind}")
                row[kind] = _scores(path, kind, every)
                curve_path.write_text(json.dumps(curve, indent=1), "utf-8")
    return curve


def times(threads: int = 1) -> dict[str, float]:
    """Seconds of processors for one photo, medians of runs in turn: U²-Net-p, and the student."""
    import onnxruntime

    from feathercut.models.catalogue import find
    from feathercut.models.weights import locate
    from feathercut.settings import Settings

    paths = {"u2netp": locate(find("u2netp"), Settings.read()), "student": FOLDER / "start.onnx"}
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    sessions = {name: onnxruntime.InferenceSession(str(path), options) for name, path in paths.items()}
    photo = np.random.default_rng(0).random((1, 3, *SIZE), np.float32)
    found: dict[str, list[float]] = {name: [] for name in sessions}
    for _ in range(_RUNS + 1):
        for name, session in sessions.items():
            began = time.process_time()
            session.run([session.get_outputs()[0].name], {session.get_inputs()[0].name: photo})
            found[name].append(time.process_time() - began)
    return {name: statistics.median(seconds[1:]) for name, seconds in found.items()}


def _scores(path: Path, kind: str, every: int) -> dict[str, float]:
    from feathercut.models.catalogue import find
    from feathercut.settings import Settings
    from feathercut.train.compare import scores
    from feathercut.train.data import Pairs
    from feathercut.train.record import own_record

    if not (_SHARED / kind).is_dir():
        raise BenchError(f"there is no {kind} in ../shared/bench, beside the repository")
    record: Record = own_record("bench-student", find("u2netp"), SIZE[0], path, 0, is_tuned=True)
    pairs = Pairs.open(_SHARED / kind)[::every]
    return asdict(scores(record, path, pairs, replace(Settings.read(), models=path.parent)))
