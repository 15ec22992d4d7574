"""The student: a small network of our own, from U²-Net-p by thinning, taught by IS-Net and U²-Net-p, fused.

`.venv-train/bin/python -m bench.student` makes its photos (`student_photos.py`), thins, trains, and goes on where it
was stopped. `--measure` measures what there is beside U²-Net-p, while it trains or after.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.processes import BenchError, say
from bench.student_photos import FOLDER, make

if TYPE_CHECKING:
    from feathercut.train.data import Pair, Pairs, Part
    from feathercut.train.job import Job

RECIPE: dict[str, Any] = {
    "size": 288, "epochs": 2, "batch": 4, "rate": 1e-4, "augmentation": "light", "patience": 0, "average": 0.995,
    "held_out": 0.05, "loss": "mattes", "precision": "bf16", "batch_norm": "frozen", "save_every": 60.0,
    "device": "cpu", "seed": 0,
}  # fmt: skip
_THINNED_ON = 32
_AGREES = 0.8
"""The least IoU."""
_SIZE = (320, 320)


def job() -> Job:
    """The training, from U²-Net-p thinned."""
    from feathercut.models.catalogue import find
    from feathercut.train.begin import open_pairs
    from feathercut.train.data import split
    from feathercut.train.job import Job
    from feathercut.train.options import Training

    options = Training(**RECIPE)
    tuning, held_out = split(_agreed(open_pairs(make())), options.held_out, options.seed)
    start = FOLDER / "start.onnx"
    if not start.is_file():
        _thin(start, tuning)
    return Job("student", find("u2netp"), tuning, held_out, options, FOLDER / "training", start)


def _agreed(pairs: Pairs) -> Part:
    """The photos, and of the others those on which U²-Net-p sees roughly what the truth says.

    Nobody photographs clip art before a floor: a network that has to find it there unlearns what stands out in photos.
    """
    from feathercut.train.data import Part

    kept = FOLDER / "agreement.json"
    known: dict[str, float] = json.loads(kept.read_text("utf-8")) if kept.is_file() else {}
    answer = _answers_of_u2netp()
    for number in range(len(pairs)):
        name = pairs.files(number).id
        if name not in known and not name.startswith("photo-"):
            known[name] = answer(pairs[number])
            if number % 25 == 0 or number == len(pairs) - 1:
                say(f"comparing: {number + 1} of {len(pairs)}")
                kept.write_text(json.dumps(known), "utf-8")
    kept.write_text(json.dumps(known), "utf-8")
    alike = [number for number in range(len(pairs)) if known.get(pairs.files(number).id, 1.0) >= _AGREES]
    return Part(pairs, np.asarray(alike))


def _answers_of_u2netp() -> Callable[[Pair], float]:
    """Gives the IoU of U²-Net-p's answer to a pair with its truth, at 320×320."""
    import onnxruntime
    import torch

    from feathercut.models.catalogue import find
    from feathercut.models.weights import locate
    from feathercut.settings import Settings
    from feathercut.train.compare import overlap
    from feathercut.train.feeding import normalised
    from feathercut.train.held_out import shown

    record = find("u2netp")
    session = onnxruntime.InferenceSession(str(locate(record, Settings.read())))
    name, best = session.get_inputs()[0].name, session.get_outputs()[0].name

    def answer(pair: Pair) -> float:
        batch = shown(pair, _SIZE[0], record.input)
        [said] = session.run([best], {name: normalised(torch.from_numpy(batch.rgb), record.input).numpy()})
        return overlap(said[0, 0], batch.alpha[0, 0])

    return answer


def _thin(path: Path, pairs: Sequence[Pair]) -> None:
    import torch

    from feathercut.models.catalogue import find
    from feathercut.models.weights import locate
    from feathercut.settings import Settings
    from feathercut.train.feeding import normalised
    from feathercut.train.held_out import shown
    from feathercut.train.networks.balance import balance
    from feathercut.train.networks.build import build
    from feathercut.train.networks.export import export
    from feathercut.train.networks.narrow import narrow
    from feathercut.train.networks.norms import blocks, make_idle
    from feathercut.train.networks.published import load_published

    say("thinning U²-Net-p")
    record = find("u2netp")
    wide, student = build("u2netp"), build("student")
    load_published(wide, locate(record, Settings.read()))
    chosen = [pairs[number * len(pairs) // _THINNED_ON] for number in range(_THINNED_ON)]
    photos = [normalised(torch.from_numpy(shown(one, _SIZE[0], record.input).rgb), record.input) for one in chosen]
    balance(wide, photos[::4])
    for block in blocks(student):
        make_idle(block)
    narrow(wide, student, photos)
    export(student, path.with_suffix(".part"), _SIZE, record)
    path.with_suffix(".part").replace(path)


def train_on() -> None:
    """Trains to the end, from where it was stopped."""
    from feathercut.train.history import Silence
    from feathercut.train.losses.total import MATTES
    from feathercut.train.networks.build import build
    from feathercut.train.networks.export import export
    from feathercut.train.processes import train

    class Watch(Silence):
        """Says how far it is."""

        def step(self, done: int, total: int) -> None:
            if done % 20 == 0:
                say(f"{time.strftime('%H:%M:%S')} step {done} of {total}")

        def epoch(self, history: Any, best: int) -> None:
            one = history[-1]
            say(f"epoch {one.number}: loss {one.loss}, MAE {one.held_out.mae:.4f}, IoU {one.held_out.iou:.4f}")

    own = job()
    found = train(own, MATTES, Watch())
    network = build("student")
    network.load_state_dict(found.weights)
    export(network.eval(), FOLDER / "student.onnx", _SIZE, own.record)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--measure", action="store_true")
    try:
        if parser.parse_args().measure:
            from bench.student_curve import measure

            print(json.dumps(measure(), indent=1))
        else:
            train_on()
    except BenchError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
