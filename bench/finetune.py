"""Whether tuning helps: U²-Net-p on photos of people, on others of their kind and on photos of every kind.

`python -m bench finetune [--minutes N]`: 30 of `../shared/bench/people` to learn from, the other 20 and
`ecssd` to measure on, three seeds. A run that was stopped goes on where it was; the weights stay in `.bench`.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.places import BENCH, ROOT
from bench.processes import BenchError, say
from bench.tables import Table, verdict
from bench.with_torch import answer

if TYPE_CHECKING:
    from feathercut.train.job import Job

SEEDS = (0, 1, 2)
LEARNED_FROM = 30
OWN, ELSEWHERE = "people", "ecssd"
EVERY_ELSEWHERE = 2
"""One photo of `ecssd` in so many."""
WANTED_GAIN, MOST_LOST = 0.02, 0.005
RECIPE: dict[str, Any] = {
    "epochs": 3, "batch": 4, "rate": 1e-5, "frozen": 3, "augmentation": "light", "patience": 0, "average": 0.9,
    "blend": 1.0, "save_every": 15.0,
}  # fmt: skip
BLENDS = (0.0, 1.0, 0.5)
"""Shares of the tuned weights: of 0 it is the published network."""
_UNSAID = ("save_every", "blend")
_FOLDER = BENCH / "finetune"
_SHARED = ROOT.parent / "shared" / "bench"


class _TimeIsUpError(Exception):
    """What was saved is there; the next run goes on."""


def table(minutes: float | None = None) -> Table:
    """IoU and MAE before and after, by share of the tuned weights. Raises BenchError."""
    for name in (OWN, ELSEWHERE):
        if not (_SHARED / name).is_dir():
            raise BenchError(f"there is no {name} in ../shared/bench, beside the repository")
    until = None if minutes is None else time.monotonic() + 60 * minutes
    try:
        found = [_measured(seed, until) for seed in SEEDS]
    except _TimeIsUpError as error:
        raise BenchError("the minutes are over; the next run goes on from here") from error
    return _table(found)


def _table(found: Sequence[dict[str, dict[str, float]]]) -> Table:
    rows, gains = [], {}
    for blend in BLENDS:
        for name in (OWN, ELSEWHERE):
            cells = []
            for key, digits in (("iou", 4), ("mae", 4)):
                values = [one[f"{name} {blend:g}"][key] for one in found]
                changes = [one[f"{name} {blend:g}"][key] - one[f"{name} 0"][key] for one in found]
                cells += [f"{statistics.fmean(values):.{digits}f}", _change(changes)]
                if key == "iou":
                    gains[f"{name} {blend:g}"] = statistics.fmean(changes)
            title = f"the other {50 - LEARNED_FROM} of {OWN}" if name == OWN else ELSEWHERE
            rows.append((f"{blend:.0%}", title, *cells))
    best = max(BLENDS[1:], key=lambda one: gains[f"{OWN} {one:g}"])
    notes = [
        f"U²-Net-p tuned on {LEARNED_FROM} photos, seeds {', '.join(map(str, SEEDS))}, each with a split of its own: "
        f"{', '.join(f'{name} {value}' for name, value in RECIPE.items() if name not in _UNSAID)}. Alone, in float32, "
        "at the photos' size, with default settings; a change is the mean over the seeds, the lowest and the highest.",
        f"Wanted: IoU up by {WANTED_GAIN} on its own kind: {verdict(gains[f'{OWN} {best:g}'] >= WANTED_GAIN)} (by "
        f"{gains[f'{OWN} {best:g}']:+.4f}); down by at most {MOST_LOST} elsewhere: "
        f"{verdict(gains[f'{ELSEWHERE} {best:g}'] >= -MOST_LOST)} (by {gains[f'{ELSEWHERE} {best:g}']:+.4f}).",
        _curve(),
    ]
    header = ("tuned weights", "photos", "IoU", "change", "MAE", "change")
    return Table(
        "Tuning to photos of one kind", header, rows, notes, {f"seed {s}": f for s, f in zip(SEEDS, found, strict=True)}
    )


def _change(values: Sequence[float]) -> str:
    return f"{statistics.fmean(values):+.4f} ({min(values):+.4f} to {max(values):+.4f})"


def _curve() -> str:
    """What the networks see of the others, at 320×320, as they learn."""
    curves = [json.loads((_FOLDER / f"curve-{seed}.json").read_text("utf-8")) for seed in SEEDS]
    means = [
        [statistics.fmean(one["held_out"][key] for one in epoch) for key in ("iou", "mae")]
        for epoch in zip(*curves, strict=True)
    ]
    return "After each epoch, as the network sees the others at its own size, mean of the seeds: " + ", ".join(
        f"{number}: IoU {iou:.4f}, MAE {mae:.4f}" for number, (iou, mae) in enumerate(means)
    )


def _measured(seed: int, until: float | None) -> dict[str, dict[str, float]]:
    """What one seed's networks score, by set and share; kept as it is found."""
    from feathercut.train.data import Pairs, Part

    kept = _FOLDER / f"seed-{seed}.json"
    kept.parent.mkdir(parents=True, exist_ok=True)
    found: dict[str, dict[str, float]] = json.loads(kept.read_text("utf-8")) if kept.is_file() else {}
    own, elsewhere = Pairs.open(_SHARED / OWN), Pairs.open(_SHARED / ELSEWHERE)
    order = np.random.default_rng(seed).permutation(len(own))
    tuning, others = (Part(own, np.sort(one)) for one in (order[:LEARNED_FROM], order[LEARNED_FROM:]))
    first = _FOLDER / f"seed-{SEEDS[0]}.json"
    if first.is_file() and (known := json.loads(first.read_text("utf-8")).get(f"{ELSEWHERE} 0")):
        found.setdefault(f"{ELSEWHERE} 0", known)  # the published network on the same photos, whatever the seed
    missing = [(name, blend) for blend in BLENDS for name in (OWN, ELSEWHERE) if f"{name} {blend:g}" not in found]
    if not missing:
        return found
    job, last = _tuned(seed, tuning, others, until)
    for name, blend in missing:
        if until is not None and time.monotonic() > until:
            raise _TimeIsUpError
        say(f"seed {seed}: measuring {blend:.0%} on {name}")
        pairs = others if name == OWN else elsewhere[::EVERY_ELSEWHERE]
        found[f"{name} {blend:g}"] = _scores(job, last, blend, pairs)
        kept.write_text(json.dumps(found), "utf-8")
    return found


def _tuned(seed: int, tuning: Any, others: Any, until: float | None) -> tuple[Job, Any]:
    """The tuned weights of one seed, those of the last epoch: the others are measured, and choose nothing."""
    from feathercut.models.catalogue import find
    from feathercut.models.weights import locate
    from feathercut.settings import Settings
    from feathercut.train.history import Silence
    from feathercut.train.job import Job
    from feathercut.train.losses.total import MASKS
    from feathercut.train.options import Finetuning
    from feathercut.train.processes import train

    class Watch(Silence):
        """Ends the run when its time is up."""

        def step(self, done: int, total: int) -> None:
            say(f"seed {seed}: step {done} of {total}")
            if until is not None and time.monotonic() > until:
                raise _TimeIsUpError

        def epoch(self, history: Any, best: int) -> None:
            one = history[-1]
            say(f"seed {seed}, epoch {one.number}: loss {one.loss}, IoU {one.held_out.iou:.4f} of the others at 320")

    record = find("u2netp")
    options = Finetuning(seed=seed, device="cpu", **RECIPE)
    start = locate(record, Settings.read())
    job = Job("u2netp", record, tuning, others, options, _FOLDER / f"seed-{seed}", start)
    found = train(job, MASKS, Watch())
    curve = [asdict(one) for one in found.history]
    (_FOLDER / f"curve-{seed}.json").write_text(json.dumps(curve), "utf-8")
    return job, found.last


def _scores(job: Job, best: Any, blend: float, pairs: Any) -> dict[str, float]:
    """What a share of the tuned weights scores."""
    from dataclasses import replace

    from feathercut.settings import Settings
    from feathercut.train.average import blended
    from feathercut.train.compare import scores
    from feathercut.train.networks.build import build
    from feathercut.train.networks.export import export
    from feathercut.train.networks.published import load_published
    from feathercut.train.record import own_record

    if job.start is None:
        raise BenchError("there are no weights to begin from")
    network = build(job.network)
    load_published(network, job.start)
    network.load_state_dict(blended(network.state_dict(), best, blend))
    path = job.folder / f"blend-{blend:g}.onnx"
    export(network.eval(), path, (job.size, job.size), job.record)
    record = own_record(f"bench-{blend:g}", job.record, job.size, path, len(job.tuning), is_tuned=True)
    found = asdict(scores(record, path, pairs, replace(Settings.read(), models=Path(job.folder))))
    return {name: float(found[name]) for name in ("iou", "mae")}


if __name__ == "__main__":
    sys.exit(answer(table))
