"""Whether a network can learn photos by heart: `.venv-train/bin/python -m bench training`.

Twenty pairs at 320×320, U²-Net-p from nothing. What cannot be learned by heart is not learned at all: a wrong loss, a
truth that lies beside its photo or weights that do not move all end here.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from bench.places import BENCH, ROOT
from bench.processes import NotRunError, say
from bench.tables import Table, verdict

PAIRS, SIZE, WANTED = 20, 320, 0.01
EPOCHS, BATCH = 60, 4
_SHARED = ROOT.parent / "shared" / "bench" / "people"
_FOLDER = BENCH / "training"


def table() -> Table:
    """MAE on the very photos that were learned, by epoch; a run that was stopped goes on. Raises NotRunError."""
    if find_spec("torch") is None:
        raise NotRunError("PyTorch is not in this environment; run it by `.venv-train/bin/python` (`make setup-train`)")
    if not _SHARED.is_dir():
        raise NotRunError("there is no ../shared/bench/people, beside the repository")
    history = _learned()
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
        f"{PAIRS} pairs at {SIZE}×{SIZE}, U²-Net-p from nothing, measured on the same pairs. Wanted: MAE under {WANTED}: "
        f"{verdict(last < WANTED)} ({last:.4f}), after {seconds / 60:.0f} minutes.",
    ]
    return Table("Learning photos by heart", ("epoch", "loss", "MAE", "IoU"), rows, notes, {"mae": last})


def _learned() -> Any:
    from feathercut.train.data import Pairs
    from feathercut.train.history import Silence
    from feathercut.train.job import Job
    from feathercut.train.losses.total import MASKS
    from feathercut.train.options import Training
    from feathercut.train.processes import train
    from feathercut.train.record import template

    class Watch(Silence):
        """Says how far it is."""

        def epoch(self, history: Any, best: int) -> None:
            say(f"epoch {history[-1].number} of {EPOCHS}: MAE {history[-1].held_out.mae:.4f}")

    pairs = Pairs.open(_SHARED)[:PAIRS]
    options = Training(
        size=SIZE, epochs=EPOCHS, batch=BATCH, rate=2e-3, augmentation="none", patience=0, average=0.9, device="cpu"
    )
    job = Job("u2netp", template("u2netp"), pairs, pairs, options, _FOLDER)
    return train(job, MASKS, Watch()).history
