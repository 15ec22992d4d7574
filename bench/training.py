"""Whether a network can learn photos by heart: `python -m bench training [--minutes N]`.

Twenty pairs at 320×320, U²-Net-p from nothing. What cannot be learned by heart is not learned at all: a wrong loss, a
truth that lies beside its photo or weights that do not move all end here.
"""

from __future__ import annotations

import sys
import time
from typing import Any

from bench.places import BENCH, ROOT
from bench.processes import BenchError, say
from bench.tables import Table, verdict
from bench.with_torch import answer

PAIRS, SIZE, WANTED = 20, 320, 0.01
EPOCHS, BATCH = 60, 4
_SHARED = ROOT.parent / "shared" / "bench" / "people"
_FOLDER = BENCH / "training"


def table(minutes: float | None = None) -> Table:
    """MAE on the very photos that were learned, by epoch; a run that was stopped goes on. Raises BenchError."""
    if not _SHARED.is_dir():
        raise BenchError("there is no ../shared/bench/people, beside the repository")
    history = _learned(None if minutes is None else time.monotonic() + 60 * minutes)
    shown = [one for one in history if one.number % 10 == 0 or one is history[-1]]
    rows = [
        (
            str(one.number),
            "" if one.loss is None else f"{one.loss:.3f}",
            f"{one.held_out.mae:.4f}",
            f"{one.held_out.iou:.4f}",
        )
        for one in shown
    ]
    last = min(one.held_out.mae for one in history)
    seconds = sum(one.seconds for one in history)
    notes = [
        f"{PAIRS} pairs at {SIZE}×{SIZE}, U²-Net-p from nothing, measured on the same. Wanted: MAE under {WANTED}: "
        f"{verdict(last < WANTED)} ({last:.4f}), after {seconds / 60:.0f} minutes.",
    ]
    return Table("Learning photos by heart", ("epoch", "loss", "MAE", "IoU"), rows, notes, {"mae": last})


def _learned(until: float | None) -> Any:
    from feathercut.train.data import Pairs
    from feathercut.train.history import Silence
    from feathercut.train.job import Job
    from feathercut.train.losses.total import MASKS
    from feathercut.train.options import Training
    from feathercut.train.processes import train
    from feathercut.train.record import template

    class Watch(Silence):
        """Says how far it is, and ends the run when its time is up."""

        def step(self, done: int, total: int) -> None:
            if until is not None and time.monotonic() > until:
                raise BenchError("the minutes are over; the next run goes on from here")

        def epoch(self, history: Any, best: int) -> None:
            say(f"epoch {history[-1].number} of {EPOCHS}: MAE {history[-1].held_out.mae:.4f}")

    pairs = Pairs.open(_SHARED)[:PAIRS]
    options = Training(
        size=SIZE,
        epochs=EPOCHS,
        batch=BATCH,
        rate=2e-3,
        augmentation="none",
        patience=0,
        average=0.9,
        device="cpu",
        save_every=15,
    )
    job = Job("u2netp", template("u2netp"), pairs, pairs, options, _FOLDER)
    return train(job, MASKS, Watch()).history


if __name__ == "__main__":
    sys.exit(answer(table))
