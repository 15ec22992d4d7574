"""Whether a network can learn photos by heart: `python -m bench training [--minutes N]`.

Twenty pairs at 320×320, U²-Net-p from nothing, until MAE is what was wanted. What cannot be learned by heart is not
learned at all: a wrong loss, a truth that lies beside its photo or weights that do not move all end here.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from dataclasses import asdict
from typing import Any

from bench.places import BENCH, ROOT
from bench.processes import BenchError, say
from bench.tables import Table, verdict
from bench.with_torch import answer

PAIRS, SIZE, WANTED = 20, 320, 0.01
ROUNDS, EPOCHS, BATCH = 5, 16, 2
"""Each epoch shows all pairs so often, because measuring takes time, too. Two at once, because steps are wanting: at
128×128 sixty rounds by four end at a MAE of 0.0134, and by two they are at 0.0148 after thirty."""
_SHARED = ROOT.parent / "shared" / "bench" / "people"
_FOLDER = BENCH / "training"
_KEPT = _FOLDER / "history.json"


class _LearnedError(Exception):
    """It is as good as was wanted."""


def table(minutes: float | None = None) -> Table:
    """MAE on the very photos that were learned, by how often each was shown; a run that was stopped goes on.

    Raises BenchError.
    """
    if not _SHARED.is_dir():
        raise BenchError("there is no ../shared/bench/people, beside the repository")
    rows = _learned(None if minutes is None else time.monotonic() + 60 * minutes)
    shown = [
        (
            str(row["shown"]),
            "" if row["loss"] is None else f"{row['loss']:.3f}",
            f"{row['mae']:.4f}",
            f"{row['iou']:.4f}",
        )
        for row in rows
    ]
    last, seconds = rows[-1]["mae"], sum(row["seconds"] for row in rows)
    notes = [
        f"{PAIRS} pairs at {SIZE}×{SIZE}, U²-Net-p from nothing, measured on the same. Wanted: MAE under {WANTED}: "
        f"{verdict(last < WANTED)} ({last:.4f}), after {seconds / 60:.0f} minutes.",
    ]
    return Table("Learning photos by heart", ("times shown", "loss", "MAE", "IoU"), shown, notes, {"mae": last})


def _learned(until: float | None) -> list[dict[str, Any]]:
    """What each epoch brought, as it is kept; nothing is done where the last one brought what was wanted."""
    from feathercut.train.data import Pairs
    from feathercut.train.data.batches import reduced, stretched
    from feathercut.train.history import Silence
    from feathercut.train.job import Job
    from feathercut.train.losses.total import MASKS
    from feathercut.train.options import Training
    from feathercut.train.processes import train
    from feathercut.train.record import template

    class Watch(Silence):
        """Says how far it is, and ends the run when it is good enough or its time is up."""

        def step(self, done: int, total: int) -> None:
            if until is not None and time.monotonic() > until:
                raise BenchError("the minutes are over; the next run goes on from here")

        def epoch(self, history: Any, best: int) -> None:
            rows = [
                {"shown": ROUNDS * one.number, "loss": one.loss, "seconds": one.seconds, **asdict(one.held_out)}
                for one in history
            ]
            _KEPT.parent.mkdir(parents=True, exist_ok=True)
            _KEPT.write_text(json.dumps(rows), "utf-8")
            say(f"shown {rows[-1]['shown']} of {ROUNDS * EPOCHS} times: MAE {rows[-1]['mae']:.4f}")
            if rows[-1]["mae"] < WANTED:
                raise _LearnedError

    if _is_learned():
        return _kept()
    files = Pairs.open(_SHARED)
    pairs = [stretched(reduced(files[number], 2 * SIZE), SIZE) for number in range(PAIRS)]
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
    job = Job("u2netp", template("u2netp"), pairs * ROUNDS, pairs, options, _FOLDER)
    with contextlib.suppress(_LearnedError):
        train(job, MASKS, Watch())
    return _kept()


def _kept() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(_KEPT.read_text("utf-8"))
    return rows


def _is_learned() -> bool:
    return _KEPT.is_file() and _kept()[-1]["mae"] < WANTED


if __name__ == "__main__":
    sys.exit(answer(table))
