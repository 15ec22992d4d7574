"""Our networks in OpenVINO, int8 beside fp32, which Feathercut does not run by itself: `python -m bench openvino`."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

from bench import peers
from bench.peers import Peer
from bench.places import BENCH, ROOT
from bench.processes import NotRunError, apart, run, say
from bench.tables import Table, verdict
from feathercut.models import catalogue, weights
from feathercut.models.folded import folded, read_folded
from feathercut.models.quantisation import read_quantisation
from feathercut.models.quantise import quantise
from feathercut.options import Decode
from feathercut.settings import Settings
from feathercut.sources import load
from feathercut.steps.predict import normalise, place

_MODELS = ("isnet-general", "u2netp")
_LIMIT = 0.35
_FOLDER = BENCH / "openvino"
_PHOTO = ROOT / "examples" / "photos" / "cat.jpg"
_PEER = Peer(
    "openvino",
    ("openvino==2026.4.1",),
    (
        f"{{folder}}/{peers.SCRIPTS}/python",
        "-I",
        str(Path(__file__).with_name("in_openvino_runs.py")),
        "{photo}",
        "{target}",
    ),
)


def table() -> Table:
    """Warm times of both forms, their ratio, and how far int8 is from fp32 there and in ONNX Runtime."""
    own = apart(_write_graphs)
    if reason := peers.usable(_PEER, _FOLDER):
        raise NotRunError(f"OpenVINO does not run here: {reason}")
    target = _FOLDER / "found.json"
    run(_PEER.command(_FOLDER, target))
    found = json.loads(target.read_text("utf-8"))
    rows, figures = [], dict[str, object]()
    for model, one in found["networks"].items():
        exact, small = one["seconds"]["fp32"], one["seconds"]["int8"]
        ratio = small / exact
        judged = f"{_LIMIT}: {verdict(ratio <= _LIMIT)}" if model == _MODELS[0] else ""
        differences = f"{one['difference']:.2f}", f"{own[model]:.2f}"
        rows.append((model, f"{exact:.3f} s", f"{small:.3f} s", f"{ratio:.2f}", judged, *differences))
        figures |= {f"{model} int8 / fp32": ratio, f"{model} int8, s": small, f"{model} fp32, s": exact}
    notes = [
        f"OpenVINO {found['version']} on the CPU, in turn, medians; the graphs are those that ONNX Runtime is given. "
        f"The differences are those of int8's answer to one photo from that of fp32, means of 255."
    ]
    header = ("network", "fp32", "int8", "int8 / fp32", "limit", "int8 off, OpenVINO", "int8 off, ONNX Runtime")
    return Table("In OpenVINO", header, rows, notes, figures)


def _write_graphs() -> dict[str, float]:
    """Writes both forms of each network and what they are to look at; gives how far int8 is off in ONNX Runtime."""
    settings = Settings.read()
    photo = load(_PHOTO, Decode()).frames[0]
    _FOLDER.mkdir(exist_ok=True)
    differences = {}
    for model in _MODELS:
        say(f"both forms of {model}")
        record = catalogue.find(model, settings.models)
        size = record.input.size
        whole = folded(weights.locate(record, settings), record, size, _FOLDER)
        whole.replace(exact := _FOLDER / f"{model}-fp32.onnx")
        small = _FOLDER / f"{model}-int8.onnx"
        onnx.save(quantise(read_folded(exact), read_quantisation(model), *record.input.reach), str(small))
        given = normalise(place(photo, size, record.input)[0], record.input)
        np.save(_FOLDER / f"{model}.npy", given)
        answers = []
        for path in (exact, small):
            session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
            answers.append(np.asarray(session.run(None, {session.get_inputs()[0].name: given})[0]))
        differences[model] = float(np.abs(answers[0] - answers[1]).mean() * 255)
    return differences
